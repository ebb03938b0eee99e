"""Criteria change: drafted, compared, tried, published by a second person, answered by a citizen, sent."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Assessment, State
from criteria.models import CriteriaSet, Group, Status
from revising import tasks
from revising.models import Carrying, Rerun
from tests.browsers import follow
from tests.factories import (
    load_criteria,
    make_centre,
    make_officer,
    make_scored_assessment,
    open_campaign,
    state_of,
)
from tests.revising.years import judged_year

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long_on_sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("D1", "D3"),
]


def press(page, name):
    follow(page.get_by_role("button", name=name, exact=True))


def test_from_a_draft_to_a_record_sent_by_the_new_version(page, new_page, log_in, look):
    load_criteria()
    judged_year()
    record = make_scored_assessment(campaign=open_campaign())
    old = CriteriaSet.objects.get(group=Group.I)
    log_in(make_officer(make_centre(), "Lê Văn Bình"))

    page.goto(reverse("revising:index"))
    look(page)
    page.goto(reverse("revising:detail", args=[old.pk]))
    look(page, "revising_detail")
    press(page, "Lập bản thảo từ bản này")
    draft = CriteriaSet.objects.get(status=Status.DRAFT)
    line = draft.criteria.get(code="I.1.1")
    page.fill(f"[name=c{line.pk}-text]", line.text + " trong năm vừa qua")
    page.fill("[name=pass_mark]", "101")
    press(page, "Lưu bản thảo")
    expect(page.get_by_role("alert")).to_contain_text("Cao hơn tổng điểm")
    look(page, "revising_edit")
    page.fill("[name=pass_mark]", "82")
    press(page, "Lưu và xem lại")
    look(page, "revising_draft")
    page.get_by_role("link", name="Khác gì với bản đang dùng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bản thảo khác gì")
    expect(page.locator("ins").filter(has_text="trong năm vừa qua")).to_be_visible()
    look(page, "revising_difference")

    page.goto(reverse("revising:trial", args=[draft.pk]))
    press(page, "Áp dụng thử")
    look(page, "revising_trial_running")
    tasks.work_on_rerun(Rerun.objects.get().pk)
    page.reload()
    expect(page.get_by_text("1 người đổi kết quả")).to_be_visible()
    look(page, "revising_trial")

    page.goto(reverse("revising:detail", args=[draft.pk]))
    press(page, "Đề nghị ban hành")
    expect(page.get_by_text("Người soạn và người đề nghị không tự ban hành được")).to_be_visible()
    page.goto(reverse("revising:upload"))
    look(page, "revising_upload")
    citizen = new_page(java_script_enabled=True)  # the form is open while its criteria change
    log_in(record.citizen.user, citizen)
    citizen.goto(reverse("assessments:section", args=[record.pk, "1"]))
    second = new_page()
    log_in(make_officer(make_centre(), "Hoàng Thị Yến"), second)
    second.goto(reverse("revising:detail", args=[draft.pk]))
    look(second, "revising_asked")
    press(second, "Ban hành")
    expect(second.get_by_role("status")).to_contain_text("Đã ban hành.")
    tasks.work_on_carrying(Carrying.objects.get().pk)

    citizen.locator("[name='score-I.1.1'][value='7']").check(force=True)
    unsaved = citizen.locator("#chua-gui")
    expect(unsaved).to_contain_text("Chỉ số I.1.1: 7. Tiêu chí này vừa đổi.")
    look(citizen, "section_changed")
    citizen.goto(record.get_absolute_url())
    unsaved.get_by_role("button", name="Bỏ câu trả lời này").click()
    expect(unsaved).to_have_count(0)
    expect(citizen.get_by_text("1 tiêu chí đã đổi")).to_be_visible()
    look(citizen, "record_changed")
    follow(citizen.get_by_role("link", name="Xem những chỗ đã đổi"))
    expect(citizen.get_by_text("Trước đây bạn chọn: 8 điểm")).to_be_visible()
    look(citizen, "changed_criteria")
    citizen.locator("[name='score-I.1.1'][value='9']").check(force=True)
    press(citizen, "Lưu những chỗ đã đổi")
    citizen.goto(reverse("assessments:check", args=[record.pk]))
    press(citizen, "Gửi hồ sơ")

    assert state_of(record) == State.SUBMITTED
    sent = Assessment.objects.get(pk=record.pk)
    assert (sent.criteria_set, sent.own_total) == (draft, 81)
