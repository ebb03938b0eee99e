"""Exceptions: who approves them, for whom never, what they open, and that they end by themselves."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Message
from assessments import closing, extensions, guidance, windows, workflow
from assessments.extensions import Wanted
from assessments.models import Assessment, Extension, Outcome, State, WindowStep
from assessments.workflow import Refused
from audit import clock, events
from audit.models import Event
from criteria.models import Level
from organizations.models import Organization
from tests.factories import (
    appoint,
    make_campaign,
    make_centre,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_household,
    make_officer,
    make_province,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    make_village,
    moment,
    state_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E4")]

AFTER = moment(2027, 1, 3, 9)
TICK = datetime.timedelta(microseconds=1)
OPENS, CLOSES = moment(2027, 1, 3), moment(2027, 1, 11)


@pytest.fixture
def record():
    """A record sent in time, whose board did nothing; the year is over."""
    with time_machine.travel(moment(2026, 11, 1), tick=False):
        return make_submitted_assessment(campaign=make_campaign(2026))


@pytest.fixture(autouse=True)
def in_january(record):
    with time_machine.travel(AFTER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def officer(record):
    return make_officer(record.province)


def want(target, step=WindowStep.CONFIRMATION, **fields):
    campaign = getattr(target, "campaign", None) or make_campaign(2026)
    wanted = {
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "reason": "Bão làm mất điện ba ngày",
        "decision_number": "15/QĐ-HKH",
    }
    return Wanted(target, campaign, Level.CITIZEN, step, **(wanted | fields))


def open_now(record, step=WindowStep.CONFIRMATION, at=AFTER):
    return windows.is_open(step, record, at)


@pytest.mark.parametrize("target", ["board", "commune"])
def test_it_opens_the_step_for_the_place_and_ends_by_itself(record, officer, target):
    assert not open_now(record)

    extension = extensions.grant(want(getattr(record, target)), by=officer)

    assert open_now(record)
    assert not open_now(record, WindowStep.SELF_ASSESSMENT)
    assert not open_now(record, at=CLOSES)
    assert (extension.opens_at, extension.closes_at, extension.approved_by) == (AFTER, CLOSES, officer)
    workflow.confirm(record, by=make_confirmer(record.board))
    assert state_of(record) == State.CONFIRMED


@pytest.mark.feature("E5")
def test_it_opens_one_record_and_no_other(record, officer):
    with time_machine.travel(moment(2026, 11, 1), tick=False):
        neighbour = make_submitted_assessment(campaign=record.campaign, board=record.board)

    extensions.grant(want(record), by=officer)

    assert open_now(record)
    assert not open_now(neighbour)


@pytest.mark.feature("E5")
def test_a_record_that_the_closing_settled_waits_again_at_once(record, officer):
    closing.lock_confirmation(AFTER)
    assert state_of(record) == State.UNCONFIRMED

    extensions.grant(want(record), by=officer)

    assert state_of(record) == State.SUBMITTED


def test_it_leaves_an_event_with_reason_and_decision_and_tells_board_and_citizen(record, officer):
    member = make_confirmer(record.board)

    extension = extensions.grant(want(record), by=officer)

    event = Event.objects.get(verb="extend")
    assert (event.actor, event.subject, event.object_id) == (officer.pk, record.citizen_id, extension.pk)
    assert event.new.startswith("xác nhận từ 9 giờ ngày 03/01/2027 đến hết ngày 10/01/2027")
    assert events.private_of(event) == {
        "reason": "Bão làm mất điện ba ngày",
        "decision": "15/QĐ-HKH",
    }
    told = Message.objects.filter(key__startswith="extension:")
    assert {(message.user, message.citizen) for message in told} == {(member, None), (None, record.citizen)}
    assert all("15/QĐ-HKH" in message.body and "Bão" in message.body for message in told)


def test_a_second_click_gives_the_same_extension(record, officer):
    first = extensions.grant(want(record), by=officer)

    assert extensions.grant(want(record), by=officer) == first
    assert Extension.objects.count() == Event.objects.filter(verb="extend").count() == 1


@pytest.mark.parametrize(
    "days",
    [
        {"closes_at": moment(2027, 1, 3)},
        {"opens_at": moment(2027, 1, 2)},
        {"opens_at": moment(2026, 12, 1), "closes_at": moment(2027, 1, 2)},
    ],
)
def test_it_needs_days_to_come(record, officer, days):
    with pytest.raises(Refused):
        extensions.grant(want(record, **days), by=officer)


@pytest.mark.parametrize("missing", ["reason", "decision_number"])
def test_it_says_why_and_by_which_decision(record, officer, missing):
    with pytest.raises(Refused, match="lý do và số quyết định"):
        extensions.grant(want(record, **{missing: " "}), by=officer)


def test_only_an_officer_above_approves(record):
    strangers = [
        make_officer(record.board),
        make_officer(record.commune),  # the commune association confirms for people without a board
        make_confirmer(record.province),
        make_officer(make_province("Nghệ An")),
        record.citizen.user,
    ]

    for stranger in strangers:
        for target in (record, record.board):
            with pytest.raises(PermissionDenied):
                extensions.grant(want(target), by=stranger)


def test_a_province_as_a_whole_is_the_centres_to_extend(record, officer):
    with pytest.raises(PermissionDenied):
        extensions.grant(want(record.province), by=officer)

    extensions.grant(want(record.province), by=make_officer(make_centre()))

    assert open_now(record)


def test_nobody_approves_for_the_own_board(record, officer):
    appoint(officer, record.board)

    for target in (record, record.board, record.commune):
        with pytest.raises(Refused, match="Người khác duyệt"):
            extensions.grant(want(target), by=officer)


@pytest.mark.parametrize("relation", ["own", "household"])
def test_nobody_approves_for_the_own_record_or_that_of_the_household(record, relation):
    household = make_household(village=record.board)
    record.citizen.household = household
    record.citizen.save()
    if relation == "own":
        approver = record.citizen.user
    else:
        approver = make_citizen_with_account("Nguyễn Văn Tư", board=record.board, household=household).user
    appoint(approver, record.province, "officer")

    for target in (record, record.board, record.commune):
        with pytest.raises(Refused, match="Người khác duyệt"):
            extensions.grant(want(target), by=approver)
    with pytest.raises(IntegrityError), transaction.atomic():  # by whatever way the row is written
        Extension.objects.create(
            campaign=record.campaign,
            level=Level.CITIZEN,
            step=WindowStep.CONFIRMATION,
            assessment=record,
            opens_at=OPENS,
            closes_at=CLOSES,
            reason="Cho mình",
            decision_number="1",
            approved_by=approver,
        )


def test_a_board_in_another_commune_is_no_hindrance(record, officer):
    appoint(officer, make_village(commune=make_commune("Đức Thọ", province=record.province)))

    extensions.grant(want(record.commune), by=officer)

    assert open_now(record)


def test_several_steps_by_one_decision_are_all_given_or_none(record, officer):
    steps = [WindowStep.SELF_ASSESSMENT, WindowStep.CONFIRMATION]

    extensions.grant_all([want(record, step) for step in steps], by=officer)
    assert [open_now(record, step) for step in steps] == [True, True]

    with pytest.raises(Refused):
        extensions.grant_all(
            [want(record.board), want(record.board, closes_at=moment(2027, 1, 1))], by=officer
        )
    assert Extension.objects.filter(organization=record.board).count() == 0


def test_the_list_of_a_place_holds_what_is_below_it_and_what_reaches_it(record, officer):
    centre = make_officer(make_centre())
    elsewhere = make_village(commune=make_commune("Vinh", province=make_province("Nghệ An")))
    of_record = extensions.grant(want(record), by=officer)
    of_commune = extensions.grant(want(record.commune), by=officer)
    of_province = extensions.grant(want(record.province), by=centre)
    other = extensions.grant(want(elsewhere), by=centre)

    def listed(place):
        return set(Extension.objects.of_place(place))

    assert listed(make_centre()) == {of_record, of_commune, of_province, other}
    assert listed(record.province) == {of_record, of_commune, of_province}
    assert listed(record.board) == {of_record, of_commune, of_province}
    assert listed(elsewhere) == {other}


def test_the_pages_say_why_it_is_open_again(record, officer):
    extensions.grant(want(record), by=officer)
    opening = windows.opening_of(WindowStep.CONFIRMATION, record, AFTER)

    assert windows.sentence(opening, AFTER) == (
        "Việc xác nhận đang mở đến hết ngày 10/01/2027 (Chủ nhật), còn 7 ngày. "
        "Mở lại theo quyết định số 15/QĐ-HKH, lý do: “Bão làm mất điện ba ngày”."
    )


def test_drafts_are_opened_too(officer, record):
    with time_machine.travel(moment(2026, 11, 1), tick=False):
        draft = make_scored_assessment(campaign=record.campaign, board=record.board)

    extensions.grant(want(draft, WindowStep.SELF_ASSESSMENT), by=officer)
    with pytest.raises(workflow.Refused, match="đã hết hạn xác nhận"):
        workflow.submit(draft, by=draft.citizen.user)
    assert guidance.of(draft, clock.now()).sentence.startswith("Không gửi được nữa")
    extensions.grant(want(draft), by=officer)
    workflow.submit(draft, by=draft.citizen.user)

    assert state_of(draft) == State.SUBMITTED


# --- Ended before its time ------------------------------------------------------------------------


def end(extension, by, reason="Điện đã có lại"):
    return extensions.end(extension, by=by, reason=reason)


def test_who_may_grant_it_may_end_it_and_from_then_on_nothing_is_confirmed(record, officer, in_january):
    extension = extensions.grant(want(record.commune), by=officer)
    now = moment(2027, 1, 5, 10)
    in_january.move_to(now)

    end(extension, make_officer(record.province))

    extension.refresh_from_db()
    assert (extension.closes_at, extension.ended_reason) == (now, "Điện đã có lại")
    assert open_now(record, at=now - TICK)
    assert not open_now(record, at=now)
    with pytest.raises(Refused):
        workflow.confirm(record, by=make_confirmer(record.board))
    with pytest.raises(IntegrityError), transaction.atomic():
        confirm_by_hand(record, now)


def confirm_by_hand(record, at):
    Assessment.objects.filter(pk=record.pk).update(
        state=State.CONFIRMED, outcome=Outcome.ACHIEVED, confirmed_at=at, confirmed_by=make_user()
    )


@pytest.mark.feature("E5")
def test_the_closing_puts_back_what_an_ended_one_had_opened(record, officer, in_january):
    closing.lock_confirmation(AFTER)
    extension = extensions.grant(want(record.commune), by=officer)
    assert state_of(record) == State.SUBMITTED
    in_january.move_to(moment(2027, 1, 5, 10))

    end(extension, officer)
    closing.lock_confirmation(clock.now())

    extension.refresh_from_db()
    assert extension.closed_at == clock.now()
    assert state_of(record) == State.UNCONFIRMED
    assert record.steps.first().at == clock.now()


def test_one_that_has_not_begun_never_opens(record, officer):
    opens_at = moment(2027, 1, 6)
    extension = extensions.grant(want(record, opens_at=opens_at), by=officer)

    end(extension, officer)

    for at in (AFTER, opens_at - TICK, opens_at, opens_at + TICK):
        assert not open_now(record, at=at)
    assert extension.state_words(AFTER) == "Đã kết thúc sớm"


def test_ending_leaves_an_event_and_tells_the_same_people(record, officer, in_january):
    member = make_confirmer(record.board)
    extension = extensions.grant(want(record), by=officer)
    in_january.move_to(moment(2027, 1, 5, 10))

    end(extension, officer)

    event = Event.objects.get(verb="end_extension")
    assert (event.actor, event.subject, event.object_id) == (officer.pk, record.citizen_id, extension.pk)
    assert event.old == "xác nhận từ 9 giờ ngày 03/01/2027 đến hết ngày 10/01/2027 (Chủ nhật)"
    assert event.new == "xác nhận từ 9 giờ ngày 03/01/2027 đến 10 giờ ngày 05/01/2027 (thứ Ba)"
    assert events.private_of(event) == {"reason": "Điện đã có lại"}
    told = Message.objects.filter(key__startswith="extension-ended:")
    assert {(message.user, message.citizen) for message in told} == {(member, None), (None, record.citizen)}
    assert all("Điện đã có lại" in message.body for message in told)


def test_who_may_not_grant_it_does_not_end_it(record, officer):
    extension = extensions.grant(want(record.board), by=officer)
    tied = record.citizen.user
    appoint(tied, record.province, "officer")

    for stranger in (make_officer(record.commune), make_officer(make_province("Nghệ An"))):
        with pytest.raises(PermissionDenied):
            end(extension, stranger)
    with pytest.raises(Refused, match="Người khác"):
        end(extension, tied)
    with pytest.raises(Refused, match="lý do"):
        end(extension, officer, reason=" ")
    assert open_now(record)


def test_it_is_ended_once(record, officer, in_january):
    extension = extensions.grant(want(record), by=officer)
    in_january.move_to(moment(2027, 1, 5))
    end(extension, officer)
    in_january.move_to(moment(2027, 1, 6))

    with pytest.raises(Refused, match="đã hết"):
        end(extension, officer)

    extension.refresh_from_db()
    assert extension.closes_at == moment(2027, 1, 5)


def test_no_extension_is_prolonged_or_moved_by_whatever_way_it_is_written(record, officer):
    extension = extensions.grant(want(record), by=officer)
    mine = Extension.objects.filter(pk=extension.pk)

    for change in (
        {"closes_at": CLOSES + TICK},
        {"opens_at": AFTER - TICK},
        {"step": WindowStep.ANSWER},
        {"assessment": None, "organization": record.board},
        {"closes_at": AFTER, "ended_by": officer},  # without a reason
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**change)


def test_somebody_of_no_office_may_extend_nothing():
    assert list(extensions.organizations_for(make_user())) == []
    assert list(extensions.records_for(make_user())) == []


def test_an_officer_of_a_province_may_extend_what_is_below_it(record, officer):
    assert set(extensions.organizations_for(officer)) == {record.commune, record.board}
    assert set(extensions.organizations_for(make_officer(make_centre()))) == set(Organization.objects.all())
