"""Withdrawing a sent record, and undoing a confirmation."""

from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Message
from assessments import closing, history, workflow
from assessments.models import Assessment, Outcome, Score, State
from assessments.workflow import Change
from audit import clock
from audit.events import private_of
from audit.models import Event
from tests.factories import (
    appoint,
    closed_window,
    make_campaign,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_contested_assessment,
    make_extension,
    make_household,
    make_officer,
    make_returned_assessment,
    make_submitted_assessment,
    make_user,
    make_village,
    moment,
    open_campaign,
    reload,
    state_of,
)
from tests.pages import words_of

pytestmark = pytest.mark.django_db


# --- Withdrawing ----------------------------------------------------------------------------------


@pytest.mark.feature("A9", "E9")
def test_a_withdrawn_record_can_be_written_and_sent_again():
    assessment = make_submitted_assessment()
    receipt = assessment.receipt_number

    workflow.withdraw(assessment, by=assessment.citizen.user)
    assert (state_of(assessment), assessment.submitted_at) == (State.REGISTERED, None)

    workflow.save_scores(assessment, {"I.1.1": Decimal(9)}, by=assessment.citizen.user)
    workflow.submit(assessment, by=assessment.citizen.user)
    assert (assessment.own_total, assessment.receipt_number) == (81, receipt)


def test_a_withdrawal_is_told_and_stands_in_history_and_events():
    assessment = make_submitted_assessment()
    workflow.withdraw(assessment, by=assessment.citizen.user)

    told = Message.objects.filter(citizen=assessment.citizen).latest("pk")
    assert told.subject == f"Bạn đã rút lại hồ sơ năm {assessment.campaign} để sửa"
    assert history.of(assessment)[0].text == "Nguyễn Thị Hoa rút lại hồ sơ để sửa."
    assert Event.objects.filter(verb="step", old="submitted", new="registered").count() == 1


@pytest.mark.feature("A9")
def test_what_had_been_returned_goes_back_to_that_and_stays_sent(client):
    assessment = make_returned_assessment("Thiếu giấy.")
    citizen = assessment.citizen.user
    workflow.submit(assessment, by=citizen)
    workflow.withdraw(assessment, by=citizen)

    record = reload(assessment)
    assert (record.state, record.is_sent) == (State.RETURNED, True)
    assert history.of(record, reader=citizen)[0].text == "Bạn rút lại hồ sơ để sửa."
    assert "đang ở tình trạng “bị trả lại”" in history.last_step_words(record)
    client.force_login(citizen)
    said = words_of(client.get(reverse("assessments:detail", args=[record.pk])))
    assert "Thiếu giấy." in said
    workflow.submit(record, by=citizen)


def test_what_had_been_returned_is_withdrawn_while_it_may_be_answered():
    assessment = make_returned_assessment()
    citizen = assessment.citizen.user
    workflow.submit(assessment, by=citizen)
    open_campaign(self_assessment=closed_window())
    assert workflow.can_withdraw(assessment, clock.now())

    open_campaign(answer=closed_window())
    assert not workflow.can_withdraw(assessment, clock.now())
    assert "hết thời gian bổ sung" in workflow.why_not_withdraw(assessment, clock.now())


def test_only_the_citizen_withdraws():
    assessment = make_submitted_assessment()

    for user in (make_user(), make_confirmer(assessment.board), make_officer(assessment.province)):
        with pytest.raises(PermissionDenied):
            workflow.withdraw(assessment, by=user)
    assert state_of(assessment) == State.SUBMITTED


def test_a_record_is_not_withdrawn_after_self_assessment_has_closed():
    assessment = make_submitted_assessment()
    open_campaign(self_assessment=closed_window())

    with pytest.raises(workflow.Refused, match="Đã hết hạn tự chấm"):
        workflow.withdraw(assessment, by=assessment.citizen.user)
    assert not workflow.can_withdraw(assessment, clock.now())


# --- Undoing --------------------------------------------------------------------------------------


def lowered():
    """A confirmed record of which the board lowered one score, and who did."""
    assessment = make_submitted_assessment()
    confirmer = make_confirmer(assessment.board)
    workflow.confirm(assessment, by=confirmer, changes={"I.2.1": Change(Decimal(4), "Chưa có giấy.")})
    return assessment, confirmer


@pytest.mark.feature("B8")
def test_undoing_takes_back_everything_the_confirmation_wrote():
    before = make_submitted_assessment()
    as_sent = Assessment.objects.values().get(pk=before.pk)
    scores = list(Score.objects.order_by("pk").values())
    confirmer = make_confirmer(before.board)
    workflow.confirm(before, by=confirmer, changes={"I.2.1": Change(Decimal(4), "Chưa có giấy.")})

    workflow.undo(before, by=confirmer)

    assert Assessment.objects.values().get(pk=before.pk) | {"version": 0} == as_sent | {"version": 0}
    assert list(Score.objects.order_by("pk").values()) == scores


@pytest.mark.feature("B8")
def test_undoing_is_itself_recorded_from_value_to_value():
    assessment, confirmer = lowered()
    workflow.undo(assessment, by=confirmer)

    told = Event.objects.filter(actor=confirmer.pk).order_by("sequence").values_list("verb", "old", "new")
    assert list(told)[-3:] == [
        ("score", "4", "8"),
        ("result", "Không đạt, 76 điểm", ""),
        ("step", "confirmed", "submitted"),
    ]
    assert private_of(Event.objects.filter(verb="score").latest("sequence")) == {"reason": "Chưa có giấy."}
    assert history.of(assessment)[0].text == "Trần Thị Mai hủy xác nhận, hồ sơ chờ xác nhận lại."
    assert Message.objects.latest("pk").subject == f"Ban xem lại hồ sơ năm {assessment.campaign} của bạn"


def test_another_member_of_the_board_may_undo_and_nobody_else():
    assessment = make_confirmed_assessment()
    elsewhere = make_confirmer(make_village(commune=assessment.commune))

    for user in (elsewhere, make_officer(assessment.commune), assessment.citizen.user, make_user()):
        assert not workflow.can_undo(assessment, user, clock.now())
        with pytest.raises(PermissionDenied):
            workflow.undo(assessment, by=user)

    workflow.undo(assessment, by=make_confirmer(assessment.board))
    assert state_of(assessment) == State.SUBMITTED


def test_one_of_the_household_does_not_undo():
    assessment = make_confirmed_assessment()
    household = make_household(village=assessment.board)
    assessment.citizen.household = household
    assessment.citizen.save()
    relative = make_citizen_with_account(household=household)
    appoint(relative.user, assessment.board)

    with pytest.raises(PermissionDenied):
        workflow.undo(assessment, by=relative.user)


def test_a_record_that_was_read_in_an_older_version_is_not_undone():
    assessment, confirmer = lowered()
    workflow.undo(assessment, by=confirmer)
    workflow.confirm(assessment, by=confirmer)

    with pytest.raises(workflow.Stale):
        workflow.undo(assessment, by=confirmer, version=assessment.version - 2)


def test_a_contested_confirmation_is_not_undone():
    assessment = make_contested_assessment()

    with pytest.raises(workflow.Refused, match="đã đề nghị xem lại"):
        workflow.undo(assessment, by=assessment.confirmed_by)


def test_a_contest_of_an_earlier_round_does_not_keep_a_new_confirmation_from_being_undone():
    assessment = make_contested_assessment()
    confirmer = assessment.confirmed_by
    workflow.reopen(make_extension(assessment=assessment))
    workflow.confirm(reload(assessment), by=confirmer)

    assert workflow.can_undo(reload(assessment), confirmer, clock.now())
    workflow.undo(reload(assessment), by=confirmer)
    assert state_of(assessment) == State.SUBMITTED


@pytest.mark.feature("B8")
def test_the_last_batch_is_undone_whole_but_for_what_changed_since():
    village = make_village()
    confirmer = make_confirmer(village)
    chosen = [make_submitted_assessment(board=village) for _ in range(3)]
    confirmed, _skipped = workflow.confirm_many([(each, each.version) for each in chosen], by=confirmer)
    workflow.contest(reload(chosen[1]), {"I.1.1": "Tôi có giấy."}, by=chosen[1].citizen.user)

    undone, skipped = workflow.undo_many([(each, each.version) for each in confirmed], by=confirmer)

    assert undone == [chosen[0], chosen[2]]
    assert [assessment for assessment, _reason in skipped] == [chosen[1]]


# --- After the closing ----------------------------------------------------------------------------


@pytest.fixture
def closed():
    """A record confirmed in November, and the year is over."""
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        assessment = make_confirmed_assessment(campaign=make_campaign(2026))
    with time_machine.travel(moment(2027, 1, 2), tick=False):
        closing.lock_confirmation(clock.now())
        yield reload(assessment)


def test_after_the_closing_nothing_is_undone(closed):
    with pytest.raises(workflow.Refused, match="Đã hết hạn xác nhận"):
        workflow.undo(closed, by=closed.confirmed_by)


@pytest.mark.feature("B8", "E4")
def test_more_time_for_a_board_undoes_nothing_that_was_confirmed_before(closed):
    make_extension(campaign=closed.campaign, organization=closed.commune)

    assert not workflow.can_undo(closed, closed.confirmed_by, clock.now())
    with pytest.raises(workflow.Refused, match="trong hạn trước"):
        workflow.undo(closed, by=closed.confirmed_by)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Assessment.objects.filter(pk=closed.pk).update(state=State.SUBMITTED, **workflow.UNJUDGED)


@pytest.mark.parametrize("column", ["confirmed_points", "review_points"])
def test_after_the_closing_the_database_refuses_another_score(closed, column):
    score = Score.objects.filter(assessment=closed).first()

    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(**{column: Decimal(3)})
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(reason="Khác.")


def test_scores_of_an_extended_record_can_change_until_the_extension_has_ended(closed):
    score = Score.objects.filter(assessment=closed).first()
    extension = make_extension(assessment=closed)

    with transaction.atomic():
        Score.objects.filter(pk=score.pk).update(confirmed_points=Decimal(3))
        transaction.set_rollback(True)

    with time_machine.travel(extension.closes_at, tick=False):
        closing.lock_confirmation(clock.now())
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(confirmed_points=Decimal(3))


def test_before_the_closing_an_outcome_can_be_undone_and_given_anew():
    assessment, confirmer = lowered()
    workflow.undo(assessment, by=confirmer)
    workflow.confirm(assessment, by=confirmer)

    assert (assessment.outcome, assessment.confirmed_total) == (Outcome.ACHIEVED, 80)
