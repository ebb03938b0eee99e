"""The free table: rows, columns, a filter and what is counted, chosen by who reads it.

Columns have a fixed number of values; rows may be units or boards too. One query counts all of it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Gender, Population
from assessments.models import Assessment, Outcome, State
from criteria.models import Group, Level
from organizations.models import Organization, Type
from reports import excel
from reports.excel import Column
from reports.figures import CONDITIONS, Figure
from reports.filters import EVERYTHING, FilterForm
from reports.report_forms import counting
from reports.report_forms.form import Asked, Form, Line, number
from reports.report_forms.links import Rows
from reports.report_forms.names import FormName
from vietnamese import numbers

ROWS, COLUMNS, MEASURE = "hang", "cot", "do"
IN_ROW, IN_COLUMN = "o-hang", "o-cot"
LEVEL, GROUP, STATE = "danh-hieu", "nhom", "tinh-trang"
SHARE = "ty-le-dat"
NONE = "khong"


@dataclass(frozen=True)
class Dimension:
    """What a table is broken down by: what of a record tells it, and its values, where they are few."""

    label: str
    of: Callable[[Asked], Any]
    values: Sequence[tuple[str, str]] = ()

    @property
    def words(self) -> dict[str, str]:
        """Value → words; values that are called the same, such as unsent before and after, are one."""
        return {value: capfirst(str(words)) for value, words in self.values}

    def key_of(self, words) -> str:
        """The value in an address; of those that are called the same, the first."""
        return next(value for value, called in self.words.items() if called == words) or NONE

    def about(self, key) -> str | Organization:
        """What the row or column is called that has this key in an address; else the unit that it is."""
        if self.values:
            return self.words.get("" if key == NONE else key, "")
        if "\0" in key:  # a letter that PostgreSQL takes for a fault
            raise Http404
        return get_object_or_404(Organization.objects.select_related("parent"), code=key)

    def values_of(self, key) -> list[str]:
        """What is told by the records that stand under this key."""
        about = self.about(key)
        if isinstance(about, Organization):
            return [about.path]
        return [value for value, called in self.words.items() if called == about]


NOT_GIVEN = gettext_lazy("Không ghi")


def _named(choices, nothing=NOT_GIVEN):
    return [*choices.choices, ("", nothing)]


DIMENSIONS = {
    "don-vi": Dimension(gettext_lazy("Đơn vị bên dưới"), counting.place),
    "ban": Dimension(gettext_lazy("Từng ban"), lambda asked: F("board__path")),
    "nhom": Dimension(gettext_lazy("Nhóm"), lambda asked: F("criteria_set__group"), _named(Group)),
    "danh-hieu": Dimension(gettext_lazy("Danh hiệu"), lambda asked: F("level"), Level.choices),
    "tinh-trang": Dimension(gettext_lazy("Tình trạng"), lambda asked: F("state"), State.choices),
    "ket-qua": Dimension(
        gettext_lazy("Kết quả"), lambda asked: F("outcome"), _named(Outcome, gettext_lazy("Chưa có"))
    ),
    "cong-viec": Dimension(
        gettext_lazy("Công việc"), lambda asked: F("citizen__population"), _named(Population)
    ),
    "gioi-tinh": Dimension(gettext_lazy("Giới tính"), lambda asked: F("citizen__gender"), _named(Gender)),
    "loai-don-vi": Dimension(
        gettext_lazy("Loại của ban"),
        lambda asked: F("board__type"),
        _named(Type, gettext_lazy("Không có loại")),
    ),
}
AS_ROWS = [(slug, each.label) for slug, each in DIMENSIONS.items()]
AS_COLUMNS = [
    (NONE, gettext_lazy("Không chia cột")),
    *((slug, each.label) for slug, each in DIMENSIONS.items() if each.values),
]
MEASURES = [*Figure.choices, (SHARE, gettext_lazy("Tỷ lệ đạt, trên đã đăng ký"))]


AXES = {ROWS: gettext_lazy("Hàng"), COLUMNS: gettext_lazy("Cột"), MEASURE: gettext_lazy("Đếm")}


class Choices(FilterForm):
    """What stands in the address; what is not chosen is the usual."""

    def __init__(self, data):
        super().__init__(data)
        self.fields = {
            ROWS: _choice(AXES[ROWS], AS_ROWS),
            COLUMNS: _choice(AXES[COLUMNS], AS_COLUMNS),
            MEASURE: _choice(AXES[MEASURE], MEASURES),
            LEVEL: _choice(gettext_lazy("Danh hiệu"), [("", EVERYTHING), *Level.choices]),
            GROUP: _choice(gettext_lazy("Nhóm"), [("", EVERYTHING), *Group.choices]),
            STATE: _choice(gettext_lazy("Tình trạng"), [("", EVERYTHING), *Figure.choices]),
        }

    def chosen(self) -> dict[str, str]:
        """The choices that make sense, for addresses, files and saved tables."""
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return {ROWS: "don-vi", COLUMNS: NONE, MEASURE: Figure.REGISTERED.value} | given


def _choice(label, choices):
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


def _columns(asked):
    rows, columns = DIMENSIONS[asked.query[ROWS]], DIMENSIONS.get(asked.query[COLUMNS])
    values = dict.fromkeys(columns.words.values()) if columns else []
    group = str(columns.label) if columns else ""
    is_share = asked.query[MEASURE] == SHARE
    measure = str(dict(MEASURES)[asked.query[MEASURE]])
    behind = partial(RowsOfCell, "reports:table_rows", asked.query)
    return [
        number(_("TT")),
        Column(str(rows.label), lambda line: line.name, 34),
        *(
            Column(
                words,
                _reader(f"c{words}", is_share),
                10,
                group=group,
                rows=None if is_share else behind(column=columns.key_of(words)),
            )
            for words in values
        ),
        Column(
            _("Cộng: %(measure)s") % {"measure": measure},
            _reader("all", is_share),
            12,
            rows=None if is_share else behind(),
        ),
    ]


@dataclass(frozen=True)
class RowsOfCell(Rows):
    """The records counted in a cell; without a column in all of a line, without a line in a whole column."""

    column: str = ""

    def url(self, about, line=None, *, is_broken_down=True) -> str:
        cell = {IN_COLUMN: self.column} if self.column else {}
        if line is not None:
            cell[IN_ROW] = line.unit.code if line.unit else DIMENSIONS[self.query[ROWS]].key_of(line.name)
        return about.url(self.view, **self.query, **cell)


def _reader(key, is_share):
    if is_share:
        return lambda line: excel.Share(numbers.share(line[f"{key}_part"], line[f"{key}_whole"]))
    return lambda line: line[f"{key}_part"]


def _lines(asked) -> list[Line]:
    rows, columns = DIMENSIONS[asked.query[ROWS]].words, {}
    if asked.query[COLUMNS] in DIMENSIONS:
        columns = DIMENSIONS[asked.query[COLUMNS]].words
    counted = defaultdict(lambda: defaultdict(int))
    for cell in _cells(asked):
        line = counted[rows.get(cell["row"], cell["row"])]
        for key in (f"c{columns.get(cell['column'], '')}", "all"):
            line[f"{key}_part"] += cell["part"]
            line[f"{key}_whole"] += cell["whole"]
    if rows:
        return [Line(words, counted[words]) for words in dict.fromkeys(rows.values()) if words in counted]
    units = Organization.objects.filter(path__in=list(counted)).select_related("parent").order_by("path")
    return [Line(_unit_name(unit, asked.query[ROWS]), counted[unit.path], unit) for unit in units]


def _unit_name(unit, rows):
    """Villages of several communes bear one name."""
    return f"{unit.full_name}, {unit.parent.full_name}" if rows == "ban" and unit.parent else unit.full_name


def _cells(asked):
    """Row, column, how many of the measure, how many in all."""
    counts = {"part": Count("pk", filter=_measured(asked)), "whole": Count("pk")}
    return _placed(asked).order_by().values("row", "column").annotate(**counts)


def behind(asked, cell):
    """The records counted in the cell that an address names (see RowsOfCell)."""
    found = _placed(asked).filter(_measured(asked))
    for name, chosen, key in (("row", ROWS, IN_ROW), ("column", COLUMNS, IN_COLUMN)):
        dimension = DIMENSIONS.get(asked.query[chosen])
        if dimension and key in cell:
            found = found.filter(**{f"{name}__in": dimension.values_of(cell[key])})
    return found


def words_of_cell(asked, cell, found: bool) -> str:
    """'Hàng: Nhóm I; Cột: Đạt; Đếm: Đã đăng ký'. A unit from elsewhere is named where it counts alone."""
    said = []
    for chosen, key in ((ROWS, IN_ROW), (COLUMNS, IN_COLUMN)):
        dimension = DIMENSIONS.get(asked.query[chosen])
        if not dimension:
            continue
        about = dimension.about(cell[key]) if key in cell else _("tất cả")
        if isinstance(about, Organization):
            is_there = found or asked.organization.contains(about)
            about = _unit_name(about, asked.query[ROWS]) if is_there else ""
        said.append(f"{AXES[chosen]}: {about}")
    said.append(f"{AXES[MEASURE]}: {dict(MEASURES)[asked.query[MEASURE]]}")
    return "; ".join(said)


def _placed(asked):
    """The records, each with the row and the column in which it counts."""
    columns = DIMENSIONS.get(asked.query[COLUMNS])
    return records_of(asked).annotate(
        row=_text(DIMENSIONS[asked.query[ROWS]].of(asked)),
        column=_text(columns.of(asked)) if columns else Value(""),
    )


def _measured(asked) -> Q:
    measure = asked.query[MEASURE]
    return CONDITIONS[Figure.ACHIEVED if measure == SHARE else Figure(measure)]


def _text(expression):
    """What a group record has none of, such as a gender, counts as not given."""
    return Coalesce(expression, Value(""))


def records_of(asked):
    """The records that the filter leaves, of those at or below the organization."""
    chosen = Q()
    if level := asked.query.get(LEVEL):
        chosen &= Q(level=level)
    if group := asked.query.get(GROUP):
        chosen &= Q(criteria_set__group=group)
    if state := asked.query.get(STATE):
        chosen &= CONDITIONS[Figure(state)]
    records = Assessment.objects.filter(campaign=asked.campaign).at_or_below(asked.organization)
    return records.filter(chosen)


def words_of(query) -> str:
    """The choices in one line: 'Hàng: Nhóm; Cột: Kết quả; Đếm: Đạt'."""
    form = Choices({})
    said = [
        f"{form.fields[name].label}: {dict(form.fields[name].choices)[value]}"
        for name, value in query.items()
        if name in form.fields and value in dict(form.fields[name].choices)
    ]
    return "; ".join(said)


FREE = Form(
    FormName.FREE,
    about=gettext_lazy("Tự chọn hàng, cột, lọc và cách đếm; lưu lại và dùng chung được."),
    columns=_columns,
    listed=_lines,
    choices=Choices,
    notes=lambda asked: [words_of(asked.query)],
    sums=True,
)
