"""The table of steps: from which state, by whom, when. What is not in it is refused and changes nothing."""

import datetime
import itertools
from collections import Counter
from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import closing, contests, tally, workflow
from assessments.models import Assessment, Extension, State, Step, Window
from assessments.workflow import Change
from audit import clock
from audit.models import Event
from reports import figures
from tests.factories import (
    appoint,
    make_citizen_with_account,
    make_confirmer,
    make_extension,
    make_household,
    make_officer,
    make_scored_assessment,
    make_user,
    make_village,
    open_campaign,
    reload,
)

pytestmark = pytest.mark.django_db

CONTESTED, REVIEWED, AWAITING = "contested", "reviewed", "awaiting the citizen"
AGAIN = "sent again"
PLACES = [*State, CONTESTED, REVIEWED, AWAITING, AGAIN]
WINDOWS = ["open", "over", "recorded"]


def first(record):
    return record.criteria_set.indicators[0].code


STEPS = {
    "save": lambda record, by: workflow.save_scores(record, {first(record): Decimal(9)}, by=by),
    "submit": lambda record, by: workflow.submit(record, by=by),
    "withdraw": lambda record, by: workflow.withdraw(record, by=by),
    "confirm": lambda record, by: workflow.confirm(record, by=by),
    "send back": lambda record, by: workflow.send_back(record, by=by, reason="Sửa lại."),
    "undo": lambda record, by: workflow.undo(record, by=by),
    "contest": lambda record, by: workflow.contest(record, {first(record): "Tôi có giấy."}, by=by),
    "review": lambda record, by: workflow.review(
        record, {first(record): Change(Decimal(9), "Giấy hợp lệ.")}, by=by
    ),
}
CITIZEN, BOARD, FIRST = "the citizen", "another member", "who confirmed"
OTHERS = ["one of the household", "another board", "the commune", "the province", "the centre", "anybody"]
ROLES = [CITIZEN, BOARD, FIRST, *OTHERS]
BY_CITIZEN, BY_BOARD = [CITIZEN], [BOARD, FIRST]
# (step, where the record stands): (what it comes to, who may)
TABLE = {
    ("save", State.REGISTERED): (State.REGISTERED, BY_CITIZEN),
    ("save", State.RETURNED): (State.RETURNED, BY_CITIZEN),
    ("submit", State.REGISTERED): (State.SUBMITTED, BY_CITIZEN),
    ("submit", State.RETURNED): (State.SUBMITTED, BY_CITIZEN),
    ("withdraw", State.SUBMITTED): (State.REGISTERED, BY_CITIZEN),
    ("withdraw", AGAIN): (State.RETURNED, BY_CITIZEN),
    ("confirm", State.SUBMITTED): (State.CONFIRMED, BY_BOARD),
    ("confirm", AGAIN): (State.CONFIRMED, BY_BOARD),
    ("send back", State.SUBMITTED): (State.RETURNED, BY_BOARD),
    ("send back", AGAIN): (State.RETURNED, BY_BOARD),
    ("undo", State.CONFIRMED): (State.SUBMITTED, BY_BOARD),
    ("contest", State.CONFIRMED): (State.CONFIRMED, BY_CITIZEN),
    ("review", CONTESTED): (State.CONFIRMED, [BOARD]),
}
ALL = list(itertools.product(STEPS, PLACES, WINDOWS, ROLES))


class World:
    """One record in each place a record can be in, all of one board, and everybody who might act."""

    def __init__(self):
        self.village = make_village()
        self.campaign = open_campaign()
        household = make_household(village=self.village)
        relative = make_citizen_with_account(household=household)
        appoint(relative.user, self.village)
        self.users = {
            BOARD: make_confirmer(self.village),
            FIRST: make_confirmer(self.village),
            "one of the household": relative.user,
            "another board": make_confirmer(make_village("Tây Hải", commune=self.village.parent)),
            "the commune": make_officer(self.village.parent),
            "the province": make_officer(self.village.parent.parent),
            "the centre": make_officer(self.village.parent.parent.parent),
            "anybody": make_user(),
        }
        self.records = {place: self.make(place, household) for place in PLACES}

    def make(self, place, household):
        citizen = make_citizen_with_account(board=self.village, household=household)
        record = make_scored_assessment(citizen=citizen, campaign=self.campaign)
        if place not in (State.REGISTERED, State.UNSENT):
            workflow.submit(record, by=citizen.user)
        if place in (State.RETURNED, AWAITING, AGAIN):
            workflow.send_back(record, by=self.users[FIRST], reason="Sửa lại.")
        if place == AGAIN:
            workflow.submit(record, by=citizen.user)
        if place in (State.CONFIRMED, State.RECOGNISED, CONTESTED, REVIEWED):
            workflow.confirm(record, by=self.users[FIRST])
        if place in (CONTESTED, REVIEWED):
            STEPS["contest"](record, citizen.user)
        if place == REVIEWED:
            STEPS["review"](record, self.users[BOARD])
        closed = {
            State.UNSENT: {"state": State.UNSENT, "closed_from": State.REGISTERED},
            State.UNCONFIRMED: {"state": State.UNCONFIRMED, "closed_from": State.SUBMITTED},
            AWAITING: {"state": State.UNCONFIRMED, "closed_from": State.RETURNED},
            State.RECOGNISED: {"state": State.RECOGNISED},
        }
        if place in closed:
            Assessment.objects.filter(pk=record.pk).update(**closed[place])
            Step.come_to(reload(record), at=clock.now()).save()
        return reload(record)

    def user(self, role, record):
        return record.citizen.user if role == CITIZEN else self.users[role]


def set_windows(window):
    now = clock.now()
    if window != "open":
        Window.objects.update(closes_at=now)
    if window == "recorded":
        Window.objects.update(closed_at=now)


def traces(record):
    """All that a step could have left."""
    return (
        Assessment.objects.values().get(pk=record.pk),
        list(record.scores.order_by("pk").values()),
        Step.objects.count(),
        Event.objects.count(),
        contests.of(record) and contests.of(record).decided_at,
    )


def try_step(world, step, place, window, role):
    """Take the step and look at what came of it; afterwards all is as before."""
    case = step, place, window, role
    allowed = TABLE.get((step, place)) if window == "open" else None
    with transaction.atomic():
        set_windows(window)
        record = reload(world.records[place])
        before = traces(record)
        try:
            STEPS[step](record, world.user(role, record))
        except (workflow.Refused, PermissionDenied):
            assert not (allowed and role in allowed[1]), f"refused: {case}"
            assert traces(record) == before, f"refused and written: {case}"
        else:
            assert allowed is not None, f"let through: {case}"
            assert role in allowed[1], f"let through: {case}"
            assert reload(record).state == allowed[0], case
            assert reload(record).version > before[0]["version"], case
        transaction.set_rollback(True)


@pytest.mark.feature("E2")
@given(st.sampled_from(ALL))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_step_succeeds_exactly_where_the_table_says(world, case):
    try_step(world, *case)


def test_every_allowed_step_succeeds_while_its_window_is_open_and_not_after(world):
    for (step, place), (_target, roles) in TABLE.items():
        for role, window in itertools.product(roles[:3], ["open", "over"]):
            try_step(world, step, place, window, role)


@pytest.mark.prove
@pytest.mark.feature("E2")
def test_every_step_from_every_place_in_every_window_by_everybody(world):
    for case in ALL:
        try_step(world, *case)


REOPENED = {
    State.UNSENT: State.REGISTERED,
    State.UNCONFIRMED: State.SUBMITTED,
    AWAITING: State.RETURNED,
    State.CONFIRMED: State.SUBMITTED,
    CONTESTED: State.SUBMITTED,
    REVIEWED: State.SUBMITTED,
}


@pytest.mark.feature("E5")
@pytest.mark.parametrize("window", ["over", "recorded"])
def test_an_extension_of_one_record_opens_what_was_closed_and_nothing_else(world, window):
    set_windows(window)
    for place, record in world.records.items():
        extension = make_extension(assessment=record)
        assert workflow.reopen(extension) == (1 if place in REOPENED else 0), place
        assert reload(record).state == REOPENED.get(place, record.state), place


@pytest.fixture
def world():
    return World()


# --- Whatever was done, nobody is lost ------------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from([*STEPS, "reopen"]), st.sampled_from([CITIZEN, BOARD, FIRST])
    ),
    max_size=15,
)


@pytest.fixture
def few():
    village, campaign = make_village(), open_campaign()
    return {
        "records": [make_scored_assessment(board=village, campaign=campaign) for _ in range(4)],
        "board": {BOARD: make_confirmer(village), FIRST: make_confirmer(village)},
    }


@pytest.mark.feature("E3", "E7")
@given(ACTS, ACTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
def test_whatever_was_done_the_outcomes_add_up_to_what_was_sent(few, before, after):
    with transaction.atomic():
        play(few, before)
        ends = clock.now() + datetime.timedelta(days=1)
        Window.objects.update(closes_at=clock.now())
        closing.lock_confirmation(clock.now())
        sent = ever_sent(few)
        assert settled(few) == sent
        judged = {record.pk: judgement(record) for record in few["records"]}

        play(few, after, reopening=ends)
        closing.lock_confirmation(ends)

        assert settled(few) == ever_sent(few)
        assert not Extension.objects.filter(closed_at=None).exists()
        assert list(tally.recount(ends)) == []
        for record in few["records"]:
            assert judgement(record) == judged[record.pk] or record.reopenings.exists()
        transaction.set_rollback(True)


def play(few, acts, reopening=None):
    for number, step, role in acts:
        record = reload(few["records"][number])
        if step == "reopen":
            if reopening and not record.extensions.exists():
                workflow.reopen(make_extension(assessment=record, closes_at=reopening))
            continue
        with suppress(workflow.Refused, PermissionDenied):
            STEPS[step](record, few["board"].get(role, record.citizen.user))


def ever_sent(few):
    """Those that lie with the board, or with the citizen after a return, as their own rows say."""
    return sum(reload(record).submitted_at is not None for record in few["records"])


def settled(few):
    """The sum of outcomes, as the reports count them; nothing is left open."""
    campaign = few["records"][0].campaign
    total = figures.summary(few["records"][0].board, campaign).total
    assert total.waiting == 0
    assert total.registered == len(few["records"])
    return Counter(
        achieved=total.achieved,
        not_achieved=total.not_achieved,
        unconfirmed=total.unconfirmed,
        returned=total.returned,
    ).total()


def judgement(record):
    return Assessment.objects.values_list("outcome", "confirmed_total", "review_total", "round").get(
        pk=record.pk
    )
