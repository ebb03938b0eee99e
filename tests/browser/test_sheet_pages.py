"""Sheets of paper: printed for a place and typed back in by keyboard alone, without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Assessment, State
from criteria.models import Group
from sheets import codes
from sheets.codes import SheetCode
from sheets.models import TypedSheet
from tests.factories import load_criteria, make_citizen, make_confirmer, make_village, open_campaign

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long_on_sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("A15"),
]

NUMBERS = "8 7 10 9 8 8 7 9 10 8"
MOST_STROKES = 14  # a sheet, besides the numbers


class Keys:
    """The only hand on this page; every press is counted."""

    def __init__(self, page):
        self.keyboard, self.pressed = page.keyboard, 0

    def type(self, letters):
        for letter in letters:
            self.press(letter)

    def press(self, key):
        self.keyboard.press(key)
        self.pressed += 1


def test_sheets_are_typed_in_one_after_the_other_without_a_mouse(page, log_in, look):
    load_criteria()
    campaign, village = open_campaign(), make_village()
    people = [make_citizen(name, board=village, phone="", email="") for name in ("Đỗ Thị Ánh", "Lê Văn Bình")]
    log_in(make_confirmer(village))
    page.goto(reverse("sheets:print", args=[village.code]))
    expect(page.get_by_role("button", name="In phiếu")).to_be_visible()
    look(page, "in")
    page.goto(reverse("sheets:type_in"))
    look(page, "nhap")

    for person in people:
        expect(page.get_by_label("Mã trên phiếu")).to_be_focused()
        keys = Keys(page)
        keys.type(codes.written(SheetCode(person.pk, campaign.year, Group.I)).lower())
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(person.full_name)
        numbers = page.get_by_label("10 số trên phiếu, từ trên xuống")
        expect(numbers).to_be_focused()
        page.keyboard.type(NUMBERS)
        keys.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(f"{person.full_name}: {NUMBERS}, tổng 84.")
        assert keys.pressed <= MOST_STROKES, keys.pressed

    assert Assessment.objects.filter(state=State.SUBMITTED).count() == 2
    assert TypedSheet.objects.count() == 2
    look(page, "nhap-xong")
    page.keyboard.type("ABCDEFGHJKL")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Mã trên phiếu")).to_have_value("ABCDEFGHJKL")
    look(page, "nhap-sai")
    page.goto(reverse("sheets:sheet", args=[codes.written(SheetCode(people[0].pk, campaign.year, Group.I))]))
    page.get_by_label("10 số trên phiếu, từ trên xuống").fill("8 7")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cần 10 số, đọc được 2: 8 7", exact=True)).to_be_visible()
    look(page, "phieu-sai")
