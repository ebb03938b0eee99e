"""Every page, and every form sent empty, in every look and by keyboard."""

import mimetypes
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings

from tests.browsers import AXE, DESK, NARROW, RULES, SNIFF, SNIFFER, fits
from tests.rights.test_matrix import DRAWN, told_of_nothing, told_of_something, world  # noqa: F401

pytestmark = [pytest.mark.prove, pytest.mark.browser, pytest.mark.django_db, pytest.mark.feature("J1", "J3")]
# 320 px is a desk of 1280 at 400 %. What people choose by the buttons on top stands in these attributes.
LOOKS = {
    "at 400 %": (NARROW, "light", {}),
    "wide, by night": (DESK, "dark", {}),
    "at 400 %, by night": (NARROW, "dark", {}),
    "large letters": (NARROW, "light", {"data-size": "large"}),
    "high contrast": (NARROW, "light", {"data-contrast": "high"}),
    "high contrast, dark": (DESK, "light", {"data-contrast": "high", "data-bs-theme": "dark"}),
}
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


def test_every_page_in_every_look(browser, world):  # noqa: F811
    with override_settings(TEMPLATES=DRAWN):
        pages = {
            (method, urlsplit(url).path): response.content.decode()
            for method, url, response in [*told_of_something(world), *told_of_nothing(world)]
            if response.status_code == 200 and response["Content-Type"].startswith("text/html")
        }
    script = AXE.read_text() + SNIFFER.read_text()
    faults = []
    with browser.new_context(reduced_motion="reduce", locale="vi-VN") as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(**file_of(route.request.url)))
        for (method, path), html in pages.items():
            address = f"http://localhost{path}"
            page.route(
                address,
                lambda route, _request, html=html: route.fulfill(body=html, content_type="text/html"),
                times=1,
            )
            page.goto(address)
            faults += [f"{method} {path}: {fault}" for fault in by_keyboard(page)]
            page.evaluate(script)
            faults += [f"{method} {path}: {fault}" for fault in in_every_look(page)]
    assert len(pages) > 150
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
        for fault in page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]:
            yield f"{name}: {fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        yield from (f"{name}: {fault}" for fault in page.evaluate(SNIFF))


def by_keyboard(page, presses=40):
    """Tab from the top: each stop can be seen."""
    page.set_viewport_size(DESK)
    for _press in range(presses):
        page.keyboard.press("Tab")
        element, is_seen = page.evaluate(FOCUSED)
        if not element:
            return
        if not is_seen:
            yield f"the focus is not seen: {element}"
