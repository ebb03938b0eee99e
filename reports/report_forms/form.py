"""What a report form is: a title, columns, and where its rows come from. The page and the files follow.

A table has a row a unit: `sources` say what is counted of each, under names that the columns read. A list has
`listed` instead: its rows, of any number, which the columns read one by one.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from organizations import boards, paths
from organizations.models import Kind, Organization
from reports import excel, figures
from reports.excel import Column
from reports.report_forms import links
from reports.report_forms.names import NAMING_PEOPLE, FormName
from vietnamese import numbers


@dataclass(frozen=True)
class Asked:
    """Of which organization and year, and when; `query` is what the reader chose of a form that asks.

    `summaries` are those of Form.past, where they were counted beforehand.
    """

    organization: Organization
    campaign: Any
    at: datetime.datetime
    broken_down: Sequence[Kind] = tuple(figures.BROKEN_DOWN)
    query: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, figures.Summary] = field(default_factory=dict)

    @property
    def is_broken_down(self) -> bool:
        return self.organization.kind in self.broken_down

    @property
    def length(self) -> int:
        """Of the paths under which the rows of a table are counted."""
        return len(self.organization.path) + paths.WIDTH * self.is_broken_down


FOLDED_INTO = [Kind.PROVINCE, Kind.COMMUNE]
BROKEN_DOWN = [Kind.CENTRE, Kind.PROVINCE]  # of what communes type
Source = Callable[[Asked], Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Form:
    """`about` says on the page of all forms what stands in it; `columns` may depend on what is asked.

    `by_commune` forms rest on what communes type: a commune is one row and not broken down. A list of
    Lines with `sums` ends with their sum. `choices` is the form of what a reader chooses; where `listed` then
    gives nothing it is a table. `past` names the years and days that it rests on, which take long to count.
    """

    name: FormName
    columns: Sequence[Column] | Callable[[Asked], Sequence[Column]]
    sources: Sequence[Source] = ()
    listed: Callable[[Asked], Any] | None = None
    code: str = ""
    about: str = ""
    notes: Callable[[Asked], list[str]] = field(default=lambda asked: [])
    by_commune: bool = False
    sums: bool = False
    choices: Any = None
    past: Callable[[Asked], Mapping[str, tuple[Any, Any]]] = field(default=lambda asked: {})

    @property
    def names_people(self) -> bool:
        return self.name in NAMING_PEOPLE

    @property
    def slug(self) -> str:
        return self.name.value

    def columns_for(self, asked) -> list[Column]:
        columns = self.columns(asked) if callable(self.columns) else self.columns
        return [replace(each, heading=str(each.heading), group=str(each.group)) for each in columns]

    def content(self, asked) -> "List | Table":
        rows = self.listed(asked) if self.listed else None
        return Table(self, asked) if rows is None else List(rows, self.sums)

    def asked(self, organization, campaign, at, query=None) -> Asked:
        broken_down = BROKEN_DOWN if self.by_commune else figures.BROKEN_DOWN
        return Asked(organization, campaign, at, broken_down, self.chosen(query))

    def chosen(self, query) -> dict[str, str]:
        return self.choices(query or {}).chosen() if self.choices else {}


@dataclass(frozen=True)
class Line:
    """A row of a table: a name and what was counted of it. What nobody counted there is 0."""

    name: str
    counted: Mapping[str, Any]
    unit: Organization | None = None
    path: str = ""  # where that stood in the tree of another day

    def __getitem__(self, key):
        return self.counted.get(key, 0)


@dataclass(frozen=True)
class List:
    rows: Any
    sums: bool = False

    @property
    def total(self) -> Line | None:
        return Line(_("Cộng"), summed(line.counted for line in self.rows)) if self.sums else None

    def count(self) -> int:
        return len(self.rows) if isinstance(self.rows, list) else self.rows.count()


class Table:
    """The rows of all sources joined by unit: the organization's own first, then by kind and name.

    By commune, what stands beside communes under the same organization is one row, the last.
    """

    def __init__(self, form, asked):
        self.asked = asked
        self.folds = form.by_commune and asked.is_broken_down
        self._counted: dict[str, dict[str, Any]] = {}
        for source in form.sources:
            for path, counted in source(asked).items():
                self._counted.setdefault(path, {}).update(counted)

    @cached_property
    def rows(self) -> list[Line]:
        units = Organization.objects.filter(path__in=self._counted)
        if self.asked.is_broken_down:
            units |= figures.standing_under(self.asked.organization)
        ordered = sorted(units, key=lambda unit: unit.order_in_tables)
        if not self.folds:
            return [self._line(unit) for unit in ordered]
        below = [unit for unit in ordered if unit.kind in FOLDED_INTO and unit != self.asked.organization]
        rest = [self._line(unit).counted for unit in ordered if unit not in below]
        lines = [self._line(unit) for unit in below]
        if any(any(counted.values()) for counted in rest):
            name = _("Trực thuộc %(place)s") % {"place": boards.in_sentence(self.asked.organization)}
            lines.append(Line(name, summed(rest)))
        return lines

    def _line(self, unit):
        return Line(self._name(unit), self._counted.get(unit.path, {}), unit)

    def _name(self, unit):
        if self.asked.is_broken_down:
            return figures.unit_name(unit, self.asked.organization)
        return unit.full_name

    @property
    def total(self) -> Line:
        return Line(_("Cộng"), summed(line.counted for line in self.rows))

    def count(self) -> int:
        return len(self.rows)


def summed(counts) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for counted in counts:
        for key, value in counted.items():
            sums[key] = sums.get(key, 0) + value
    return sums


# --- Columns --------------------------------------------------------------------------------------


def number(words) -> Column:
    return Column(words, None, 5)


def name(words, width=26) -> Column:
    return Column(words, lambda line: line.name, width)


def count(key, words, width=10, **more) -> Column:
    return Column(words, lambda line: line[key], width, **more)


def typed(key, words, width=10, **more) -> Column:
    """What communes type: empty where none of them delivered."""
    return Column(words, lambda line: line.counted.get(key), width, rows=links.TYPED, **more)


def rate(part, whole, words, width=10, **more) -> Column:
    """A part of a named whole, worked out in every row and in the sum."""
    return Column(words, lambda line: excel.Share(numbers.share(line[part], line[whole])), width, **more)
