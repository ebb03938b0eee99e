"""Counters beside the records, so that a figure of a whole nation is a sum over its boards.

They change in the transaction of the step, after everything else in it: the row lock is taken last, in one
order, and boards never wait for each other. Every night they are held against the records themselves.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce

from assessments.models import Assessment, BoardTally, Campaign
from audit import events
from organizations.models import Organization

log = logging.getLogger(__name__)


class Cell(NamedTuple):
    """What records must have in common to be counted together. The order is that of the locks."""

    board_id: int
    campaign_id: int
    level: str
    province_id: int
    commune_id: int
    criteria_set_id: int
    state: str
    outcome: str
    closed_from: str

    def __str__(self):
        return " ".join(filter(None, [self.state, self.outcome, self.closed_from]))


NOTHING: Counter = Counter()
CHUNK = 500
ONE = f"({', '.join(['%s'] * (len(Cell._fields) + 1))})"
# A cell that nothing was counted in yet is made; rows are locked in the order of their cells.
CELL = ", ".join(Cell._fields)
ADD = f"""INSERT INTO assessments_boardtally AS tally ({CELL}, count) VALUES %s
ON CONFLICT ({CELL}) DO UPDATE SET count = tally.count + excluded.count"""  # noqa: S608 - names of our own
PLACES = {"province_id": "in_province", "commune_id": "in_commune"}


@dataclass(frozen=True)
class Difference:
    """A tally that is not what the records of its cell are when counted."""

    cell: Cell
    tallied: int
    counted: int


def of(assessments: Iterable[Assessment]) -> Counter[Cell]:
    """How many of these records are in each cell, as they stand in memory."""
    return Counter(
        Cell(
            each.board_id,
            each.campaign_id,
            each.level,
            each.province_id or each.board_id,
            each.commune_id or each.board_id,
            each.criteria_set_id,
            each.state,
            each.outcome,
            each.closed_from,
        )
        for each in assessments
    )


def change(before: Counter[Cell], after: Counter[Cell]) -> None:
    """Count the records of a step as what they have become. The last thing of its transaction."""
    cells = sorted(before.keys() | after.keys())
    changes = [(*cell, more) for cell in cells if (more := after[cell] - before[cell])]
    with connection.cursor() as cursor:
        for start in range(0, len(changes), CHUNK):
            chunk = changes[start : start + CHUNK]
            cursor.execute(ADD % ", ".join([ONE] * len(chunk)), [value for row in chunk for value in row])


# --- Held against the records ---------------------------------------------------------------------


def recount(now) -> Iterator[Difference]:
    """Hold every tally against the records, put right what differs and leave word of it."""
    for campaign in Campaign.objects.order_by("year"):
        for province in _provinces(campaign):
            yield from _recount(campaign, province, now)


def _provinces(campaign):
    """Of the records and of the tallies: either may be there alone."""
    of_records = Assessment.objects.filter(campaign=campaign).order_by()
    found = set(of_records.values_list(Coalesce("province_id", "board_id"), flat=True).distinct())
    of_tallies = BoardTally.objects.filter(campaign=campaign).order_by()
    return sorted(found.union(of_tallies.values_list("province_id", flat=True).distinct()))


@transaction.atomic
def _recount(campaign, province, now):
    # Two recounts must not both put the same right; steps need not wait, for what is put right is added.
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    found = list(differences(campaign, province))
    boards = Organization.objects.in_bulk({each.cell.board_id for each in found})
    events.record_many(
        events.Entry(
            "recount",
            campaign,
            at=now,
            organization=boards[each.cell.board_id],
            old=f"{each.cell}: {each.tallied}",
            new=f"{each.cell}: {each.counted}",
        )
        for each in found
    )
    for each in found:
        log.error(
            "tally of board %s: %s says %s, the records %s",
            each.cell.board_id,
            each.cell,
            each.tallied,
            each.counted,
        )
    change(
        Counter({each.cell: each.tallied for each in found}),
        Counter({each.cell: each.counted for each in found}),
    )
    return found


def differences(campaign, province_id) -> Iterator[Difference]:
    """Both sides in one statement, which sees one moment: a step stands on both of them or on neither."""
    records = (
        Assessment.objects.filter(campaign=campaign)
        .annotate(
            in_province=Coalesce("province_id", "board_id"), in_commune=Coalesce("commune_id", "board_id")
        )
        .filter(in_province=province_id)
        .order_by()
        .values_list(*[PLACES.get(name, name) for name in Cell._fields])
        .annotate(tallied=Value(0), counted=Count("pk"))
    )
    tallies = (
        BoardTally.objects.filter(campaign=campaign, province_id=province_id)
        .values_list(*Cell._fields)
        .annotate(tallied=F("count"), counted=Value(0))
    )
    tallied, counted = Counter(), Counter()
    for *cell, here, there in records.union(tallies, all=True):
        tallied[Cell(*cell)] += here
        counted[Cell(*cell)] += there
    for cell in sorted(tallied):
        if tallied[cell] != counted[cell]:
            yield Difference(cell, tallied[cell], counted[cell])
