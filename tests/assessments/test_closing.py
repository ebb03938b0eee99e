import io
from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.models import Message
from assessments import closing, windows, workflow
from assessments.models import Assessment, Extension, State, Step, Window, WindowStep
from audit import events
from audit.models import Event
from criteria.models import Level
from reports import figures
from tests.factories import (
    make_campaign,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    make_village,
    moment,
    reload,
    state_of,
)

pytestmark = pytest.mark.django_db

CLOSES = moment(2027, 1, 1)
LATE = moment(2027, 1, 3, 8)


@pytest.fixture
def december():
    """One record in each state a year can end with, all of one village."""
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        campaign, village = make_campaign(2026), make_village()
        return {
            State.REGISTERED: make_scored_assessment(board=village, campaign=campaign),
            State.SUBMITTED: make_submitted_assessment(board=village, campaign=campaign),
            State.RETURNED: make_returned_assessment(board=village, campaign=campaign),
            State.CONFIRMED: make_confirmed_assessment(board=village, campaign=campaign),
        }


def rows():
    """Everything the closing may write, but for the moments at which events were noted."""
    return (
        list(Assessment.objects.order_by("pk").values_list("pk", "state", "outcome", "version")),
        list(Step.objects.order_by("assessment", "pk").values_list("assessment", "state", "at", "by")),
        sorted(Message.objects.values_list("key", "citizen")),
        sorted(Event.objects.values_list("stream", "verb", "object_id", "old", "new")),
    )


@pytest.mark.feature("E7")
def test_what_nobody_confirmed_is_apart_from_not_achieved(december):
    done = closing.lock_confirmation(CLOSES)

    assert done.moved == Counter({State.UNCONFIRMED: 2, State.UNSENT: 1})
    assert {source: state_of(record) for source, record in december.items()} == {
        State.REGISTERED: State.UNSENT,
        State.SUBMITTED: State.UNCONFIRMED,
        State.RETURNED: State.UNCONFIRMED,
        State.CONFIRMED: State.CONFIRMED,
    }
    assert {reload(december[state]).outcome for state in (State.SUBMITTED, State.RETURNED)} == {""}


@pytest.mark.feature("E7")
def test_what_waited_for_the_citizen_is_not_laid_to_the_board(december):
    closing.lock_confirmation(CLOSES)

    words = {source: reload(record).state_words for source, record in december.items()}
    assert words == {
        State.REGISTERED: "chưa gửi",
        State.SUBMITTED: "ban chưa xác nhận",
        State.RETURNED: "chờ công dân sửa",
        State.CONFIRMED: "đã xác nhận",
    }
    subjects = {
        source: Message.objects.filter(citizen=record.citizen).latest("pk").subject
        for source, record in december.items()
    }
    assert subjects[State.SUBMITTED] == "Năm 2026: ban chưa xác nhận hồ sơ của bạn"
    assert subjects[State.RETURNED] == "Năm 2026: hồ sơ bị trả lại chưa gửi lại, nay đã khóa"
    summary = figures.summary(december[State.SUBMITTED].board, december[State.SUBMITTED].campaign).total
    assert (summary.unconfirmed, summary.returned) == (1, 1)


@pytest.mark.feature("E7")
def test_a_board_that_left_somebody_is_told_and_its_commune_too_once(december):
    record = december[State.SUBMITTED]
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        make_submitted_assessment(board=record.board, campaign=record.campaign)
        neighbour = make_village(commune=record.commune)
        make_submitted_assessment(board=neighbour, campaign=record.campaign)
        done_in_time = make_village(commune=record.commune)
        make_confirmed_assessment(board=done_in_time, campaign=record.campaign)
    member, officer = make_confirmer(record.board), make_officer(record.commune)
    make_confirmer(done_in_time)
    make_officer(record.province)

    closing.lock_confirmation(CLOSES)
    closing.lock_confirmation(LATE)

    told = Message.objects.filter(key__startswith="left:")
    returner = record.board.appointments.exclude(user=member)
    assert {each.user for each in told} == {member, officer, *(each.user for each in returner)}
    assert told.count() == 2 + returner.count()
    said = told.get(user=member)
    assert said.subject == "Năm 2026: ban còn hồ sơ chưa xác nhận khi khóa"
    assert said.link == f"/xac-nhan/?board={record.board.code}&year=2026&state=unconfirmed"
    assert (
        told.get(user=officer).subject == "Năm 2026: có ban ở Xã Thạch Khê còn hồ sơ chưa xác nhận khi khóa"
    )


@pytest.mark.feature("E3")
def test_run_twice_it_gives_the_same_rows_and_one_notice_a_person(december):
    closing.lock_confirmation(CLOSES)
    once = rows()

    again = closing.lock_confirmation(LATE)

    assert rows() == once
    assert (again.recorded, sum(again.moved.values())) == (0, 0)
    for state in (State.REGISTERED, State.SUBMITTED, State.RETURNED):
        assert Message.objects.filter(citizen=december[state].citizen, key__startswith="un").count() == 1


@pytest.mark.feature("E3")
def test_run_late_the_steps_still_say_when_it_took_effect(december):
    closing.lock_confirmation(LATE)

    ended = Step.objects.filter(state__in=[State.UNCONFIRMED, State.UNSENT])
    assert set(ended.values_list("at", "by")) == {(CLOSES, None)}
    assert Window.objects.get(step=WindowStep.CONFIRMATION).closed_at == LATE


@pytest.mark.feature("E3")
def test_killed_half_way_the_next_run_finishes_it(december, monkeypatch):
    real = closing.notices.tell
    calls = []

    def killed(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit("killed")
        return real(*args, **kwargs)

    monkeypatch.setattr("assessments.closing.notices.tell", killed)
    with pytest.raises(SystemExit):
        closing.lock_confirmation(CLOSES)
    monkeypatch.setattr("assessments.closing.notices.tell", real)
    closing.lock_confirmation(LATE)
    after_two_runs = rows()

    assert Counter(state for _pk, state, _outcome, _version in after_two_runs[0]) == Counter(
        {State.UNCONFIRMED: 2, State.UNSENT: 1, State.CONFIRMED: 1}
    )
    assert list(events.faults()) == []


@pytest.mark.feature("E3")
def test_one_bad_board_keeps_no_other_open(december, monkeypatch):
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        other = make_submitted_assessment(campaign=december[State.SUBMITTED].campaign)
    bad = december[State.SUBMITTED].board
    real = closing._settle

    def settle(window, extensions, left, now, done):
        if left.filter(board=bad).exists():
            raise RuntimeError("a bad row")
        return real(window, extensions, left, now, done)

    monkeypatch.setattr("assessments.closing._settle", settle)
    done = closing.lock_confirmation(CLOSES)

    assert done.failed == [str(bad)]
    assert state_of(other) == State.UNCONFIRMED
    assert state_of(december[State.SUBMITTED]) == State.SUBMITTED


@pytest.mark.feature("E3")
def test_one_bad_window_keeps_no_other_open(december, monkeypatch):
    nation = december[State.SUBMITTED].campaign
    bad = make_campaign(2025)
    real = closing.events.record

    def record(verb, obj, **what):
        if obj.campaign == bad:
            raise OperationalError("canceling statement due to lock timeout")
        real(verb, obj, **what)

    monkeypatch.setattr("assessments.closing.events.record", record)
    done = closing.lock_confirmation(CLOSES)

    assert (done.recorded, done.failed) == (1, ["2025 xác nhận"])
    assert list(Window.objects.exclude(closed_at=None).values_list("campaign", flat=True)) == [nation.pk]


def test_a_run_with_nothing_left_costs_the_same_for_one_record_as_for_ten(
    december, django_assert_max_num_queries
):
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        for _ in range(9):
            make_submitted_assessment(campaign=december[State.SUBMITTED].campaign)
    closing.lock_confirmation(CLOSES)

    with django_assert_max_num_queries(9):
        closing.lock_confirmation(LATE)


def test_before_the_end_nothing_is_recorded(december):
    before = rows()

    done = closing.lock_confirmation(moment(2026, 12, 31, 23, 59))

    assert (done.recorded, rows()) == (0, before)


def extend(step=WindowStep.CONFIRMATION, **where):
    """An extension to 10 January."""
    where.setdefault("opens_at", moment(2026, 12, 31))
    return Extension.objects.create(
        step=step,
        level=Level.CITIZEN,
        closes_at=moment(2027, 1, 10),
        reason="Ban bị lũ.",
        decision_number="1/QĐ",
        approved_by=make_user(),
        **where,
    )


@pytest.mark.parametrize(
    ("source", "step", "target"),
    [
        (State.SUBMITTED, WindowStep.CONFIRMATION, State.UNCONFIRMED),
        (State.REGISTERED, WindowStep.SELF_ASSESSMENT, State.UNSENT),
        (State.RETURNED, WindowStep.ANSWER, State.UNCONFIRMED),
    ],
)
@pytest.mark.parametrize("scope", ["record", "board"])
def test_a_record_kept_open_by_an_extension_waits_for_its_end(december, source, step, target, scope):
    kept = december[source]
    where = {"assessment": kept} if scope == "record" else {"organization": kept.board.parent}
    extend(step, campaign=kept.campaign, **where)

    closing.lock_confirmation(CLOSES)
    assert state_of(kept) == source

    closing.lock_confirmation(moment(2027, 1, 10))
    assert state_of(kept) == target
    assert kept.steps.get(state=target).at == moment(2027, 1, 10)


def test_what_an_extension_of_another_step_did_not_keep_open_was_locked_with_the_window(december):
    sent = december[State.SUBMITTED]
    for step in (WindowStep.CONTEST, WindowStep.REGISTRATION, WindowStep.SELF_ASSESSMENT):
        extend(step, campaign=sent.campaign, organization=sent.board.parent)

    closing.lock_confirmation(moment(2027, 1, 12))

    assert sent.steps.get(state=State.UNCONFIRMED).at == CLOSES


def test_an_extension_ended_before_it_began_kept_nothing_open(december):
    sent = december[State.SUBMITTED]
    begins = moment(2027, 1, 5)
    extend(campaign=sent.campaign, organization=sent.board.parent, opens_at=begins)
    Extension.objects.update(closes_at=begins, ended_by=make_user(), ended_reason="Nhầm.")

    closing.lock_confirmation(moment(2027, 1, 12))

    assert sent.steps.get(state=State.UNCONFIRMED).at == CLOSES


def test_more_boards_than_are_looked_up_at_a_time_are_all_closed(december, monkeypatch):
    monkeypatch.setattr(closing, "CHUNK", 2)
    campaign = december[State.SUBMITTED].campaign
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        others = [make_submitted_assessment(board=make_village(), campaign=campaign) for _ in range(4)]

    closing.lock_confirmation(CLOSES)

    assert {state_of(each) for each in others} == {State.UNCONFIRMED}


def test_a_record_is_never_locked_before_its_own_last_step(december):
    Window.objects.filter(step=WindowStep.CONFIRMATION).update(closes_at=moment(2026, 11, 15))

    closing.lock_confirmation(moment(2026, 11, 25))

    records = [december[state] for state in (State.REGISTERED, State.SUBMITTED, State.RETURNED)]
    assert [record.steps.first().state for record in records] == [state_of(record) for record in records]


def test_a_province_with_a_later_end_is_closed_at_its_own(december):
    record = december[State.SUBMITTED]
    Window.objects.create(
        campaign=record.campaign,
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        province=record.province,
        opens_at=moment(2026, 10, 1),
        closes_at=moment(2027, 1, 15),
    )

    closing.lock_confirmation(CLOSES)
    assert state_of(record) == State.SUBMITTED

    closing.lock_confirmation(moment(2027, 1, 15))
    assert state_of(record) == State.UNCONFIRMED


def test_run_late_over_both_a_province_still_ends_at_its_own_moment(december):
    record = december[State.SUBMITTED]
    own_end = moment(2027, 1, 15)
    Window.objects.create(
        campaign=record.campaign,
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        province=record.province,
        opens_at=moment(2026, 10, 1),
        closes_at=own_end,
    )

    closing.lock_confirmation(moment(2027, 2, 1))

    assert record.steps.get(state=State.UNCONFIRMED).at == own_end


def test_after_the_end_nothing_is_confirmed_though_no_task_ever_ran(december):
    record = december[State.SUBMITTED]

    with time_machine.travel(moment(2027, 1, 2), tick=False), pytest.raises(workflow.Refused):
        workflow.confirm(record, by=december[State.CONFIRMED].confirmed_by)

    assert Window.objects.get(step=WindowStep.CONFIRMATION).closed_at is None


def test_the_command_prints_the_counts(december, capsys):
    with time_machine.travel(LATE, tick=False):
        call_command("lock_confirmation")

    assert "Ban chưa xác nhận: 2. Chưa gửi: 1." in capsys.readouterr().out


def test_the_command_says_why_when_it_is_not_yet_time(december):
    with (
        time_machine.travel(moment(2026, 12, 22), tick=False),
        pytest.raises(CommandError, match=r"Chưa đến lúc khóa năm 2026: đang mở đến hết ngày 31/12/2026"),
    ):
        call_command("lock_confirmation")


def test_the_command_never_locks_ahead_of_time_on_a_server(december, settings):
    settings.DEBUG = False
    with (
        time_machine.travel(moment(2026, 12, 22), tick=False),
        pytest.raises(CommandError, match="Không thể khóa trước hạn"),
    ):
        call_command("lock_confirmation", "--now", "2027-01-01T00:00:00+07:00", stdout=io.StringIO())


def test_the_sentence_for_health_says_whether_the_closing_was_recorded(december):
    assert windows.confirmation_sentence(moment(2026, 12, 31, 12)).startswith(
        "Xác nhận điểm năm 2026: đang mở"
    )
    assert windows.confirmation_sentence(CLOSES).endswith("Việc đóng chưa được ghi nhận.")

    closing.lock_confirmation(CLOSES)
    assert windows.confirmation_sentence(CLOSES) == (
        "Xác nhận điểm năm 2026: đã khóa lúc hết ngày 31/12/2026 (thứ Năm)."
    )
