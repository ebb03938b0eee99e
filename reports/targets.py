"""Targets against figures: what the State's programmes ask for, and what the centre or a province set.

A target is a share of everybody it is about: of the people in the list, or of whatever may hold the title.
For a year the next target of each kind counts, that is of this year or the first after it, else the last
before. Adult is here who is no pupil or student, whatever the date of birth.
"""

import functools
import hashlib
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import yaml
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock, events
from criteria.models import Level
from organizations import paths
from organizations.models import Kind
from reports import charts, figures, filters, summaries
from reports.figures import Counts, Figure, Rate, Summary
from reports.models import Target, Whom
from vietnamese import numbers

SHIPPED = Path(__file__).with_name("targets.yaml")
SETTERS = [Kind.CENTRE, Kind.PROVINCE]
CONFIDENCE = {
    "exact": "",
    "neighbour": gettext_lazy("theo kế hoạch các tỉnh, chưa đối chiếu văn bản gốc"),
}


@dataclass(frozen=True)
class Standing:
    """A target and where the figures stand against it."""

    target: Target
    rate: Rate

    @property
    def missing(self) -> int:
        """How many more it takes."""
        needed = (self.target.percent * self.rate.whole / 100).to_integral_value(ROUND_CEILING)
        return max(0, int(needed) - self.rate.part)


@functools.cache
def shipped() -> tuple[Target, ...]:
    """What came with the portal."""
    return tuple(
        Target(
            basis=row["basis"],
            year=row["year"],
            level=row["level"],
            whom=row.get("of", Whom.EVERYBODY),
            percent=Decimal(row["percent"]),
            note=str(CONFIDENCE[row["confidence"]]),
        )
        for row in yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    )


def set_for(organization):
    """What the centre and the province over an organization set themselves."""
    over = [*paths.ancestors(organization.path), organization.path]
    set_there = Target.objects.filter(organization__path__in=over, organization__kind__in=SETTERS)
    return set_there.select_related("organization")


def of_year(organization, year) -> list[Target]:
    """The next of each kind; what is set here stands before what shipped."""
    kinds = {}
    for target in [*set_for(organization).order_by("pk"), *shipped()]:
        kinds.setdefault((target.organization_id, target.level, target.whom, target.figure), []).append(
            target
        )
    chosen = [min(targets, key=lambda target: _distance(target, year)) for targets in kinds.values()]
    order = Level.values
    return sorted(chosen, key=lambda target: (order.index(target.level), Whom.values.index(target.whom)))


def _distance(target, year):
    return (target.year < year, abs(target.year - year))


def digest(chosen: list[Target]) -> str:
    """Another one as soon as one of them is another."""
    names = [field.attname for field in Target._meta.concrete_fields]
    told = repr([[getattr(each, name) for name in names] for each in chosen])
    return hashlib.sha256(told.encode()).hexdigest()


def standing(chosen: list[Target], summary: Summary) -> list[Standing]:
    found = []
    for target in chosen:
        counts = _counts(target, summary)
        found.append(Standing(target, counts.rate_of_people(Figure(target.figure))))
    return found


def _counts(target, summary) -> Counts:
    if target.level != Level.CITIZEN:
        lines = [line for line in summary.levels if line.about == target.level]
    elif target.whom == Whom.EVERYBODY:
        return summary.total
    else:
        lines = [line for line in summary.populations if line.about in figures.populations(target.whom)]
    return sum((line.counts for line in lines), Counts())


# --- Setting them -----------------------------------------------------------------------------------


def may_set(user, organization) -> bool:
    """The officers of a province or of the centre, for their own."""
    is_setter = organization.kind in SETTERS and not organization.is_closed
    return is_setter and user.appointments.as_officer(organization).exists()


@transaction.atomic
def put(organization, values: dict, *, by) -> Target:
    """Set one; of the same kind and year it takes the place of the one before."""
    keys = {name: values[name] for name in ("level", "whom", "figure", "year")}
    before = Target.objects.filter(organization=organization, **keys).first()
    rest = {"percent": values["percent"], "basis": values["basis"]}
    target, _is_new = Target.objects.update_or_create(organization=organization, **keys, defaults=rest)
    _tell("set_target", target, by, old=_words(before) if before else "", new=_words(target))
    return target


@transaction.atomic
def remove(target: Target, *, by):
    _tell("remove_target", target, by, old=_words(target))
    target.delete()


def _words(target):
    return f"{target}; {target.basis}"[:200]


def _tell(verb, target, by, **values):
    events.record(verb, target, at=clock.now(), by=by, organization=target.organization, **values)


# --- On the page ------------------------------------------------------------------------------------


def rows(standings: list[Standing], about) -> list[dict]:
    return [
        {
            "target": each.target,
            "wanted": numbers.format_decimal(each.target.percent) + "%",
            "part": summaries.Cell("", numbers.format_integer(each.rate.part), _url(each, about)),
            "whole": summaries.Cell("", numbers.format_integer(each.rate.whole), _whole_url(each, about)),
            "rate": str(each.rate),
            "words": _comparison(each),
        }
        for each in standings
    ]


def _comparison(each) -> str:
    if not each.rate.whole:
        return _("chưa có ai để xét")
    if not each.missing:
        return _("đã đạt chỉ tiêu")
    return _("còn thiếu %(count)s") % {"count": numbers.format_integer(each.missing)}


def _query(target):

    if target.level != Level.CITIZEN:
        return {filters.LEVEL: target.level}
    return {filters.POPULATION: target.whom} if target.whom != Whom.EVERYBODY else {}


def _url(each, about):

    if not each.rate.part:
        return ""
    return about.url(summaries.RECORDS, **_query(each.target), **{filters.FIGURE: each.target.figure})


def _whole_url(each, about):
    if not each.rate.whole:
        return ""
    name = summaries.PEOPLE if each.target.level == Level.CITIZEN else summaries.THOSE
    return about.url(name, **_query(each.target))


def chart(standings: list[Standing]):
    values = [
        charts.Value(
            str(each.target.what),
            float(each.rate.share or 0),
            f"{each.rate} / {numbers.format_decimal(each.target.percent)}%",
            mark=float(each.target.percent / 100),
        )
        for each in standings
    ]
    title = _("Biểu đồ: tỷ lệ hiện nay / chỉ tiêu, vạch đứt là chỉ tiêu; số liệu ở bảng ngay dưới")
    return charts.bars("targets", title, values, 1)
