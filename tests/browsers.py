"""Fixtures of the tests in a browser. JavaScript is off unless a test asks for it: no page may need it."""

import os
import re
import shutil
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import sync_playwright

# The headless shell first: the same browser without its windows, which starts sooner.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
LOOKS = [(PHONE, "light"), (DESK, "dark")]
NARROW = {"width": 320, "height": 640}
VENDOR = Path(__file__).parent / "vendor"
AXE, SNIFFER = VENDOR / "axe.min.js", VENDOR / "htmlcs.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a wider screen or other colours can change of a page that was judged by all rules.
CHANGING = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
OURS = re.compile(r'<script type="module"[^>]*></script>')  # would begin anew in a page that is looked at
# What HTML_CodeSniffer calls an error, a line each; what it calls a warning asks a person to look.
SNIFF = """() => new Promise((done, failed) => HTMLCS.process(
    "WCAG2AA", document,
    () => done(HTMLCS.getMessages().filter(each => each.type === HTMLCS.ERROR).map(
        each => `${each.code}: ${each.msg} ${each.element.outerHTML || ""}`.slice(0, 400))),
    failed))"""


@pytest.fixture(scope="session")
def browser(django_db_setup):
    if CHROMIUM is None:
        reason = "no Chromium found: apt-get install -y chromium"
        # A run that must prove everything does not pass by leaving the browser out.
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        # While Playwright's loop runs, Django keeps this thread's connections in another place: none may be
        # left there when the database is taken down.
        connections.close_all()
        browser.close()


@pytest.fixture
def new_page(browser, live_server):
    """Open a page as another person or device: `new_page(viewport=DESK, java_script_enabled=True)`.

    At the end of the test no page may have asked another host for anything, nor broken its own policy.
    """
    contexts, faults = [], []

    def open_page(**options):
        context = browser.new_context(
            **{
                "java_script_enabled": False,
                "locale": "vi-VN",
                "timezone_id": "Asia/Ho_Chi_Minh",
                "viewport": PHONE,
                "base_url": live_server.url,
            }
            | options
        )
        context.set_default_timeout(30_000)  # a busy machine is no fault of the code
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: faults.extend(foreign(request.url)))
        page.on("console", lambda message: faults.extend(policy_broken(message.text)))
        return page

    def foreign(url):
        address = urlsplit(url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(live_server.url).netloc:
            yield f"asked another host: {url}"

    def policy_broken(text):
        if "Content Security Policy" in text:
            yield text

    yield open_page
    for context in contexts:
        context.close()
    # The server may still be at an answer nobody waits for, or write down after it who looked: the database
    # is emptied next.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(10)
    assert faults == []


def follow(locator):
    """Click a link or a button of a form, and wait for the page it leads to.

    A click alone returns while the old page may still stand: what is then looked at is chance.
    """
    with locator.page.expect_navigation():
        locator.click()


def fits(page):
    """Whether nothing stands beyond the right edge."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def log_in(page, live_server):
    """Sign a user in by the session cookie, on the test's page or another one."""

    def sign_in(user, page=page):
        client = Client()
        client.force_login(user, backend="accounts.sign_in.AnyNameBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def accessibility_faults(new_page):
    """What axe and HTML_CodeSniffer find on a page, a line per fault; [] when nothing is to be put right.

    On a phone by day, and on a desk by night by what that can change, or in the one look that is asked for.
    """
    script = AXE.read_text() + SNIFFER.read_text()
    twins = []

    def find(page, looks=LOOKS):
        if connection.vendor == "postgresql":
            return []  # the same pages were looked at on SQLite, and looking is the dearest part of a walk
        # axe needs JavaScript: the same HTML, also of an answer to a POST, is shown in a page that has it.
        # One for the whole test: what it has loaded before it need not load again.
        twin = twins[0] if twins else new_page(java_script_enabled=True)
        twins[:] = [twin]
        twin.context.clear_cookies()
        twin.context.add_cookies(page.context.cookies())
        html, address = OURS.sub("", page.content()), page.url
        twin.route(
            address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"), times=1
        )
        faults = []
        for number, (viewport, scheme) in enumerate(looks):
            twin.set_viewport_size(viewport)
            twin.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if number == 0:
                twin.goto(address)
                twin.evaluate(script)
            rules = RULES if number == 0 else CHANGING
            found = twin.evaluate("rules => axe.run({runOnly: rules})", rules)
            faults += [
                f"{fault['id']} ({fault['impact']}, {scheme} {viewport['width']}): {fault['help']}: "
                f"{node['html'][:200]}"
                for fault in found["violations"]
                for node in fault["nodes"]
            ]
            if number == 0:
                faults += [f"{fault} ({scheme} {viewport['width']})" for fault in twin.evaluate(SNIFF)]
        return faults

    return find


@pytest.fixture
def look(accessibility_faults):
    """Hold that everybody can use a page as it stands: it fits the screen, and axe finds nothing.

    On a phone by day and on a desk by night, so that one walk is enough. With SHOTS=folder in the environment
    each is drawn into it, under the name that was given.
    """

    def hold(page, name=""):
        if connection.vendor == "postgresql" and "SHOTS" not in os.environ:
            return  # as above
        name = name or urlsplit(page.url).path.strip("/").replace("/", "_") or "home"
        before = page.viewport_size
        for viewport, scheme in LOOKS:
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            if folder := os.environ.get("SHOTS"):
                page.screenshot(path=f"{folder}/{name}-{viewport['width']}.png", full_page=True)
            assert fits(page), (page.url, viewport)
        page.set_viewport_size(NARROW)
        assert fits(page), (page.url, NARROW)
        page.set_viewport_size(before)
        faults = accessibility_faults(page)
        assert faults == [], "\n".join([page.url, *faults])

    return hold
