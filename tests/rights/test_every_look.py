"""Every page in each of its states, and every form sent empty, in every look and by keyboard."""

import functools
import itertools
import mimetypes
import re
from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import override_settings

from tests.browsers import AXE, CHANGING, DESK, NARROW, RULES, SNIFF, SNIFFER, fits
from tests.every_page import TAG
from tests.rights.states import told_in_other_states, told_that_something_is_over
from tests.rights.test_matrix import DRAWN, told_of_nothing, told_of_something, world  # noqa: F401

pytestmark = [pytest.mark.prove, pytest.mark.browser, pytest.mark.django_db, pytest.mark.feature("J1", "J3")]
# 320 px is a desk of 1280 at 400 %. What people choose by the buttons on top stands in these attributes.
# In the first two, a telephone and a desk, all is judged; in the others what colours and sizes can change.
LOOKS = {
    "at 400 %": (NARROW, "light", {}),
    "wide, by night": (DESK, "dark", {}),
    "at 400 %, by night": (NARROW, "dark", {}),
    "large letters": (NARROW, "light", {"data-size": "large"}),
    "high contrast": (NARROW, "light", {"data-contrast": "high"}),
    "high contrast, dark": (DESK, "light", {"data-contrast": "high", "data-bs-theme": "dark"}),
}
WHOLE = ["at 400 %", "wide, by night"]
CHOSEN = ["data-size", "data-contrast", "data-bs-theme"]
DRESS = """([names, chosen]) => names.forEach(name => name in chosen
    ? document.documentElement.setAttribute(name, chosen[name])
    : document.documentElement.removeAttribute(name))"""
# What has the focus, and whether that can be seen: of a choice drawn by its label, the label shows it.
FOCUSED = """() => {
    const element = document.activeElement;
    const seen = [element, element.parentElement, ...(element.labels || []), element.nextElementSibling];
    const isDrawn = style => style.boxShadow !== "none"
        || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const isSeen = each => each && isDrawn(getComputedStyle(each));
    return [element === document.body ? "" : element.outerHTML.slice(0, 200), seen.some(isSeen)];
}"""


# A page is looked at for what stands on it, whatever its words and numbers; classes say how it looks.
FREE_VALUES = re.compile(
    r"((?:href|action|value|title|src|content|datetime|alt|id|for|name|aria-(?:label|labelledby|describedby)"
    r'|data-(?:label|person|reads))=)"[^"]*"|\d+'
)
SLICES = 24


@pytest.fixture(scope="module")
def pages(world):  # noqa: F811 - the fixture imported above
    """(where, address, HTML) of every page that shows something which its address did not show before.

    What stands around the page itself is the same at every address.
    """
    seen, kept = defaultdict(set), []
    with override_settings(TEMPLATES=DRAWN):
        for where, response in told(world):
            if 300 <= response.status_code < 400 or not response["Content-Type"].startswith("text/html"):
                continue
            html = response.content.decode()
            before, _main, after = html.partition("<main")
            inside, _end, after = after.partition("</main>")
            new = [pairs(inside) - seen[kind_of(response)], pairs(f"{before}<hr>{after}") - seen["frame"]]
            if any(new):
                seen[kind_of(response)] |= new[0]
                seen["frame"] |= new[1]
                kept.append((where, response.wsgi_request.path, html))
        kept.append(("trục trặc", "/500/", render_to_string("500.html")))
    assert len(kept) > 200
    return kept


def pairs(html):
    """What follows what."""
    return set(itertools.pairwise(map(shape_of, TAG.findall(html))))


def told(world):  # noqa: F811 - the fixture imported above
    for method, url, response in [*told_of_something(world), *told_of_nothing(world)]:
        yield f"{method} {url}", response
    yield from told_in_other_states(world)
    yield from told_that_something_is_over(world)


def kind_of(response):
    """Whatever is refused is refused alike."""
    match = response.wsgi_request.resolver_match
    return match.view_name if match and response.status_code == 200 else response.status_code


@functools.lru_cache(100_000)
def shape_of(tag):
    return FREE_VALUES.sub(r"\1", tag)


@pytest.mark.parametrize("number", range(SLICES))
def test_every_page_in_every_look(browser, pages, number):
    """In slices, so that what a browser keeps of pages it has shown does not grow without end."""
    script = AXE.read_text() + SNIFFER.read_text()
    faults = []
    with browser.new_context(reduced_motion="reduce", locale="vi-VN") as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(**file_of(route.request.url)))
        for where, path, html in pages[number::SLICES]:
            address = f"http://localhost{path}"
            page.route(
                address,
                lambda route, _request, html=html: route.fulfill(body=html, content_type="text/html"),
                times=1,
            )
            page.goto(address)
            faults += [f"{where}: {fault}" for fault in by_keyboard(page)]
            page.evaluate(script)
            faults += [f"{where}: {fault}" for fault in in_every_look(page)]
    assert faults == [], "\n".join(faults)


def file_of(url):
    """A file the page is drawn with; scripts do their own work elsewhere."""
    path = settings.BASE_DIR / urlsplit(url).path.lstrip("/")
    if path.suffix in (".css", ".svg", ".woff2", ".webp") and path.is_file():
        return {"path": path, "content_type": mimetypes.guess_type(path.name)[0] or "font/woff2"}
    return {"status": 404}


def in_every_look(page):
    for name, (viewport, scheme, chosen) in LOOKS.items():
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(DRESS, [CHOSEN, chosen])
        if not fits(page):
            yield f"{name}: wider than the screen"
        rules = RULES if name in WHOLE else CHANGING
        for fault in page.evaluate("rules => axe.run({runOnly: rules})", rules)["violations"]:
            yield f"{name}: {fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        if name in WHOLE:
            yield from (f"{name}: {fault}" for fault in page.evaluate(SNIFF))


def by_keyboard(page, presses=120):
    """Tab from the top: each stop can be seen."""
    page.set_viewport_size(DESK)
    for _press in range(presses):
        page.keyboard.press("Tab")
        element, is_seen = page.evaluate(FOCUSED)
        if not element:
            return
        if not is_seen:
            yield f"the focus is not seen: {element}"
