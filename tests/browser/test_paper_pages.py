"""Paper of before the lock, typed in and confirmed by two members in a browser without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import closing
from audit import clock
from tests.browsers import follow
from tests.factories import (
    days_from_now,
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_submitted_assessment,
    state_paper_days,
)
from vietnamese import dates

pytestmark = [pytest.mark.browser, pytest.mark.long_on_sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def late():
    """A record of a long name that the closing found waiting for its board."""
    citizen = make_citizen_with_account("Nguyễn Hoàng Thị Phương Anh Thư")
    record = make_submitted_assessment(9, citizen=citizen)
    record.campaign.windows.filter(step="confirmation").update(closes_at=days_from_now(-1))
    state_paper_days(record.campaign, days_from_now(-1), days_from_now(10))
    closing.lock_confirmation(clock.now())
    return record


@pytest.mark.feature("E10")
def test_paper_is_typed_in_by_one_and_confirmed_by_another(page, log_in, look, late):

    log_in(make_confirmer(late.board))
    page.goto(reverse("assessments:board_detail", args=[late.pk]))
    look(page)
    follow(page.get_by_role("link", name="Nhập phiếu giấy"))
    look(page)
    follow(page.get_by_role("button", name="Lưu phiếu giấy"))
    expect(page.get_by_role("alert")).to_contain_text("Chưa có ngày ghi trên phiếu")
    look(page)
    page.get_by_label("Ngày ghi trên phiếu").fill(dates.day_words(dates.local_day(days_from_now(-5))))
    page.fill("[name='score-I.2.1']", "7")
    page.fill("[name='reason-I.2.1']", "Phiếu ghi 7, chưa thấy giấy chứng nhận của lớp học đã kể.")
    follow(page.get_by_role("button", name="Lưu phiếu giấy"))
    expect(page.get_by_role("status")).to_contain_text("Một thành viên khác của ban xác nhận")
    look(page)

    log_in(make_confirmer(late.board, "Phạm Văn Dũng"))
    page.goto(reverse("assessments:board_detail", args=[late.pk]))
    look(page)
    follow(page.get_by_role("button", name="Xác nhận theo phiếu"))
    expect(page.get_by_role("status")).to_contain_text("theo phiếu giấy: Đạt, 88 điểm")
    look(page)

    log_in(make_officer(late.province))
    page.goto(reverse("reports:extensions"))
    expect(page.get_by_role("cell", name="Phiếu giấy đề ngày")).to_be_visible()
    look(page)
