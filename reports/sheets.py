"""Figures that take long to count, counted beforehand; each says of which moment it is.

Below a small organization everything is counted when the page is asked for. Of a large one a worker counts
every minute and keeps what it found, so that a page costs the same however many records there are; whoever
finds older figures reads how old they are and has them counted again. What takes longer than three seconds is
counted more seldom: no sheet takes more than a twentieth of a worker's time.
"""

import datetime
import time
from dataclasses import astuple

from django.db.models import Q, Sum
from django.utils.functional import cached_property

from assessments import helping
from assessments.models import BoardTally, Campaign
from assessments.outlook import Cause
from audit import clock
from criteria.models import Level
from organizations.models import Kind, Organization
from reports import as_at, figures
from reports.figures import Counts, Line, Risk, Summary
from reports.models import Sheet
from reports.moments import one_moment, unhurried

FRESH = datetime.timedelta(minutes=1)
LARGE = 20_000  # records
SHARE = 20  # what took a second to count is counted again after so many
GIVEN_UP = datetime.timedelta(minutes=15)  # a worker that has not come back by then is gone
KEPT = datetime.timedelta(days=7)  # the figures of a past day that nobody asked for since
A_RUN = 40  # seconds that the sweep of each minute may take
NOW = ""  # a sheet about this moment; of a past day it is as_at.Moment.key
TABLES = ["groups", "populations", "place_types", "levels"]


class Counted:
    """Figures and the moment they are of: counted now, or those of a sheet.

    None are there where a large place is still to be counted. `due` is told where they should be counted
    again: (organization, campaign, about); `due_at` when that will be.
    """

    def __init__(self, at, *, summary=None, sheet=None, due=None, due_at=None):
        self.at, self.sheet, self.due, self.due_at = at, sheet, due, due_at
        if summary:
            self.summary = summary

    @property
    def is_there(self) -> bool:
        return self.sheet is not None or "summary" in self.__dict__

    @property
    def criteria_sets(self) -> list[int]:
        return self.sheet.figures["criteria_sets"] if self.sheet else self.summary.criteria_sets

    @property
    def unit_count(self) -> int:
        return len(self.sheet.figures["units"] if self.sheet else self.summary.units)

    @cached_property
    def summary(self) -> Summary:
        return _loaded(self.sheet.figures)


def of(organization: Organization, campaign: Campaign, now: datetime.datetime, about: str = NOW) -> Counted:
    """The figures of this moment where that is quick, else those of the sheet."""
    sheet = Sheet.objects.filter(organization=organization, campaign=campaign, about=about).first()
    asked = (organization, campaign, about)
    if sheet is None and not is_large(organization, campaign):
        return Counted(now, summary=_count(*asked))
    if sheet is None or sheet.counted_at is None:
        return Counted(now, due=asked)
    if _is_due(sheet, now):
        return Counted(sheet.counted_at, sheet=sheet, due=asked)
    return Counted(sheet.counted_at, sheet=sheet, due_at=_due_at(sheet))


def is_large(organization, campaign) -> bool:
    """Whether there is more than can be counted while somebody waits."""
    tallies = _tallies(organization, campaign)
    return (tallies.aggregate(Sum("count"))["count__sum"] or 0) > LARGE


def criteria_sets(organization, campaign) -> list[int]:
    """On which sets the citizens' records stand, by the counters: the records may be millions."""
    tallies = _tallies(organization, campaign).filter(level=Level.CITIZEN, count__gt=0)
    return list(tallies.values_list("criteria_set", flat=True).distinct())


def _tallies(organization, campaign):
    tallies = BoardTally.objects.filter(campaign=campaign).order_by()
    if organization.kind == Kind.PROVINCE:
        return tallies.filter(province=organization)
    if organization.kind == Kind.COMMUNE:
        return tallies.filter(commune=organization)
    return tallies if organization.kind == Kind.CENTRE else tallies.filter(board=organization)


def _is_due(sheet, now):
    return sheet.counted_at is None or now >= _due_at(sheet)


def _due_at(sheet):
    return sheet.counted_at + max(FRESH, datetime.timedelta(seconds=SHARE * sheet.seconds))


def _count(organization, campaign, about):
    if about == NOW:
        return figures.summary(organization, campaign)
    return as_at.summary(organization, campaign, as_at.Moment.from_key(about))


# --- Counting beforehand ----------------------------------------------------------------------------


def count_due(now: datetime.datetime) -> int:
    """Count what is due, the oldest first, as far as a minute reaches; returns how many."""
    Sheet.objects.exclude(about=NOW).filter(counted_at__lt=now - KEPT).delete()
    campaign = Campaign.objects.current(now)
    if campaign is None:
        return 0
    done, began = 0, time.monotonic()
    for organization in _due(campaign, now):
        if time.monotonic() - began > A_RUN:
            break
        done += count_again(organization, campaign)
    return done


def _due(campaign, now):
    """The large provinces, the centre, and whatever large place somebody looked at."""
    sheets = Sheet.objects.filter(campaign=campaign, about=NOW).select_related("organization")
    kept = {sheet.organization: sheet for sheet in sheets}
    long_ago = now - KEPT
    new = [each for each in _large(campaign) if each not in kept]
    old = [each for each in kept if _is_due(kept[each], now)]
    return new + sorted(old, key=lambda each: kept[each].counted_at or long_ago)


def _large(campaign):
    tallies = BoardTally.objects.filter(campaign=campaign).order_by()
    sums = dict(tallies.values_list("province").annotate(Sum("count")))
    large = Q(pk__in=[province for province, count in sums.items() if count > LARGE])
    if sum(sums.values()) > LARGE:
        large |= Q(kind=Kind.CENTRE)
    return Organization.objects.filter(large).order_by("path")


def count_again(organization: Organization, campaign: Campaign, about: str = NOW) -> bool:
    """Count and keep; of two who do it at once the second leaves it to the first."""
    now = clock.now()
    sheet, _is_new = Sheet.objects.get_or_create(organization=organization, campaign=campaign, about=about)
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - GIVEN_UP)
    if not Sheet.objects.filter(free, pk=sheet.pk).update(claimed_at=now):
        return False
    began, found = time.monotonic(), {}
    try:
        with one_moment(), unhurried():
            summary = _count(organization, campaign, about)
        found = {"figures": _kept(summary), "counted_at": now, "seconds": time.monotonic() - began}
    finally:
        Sheet.objects.filter(pk=sheet.pk, claimed_at=now).update(claimed_at=None, **found)
    return True


# --- As it is kept ----------------------------------------------------------------------------------


def _kept(summary: Summary) -> dict:
    """As JSON holds it."""
    return {
        "units": [[line.about.pk, line.name, astuple(line.counts), line.path] for line in summary.units],
        **{
            name: [[line.about, line.name, astuple(line.counts)] for line in getattr(summary, name)]
            for name in TABLES
        },
        "total": astuple(summary.total),
        "risks": [[risk.cause, risk.boards, risk.people] for risk in summary.risks],
        "criteria_sets": summary.criteria_sets,
        "helped": astuple(summary.helped) if summary.helped else None,
    }


def _loaded(kept: dict) -> Summary:
    units = Organization.objects.in_bulk([key for key, *_told in kept["units"]])
    return Summary(
        units=[Line(units[key], name, Counts(*counts), *path) for key, name, counts, *path in kept["units"]],
        total=Counts(*kept["total"]),
        risks=[Risk(Cause(cause), boards, people) for cause, boards, people in kept["risks"]],
        criteria_sets=kept["criteria_sets"],
        helped=helping.Share(*kept["helped"]) if kept["helped"] else None,
        **{
            name: [Line(about, words, Counts(*counts)) for about, words, counts in kept[name]]
            for name in TABLES
        },
    )
