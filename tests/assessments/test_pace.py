"""Whether a board will be done in time."""

import datetime
from decimal import Decimal

import pytest

from assessments import pace
from tests.factories import moment

OPENS, CLOSES = moment(2026, 10, 1), moment(2027, 1, 1)


def test_what_is_needed_and_who_is_not_reached_follow_from_what_waits_and_how_fast_it_goes():
    pace_now = pace.of(412, 140, OPENS, CLOSES, moment(2026, 12, 22, 9))

    assert (pace_now.days_left, pace_now.needed, pace_now.speed, pace_now.too_late) == (9, 46, 20, 232)


@pytest.mark.parametrize(
    ("now", "days_behind"),
    [
        (moment(2026, 10, 1, 0, 0, 1), 1),
        (moment(2026, 10, 1, 23), 1),
        (moment(2026, 10, 4, 12), 4),
        (moment(2026, 10, 8), 7),
        (moment(2026, 12, 22), 7),
    ],
)
def test_the_speed_counts_the_days_that_were_open_and_seven_at_most(now, days_behind):
    assert pace.of(1, 14, OPENS, CLOSES, now).days_behind == days_behind
    assert pace.since(OPENS, now) >= OPENS
    assert now - pace.since(OPENS, now) <= datetime.timedelta(days=7)


def test_the_last_day_counts_as_one():
    last_day = pace.of(30, 70, OPENS, CLOSES, moment(2026, 12, 31, 8))

    assert (last_day.days_left, last_day.needed, last_day.too_late) == (0, 30, 20)


def test_a_board_that_confirmed_nobody_reaches_nobody():
    idle = pace.of(5, 0, OPENS, CLOSES, moment(2026, 12, 1))

    assert (idle.speed, idle.too_late) == (Decimal(0), 5)


def test_a_board_that_is_fast_enough_leaves_nobody():
    assert pace.of(5, 70, OPENS, CLOSES, moment(2026, 12, 1)).too_late == 0
    assert pace.of(0, 0, OPENS, CLOSES, moment(2026, 12, 1)).needed == 0


@pytest.mark.parametrize(
    ("opens", "now", "is_new"),
    [
        (OPENS, moment(2026, 10, 1, 8), True),
        (OPENS, moment(2026, 10, 8), False),
        (moment(2026, 12, 28), moment(2026, 12, 29), False),  # open for a few days only
    ],
)
def test_in_the_first_days_a_speed_warns_of_nobody_unless_they_are_the_last(opens, now, is_new):
    assert pace.of(5, 0, opens, CLOSES, now).is_new == is_new
