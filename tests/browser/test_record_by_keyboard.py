"""One record after the other by keyboard alone, and its evidence without leaving the page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from assessments import evidence, workflow
from assessments.models import State
from tests.browsers import DESK
from tests.factories import (
    make_confirmer,
    make_scored_assessment,
    make_submitted_assessment,
    reload,
    state_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.long_on_sqlite, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"
MOST_STEPS = 90


def tab_to(page, target):
    """Press Tab until the element has the focus."""
    for _press in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached")


def access_key(page, letter):
    """Press Alt with a letter, as the browser itself reads it: Playwright leaves its text away."""
    stroke = {
        "modifiers": 1,
        "key": letter,
        "code": f"Key{letter.upper()}",
        "windowsVirtualKeyCode": ord(letter.upper()),
        "unmodifiedText": letter,
    }
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **stroke})
    session.send("Input.dispatchKeyEvent", {"type": "char", "text": letter, **stroke})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **stroke})


@pytest.mark.feature("B2", "B5", "B6")
def test_next_confirm_change_return_and_agree_by_keyboard_alone(new_page, log_in):
    first = make_submitted_assessment()
    board, campaign = first.board, first.campaign
    second, third = (make_submitted_assessment(board=board, campaign=campaign) for _ in range(2))
    mai, binh = make_confirmer(board, "Trần Thị Mai"), make_confirmer(board, "Lê Văn Bình")
    page = new_page(viewport=DESK)
    log_in(mai, page)

    # From the list to the oldest, and confirm it.
    page.goto("/xac-nhan/")
    tab_to(page, page.locator(f"a[href='{reverse('assessments:board_detail', args=[first.pk])}']"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Xác nhận", exact=True)).to_be_visible()
    access_key(page, "x")
    expect(page.get_by_role("status").first).to_contain_text("Đã xác nhận")
    assert state_of(first) == State.CONFIRMED

    # The next one: points changed with a reason, below the own, so another is to agree.
    access_key(page, "n")
    field = page.locator("[name='score-I.1.1']")
    expect(field).to_be_visible()
    tab_to(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.type("Giấy ghi 3 buổi.")
    access_key(page, "x")
    expect(page.get_by_role("status").first).to_contain_text("Một thành viên khác của ban đồng ý")
    assert state_of(second) == State.SUBMITTED

    # The one after it goes back, one indicator alone.
    access_key(page, "n")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(f"**{reverse('assessments:board_detail', args=[third.pk])}")
    choice = page.locator("[name='return-I.1.1']")
    tab_to(page, choice)
    page.keyboard.press("ArrowDown")
    access_key(page, "t")
    expect(page.get_by_role("status").first).to_contain_text("Đã trả lại")
    assert workflow.asked_back(reload(third)).keys() == {"I.1.1"}

    # Another agrees with one press.
    page = new_page(viewport=DESK)
    log_in(binh, page)
    page.goto("/xac-nhan/")
    tab_to(page, page.locator(f"a[href='{reverse('assessments:board_detail', args=[second.pk])}']"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Trần Thị Mai đã chấm thấp hơn").first).to_be_visible()
    access_key(page, "x")
    expect(page.get_by_role("status").first).to_contain_text("Đã xác nhận")
    assert (state_of(second), reload(second).confirmed_total) == (State.CONFIRMED, 77)


@pytest.mark.feature("B5")
def test_a_picture_is_turned_and_drawn_closer_and_a_pdf_opened_on_the_page(
    page, log_in, look, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    record = make_scored_assessment()
    content = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(content, "JPEG")
    for name, sent in (("giay-khen.jpg", content.getvalue()), ("quyet-dinh.pdf", PDF)):
        file = evidence.checked(SimpleUploadedFile(name, sent))
        evidence.add(record, list(record.criteria_set.indicators[:2]), by=record.citizen.user, file=file)
    workflow.submit(record, by=record.citizen.user)
    log_in(make_confirmer(record.board))
    page.goto(reverse("assessments:board_detail", args=[record.pk]))

    figure = page.locator(".evidence-view").first
    picture = figure.locator("img")
    expect(picture).to_have_css("rotate", "none")
    wide = picture.bounding_box()
    figure.get_by_label("90°").check()
    expect(picture).to_have_css("rotate", "90deg")
    figure.get_by_label("Phóng to").check()
    assert picture.bounding_box()["width"] > 2 * wide["width"]
    # The same piece under the next indicator stays as it was.
    expect(page.locator(".evidence-view img").nth(1)).to_have_css("rotate", "none")
    page.get_by_text("Xem tại đây").first.click()
    expect(page.locator("iframe").first).to_be_visible()
    look(page)
