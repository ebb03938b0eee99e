"""The pictures of the help pages are drawn here from the pages themselves: `make pictures`.

What a picture shows is written beside it in words. When the page says something else, the test says so.
"""

import io
import json
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from tests.factories import (
    make_campaign,
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_scored_assessment,
    make_submitted_assessment,
    moment,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.feature("J6")]
FOLDER = settings.BASE_DIR / "static" / "help"
WORDS = Path(__file__).with_name("help_pictures.json")
HEIGHT = 520  # of a picture, in CSS pixels
# The headings, labels and buttons that are in the picture, from its top to its foot.
SEEN = """async height => {
    await document.fonts.ready;
    const top = document.querySelector("h1").getBoundingClientRect().top - 12;
    const isIn = each => each.getBoundingClientRect().bottom < top + height && each.getClientRects().length;
    const all = [...document.querySelectorAll("main :is(h1, h2, legend, label, button, .btn)")];
    return all.filter(isIn).map(each => each.innerText);
}"""
# Days and numbers may be others than when it was drawn.
CHANGING = re.compile(r"[\d.,/:]+")


def pages():
    """Name of the picture, who looks, and at what."""
    campaign = make_campaign(2026)
    sent = make_submitted_assessment(citizen=make_citizen_with_account("Đặng Thị Ánh"), campaign=campaign)
    board = sent.board
    citizen = make_citizen_with_account("Nguyễn Thị Hoa", board=board)
    draft = make_scored_assessment(citizen=citizen, campaign=campaign)
    member, officer = make_confirmer(board), make_officer(board.parent)
    section = draft.criteria_set.sections[0].code
    return [
        ("muc-luc", citizen.user, draft.get_absolute_url()),
        ("cham-diem", citizen.user, reverse("assessments:section", args=[draft.pk, section])),
        ("xem-lai", citizen.user, reverse("assessments:check", args=[draft.pk])),
        ("da-gui", sent.citizen.user, sent.get_absolute_url()),
        ("ai-cho-ban", member, reverse("assessments:board_queue")),
        ("mot-ho-so", member, reverse("assessments:board_detail", args=[sent.pk])),
        ("so-lieu", officer, reverse("reports:summary")),
        ("phan-cong", officer, reverse("accounts:seats", args=[board.code])),
    ]


@pytest.mark.long_on_sqlite
def test_pictures_of_the_help_pages_show_the_pages_as_they_are(new_page, log_in, time_machine):
    time_machine.move_to(moment(2026, 12, 22, 14, 5))
    page, shown = new_page(device_scale_factor=1.5), {}
    for name, user, path in pages():
        page.context.clear_cookies()
        log_in(user, page)
        page.goto(path)
        said = [CHANGING.sub("", text) for text in page.evaluate(SEEN, HEIGHT)]
        shown[name] = [" ".join(text.split()) for text in said]
        if os.environ.get("PICTURES"):
            draw(page, FOLDER / f"{name}.webp")
    if os.environ.get("PICTURES"):
        WORDS.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")

    assert {name for name in shown if not (FOLDER / f"{name}.webp").is_file()} == set()
    assert shown == json.loads(WORDS.read_text()), "the pictures are old: make pictures"


def draw(page, path):
    top = page.locator("h1").bounding_box()["y"] - 12
    picture = page.screenshot(
        full_page=True, clip={"x": 0, "y": top, "width": page.viewport_size["width"], "height": HEIGHT}
    )
    Image.open(io.BytesIO(picture)).convert("RGB").save(path, quality=50, method=6)
