"""Withdrawing, undoing, contesting and looking again, in a browser without JavaScript."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import workflow
from assessments.models import State
from assessments.workflow import Change
from tests.browsers import follow
from tests.factories import make_citizen_with_account, make_confirmer, make_submitted_assessment, state_of

pytestmark = [pytest.mark.browser, pytest.mark.long_on_sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lowered():
    """A record with a long name, of which the board lowered a score."""
    citizen = make_citizen_with_account("Nguyễn Hoàng Thị Phương Anh Thư")
    assessment = make_submitted_assessment(citizen=citizen)
    confirmer = make_confirmer(assessment.board)
    workflow.confirm(
        assessment,
        by=confirmer,
        changes={"I.2.1": Change(Decimal(4), "Chưa thấy giấy chứng nhận của lớp học đã kể.")},
    )
    return assessment


@pytest.mark.feature("A9", "A11", "A12", "B8")
def test_points_are_contested_and_looked_at_again(page, log_in, look, lowered):

    log_in(lowered.confirmed_by)
    page.goto(reverse("assessments:board_detail", args=[lowered.pk]))
    expect(page.get_by_role("button", name="Hủy xác nhận")).to_be_visible()
    look(page)

    log_in(lowered.citizen.user)
    page.goto(reverse("assessments:detail", args=[lowered.pk]))
    look(page)
    follow(page.get_by_role("link", name="Đề nghị xem lại"))
    look(page)
    follow(page.get_by_role("button", name="Gửi đề nghị xem lại"))
    expect(page.get_by_role("alert")).to_contain_text("Chưa ghi lý do")
    look(page)
    page.fill("[name='reason-I.2.1']", "Tôi có giấy chứng nhận học xong tháng 6, nay gửi kèm.")
    follow(page.get_by_role("button", name="Gửi đề nghị xem lại"))
    expect(page.get_by_text("Đang chờ xem lại")).to_be_visible()
    look(page)

    log_in(make_confirmer(lowered.board, "Phạm Văn Dũng"))
    page.goto("/xac-nhan/?state=contested")
    look(page)
    follow(page.get_by_role("link", name="hồ sơ chờ bạn xem lại"))
    look(page)
    follow(page.get_by_role("link", name=lowered.citizen.full_name))
    look(page)
    follow(page.get_by_role("button", name="Lưu kết quả xem lại"))
    expect(page.get_by_role("alert")).to_contain_text("Ghi lý do")
    look(page)
    page.fill("[name='score-I.2.1']", "8")
    page.fill("[name='reason-I.2.1']", "Giấy hợp lệ.")
    follow(page.get_by_role("button", name="Lưu kết quả xem lại"))
    expect(page.get_by_role("status")).to_contain_text("Đạt, 80 điểm")
    look(page)

    log_in(lowered.citizen.user)
    page.goto(reverse("assessments:detail", args=[lowered.pk]))
    expect(page.get_by_text("Đã xem lại theo đề nghị của bạn")).to_be_visible()
    look(page)


@pytest.mark.feature("A9", "B8")
def test_a_batch_is_undone_and_a_sent_record_withdrawn(page, log_in, look):
    assessment = make_submitted_assessment()

    log_in(make_confirmer(assessment.board))
    page.goto("/xac-nhan/?chosen=all")
    follow(page.get_by_role("button", name="Xem trước khi xác nhận"))
    follow(page.get_by_role("button", name="Xác nhận 1 người"))
    look(page)
    follow(page.get_by_role("button", name="Hủy xác nhận vừa rồi"))
    expect(page.get_by_role("status")).to_contain_text("Đã hủy xác nhận 1 người")
    look(page)

    log_in(assessment.citizen.user)
    page.goto(reverse("assessments:receipt", args=[assessment.pk]))
    look(page)
    page.goto(reverse("assessments:detail", args=[assessment.pk]))
    look(page)
    follow(page.get_by_role("button", name="Rút lại để sửa"))
    expect(page.get_by_role("status")).to_contain_text("Đã rút lại hồ sơ")
    assert state_of(assessment) == State.REGISTERED
