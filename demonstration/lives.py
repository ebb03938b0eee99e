"""What happens to one record in one year: moments and states, no rows. Pure.

A whole year is drawn and then cut at the portal's moment, so that nothing is shown that cannot have happened
yet: before 1 October nobody is confirmed, half of all confirmations fall in the last ten days of December.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from django.utils import timezone

from assessments.models import State

MORNING = datetime.timedelta(hours=6)
WAKING = 16.5 / 24  # of a day
LAST_DAYS = datetime.timedelta(days=10)
BEFORE_CONFIRMING = datetime.timedelta(days=45)
TIME_TO_ANSWER = datetime.timedelta(days=14)
# Shares: who sends at all, and early; whom the board returns, and who answers; confirmed in the last days.
SEND, EARLY, RETURNED, ANSWER, LATE = 0.94, 0.25, 0.09, 0.85, 0.5


@dataclass(frozen=True)
class Year:
    """A campaign's windows, and the moment at and after which nothing has happened yet."""

    begins: datetime.datetime
    confirming: datetime.datetime
    closes: datetime.datetime
    upto: datetime.datetime

    @property
    def is_over(self) -> bool:
        return self.upto >= self.closes

    @property
    def has_begun(self) -> bool:
        return self.begins < self.upto

    def pressed(self) -> "Year":
        """The same year with everybody hurrying: what a year holds, in the part that has gone by."""
        return replace(self, closes=min(self.closes, self.upto))


@dataclass(frozen=True)
class Happening:
    """A state the record comes to. The board brings it about when `by_board`, else the citizen."""

    state: State
    at: datetime.datetime
    by_board: bool = False


def life(rng: Random, year: Year, diligence: float) -> list[Happening]:
    """The states of a record up to the year's moment, when all have registered; with diligence 0 the board
    does nothing."""
    return [happening for happening in _whole_life(rng, year, diligence) if happening.at < year.upto]


def _whole_life(rng: Random, year: Year, diligence: float) -> Iterator[Happening]:
    registered = moment(rng, year.begins, min(year.closes, year.upto), 1.2, 4)
    yield Happening(State.REGISTERED, registered)
    if rng.random() > SEND:
        return
    if rng.random() < EARLY:
        sent = moment(rng, registered, year.closes, 1.5, 2.5)
    else:
        ready = max(registered, min(year.confirming - BEFORE_CONFIRMING, year.closes))
        sent = moment(rng, ready, year.closes, 1.4, 1.7)
    yield Happening(State.SUBMITTED, sent)
    looked_at = max(sent, year.confirming)
    if rng.random() > diligence or looked_at >= year.closes:
        return
    if rng.random() < RETURNED:
        returned = moment(rng, looked_at, year.closes, 1.2, 1.8)
        yield Happening(State.RETURNED, returned, by_board=True)
        if rng.random() > ANSWER:
            return
        looked_at = moment(rng, returned, min(returned + TIME_TO_ANSWER, year.closes), 1.2, 2)
        yield Happening(State.SUBMITTED, looked_at)
    yield Happening(State.CONFIRMED, _when_confirmed(rng, looked_at, year.closes), by_board=True)


def _when_confirmed(rng, earliest, closes):
    last_days = closes - LAST_DAYS
    if earliest >= last_days:
        return moment(rng, earliest, closes)
    if rng.random() < LATE:
        return moment(rng, last_days, closes)
    return moment(rng, earliest, last_days)


def moment(
    rng: Random, earliest: datetime.datetime, latest: datetime.datetime, alpha: float = 1, beta: float = 1
) -> datetime.datetime:
    """A moment in [earliest, latest), evenly or by a beta distribution, in waking hours."""
    at = earliest + (latest - earliest) * rng.betavariate(alpha, beta)
    # Each day is pressed into its waking hours, which keeps what comes after after.
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + MORNING + (at - midnight) * WAKING
    return max(earliest, min(at.replace(microsecond=0), latest - datetime.timedelta(seconds=1)))
