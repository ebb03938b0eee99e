"""A set of criteria as one sheet of Excel, in the words of the page, and back.

A row whose first cell begins with "#" names the columns of the rows of that kind below it.
"""

from collections.abc import Iterator
from itertools import chain

from django.db import models
from django.utils.translation import gettext as _

from criteria.drafts import A_GRADE_SAYS, A_LINE_SAYS, A_LINK_SAYS, A_SET_SAYS, Draft
from criteria.models import CriteriaSet, Criterion, Grade, TitleLink
from criteria.reading import Fault, Lines, Unreadable, drafts_of
from reports import excel
from vietnamese import dates, workbooks
from vietnamese.text import nfc

SET, GRADE, SECTION, LINE, LINK = "bộ", "mức", "tiêu chí", "chỉ số", "điều kiện"
COLUMNS = {
    SET: (CriteriaSet, A_SET_SAYS),
    GRADE: (Grade, A_GRADE_SAYS),
    SECTION: (Criterion, A_LINE_SAYS),
    LINE: (Criterion, A_LINE_SAYS),
    LINK: (TitleLink, A_LINK_SAYS),
}
NEW_LINE = " ¶ "  # a cell holds one line
WIDTHS = [14, 24, 60, 24, *[18] * 20]


def _field(kind, name):
    return COLUMNS[kind][0]._meta.get_field(name)


def _label(kind, name):
    return nfc(str(_field(kind, name).verbose_name))


# --- Writing --------------------------------------------------------------------------------------


def write(drafts: list[Draft], file) -> None:
    rows = [row for draft in drafts for row in _rows(draft)]
    width = max(len(row) for row in rows)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    excel.write_plain(_("Tiêu chí"), rows[0], rows[1:], WIDTHS[:width], file)


def _rows(draft) -> Iterator[list[str]]:
    yield _heading(SET)
    yield _row(SET, draft.criteria_set)
    yield from _block(GRADE, draft.grades)
    yield _heading(SECTION)
    yield _heading(LINE)
    if draft.links:
        yield _heading(LINK)
    for section, indicators in draft.sections:
        yield _row(SECTION, section)
        for indicator in indicators:
            yield _row(LINE, indicator)
            yield from (_row(LINK, link) for link in draft.links_of(indicator))


def _block(kind, rows):
    return chain([_heading(kind)], (_row(kind, row) for row in rows)) if rows else []


def _heading(kind):
    return [f"#{kind}", *(_label(kind, name) for name in COLUMNS[kind][1])]


def _row(kind, row):
    return [kind, *(_said(_field(kind, name), getattr(row, name)) for name in COLUMNS[kind][1])]


def _said(field, value):
    if value is None or value == "":
        return ""
    if isinstance(field, models.BooleanField):
        return _("có") if value else ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return dates.day_words(field.to_python(value))
    if isinstance(field, models.DecimalField):
        return f"{field.to_python(value).normalize():f}"
    return str(value).replace("\n", NEW_LINE)


# --- Reading --------------------------------------------------------------------------------------


def read(file) -> list[Draft]:
    """The sets of a workbook, not saved. Raises Unreadable, which names rows."""
    try:
        rows = workbooks.rows_of(file)
    except workbooks.Unreadable as problem:
        raise Unreadable([Fault("", str(problem))]) from problem
    return drafts_of(_Reader(rows).tree())


class _Reader:
    """The tree that criteria.reading takes, built row by row."""

    def __init__(self, rows):
        self.rows, self.faults = rows, []
        self.columns: dict[str, list[str]] = {}
        self.open: dict[str, Lines] = {}
        self.sets: list[Lines] = []

    def tree(self):
        for number, (kind, *cells) in self.rows:
            place = _("dòng %(number)d") % {"number": number}
            name = kind.lstrip("#").strip().lower()
            if name not in COLUMNS:
                said = _("Ô đầu phải là: %(kinds)s.") % {"kinds": ", ".join(COLUMNS)}
                self.faults.append(Fault(place, said))
            elif kind.startswith("#"):
                self._name_columns(name, cells, place)
            elif name not in self.columns:
                self.faults.append(Fault(place, _("Thiếu dòng tên cột “#%(kind)s” ở trên.") % {"kind": name}))
            else:
                self._take(name, cells, place)
        if self.faults:
            raise Unreadable(self.faults)
        return Lines({"sets": self.sets})

    def _name_columns(self, kind, cells, place):
        known = {_label(kind, name).lower(): name for name in COLUMNS[kind][1]}
        self.columns[kind] = [known.get(cell.lower(), "") for cell in cells]
        for cell in cells:
            if cell and cell.lower() not in known:
                self.faults.append(Fault(place, _("Không có cột nào tên “%(name)s”.") % {"name": cell}))

    def _take(self, kind, cells, place):
        names = self.columns[kind]
        found = Lines(place=place)
        for name, cell in zip(names, cells, strict=False):
            if name and cell:
                found[name] = _raw(_field(kind, name), cell)
        above = {GRADE: SET, SECTION: SET, LINE: SECTION, LINK: LINE}.get(kind)
        if above is None:
            self.sets.append(found)
            self.open = {}
        elif above not in self.open:
            self.faults.append(
                Fault(place, _("Dòng này phải đứng dưới một dòng “%(kind)s”.") % {"kind": above})
            )
            return
        else:
            held = {GRADE: "grades", SECTION: "criteria", LINE: "indicators", LINK: "links"}[kind]
            self.open[above].setdefault(held, []).append(found)
        self.open[kind] = found


def _raw(field, cell):
    """As the file form writes it: a word for a choice, a dot in a number."""
    if field.choices:
        values = {str(label).lower(): value for value, label in field.flatchoices}
        return values.get(cell.lower(), cell)
    if isinstance(field, models.BooleanField):
        return "true" if cell.lower() == _("có") else cell
    if isinstance(field, models.DecimalField):
        return cell.replace(",", ".")
    return cell.replace(NEW_LINE, "\n").replace(NEW_LINE.strip(), "\n")
