"""Many processes at one moment: the closing against confirmations, one closing against another."""

import datetime
import functools
import random
import time

import pytest
from django.db import connection, transaction

from assessments import closing, windows, workflow
from assessments.models import Assessment, State, Window, WindowStep
from audit import clock, events
from audit.models import Event
from criteria.models import Level
from tests.assessments.masses import Mass, check_whole
from tests.at_once import at_once, in_threads
from tests.factories import (
    make_campaign,
    make_confirmer,
    make_extension,
    make_province,
    make_submitted_assessment,
)

ON_POSTGRESQL = connection.vendor == "postgresql"
BOARDS, PROCESSES, A_PROCESS = (5, 10, 5) if ON_POSTGRESQL else (3, 3, 4)
SPREAD = 2 if ON_POSTGRESQL else 1  # seconds within which each begins, or each of a process after the other


def rounds(short, full):
    return pytest.mark.parametrize("rounds", [short, pytest.param(full, marks=pytest.mark.prove)])


def confirm(record, by, within=0):
    time.sleep(random.uniform(0, within))
    try:
        workflow.confirm(Assessment.objects.get(pk=record), by=by)
    except workflow.Refused:
        return None
    return record


def window_of(campaign):
    return Window.objects.get(campaign=campaign, step=WindowStep.CONFIRMATION)


def close(campaign):
    return closing.lock_confirmation(window_of(campaign).closes_at, campaign.year).failed


def close_in_a_second(campaign):
    """By the clock that all share: those at work then may end it, those that come later are refused."""
    closes_at = clock.now() + datetime.timedelta(seconds=1)
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(closes_at=closes_at)
    while clock.now() < closes_at:
        time.sleep(0.001)
    return closing.lock_confirmation(clock.now(), campaign.year).failed


@pytest.mark.feature("E2", "E3")
@rounds(1, 100)
def test_no_confirmation_is_committed_after_the_closing_is_recorded(shared_database, rounds):
    mass = Mass(BOARDS, PROCESSES * A_PROCESS)
    raced = 0
    while raced < rounds:
        campaign, records = mass.year()
        jobs = [
            functools.partial(confirm, record.pk, mass.member_of[record.board_id], within=SPREAD)
            for record in records
        ]
        share = in_threads if ON_POSTGRESQL else one_by_one
        shares = [functools.partial(share, *jobs[first::PROCESSES]) for first in range(PROCESSES)]

        *answers, failed = at_once(*shares, functools.partial(close_in_a_second, campaign))

        confirmed = {record for answer in answers for record in answer if record}
        assert failed == []
        judged = Assessment.objects.filter(campaign=campaign, state=State.CONFIRMED)
        assert set(judged.values_list("pk", flat=True)) == confirmed
        check_whole(campaign)
        check_order(campaign)
        raced += 0 < len(confirmed) < len(records)  # else the end fell beside the race: once more
    assert list(events.faults()) == []


def one_by_one(*jobs):
    return [job() for job in jobs]


def check_order(campaign):
    """Every confirmation stood before the closing did."""
    recorded = window_of(campaign)
    judged = Assessment.objects.filter(campaign=campaign, state=State.CONFIRMED)
    if not ON_POSTGRESQL:  # one writer at a time: the numbers are the order
        closed = Event.objects.get(verb="closing", object_id=recorded.pk).pk
        steps = Event.objects.filter(verb="step", object_id__in=judged, new=State.CONFIRMED)
        assert all(event.pk < closed for event in steps)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM assessments_assessment WHERE campaign_id = %s AND state = 'confirmed' "
            "AND pg_xact_commit_timestamp(xmin) > "
            "(SELECT pg_xact_commit_timestamp(xmin) FROM assessments_window WHERE id = %s)",
            [campaign.pk, recorded.pk],
        )
        assert cursor.fetchone() == (0,)


def one_more(campaign, **fields):
    now = clock.now()
    same = {"step": WindowStep.CONFIRMATION, "level": Level.CITIZEN} | fields
    day = datetime.timedelta(days=1)
    return Window.objects.create(campaign=campaign, opens_at=now - day, closes_at=now + day, **same)


def held_by(hold):
    """The windows whose rows nobody else may change while the hold lasts."""

    def free():
        return set(Window.objects.select_for_update(skip_locked=True).order_by("pk"))

    with transaction.atomic():
        hold()
        [others] = in_threads(transaction.atomic(free))
    return set(Window.objects.all()) - others


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite lets in one writer at a time, whatever rows it writes")
@pytest.mark.django_db(transaction=True)
def test_a_confirmation_holds_the_row_of_its_own_window_and_an_ending_extension_all_that_govern_it():
    record = make_submitted_assessment()
    campaign = record.campaign
    others = make_campaign(campaign.year + 1)
    nation = window_of(campaign)
    one_more(campaign, province=make_province("Nghệ An"))
    one_more(campaign, level=Level.FAMILY)
    one_more(others, province=record.province)

    def hold():
        windows.hold(record, WindowStep.CONFIRMATION)

    assert held_by(hold) == {nation}
    own = one_more(campaign, province=record.province)
    assert held_by(hold) == {own}

    extension = make_extension(WindowStep.ANSWER, assessment=record)
    steps = [WindowStep.CONFIRMATION, WindowStep.ANSWER]
    governing = Window.objects.filter(campaign=campaign, level=Level.CITIZEN, step__in=steps)
    assert held_by(lambda: windows.hold_off(extension)) == set(governing)


@pytest.mark.feature("E3")
@rounds(2, 100)
def test_two_workers_that_close_at_once_settle_each_record_once(shared_database, rounds):
    mass = Mass(3, 12)
    for _round in range(rounds):
        campaign, records = mass.year()

        assert at_once(*[functools.partial(close, campaign)] * 2) == [[], []]

        assert set(Assessment.objects.filter(campaign=campaign).values_list("state", "version")) == {
            (State.UNCONFIRMED, records[0].version + 1)
        }
        assert Event.objects.filter(verb="closing", new=campaign.year).count() == 1
        check_whole(campaign)
    assert list(events.faults()) == []


@rounds(1, 20)
def test_of_eight_members_who_confirm_the_same_records_one_wins_each(shared_database, rounds):
    mass = Mass(1, 6)
    members = [mass.members[0], *(make_confirmer(mass.homes[0][1]) for _ in range(7))]
    for _round in range(rounds):
        campaign, records = mass.year()
        pks = [record.pk for record in records]
        jobs = [
            functools.partial(
                one_by_one,
                *(functools.partial(confirm, pk, member) for pk in random.sample(pks, len(pks))),
            )
            for member in members
        ]

        answers = at_once(*jobs)

        assert sorted(pk for answer in answers for pk in answer if pk) == sorted(pks)
        check_whole(campaign)
    assert list(events.faults()) == []
