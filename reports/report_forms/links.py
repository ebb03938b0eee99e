"""Where the rows behind a number of a form stand: a page, and what narrows it to exactly these."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from organizations.models import Organization
from reports import as_at, filters
from reports.figures import BROKEN_DOWN
from reports.filters import FIGURE, LEVEL, ONLY, REST, UNIT


@dataclass(frozen=True)
class Rows:
    """`by_unit` pages are of one unit at a time, others of an organization and the row of its table.

    A line may be a board itself: then of what that board confirms alone. `years` are added to the form's.
    """

    view: str
    query: Mapping[str, str] = field(default_factory=dict)
    by_unit: bool = False
    years: int = 0

    def url(self, about, line=None, *, is_broken_down=True) -> str:
        """Of a line of the form about an organization; without one of its sum."""
        place, query = about.organization, dict(self.query)
        unit = line.unit if hasattr(line, "counted") else None
        if isinstance(line, Organization):
            place = line
            if line.kind in BROKEN_DOWN:
                query[UNIT] = line.code
        elif line is not None and unit is None:
            query[REST] = "1"
        elif unit and is_broken_down and self.by_unit:
            place = unit
        elif unit and is_broken_down:
            query[UNIT] = unit.code
        return self.of_year(about).url(self.view, place, **query)

    def of_year(self, about):
        year = about.campaign.year + self.years
        return replace(about, campaign=next(each for each in about.campaigns if each.year == year))


@dataclass(frozen=True)
class RowsOfBoard(Rows):
    """On a page of the board itself that the line is."""

    def url(self, about, line=None, *, is_broken_down=True) -> str:
        return about.url(self.view, line)


@dataclass(frozen=True)
class RowsAsAt(Rows):
    """On the list of a day; the line says where its unit stood then."""

    def url(self, about, line=None, *, is_broken_down=True) -> str:
        place = {as_at.PLACE: line.path} if line is not None and line.path else {}
        return self.of_year(about).url(self.view, **self.query, **place)


def records(level="", figure="", **more) -> Rows:
    named = {LEVEL: level, FIGURE: figure and figure.value}
    by_unit, years = more.pop("by_unit", False), more.pop("years", 0)
    query = {name: value for name, value in (named | more).items() if value}
    return Rows("reports:list", query, by_unit, years)


def people(population="", only="", *, by_unit=False) -> Rows:
    query = {filters.POPULATION: population, ONLY: only}
    return Rows("reports:people", {name: value for name, value in query.items() if value}, by_unit)


def bodies(level, scope="") -> Rows:
    return Rows("reports:subjects", {LEVEL: level} | ({ONLY: scope.value} if scope else {}), by_unit=True)


TYPED = Rows("reports:typed", by_unit=True)
