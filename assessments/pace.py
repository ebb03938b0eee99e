"""Whether a board will be done in time. Pure: it takes counts and moments and touches no database."""

import datetime
import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from vietnamese import dates

LOOKED_BACK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """Who waits, how many days are left, and how many were confirmed in the days looked back on."""

    waiting: int
    days_left: int
    confirmed: int
    days_behind: int

    @property
    def needed(self) -> int:
        return needed_a_day(self.waiting, self.days_left)

    @property
    def speed(self) -> Decimal:
        return speed(self.confirmed, self.days_behind)

    @property
    def too_late(self) -> int:
        """How many of those who wait now would not be reached at this speed."""
        return max(0, self.waiting - self.confirmed * self._days // self.days_behind)

    @property
    def is_new(self) -> bool:
        """Whether it has been open for too short, and is open for too long, to be warned by a speed."""
        return self.days_behind < LOOKED_BACK.days < self.days_left

    @property
    def _days(self) -> int:
        return max(self.days_left, 1)


def needed_a_day(people: int, days_left: int) -> int:
    """People a day; the last day counts as one."""
    return math.ceil(people / max(days_left, 1))


def speed(people: int, days: int) -> Decimal:
    """People a day, to one place."""
    return (Decimal(people) / days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def days_behind(opens_at: datetime.datetime, now: datetime.datetime) -> int:
    """The days looked back on: those begun since it opened, at least one and at most seven."""
    return max(1, math.ceil((now - since(opens_at, now)) / DAY))


def since(opens_at: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    """From when confirmations count for the speed: seven days back, but not before it opened."""
    return max(opens_at, now - LOOKED_BACK)


def waits_since(sent_at: datetime.datetime, opens_at: datetime.datetime) -> datetime.datetime:
    """Since when the board could have confirmed who waits: before it opened nobody could."""
    return max(sent_at, opens_at)


def of(
    waiting: int,
    confirmed: int,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    now: datetime.datetime,
) -> Pace:
    """The pace at a moment at which confirmation is open; `confirmed` counts from since(opens_at, now)."""
    return Pace(waiting, dates.days_left(closes_at, now), confirmed, days_behind(opens_at, now))
