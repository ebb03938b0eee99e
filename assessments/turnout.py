"""Who of a board's people has registered, over the list of the year's day. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Citizen
from assessments.models import Assessment, FrozenList, Listed
from criteria.models import Level


@dataclass(frozen=True)
class Turnout:
    """How many stood on the list on a day, and what became of them; `unregistered` are those of today.

    Without a day the list is not frozen yet, and is that of today.
    """

    day: datetime.date | None
    listed: int
    registered: int
    elsewhere: int
    departed: int
    arrived: int
    unregistered: int


def unregistered(board, campaign):
    """Whom the board confirms today and who have no record of the year."""
    return _without_record(Citizen.objects.of_boards([board]), campaign)


def _without_record(citizens, campaign):
    records = Assessment.objects.filter(citizen=OuterRef("pk"), campaign=campaign, level=Level.CITIZEN)
    return citizens.exclude(Exists(records))


def _listed(board, campaign):
    return Listed.objects.filter(Listed.objects.that_count_at(board), campaign=campaign)


def gone(board, campaign):
    """Who stood on the board's list on the year's day and does not today."""
    return _gone(_listed(board, campaign), board)


def _gone(listed, board):
    return listed.exclude(citizen__in=Citizen.objects.of_boards([board]).order_by().values("pk"))


def frozen_day(campaign) -> datetime.date | None:
    """Of which day the year's list is, once it is written down whole."""
    is_frozen = FrozenList.objects.filter(campaign=campaign, done_at__isnull=False).exists()
    return campaign.list_day if is_frozen else None


def of(board, campaign) -> Turnout:
    present = Citizen.objects.of_boards([board])
    missing = unregistered(board, campaign).count()
    day = frozen_day(campaign)
    if day is None:
        people = present.count()
        return Turnout(None, people, people - missing, 0, 0, 0, missing)
    listed = _listed(board, campaign)
    counted = listed.aggregate(listed=Count("pk"), registered=Count("pk", filter=Listed.objects.has_record()))
    gone = _gone(listed, board).aggregate(
        elsewhere=Count("pk", filter=Q(citizen__departed_on=None)),
        departed=Count("pk", filter=Q(citizen__departed_on__isnull=False)),
    )
    arrived = present.exclude(Exists(listed.filter(citizen=OuterRef("pk")))).count()
    return Turnout(day, arrived=arrived, unregistered=missing, **counted, **gone)
