"""The one module that writes workbooks: typed cells, ready to print, safe whatever a name holds.

Text is always text (`data_type` "s"), so that "=1+1" in a name is no formula. Rows are taken one by one and
written at once: a file of any length needs the memory of a row.
"""

import datetime
import hashlib
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import groupby, zip_longest
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reports import layouts
from reports.layouts import Layout

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACE = "Times New Roman"
SIZE = 12
A4 = 9
LINE_HEIGHT = 16.5  # points, of a line of SIZE
LETTERS_A_UNIT = (
    0.95  # letters of SIZE in one unit of a column's width; LibreOffice sets them wider than Excel
)
MOST_ROWS = 1_048_000  # of a sheet 1.048.576, the head and sums included
LONGEST_TEXT = 32_767  # of a cell; a file with a longer one counts as damaged
ABOUT_WIDTHS = {"A": 30, "B": 70}
MM = 1 / 25.4
HEADER = 10 * MM  # of the page number, from the edge of the paper
# What XML cannot hold: a file with one of these does not open.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")


class TooLong(Exception):
    """More rows than a sheet holds. Nothing is ever cut off in silence."""


@contextmanager
def ending(rows):
    """Rows that may come from a cursor of the database: it ends here, not when somebody tidies up later."""
    rows = iter(rows)
    try:
        yield rows
    finally:
        if hasattr(rows, "close"):
            rows.close()


@dataclass(frozen=True)
class Share:
    """A rate: a true number shown as a percentage. An empty cell where there is no whole."""

    value: Decimal | None


Value = str | int | Decimal | datetime.date | datetime.datetime | Share | None


@dataclass(frozen=True)
class Column:
    """A heading and the function that reads the cell; the type of what it returns decides how it is written.

    Without a function the column holds the number of the row in its part. `number` is the format of whole
    numbers; that of a year is "0", so that 1960 does not become 1.960. Neighbours of one `group` stand under
    one heading more.
    """

    heading: str
    read: Callable[[Any], Value] | None
    width: float
    number: str = "#,##0"
    group: str = ""


@dataclass(frozen=True)
class Part:
    """Rows that belong together, under a title of their own where there are several parts, and their sum."""

    rows: Iterable[Any]
    title: str = ""
    total: Any = None


@dataclass(frozen=True)
class Letterhead:
    """The head of an official document: who stands above, who speaks, place and date."""

    above: str
    agency: str
    place_and_date: str


def _plain() -> Layout:
    return layouts.in_force(layouts.LIST, timezone.localdate())


@dataclass(frozen=True)
class Document:
    """A table as an official document. `about` are the first lines of the second sheet.

    `code` is what an official form is called by; `notes` stand under the table.
    """

    sheet: str
    letterhead: Letterhead
    title: str
    subtitles: Sequence[str]
    columns: Sequence[Column]
    parts: Sequence[Part]
    about: Sequence[tuple[str, Value]]
    at: datetime.datetime
    layout: Layout = field(default_factory=_plain)
    code: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Written:
    """What went into the file: its rows, sums and titles not counted, and the checksum of its first sheet."""

    rows: int
    checksum: str


def write(document: Document, file: IO[bytes]) -> Written:
    workbook = Workbook(write_only=True)
    workbook.properties.title = document.title
    workbook.properties.creator = document.letterhead.agency
    workbook.properties.created = document.at.astimezone(datetime.UTC).replace(tzinfo=None)
    try:
        written = _Table(workbook, document).write()
        _write_about(workbook, document, written)
        workbook.save(file)
    except BaseException:
        _drop(workbook)
        raise
    return written


def _drop(workbook):
    """Each sheet gathers its rows in a temporary file, which only a whole workbook clears away by itself."""
    for sheet in workbook.worksheets:
        if not sheet.closed:
            sheet.close()
        with suppress(OSError, ValueError):  # cleared away already
            sheet._writer.cleanup()


# --- Values ---------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Text as a cell can hold it: without control characters, with plain line ends, not over-long."""
    if text.isprintable() and len(text) <= LONGEST_TEXT:
        return text  # almost every text there is
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))[:LONGEST_TEXT]


class Checksum:
    """SHA-256 over the values of a sheet's cells, row by row, and nothing else.

    Saving the file with another program leaves it as it is. Empty rows and empty cells at the end of a row do
    not count.
    """

    def __init__(self):
        self._hash = hashlib.sha256()

    def add(self, values: Iterable[Any]) -> None:
        told = [_canonical(value) for value in values]
        while told and not told[-1]:
            told.pop()
        if told:
            self._hash.update(json.dumps(told, ensure_ascii=False).encode() + b"\n")

    def __str__(self):
        return self._hash.hexdigest()


def checksum_of(rows: Iterable[Iterable[Any]]) -> str:
    """The checksum of a sheet as a reader gives it."""
    checksum = Checksum()
    for row in rows:
        checksum.add(row)
    return str(checksum)


def _canonical(value: Any) -> str:
    """One spelling for each value, the same for what is written and for what any reader makes of it."""
    if isinstance(value, str):
        return value and "text:" + value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        whole_seconds = value + datetime.timedelta(milliseconds=500)  # a cell holds a fraction of a day
        return "moment:" + whole_seconds.replace(microsecond=0).isoformat()
    if isinstance(value, datetime.date):
        return f"moment:{value.isoformat()}T00:00:00"
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return f"number:{number.normalize():f}"


def _cell_value(value: Value) -> Any:
    """What openpyxl takes for it."""
    if isinstance(value, Share):
        return value.value
    if isinstance(value, datetime.datetime):
        return timezone.make_naive(value).replace(microsecond=0)
    return value


# --- The table ------------------------------------------------------------------------------------

_THIN = Side(style="thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def _format(value: Value, column: Column) -> tuple[str, str]:
    """Number format and horizontal place of a cell, by the type of its value."""
    if isinstance(value, Share):
        return "0.0%", "right"
    if isinstance(value, datetime.datetime):
        return "hh:mm dd/mm/yyyy", "center"
    if isinstance(value, datetime.date):
        return "dd/mm/yyyy", "center"
    if isinstance(value, Decimal):
        return ("0" if value == value.to_integral_value() else "0.0#"), "right"
    if isinstance(value, int):
        return column.number, "right" if column.read else "center"
    return "@", "left"


class _Table:
    """The first sheet: letterhead, title, headings, rows."""

    def __init__(self, workbook, document):
        self.document = document
        self.columns = document.columns
        self.sheet = workbook.create_sheet(document.sheet)
        self.checksum = Checksum()
        self.row = 0  # the last one written
        self.rows = 0
        self._cells = {}

    def write(self) -> Written:
        _set_up_page(self.sheet, self.document.layout, landscape=True)
        for place, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(place)].width = column.width
        # Two lines of names, one of number and date; the title and its lines; after each group an empty line.
        first = 4 + bool(self.document.code) + 1 + len(self.document.subtitles) + 1 + 1
        last = first + any(column.group for column in self.columns)
        self.sheet.freeze_panes = f"A{last + 1}"
        self.sheet.print_title_rows = f"{first}:{last}"
        self._write_letterhead()
        self._write_titles()
        self._write_headings()
        for part in self.document.parts:
            self._write_part(part)
        self._write_closing()
        self.sheet.close()
        return Written(self.rows, str(self.checksum))

    def _write_letterhead(self):
        head, layout = self.document.letterhead, self.document.layout
        self._append_pair(
            head.above.upper(), Font(FACE, SIZE), layout.nation, Font(FACE, SIZE + 1, bold=True)
        )
        self._append_pair(
            head.agency.upper(),
            Font(FACE, SIZE + 1, bold=True),
            layout.motto,
            Font(FACE, SIZE + 2, bold=True, underline="single"),
        )
        self._append_pair(layout.number, Font(FACE, SIZE), head.place_and_date, Font(FACE, SIZE, italic=True))
        self._append([])

    def _write_titles(self):
        if self.document.code:
            self._append_across(self.document.code, Font(FACE, SIZE, bold=True), "right")
        self._append_across(self.document.title.upper(), Font(FACE, SIZE + 2, bold=True))
        for line in self.document.subtitles:
            self._append_across(line, Font(FACE, SIZE, italic=True))
        self._append([])

    def _write_headings(self):
        lines = [_lines(column.heading, column.width * 0.9) for column in self.columns]
        style = {
            "font": Font(FACE, SIZE, bold=True),
            "border": _GRID,
            "alignment": Alignment("center", "center", wrap_text=True),
        }
        headings = [column.heading for column in self.columns]
        if any(column.group for column in self.columns):
            self._write_groups(style)
            headings = [column.heading if column.group else None for column in self.columns]
        self._append([self._styled(heading, **style) for heading in headings], height=max(lines))

    def _write_groups(self, style):
        """The upper row of two; a heading without a group reaches down through both."""
        merged, cells, height, start = [], [], 1, 1
        for group, neighbours in groupby(self.columns, key=lambda column: column.group):
            neighbours = list(neighbours)
            end = start + len(neighbours) - 1
            if group:
                merged.append((start, end))
                height = max(height, _lines(group, sum(column.width for column in neighbours) * 0.9))
                texts = [group, *[None] * (end - start)]
            else:
                texts = [column.heading for column in neighbours]
                for place in map(get_column_letter, range(start, end + 1)):
                    self.sheet.merged_cells.add(f"{place}{self.row + 1}:{place}{self.row + 2}")
            cells += [self._styled(text, **style) for text in texts]
            start = end + 1
        self._append(cells, height=height, merged=merged)

    def _write_closing(self):
        """Notes, to whom it goes, who signs, and by which layout it was made."""
        layout = self.document.layout
        for note in self.document.notes:
            self._append_across(note, Font(FACE, SIZE, italic=True), "left")
        if not layout.signer:
            return
        self._append([])
        left = [(_("Nơi nhận:"), Font(FACE, SIZE, bold=True, italic=True))]
        left += [(f"- {line}", Font(FACE, SIZE - 1)) for line in layout.recipients]
        right = [(line, Font(FACE, SIZE + 1, bold=True)) for line in layout.signer]
        right += [(layout.signing, Font(FACE, SIZE, italic=True))]
        for (said, said_font), (signed, signed_font) in zip_longest(left, right, fillvalue=("", None)):
            self._append_pair(said, said_font, signed, signed_font, "left")
        for _line in range(4):  # room for the signature and the stamp
            self._append([])
        words = _("Mẫu trình bày: %(layout)s.") % {"layout": layout}
        self._append_across(words, Font(FACE, SIZE - 2, italic=True), "left")

    def _write_part(self, part):
        if part.title:
            self._append([])
            self._append_across(part.title, Font(FACE, SIZE, bold=True), "left")
        first = self.row
        with ending(part.rows) as rows:
            for number, row in enumerate(rows, 1):
                if number > MOST_ROWS:
                    raise TooLong
                self._append_row(row, number)
        self.rows += self.row - first
        if part is self.document.parts[0]:
            self.sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(self.columns))}{self.row}"
        if part.total is not None:
            self._append_row(part.total, None, bold=True)

    def _append_row(self, row, number, bold=False):
        values = [column.read(row) if column.read else number for column in self.columns]
        height = max(map(_lines_of_cell, values, self.columns))
        self._append(
            [self._cell(place, value, bold) for place, value in enumerate(values)],
            height=height if height > 1 else None,
        )

    def _cell(self, place, value, bold):
        """The cell of a column, styled once and used again for every row: it is written out at once."""
        column = self.columns[place]
        style = (place, bold, *_format(value, column))
        if style not in self._cells:
            _place, _bold, number_format, horizontal = style
            self._cells[style] = self._styled(
                None,
                font=Font(FACE, SIZE, bold=bold),
                border=_GRID,
                number_format=number_format,
                alignment=Alignment(
                    horizontal, "center", wrap_text=horizontal == "left", indent=int(horizontal == "right")
                ),
            )
        return _set(self._cells[style], _cell_value(value))

    def _styled(self, value, **style):
        cell = WriteOnlyCell(self.sheet)
        for name, given in style.items():
            setattr(cell, name, given)
        return _set(cell, value)

    def _append_pair(self, left, left_font, right, right_font, horizontal="center"):
        """The two halves of a page: who speaks, and the nation; to whom it goes, and who signs."""
        middle = self._middle
        cells = [None] * (middle + 1)
        alignment = Alignment(horizontal, "center", wrap_text=True)
        cells[0] = self._styled(left or None, font=left_font or Font(FACE, SIZE), alignment=alignment)
        cells[middle] = self._styled(right or None, font=right_font or Font(FACE, SIZE), alignment=_CENTRED)
        width = sum(column.width for column in self.columns[:middle])
        self._append(
            cells, height=1.2 * _lines(left, width), merged=[(1, middle), (middle + 1, len(self.columns))]
        )

    def _append_across(self, text, font, horizontal="center"):
        width = sum(column.width for column in self.columns)
        alignment = Alignment(horizontal, "center", wrap_text=True)
        cell = self._styled(text, font=font, alignment=alignment)
        self._append([cell], height=1.2 * _lines(text, width), merged=[(1, len(self.columns))])

    @property
    def _middle(self):
        """How many columns stand under the agency; the others stand under the name of the nation."""
        whole, width = sum(column.width for column in self.columns), 0.0
        for place, column in enumerate(self.columns[:-1], 1):
            width += column.width
            if width >= whole * 0.42:
                return place
        return len(self.columns) - 1

    def _append(self, cells, height=None, merged=()):
        self.row += 1
        if height:
            self.sheet.row_dimensions[self.row].height = height * LINE_HEIGHT
        for first, last in merged:
            if last > first:
                self.sheet.merged_cells.add(
                    f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row}"
                )
        self.checksum.add(None if cell is None else cell.value for cell in cells)
        self.sheet.append(cells)
        self.sheet.row_dimensions.pop(self.row, None)  # written: what is long must not gather here


_CENTRED = Alignment("center", "center", wrap_text=True)


def _set(cell, value):
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"  # whatever it looks like: a formula, a number, an error
    else:
        cell.value = value
    return cell


def _lines_of_cell(value, column):
    fits = not isinstance(value, str) or (len(value) <= column.width * LETTERS_A_UNIT and "\n" not in value)
    return 1 if fits else _lines(value, column.width)


@lru_cache(maxsize=4096)  # the same few boards and words, in row after row
def _lines(text, width):
    """How many lines a text takes in a width; merged cells and LibreOffice do not find out by themselves."""
    return sum(max(1, len(textwrap.wrap(line, int(width * LETTERS_A_UNIT)))) for line in text.split("\n"))


def _set_up_page(sheet, layout, *, landscape):
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # as many pages long as it takes
    for side, millimetres in layout.margins.items():
        setattr(sheet.page_margins, side, millimetres * MM)
    sheet.page_margins.header = sheet.page_margins.footer = HEADER
    sheet.print_options.horizontalCentered = True
    # Page numbers stand at the top in the middle, not on the first page.
    sheet.HeaderFooter.differentFirst = True
    sheet.oddHeader.center.text = "&P"
    sheet.oddHeader.center.font = f"{FACE},Regular"
    sheet.oddHeader.center.size = SIZE + 1


# --- A bare sheet, to fill in and send back ---------------------------------------------------------


def write_plain(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    file: IO[bytes],
) -> None:
    """Headings in the first row, every cell text, nothing merged: what a person fills in."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    for number, row in enumerate([headings, *rows]):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            cell.font = Font(FACE, SIZE, bold=not number)
            cell.border = _GRID
            cell.number_format = "@"
            cell.alignment = Alignment("left", "center", wrap_text=True)
            cells.append(_set(cell, str(value)))
        sheet.append(cells)
    workbook.save(file)


# --- The sheet on the file itself -----------------------------------------------------------------


def _write_about(workbook, document, written):
    """What the file is, as of when, by what filter, by whom; the number of its rows and its checksum."""
    sheet = workbook.create_sheet(_("Thông tin tệp"))
    _set_up_page(sheet, document.layout, landscape=False)
    for column, width in ABOUT_WIDTHS.items():
        sheet.column_dimensions[column].width = width
    lines = [
        *document.about,
        (_("Số dòng"), written.rows),
        (
            _("Mã kiểm tra SHA-256 của giá trị các ô trong trang “%(sheet)s”") % {"sheet": document.sheet},
            written.checksum,
        ),
    ]
    for number, (name, value) in enumerate(lines, 1):
        height = max(_lines(name, ABOUT_WIDTHS["A"]), _lines(str(value), ABOUT_WIDTHS["B"]))
        sheet.row_dimensions[number].height = height * LINE_HEIGHT
        sheet.append([_about_cell(sheet, name, bold=True), _about_cell(sheet, value)])


def _about_cell(sheet, value, bold=False):
    cell = WriteOnlyCell(sheet)
    cell.font = Font(FACE, SIZE, bold=bold)
    cell.border = _GRID
    cell.alignment = Alignment("left", "center", wrap_text=True)
    if isinstance(value, datetime.datetime):
        cell.number_format = "hh:mm dd/mm/yyyy"
    return _set(cell, _cell_value(value))
