"""Closed records opened again by an extension, and put back by themselves when it has ended."""

from collections import Counter
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Message
from assessments import closing, extensions, history, notices, workflow
from assessments.models import Assessment, Extension, Outcome, Reopening, Score, State, Step, WindowStep
from assessments.workflow import Change, reopening
from audit import clock, events
from audit.models import Event
from criteria.models import Level
from tests.factories import (
    make_campaign,
    make_confirmed_assessment,
    make_confirmer,
    make_extension,
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

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E4", "E5")]

CLOSES = moment(2027, 1, 1)
OPENS, ENDS = moment(2027, 1, 5, 8), moment(2027, 1, 10)
LATE = moment(2027, 1, 12, 3)


@pytest.fixture
def january():
    """One record from each state a year can end with, all of one village; the closing is recorded."""
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        campaign, village = make_campaign(2026), make_village()
        fields = {"campaign": campaign, "board": village}
        records = {
            State.REGISTERED: make_scored_assessment(**fields),
            State.SUBMITTED: make_submitted_assessment(**fields),
            State.RETURNED: make_returned_assessment(**fields),
            State.CONFIRMED: make_confirmed_assessment(**fields),
        }
    closing.lock_confirmation(CLOSES)
    with time_machine.travel(OPENS, tick=False) as time:
        yield records, time


def states(records):
    return {source: state_of(record) for source, record in records.items()}


def of_boards(records, step=WindowStep.CONFIRMATION, **fields):
    record = records[State.SUBMITTED]
    fields = {"opens_at": OPENS, "closes_at": ENDS} | fields
    return make_extension(step, campaign=record.campaign, organization=record.commune, **fields)


def of_record(record, **fields):
    return make_extension(assessment=record, **({"opens_at": OPENS, "closes_at": ENDS} | fields))


def judgement(record):
    """All that a confirmation wrote."""
    kept = Assessment.objects.filter(pk=record.pk).values("state", *Reopening.KEPT).get()
    scores = Score.objects.filter(assessment=record, round=kept["round"]).order_by("pk")
    return kept, list(scores.values())


# --- Opening again --------------------------------------------------------------------------------


def test_records_of_a_subtree_go_back_to_the_state_they_were_closed_from(january):
    records, _time = january

    assert workflow.reopen(of_boards(records)) == 3

    assert states(records) == {source: source for source in records}
    assert {reload(record).closed_from for record in records.values()} == {""}


@pytest.mark.parametrize(
    ("step", "opened"),
    [
        (WindowStep.SELF_ASSESSMENT, {State.REGISTERED}),
        (WindowStep.ANSWER, {State.RETURNED}),
        (WindowStep.CONTEST, set()),
        (WindowStep.REGISTRATION, set()),
    ],
)
def test_an_extension_opens_only_what_its_step_is_for(january, step, opened):
    records, _time = january
    before = states(records)

    workflow.reopen(of_boards(records, step))

    assert {source for source in records if state_of(records[source]) != before[source]} == opened


def test_another_subtree_stays_closed(january):
    records, _time = january
    campaign = records[State.SUBMITTED].campaign
    elsewhere = make_extension(
        campaign=campaign, organization=make_village("Tây Hải"), opens_at=OPENS, closes_at=ENDS
    )

    assert workflow.reopen(elsewhere) == 0


def test_reopening_is_told_and_stands_in_history_and_events(january):
    records, _time = january
    extension = of_boards(records)
    record = records[State.SUBMITTED]
    workflow.reopen(extension, by=make_user("Hồ Thị Lan"))

    latest = history.of(reload(record))[0]
    assert (latest.text, latest.reason) == (
        "Hồ Thị Lan mở lại hồ sơ.",
        "Mở lại theo quyết định 12/QĐ-HKH: Ban bị lũ.",
    )
    assert Event.objects.filter(verb="step", old="unconfirmed", object_id=record.pk).get().new == "submitted"
    told = Message.objects.filter(citizen=record.citizen).latest("pk")
    assert told.subject == "Hồ sơ năm 2026 của bạn được mở lại"
    assert "không phải làm gì" in told.body
    drafts = Message.objects.filter(citizen=records[State.REGISTERED].citizen).latest("pk")
    assert "Hồ sơ chưa gửi" in drafts.body


def test_before_and_after_its_time_an_extension_opens_nothing(january):
    records, time = january
    extension = of_boards(records)

    for at, count in [(moment(2027, 1, 4), 0), (ENDS, 0), (moment(2027, 1, 9), 3)]:
        time.move_to(at)
        assert workflow.reopen(extension) == count


@pytest.mark.parametrize("target", ["record", "commune"])
def test_approving_an_extension_opens_at_once_what_it_reaches(january, target):
    records, _time = january
    record = records[State.SUBMITTED]
    wanted = extensions.Wanted(
        record if target == "record" else record.commune,
        record.campaign,
        Level.CITIZEN,
        WindowStep.CONFIRMATION,
        OPENS,
        ENDS,
        "Ban bị lũ.",
        "12/QĐ-HKH",
    )

    extensions.grant(wanted, by=make_officer(record.province))

    assert state_of(record) == State.SUBMITTED


def test_beat_opens_what_an_extension_made_beforehand_reaches(january):
    records, _time = january
    of_boards(records)

    assert closing.lock_confirmation(OPENS).reopened == 3
    assert closing.lock_confirmation(OPENS).reopened == 0
    assert state_of(records[State.SUBMITTED]) == State.SUBMITTED


def test_a_board_whose_reopening_was_killed_is_taken_up_again(january, monkeypatch):
    records, _time = january
    extension = of_boards(records)
    monkeypatch.setattr(reopening, "CHUNK", 1)
    real, calls = notices.tell, []

    def killed(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise SystemExit("killed")
        return real(*args, **kwargs)

    monkeypatch.setattr("assessments.notices.tell", killed)
    with pytest.raises(SystemExit):
        workflow.reopen(extension)
    assert Reopening.objects.count() == 1
    monkeypatch.setattr("assessments.notices.tell", real)
    closing.lock_confirmation(OPENS)

    assert states(records) == {source: source for source in records}
    assert Step.objects.filter(at=OPENS).count() == 3
    assert list(events.faults()) == []


# --- One confirmed record -------------------------------------------------------------------------


def test_a_confirmed_record_waits_again_and_what_it_was_is_kept(january):
    records, _time = january
    record = records[State.CONFIRMED]
    before, scores = judgement(record)

    assert workflow.reopen(of_record(record)) == 1

    now = reload(record)
    assert (now.state, now.outcome, now.confirmed_total, now.round) == (State.SUBMITTED, "", None, 2)
    kept = Reopening.objects.get(assessment=record)
    assert kept.kept() | {"state": kept.state} == before
    assert list(Score.objects.filter(assessment=record, round=1).order_by("pk").values()) == scores
    assert workflow.own_scores(now) == {score.indicator.code: score.own for score in _first_round(record)}


def _first_round(record):
    return Score.objects.filter(assessment=record, round=1).select_related("indicator")


def test_a_subtree_opens_no_confirmed_record(january):
    records, _time = january
    workflow.reopen(of_boards(records))

    assert state_of(records[State.CONFIRMED]) == State.CONFIRMED


def test_a_record_confirmed_by_its_own_extension_is_not_opened_by_it_again(january):
    records, time = january
    record = records[State.SUBMITTED]
    workflow.reopen(of_record(record))
    time.shift(60)
    workflow.confirm(reload(record), by=make_confirmer(record.board))

    closing.lock_confirmation(clock.now())

    assert state_of(record) == State.CONFIRMED


def test_not_confirmed_anew_it_is_again_exactly_what_it_was(january):
    records, time = january
    record = records[State.CONFIRMED]
    before = judgement(record)
    workflow.reopen(of_record(record))

    time.move_to(ENDS)
    closing.lock_confirmation(ENDS)

    assert judgement(record) == before
    restored = record.steps.first()
    assert (restored.state, restored.outcome, restored.by, restored.at) == (
        State.CONFIRMED,
        Outcome.ACHIEVED,
        None,
        ENDS,
    )
    assert history.of(reload(record))[0].text.startswith("Hết thời gian mở lại")
    told = Message.objects.filter(citizen=record.citizen).latest("pk")
    assert told.body == "Kết quả đã xác nhận trước đó được giữ nguyên: Đạt, 80 điểm."


def test_returned_to_the_citizen_and_rewritten_it_is_still_what_it_was(january):
    records, time = january
    record = records[State.CONFIRMED]
    before = judgement(record)
    workflow.reopen(of_record(record))
    make_extension(WindowStep.ANSWER, assessment=record, opens_at=OPENS, closes_at=ENDS)
    workflow.send_back(reload(record), by=record.confirmed_by, reason="Sửa lại.")
    workflow.save_scores(reload(record), {"I.1.1": Decimal(1)}, by=record.citizen.user)

    time.move_to(ENDS)
    closing.lock_confirmation(ENDS)

    assert judgement(record) == before


def test_confirmed_anew_and_undone_again_it_is_what_it_was(january):
    records, time = january
    record = records[State.CONFIRMED]
    before = judgement(record)
    workflow.reopen(of_record(record))
    for member in (make_confirmer(record.board), record.confirmed_by):
        workflow.confirm(reload(record), by=member, changes={"I.2.1": Change(Decimal(1), "Không có giấy.")})
    workflow.undo(reload(record), by=record.confirmed_by)

    time.move_to(ENDS)
    closing.lock_confirmation(ENDS)

    assert judgement(record) == before


def test_confirmed_anew_it_keeps_the_new_result(january):
    records, time = january
    record = records[State.CONFIRMED]
    workflow.reopen(of_record(record))
    for member in (make_confirmer(record.board), record.confirmed_by):
        workflow.confirm(reload(record), by=member, changes={"I.2.1": Change(Decimal(1), "Không có giấy.")})
    anew = judgement(record)

    time.move_to(ENDS)
    closing.lock_confirmation(ENDS)

    assert judgement(record) == anew
    assert anew[0]["outcome"] == Outcome.NOT_ACHIEVED
    assert Reopening.objects.get(assessment=record).ended_at == ENDS


def test_opened_a_second_time_it_goes_on_in_a_round_of_its_own(january):
    records, time = january
    record = records[State.CONFIRMED]
    before = judgement(record)
    workflow.reopen(of_record(record))
    time.move_to(ENDS)
    closing.lock_confirmation(ENDS)
    time.move_to(LATE)
    workflow.reopen(of_record(record, opens_at=LATE, closes_at=moment(2027, 1, 20)))
    assert reload(record).round == 3

    time.move_to(moment(2027, 1, 20))
    closing.lock_confirmation(clock.now())

    assert judgement(record) == before


# --- The end --------------------------------------------------------------------------------------


def rows():
    """Everything the end may write, but for the moments at which it was noted."""
    return (
        list(Assessment.objects.order_by("pk").values()),
        list(
            Step.objects.order_by("assessment", "at", "state").values("assessment", "state", "outcome", "at")
        ),
        sorted(Message.objects.values_list("key", "citizen")),
        Counter(Event.objects.values_list("stream", "verb", "object_id", "old", "new")),
        list(Reopening.objects.order_by("assessment").values_list("assessment", "state")),
        Reopening.objects.filter(ended_at=None).count(),
    )


@pytest.fixture
def reopened(january):
    """Everything is open again: the subtree by one extension, the confirmed record by its own."""
    records, time = january
    workflow.reopen(of_boards(records))
    workflow.reopen(of_record(records[State.CONFIRMED]))
    return records, time


def test_the_others_are_closed_again_at_the_end_of_the_extension(reopened):
    records, _time = reopened

    done = closing.lock_confirmation(LATE)

    assert states(records) == {
        State.REGISTERED: State.UNSENT,
        State.SUBMITTED: State.UNCONFIRMED,
        State.RETURNED: State.UNCONFIRMED,
        State.CONFIRMED: State.CONFIRMED,
    }
    assert done.moved == Counter({State.UNCONFIRMED: 2, State.UNSENT: 1, State.CONFIRMED: 1})
    assert {record.steps.first().at for record in records.values()} == {ENDS}


def test_run_twice_late_or_killed_at_any_place_the_rows_are_the_same(reopened, monkeypatch):
    _records, _time = reopened
    with transaction.atomic():
        closing.lock_confirmation(LATE)
        closing.lock_confirmation(LATE)
        once = rows()
        transaction.set_rollback(True)

    real = closing.notices.tell
    monkeypatch.setattr(closing, "CHUNK", 1)
    for place in range(1, 5):
        with transaction.atomic():
            calls = []

            def killed(*args, calls=calls, place=place, **kwargs):
                calls.append(args)
                if len(calls) == place:
                    raise SystemExit("killed")
                return real(*args, **kwargs)

            monkeypatch.setattr("assessments.closing.notices.tell", killed)
            with pytest.raises(SystemExit):
                closing.lock_confirmation(ENDS)
            monkeypatch.setattr("assessments.closing.notices.tell", real)
            closing.lock_confirmation(LATE)
            again = rows()
            transaction.set_rollback(True)
        assert again == once, place


def test_two_extensions_end_with_the_later(reopened):
    records, _time = reopened
    record = records[State.CONFIRMED]
    later = moment(2027, 1, 15)
    of_record(record, closes_at=later)

    closing.lock_confirmation(ENDS)
    assert state_of(record) == State.SUBMITTED

    closing.lock_confirmation(later)
    assert (state_of(record), record.steps.first().at) == (State.CONFIRMED, later)


# --- What the database lets through ---------------------------------------------------------------


def restoration(record):
    """The one UPDATE that puts a reopened record back."""
    kept = Reopening.objects.get(assessment=record).kept()
    return {"state": State.CONFIRMED, "version": F("version") + 1, **kept}


OTHERWISE = {
    "another outcome": {"outcome": Outcome.NOT_ACHIEVED},
    "other points": {"confirmed_total": Decimal(90)},
    "points of a review": {"review_total": Decimal(90)},
    "another moment": {"confirmed_at": moment(2026, 11, 21)},
    "another round": {"round": 2},
}


def test_the_database_lets_the_restoration_through_when_the_extension_has_ended(reopened):
    records, _time = reopened
    record = records[State.CONFIRMED]
    Extension.objects.update(closed_at=ENDS)

    Assessment.objects.filter(pk=record.pk).update(**restoration(record))

    assert state_of(record) == State.CONFIRMED


@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_the_database_refuses_any_other_restoration(reopened, otherwise):
    records, _time = reopened
    record = records[State.CONFIRMED]
    Extension.objects.update(closed_at=ENDS)

    with pytest.raises(IntegrityError, match="outside its window"), transaction.atomic():
        Assessment.objects.filter(pk=record.pk).update(**restoration(record) | OTHERWISE[otherwise])


def test_the_database_refuses_a_restoration_before_the_end_and_a_second_one(reopened):
    records, _time = reopened
    record = records[State.CONFIRMED]
    put_back = restoration(record)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=record.pk).update(**put_back)

    closing.lock_confirmation(ENDS)
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Assessment.objects.filter(pk=record.pk).update(state=State.SUBMITTED, **workflow.UNJUDGED)


def test_while_a_record_is_open_again_its_first_scores_stay_as_they_were(reopened):
    records, _time = reopened
    record = records[State.CONFIRMED]

    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        Score.objects.filter(assessment=record, round=1).update(confirmed_points=Decimal(3))


def test_nothing_is_confirmed_by_an_extension_whose_end_is_recorded(reopened):
    records, _time = reopened
    record = records[State.SUBMITTED]
    closing.lock_confirmation(ENDS)

    with pytest.raises(IntegrityError, match="outside its window"), transaction.atomic():
        Assessment.objects.filter(pk=record.pk).update(
            state=State.CONFIRMED,
            closed_from="",
            outcome=Outcome.ACHIEVED,
            confirmed_at=moment(2027, 1, 9),
            confirmed_by=make_user(),
        )
