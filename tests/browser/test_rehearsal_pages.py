"""Diễn tập 31/12, by somebody who has never seen it: the real pages of the board, without JavaScript."""

import pytest
from django.core import mail
from playwright.sync_api import expect

from rehearsal import spaces
from tests.browsers import follow
from tests.digests import digests
from tests.factories import load_criteria, make_citizen, make_confirmer, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.feature("M4")]
FEWER_THAN = 40  # steps


class Walk:
    """Clicks and what is typed, counted."""

    def __init__(self, page):
        self.page, self.steps = page, 0

    def press(self, name, **how):
        self.steps += 1
        follow(self.page.get_by_role("button", name=name, **how).first)

    def open(self, target):
        self.steps += 1
        follow(target.first)

    def fill(self, field, value):
        self.steps += 1
        self.page.locator(field).first.fill(value)

    def move_to(self, day):
        self.press(f"Sang {day}")
        expect(self.page.get_by_role("status")).to_contain_text(f"Bây giờ là {day}.")
        expect(self.page.get_by_role("complementary", name="Diễn tập")).to_contain_text(
            "không phải hồ sơ thật"
        )

    def confirm_whole_list(self):
        self.press("Xác nhận cả danh sách")
        self.press("hồ sơ này, tiếp")
        self.open(self.page.get_by_role("button", name="Xác nhận"))
        expect(self.page.get_by_role("button", name="Hủy xác nhận")).to_be_visible()
        self.open(self.page.get_by_role("link", name="Về danh sách"))

    def confirm_page(self):
        self.open(self.page.get_by_role("link", name="Đánh dấu cả trang này"))
        self.press("Xem trước khi xác nhận")
        self.open(self.page.get_by_role("button", name="Xác nhận"))
        expect(self.page.get_by_role("status")).to_contain_text("Đã xác nhận")


@pytest.mark.long_on_sqlite
def test_a_rehearsal_from_october_to_january(page, log_in, look):
    for space in spaces.folder().glob("*-*"):
        spaces.remove(spaces.Space(space))
    load_criteria()
    board = make_unit()
    for _each in range(30):
        make_citizen("Nguyễn Văn Thật", board=board)
    walk = Walk(page)
    log_in(make_confirmer(board), page)
    before = digests()

    page.goto("/xac-nhan/")
    walk.open(page.get_by_role("link", name="Diễn tập 31/12"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Diễn tập 31/12")
    look(page)
    walk.press("Bắt đầu diễn tập")
    bar = page.get_by_role("complementary", name="Diễn tập")
    expect(bar).to_contain_text("01/10/2026")
    look(page)

    walk.open(page.locator("tbody a"))  # somebody's record: a point changed, with a reason
    walk.fill("[name='score-I.1.1']", "3")
    walk.fill("[name='reason-I.1.1']", "Chưa thấy giấy chứng nhận.")
    walk.press("Xác nhận", exact=True)
    expect(page.get_by_role("status")).to_contain_text("xác nhận")
    look(page)
    walk.move_to("ngày 01/11")
    walk.open(page.locator("tbody a"))  # another one returned
    walk.fill("[name='reason']", "Thiếu minh chứng, bổ sung giấy chứng nhận.")
    walk.press("Trả lại", exact=True)
    expect(page.get_by_role("status")).to_contain_text("trả lại")
    walk.move_to("ngày 10/12")
    walk.confirm_whole_list()
    walk.move_to("ngày 20/12")
    walk.move_to("ngày 30/12")
    walk.confirm_page()
    walk.move_to("23 giờ 50 ngày 31/12")
    expect(bar).to_contain_text("31/12/2026")
    walk.move_to("ngày 01/01")
    expect(page.get_by_text("Lúc này không xác nhận được")).to_be_visible()
    look(page)
    walk.open(page.get_by_role("link", name="Tin nhắn sẽ gửi"))
    expect(page.get_by_text("không tin nào gửi đi")).to_be_visible()
    look(page)
    walk.move_to("ngày 02/01")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tờ tổng kết diễn tập 31/12")
    expect(page.get_by_text("Ban đã xác nhận", exact=True)).to_be_visible()
    look(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("Đây là diễn tập")).to_be_visible()
    page.emulate_media(media="screen")
    walk.open(page.get_by_role("link", name="Rời buổi diễn tập"))
    expect(page.get_by_role("link", name="Tiếp tục diễn tập")).to_be_visible()
    look(page)

    assert walk.steps < FEWER_THAN, walk.steps
    assert digests() == before
    assert mail.outbox == []
