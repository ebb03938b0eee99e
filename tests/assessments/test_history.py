from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from assessments import closing, history, workflow
from assessments.models import Assessment, WindowStep
from audit.models import PersonKey
from criteria.models import Group
from tests.factories import (
    full_marks,
    make_campaign,
    make_confirmer,
    make_extension,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_village,
    moment,
    reload,
)
from tests.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed():
    """A board gave less for one indicator and more for another."""
    record = make_submitted_assessment(points=8, board=make_village("Đông Hải"))
    workflow.confirm(
        record,
        by=make_confirmer(record.board),
        changes={
            "I.1.1": workflow.Change(Decimal(6), "Chưa có minh chứng."),
            "I.1.2": workflow.Change(Decimal(9), "Có thêm giấy chứng nhận."),
        },
    )
    return record


@pytest.mark.feature("L3")
def test_what_a_board_changed_is_told_with_both_values_and_the_reason(confirmed):
    told = [(each.text, each.reason) for each in history.of(confirmed)]

    assert told[1:3] == [
        ("Ban khuyến học thôn Đông Hải hạ chỉ số I.1.1 từ 8 xuống 6. Lý do:", "Chưa có minh chứng."),
        ("Ban khuyến học thôn Đông Hải nâng chỉ số I.1.2 từ 8 lên 9. Lý do:", "Có thêm giấy chứng nhận."),
    ]


@pytest.mark.feature("L3")
def test_the_citizen_and_the_board_read_it_on_the_record(client, confirmed):
    said = "Ban khuyến học thôn Đông Hải hạ chỉ số I.1.1 từ 8 xuống 6. Lý do: Chưa có minh chứng."

    client.force_login(confirmed.citizen.user)
    assert said in words_of(client.get(reverse("assessments:detail", args=[confirmed.pk])))
    client.force_login(confirmed.confirmed_by)
    assert said in words_of(client.get(reverse("assessments:board_detail", args=[confirmed.pk])))


def test_a_judgement_changed_is_told_in_words():
    record = make_submitted_assessment(group=Group.IV)
    code = record.criteria_set.indicators[0].code
    workflow.confirm(
        record, by=make_confirmer(record.board), changes={code: workflow.Change(False, "Chưa có giấy.")}
    )

    assert history.of(record)[1].text.endswith(f"đổi tiêu chí {code} từ “đạt” sang “không đạt”. Lý do:")


def test_what_waited_for_the_citizen_when_it_was_closed_is_told_so_after_it_was_opened_and_sent_again():
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        record = make_returned_assessment(campaign=make_campaign(2026))
    closing.lock_confirmation(moment(2027, 1, 1))
    with time_machine.travel(moment(2027, 1, 5), tick=False):
        workflow.reopen(make_extension(assessment=record))
        make_extension(WindowStep.ANSWER, assessment=record)
        workflow.submit(reload(record), by=record.citizen.user)

    told = [each.text for each in history.of(reload(record))]
    assert "Hết hạn xác nhận khi hồ sơ đang chờ công dân sửa. Đây không phải là “không đạt”." in told


def test_an_erased_reason_leaves_the_sentence(confirmed):
    PersonKey.objects.filter(pk=confirmed.citizen_id).delete()

    assert history.of(confirmed)[1].text == "Ban khuyến học thôn Đông Hải hạ chỉ số I.1.1 từ 8 xuống 6."


def test_how_the_points_came_about_before_sending_is_not_told():
    record = make_scored_assessment(points=7)
    workflow.save_scores(record, full_marks(record, 8), by=record.citizen.user)

    assert [each.text for each in history.of(record)] == [f"{record.citizen} đăng ký danh hiệu."]


def test_what_was_changed_after_a_return_is_the_boards_to_read_once_it_is_sent():
    record = make_submitted_assessment(points=8)
    citizen = record.citizen.user
    workflow.send_back(record, by=make_confirmer(record.board), reason="Xem lại.")
    workflow.save_scores(record, {"I.1.1": Decimal(9)}, by=citizen)
    to_board = f"{citizen} nâng chỉ số I.1.1 từ 8 lên 9."

    record = reload(record)
    assert "Bạn nâng chỉ số I.1.1 từ 8 lên 9." in [each.text for each in history.of(record, reader=citizen)]
    assert to_board not in [each.text for each in history.of(record)]

    workflow.submit(record, by=citizen)
    assert to_board in [each.text for each in history.of(reload(record))]


def test_the_history_costs_the_same_for_many_changes(django_assert_num_queries):
    record = make_submitted_assessment(points=8)
    changes = {each.code: workflow.Change(Decimal(7), "Ít.") for each in record.criteria_set.indicators}
    workflow.confirm(record, by=make_confirmer(record.board), changes=changes)
    record = Assessment.objects.select_related("board", "citizen").get(pk=record.pk)

    with django_assert_num_queries(7):
        assert len(history.of(record)) == 3 + len(changes)
