"""The window decides, on both sides of both ends, whatever way a confirmation is written."""

import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Citizen
from assessments import windows, workflow
from assessments.models import Assessment, Campaign, Extension, Outcome, State, Window, WindowStep
from audit import clock
from audit.models import Event
from criteria.models import Level
from tests.factories import (
    make_campaign,
    make_citizen,
    make_confirmer,
    make_household,
    make_officer,
    make_submitted_assessment,
    make_user,
    moment,
    open_campaign,
    open_window,
    reload,
    state_of,
)

pytestmark = pytest.mark.django_db

OPENS, CLOSES = moment(2026, 10, 1), moment(2027, 1, 1)
DAY = 24 * 60 * 60
TICK = datetime.timedelta(microseconds=1)
ENDS = [
    (OPENS - TICK, False),
    (OPENS, True),
    (CLOSES - TICK, True),
    (CLOSES, False),
    (CLOSES + datetime.timedelta(days=40), False),
]


@pytest.fixture
def waiting():
    """A record sent in September 2026, whose board may confirm in the last quarter."""
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        return make_submitted_assessment(campaign=make_campaign(2026))


def by_workflow(assessment, at):
    workflow.confirm(assessment, by=make_confirmer(assessment.board))


def by_batch(assessment, at):
    _confirmed, skipped = workflow.confirm_many(
        [(assessment, assessment.version)], by=make_confirmer(assessment.board)
    )
    if skipped:
        raise workflow.Refused(skipped[0][1])


def by_update(assessment, at):
    Assessment.objects.filter(pk=assessment.pk).update(
        state=State.CONFIRMED, outcome=Outcome.ACHIEVED, confirmed_at=at, confirmed_by=make_user()
    )


def by_insert(assessment, at):
    """As an import would: a row that is confirmed when it is put in."""
    Assessment.objects.bulk_create(
        [
            Assessment(
                citizen=make_citizen(board=assessment.board),
                campaign=assessment.campaign,
                criteria_set=assessment.criteria_set,
                board=assessment.board,
                province=assessment.province,
                state=State.CONFIRMED,
                outcome=Outcome.ACHIEVED,
                registered_at=at,
                saved_at=at,
                submitted_at=at,
                receipt_number=f"R{assessment.pk}",
                confirmed_at=at,
                confirmed_by=make_user(),
            )
        ]
    )


WAYS = [by_workflow, by_batch, by_update, by_insert]


@pytest.mark.feature("E1", "E2")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("at", "allowed"), ENDS)
def test_a_confirmation_is_written_from_the_first_moment_to_the_last(waiting, way, at, allowed):
    with time_machine.travel(at, tick=False):
        if allowed:
            way(waiting, at)
        else:
            with pytest.raises((workflow.Refused, IntegrityError)), transaction.atomic():
                way(waiting, at)

    assert Assessment.objects.filter(state=State.CONFIRMED).count() == (1 if allowed else 0)


@pytest.mark.parametrize(("at", "allowed"), ENDS)
def test_returning_falls_under_the_same_window(waiting, at, allowed):
    with time_machine.travel(at, tick=False):
        confirmer = make_confirmer(waiting.board)
        if allowed:
            workflow.send_back(waiting, by=confirmer, reason="Sửa lại.")
        else:
            with pytest.raises(workflow.Refused):
                workflow.send_back(waiting, by=confirmer, reason="Sửa lại.")

    assert (state_of(waiting) == State.RETURNED) is allowed


@given(st.integers(-30 * DAY, 60 * DAY) | st.integers(91 * DAY, 93 * DAY))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_the_question_follows_the_window_at_any_moment(waiting, seconds):
    at = OPENS + datetime.timedelta(seconds=seconds)

    assert windows.is_open(WindowStep.CONFIRMATION, waiting, at) is (OPENS <= at < CLOSES)


def test_the_refusal_says_until_when(waiting):
    with time_machine.travel(CLOSES, tick=False), pytest.raises(workflow.Refused) as refusal:
        by_workflow(waiting, CLOSES)

    assert str(refusal.value) == "Đã hết hạn xác nhận: khóa lúc hết ngày 31/12/2026 (thứ Năm)."


def test_the_refusal_says_from_when(waiting):
    with time_machine.travel(OPENS - TICK, tick=False), pytest.raises(workflow.Refused) as refusal:
        by_workflow(waiting, OPENS)

    assert str(refusal.value) == "Chưa đến thời gian xác nhận: mở từ ngày 01/10/2026."


def test_what_was_decided_in_time_is_not_written_after_the_closing_was_recorded(waiting):
    Window.objects.filter(step=WindowStep.CONFIRMATION).update(closed_at=CLOSES)

    with time_machine.travel(CLOSES - TICK, tick=False), pytest.raises(workflow.Refused):
        by_workflow(waiting, clock.now())


@pytest.fixture
def locked(waiting):
    """A record confirmed in time, of a year whose closing was recorded."""
    with time_machine.travel(moment(2026, 12, 1), tick=False):
        workflow.confirm(waiting, by=make_confirmer(waiting.board))
    Window.objects.filter(step=WindowStep.CONFIRMATION).update(closed_at=CLOSES)
    return waiting


CONFIRMED = {"state": State.CONFIRMED, "outcome": Outcome.ACHIEVED, "confirmed_at": moment(2026, 12, 30)}
UNDONE = {"state": State.SUBMITTED, "outcome": "", "confirmed_at": None, "confirmed_by": None}


@pytest.mark.feature("E2")
@pytest.mark.parametrize(
    "change",
    [
        {"outcome": Outcome.NOT_ACHIEVED},
        {"confirmed_total": 99},
        {"confirmed_total": None},
        {"confirmed_at": moment(2026, 12, 2)},
        UNDONE,
    ],
)
def test_what_was_confirmed_is_locked_once_the_closing_is_recorded(locked, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=locked.pk).update(**change)

    Window.objects.filter(step=WindowStep.CONFIRMATION).update(closed_at=None)
    assert Assessment.objects.filter(pk=locked.pk).update(**change) == 1


def test_nobody_backdates_a_confirmation_after_the_closing_was_recorded(waiting):
    Window.objects.filter(step=WindowStep.CONFIRMATION).update(closed_at=CLOSES)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=waiting.pk).update(**CONFIRMED, confirmed_by=make_user())


def test_nothing_is_recognised_past_the_confirmation(waiting):
    early = CONFIRMED | {"state": State.RECOGNISED, "confirmed_at": moment(2026, 5, 1)}

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=waiting.pk).update(**early, confirmed_by=make_user())


def test_recognising_and_revoking_are_not_bound_to_the_window(locked):
    record = Assessment.objects.filter(pk=locked.pk)
    household = make_household(village=locked.board)
    Citizen.objects.filter(pk=locked.citizen_id).update(household=household)
    make_citizen(user=reload(locked).confirmed_by, board=locked.board, household=household)

    assert record.update(state=State.RECOGNISED) == 1
    assert record.update(state=State.CONFIRMED) == 1


def test_a_provinces_own_window_governs_before_the_nations(waiting):
    Window.objects.create(
        campaign=waiting.campaign,
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        province=waiting.province,
        opens_at=moment(2026, 11, 1),
        closes_at=moment(2026, 12, 1),
    )

    assert not windows.is_open(WindowStep.CONFIRMATION, waiting, moment(2026, 10, 15))
    assert windows.is_open(WindowStep.CONFIRMATION, waiting, moment(2026, 11, 15))
    assert not windows.is_open(WindowStep.CONFIRMATION, waiting, moment(2026, 12, 15))
    with pytest.raises(IntegrityError), transaction.atomic():
        by_update(waiting, moment(2026, 12, 15))


@pytest.mark.parametrize("scope", ["board", "commune", "record"])
def test_an_extension_opens_its_subtree_or_record_for_its_time_alone(waiting, scope):
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        other = make_submitted_assessment(campaign=waiting.campaign)
    places = {
        "board": {"organization": waiting.board},
        "commune": {"organization": waiting.commune},
        "record": {"assessment": waiting},
    }
    Extension.objects.create(
        campaign=waiting.campaign,
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        opens_at=moment(2027, 1, 5),
        closes_at=moment(2027, 1, 10),
        reason="Lũ lụt.",
        decision_number="12/QĐ-HKH",
        approved_by=make_officer(waiting.province),
        **places[scope],
    )
    inside, after = moment(2027, 1, 7), moment(2027, 1, 10)

    assert windows.is_open(WindowStep.CONFIRMATION, waiting, inside)
    assert not windows.is_open(WindowStep.CONFIRMATION, other, inside)
    assert not windows.is_open(WindowStep.CONFIRMATION, waiting, after)
    with time_machine.travel(inside, tick=False):
        by_workflow(waiting, inside)
        with pytest.raises(workflow.Refused):
            by_workflow(other, inside)
    assert state_of(waiting) == State.CONFIRMED


@pytest.mark.parametrize(
    "fields",
    [{"reason": ""}, {"decision_number": ""}, {"closes_at": moment(2026, 1, 1)}, {"organization": None}],
)
def test_an_extension_always_says_why_for_what_and_until_when(waiting, fields):
    whole = {
        "campaign": waiting.campaign,
        "step": WindowStep.CONFIRMATION,
        "level": Level.CITIZEN,
        "organization": waiting.board,
        "opens_at": moment(2027, 1, 5),
        "closes_at": moment(2027, 1, 10),
        "reason": "Lũ lụt.",
        "decision_number": "12/QĐ-HKH",
        "approved_by": make_user(),
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(**(whole | fields))


@pytest.mark.feature("E1")
def test_a_window_that_closes_before_it_opens_is_refused():
    campaign = make_campaign(2026)

    with pytest.raises(IntegrityError), transaction.atomic():
        campaign.windows.update(closes_at=moment(2025, 1, 1))


def test_one_window_per_step_for_the_nation():
    campaign = make_campaign(2026)

    with pytest.raises(IntegrityError), transaction.atomic():
        Window.objects.create(
            campaign=campaign,
            step=WindowStep.CONFIRMATION,
            level=Level.CITIZEN,
            opens_at=OPENS,
            closes_at=CLOSES,
        )


def test_a_year_typed_short_is_not_opened():
    with pytest.raises(CommandError, match="Năm viết đủ bốn chữ số"):
        call_command("open_campaign", "26")
    assert not Campaign.objects.exists()


def test_opening_a_year_is_on_record_once():
    for _ in range(2):
        Campaign.objects.open(2031)

    assert list(Event.objects.filter(verb="open_campaign").values_list("new", flat=True)) == ["2031"]


def test_opening_a_year_twice_makes_its_windows_once():
    make_campaign(2026)
    campaign = make_campaign(2026)

    assert {(window.step, window.opens_at, window.closes_at) for window in campaign.windows.all()} == {
        ("registration", moment(2026, 1, 1), CLOSES),
        ("self_assessment", moment(2026, 1, 1), CLOSES),
        ("confirmation", OPENS, CLOSES),
        ("answer", OPENS, CLOSES),
        ("contest", OPENS, CLOSES),
    }


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            moment(2026, 9, 30, 23, 59),
            "Việc xác nhận chưa mở, sẽ mở từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm).",
        ),
        (moment(2026, 12, 22, 14), "Việc xác nhận đang mở đến hết ngày 31/12/2026 (thứ Năm), còn 9 ngày."),
        (
            moment(2026, 12, 31, 23, 59),
            "Việc xác nhận đang mở đến hết ngày 31/12/2026 (thứ Năm), "
            "hôm nay là ngày cuối, đến 23 giờ 59 phút.",
        ),
        (
            CLOSES,
            "Việc xác nhận đã khóa lúc hết ngày 31/12/2026 (thứ Năm). Việc đóng chưa được ghi nhận.",
        ),
    ],
)
def test_the_words_come_from_the_value_that_decides(now, said):
    window = make_campaign(2026).windows.get(step=WindowStep.CONFIRMATION)

    assert windows.sentence(window, now) == said


def test_a_record_is_saved_again_only_while_self_assessment_is_open():
    assessment = make_submitted_assessment(campaign=open_campaign(confirmation=open_window()))
    workflow.send_back(assessment, by=make_confirmer(assessment.board), reason="Sửa.")
    Window.objects.filter(step=WindowStep.ANSWER).update(
        opens_at=moment(2020, 1, 1), closes_at=moment(2020, 2, 1)
    )

    assert not workflow.can_write(reload(assessment))
    with pytest.raises(workflow.Refused, match="hết hạn bổ sung hồ sơ bị trả lại"):
        workflow.submit(reload(assessment), by=assessment.citizen.user)
