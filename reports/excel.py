"""The one module that writes workbooks: typed cells, ready to print, safe whatever a name holds.

openpyxl makes the workbook with all that is laid out: styles, widths, pages, names. The rows of the table go
past it into the file, a few hundred at a time: a file of any length needs the memory of these, and a tenth of
the time. Text is always text (an inline string), so that "=1+1" in a name is no formula.
"""

import datetime
import errno
import io
import os
import re
import shutil
import tempfile
import textwrap
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, islice, zip_longest
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from reports import cell_values, layouts, proof
from reports.cell_values import BETWEEN, Checksum, Form, Share, Value, checksum_of, clean
from reports.layouts import Layout

__all__ = ["Checksum", "Share", "Value", "checksum_of", "clean"]

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACE = "Times New Roman"
SIZE = 12
A4 = 9
LINE_HEIGHT = 16.5  # points, of a line of SIZE
LETTERS_A_UNIT = (
    0.95  # letters of SIZE in one unit of a column's width; LibreOffice sets them wider than Excel
)
MOST_ROWS = 1_048_000  # of a sheet 1.048.576, the head and sums included
ABOUT_WIDTHS = {"A": 30, "B": 70}
ROWS_AT_ONCE = 500
COMPRESSION = 1  # 6 makes files a quarter smaller in twice the time
MM = 1 / 25.4
HEADER = 10 * MM  # of the page number, from the edge of the paper
TABLE, TRACES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"
FIRST_PARTS = ["[Content_Types].xml", "_rels/.rels"]
_NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(rb"<dimension[^>]*/>")
_TEXTS = {str, SafeString, type(None)}
_OUTER_SPACE = [BETWEEN + " ", " " + BETWEEN, BETWEEN + "\t", "\t" + BETWEEN, "\n"]


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
class Column:
    """A heading and the function that reads the cell; the type of what it returns decides how it is written.

    Without a function the column holds the number of the row in its part. `number` is the format of whole
    numbers; that of a year is "0", so that 1960 does not become 1.960. Neighbours of one `group` stand under
    one heading more. What is private is in the file and on no page. `rows` says where the rows behind the
    number stand.
    """

    heading: str
    read: Callable[[Any], Value] | None
    width: float
    number: str = "#,##0"
    group: str = ""
    is_private: bool = False
    rows: Any = None


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
    `identify` gives what a row is about, so that the row of today is found again when the file comes back.
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
    identify: Callable[[Any], object] | None = None

    def key_of(self, row) -> str:
        return str(self.identify(row)) if self.identify else ""


@dataclass(frozen=True)
class Written:
    """What went into the file: its rows, sums and titles not counted, and how it proves itself."""

    rows: int
    checksum: str
    traces: str = ""
    signature: str = ""


def write(document: Document, file: IO[bytes]) -> Written:
    workbook = Workbook()
    workbook.properties.title = document.title
    workbook.properties.creator = document.letterhead.agency
    workbook.properties.created = document.at.astimezone(datetime.UTC).replace(tzinfo=None)
    sheets = [
        workbook.active,
        workbook.create_sheet(str(proof.ABOUT)),
        workbook.create_sheet(str(proof.SHEET)),
    ]
    sheets[0].title = document.sheet
    sheets[2].sheet_state = "hidden"
    _set_up(sheets[0], document)
    with (
        tempfile.TemporaryFile() as traces,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive,
    ):
        before = _unpacked(workbook)
        for name in FIRST_PARTS:  # by them others tell what kind of file it is
            archive.writestr(name, before.pop(name))
        with archive.open(TABLE, "w", force_zip64=True) as part:
            part.write(_around_rows(before[TABLE])[0])
            table = _Table(sheets[0], document, part, proof.Traces(traces))
            table.write()
            written = _write_about(sheets[1], table)
            after = _unpacked(workbook)  # what is known only now: where the rows end, and the second sheet
            part.write(_around_rows(after[TABLE])[1])
        with archive.open(TRACES, "w", force_zip64=True) as part:
            head, tail = _around_rows(after[TRACES])
            part.write(head)
            traces.seek(0)
            shutil.copyfileobj(traces, part)
            part.write(tail)
        for name in after.keys() - {*FIRST_PARTS, TABLE, TRACES}:
            archive.writestr(name, after[name])
    return written


def _unpacked(workbook) -> dict[str, bytes]:
    """Its parts. openpyxl goes by way of files, and says of a full disk something else, or nothing."""
    saved = io.BytesIO()
    workbook.properties.modified = workbook.properties.created
    try:
        with zipfile.ZipFile(saved, "w") as packed:  # closed also when it cannot be finished
            ExcelWriter(workbook, packed).save()
    except SerialisationError as error:
        traceback.clear_frames(error.__traceback__)  # else its open parts end by chance, long after
        raise _no_room() from None
    with zipfile.ZipFile(saved) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    if not all(part.endswith(b"</worksheet>") for name, part in parts.items() if "/worksheets/" in name):
        raise _no_room()
    return parts


def _no_room():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _around_rows(sheet: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the rows of a sheet that has none, without its dimension of none."""
    head, tail = _NO_ROWS.split(_DIMENSION.sub(b"", sheet))
    return head + b"<sheetData>", b"</sheetData>" + tail


# --- The table ------------------------------------------------------------------------------------

_THIN = Side(style="thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRED = Alignment("center", "center", wrap_text=True)


FORMATS = {  # number format and horizontal place
    Form.TEXT: ("@", "left"),
    Form.POINTS: ("0.0#", "right"),
    Form.WHOLE_POINTS: ("0", "right"),
    Form.SHARE: ("0.0%", "right"),
    Form.DAY: ("dd/mm/yyyy", "center"),
    Form.MOMENT: ("hh:mm dd/mm/yyyy", "center"),
}


def _set_up(sheet, document):
    """All that is said of the sheet before its rows."""
    _set_up_page(sheet, document.layout, landscape=True)
    for place, column in enumerate(document.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    # Two lines of names, one of number and date; the title and its lines; after each group an empty line.
    first = 4 + bool(document.code) + 1 + len(document.subtitles) + 1 + 1
    last = first + any(column.group for column in document.columns)
    sheet.freeze_panes = f"A{last + 1}"
    sheet.print_title_rows = f"{first}:{last}"


class _Table:
    """The first sheet: letterhead, title, headings, rows. `part` takes them, `traces` what proves each."""

    def __init__(self, sheet, document, part, traces):
        self.document = document
        self.columns = document.columns
        self.letters = [get_column_letter(place) for place in range(1, len(self.columns) + 1)]
        self.sheet, self.part = sheet, part
        self.traces = traces
        self.checksum = Checksum()
        self.row = 0  # the last one written
        self.rows = 0
        self._styles = {}

    def write(self):
        self._write_letterhead()
        self._write_titles()
        self._write_headings()
        for part in self.document.parts:
            self._write_part(part)
        self._write_closing()

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
        style = self._style(font=Font(FACE, SIZE, bold=True), border=_GRID, alignment=_CENTRED)
        headings = [column.heading for column in self.columns]
        if any(column.group for column in self.columns):
            self._write_groups(style)
            headings = [column.heading if column.group else "" for column in self.columns]
        self._append([(heading, style) for heading in headings], height=max(lines))

    def _write_groups(self, style):
        """The upper row of two; a heading without a group reaches down through both."""
        merged, texts, height, start = [], [], 1, 1
        for group, neighbours in groupby(self.columns, key=lambda column: column.group):
            neighbours = list(neighbours)
            end = start + len(neighbours) - 1
            if group:
                merged.append((start, end))
                height = max(height, _lines(group, sum(column.width for column in neighbours) * 0.9))
                texts += [group, *[""] * (end - start)]
            else:
                texts += [column.heading for column in neighbours]
                for letter in self.letters[start - 1 : end]:
                    self.sheet.merged_cells.add(f"{letter}{self.row + 1}:{letter}{self.row + 2}")
            start = end + 1
        self._append([(text, style) for text in texts], height=height, merged=merged)

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
        first, number = self.row, 1
        with ending(part.rows) as rows:
            while some := list(islice(rows, ROWS_AT_ONCE)):
                if number + len(some) > MOST_ROWS + 1:
                    raise TooLong
                self._append_rows(some, list(range(number, number + len(some))))
                number += len(some)
        self.rows += self.row - first
        if part is self.document.parts[0]:
            self.sheet.auto_filter.ref = f"A{first}:{self.letters[-1]}{self.row}"
        if part.total is not None:
            self._append_rows([part.total], [None], bold=True)

    def _append_rows(self, rows, numbers, bold=False):
        """Column by column, then put together: most of a column is alike, and written alike."""
        lines = [str(self.row + place) for place in range(1, len(rows) + 1)]
        heights = [1] * len(rows)
        columns = []
        for place, column in enumerate(self.columns):
            values = [column.read(row) for row in rows] if column.read else numbers
            kinds = set(map(type, values))
            if kinds <= _TEXTS:
                columns.append(self._texts(place, values, lines, heights, bold))
            elif kinds == {int}:
                columns.append(self._numbers(place, values, lines, bold))
            else:
                columns.append(self._values(place, values, lines, heights, bold))
        xml, spelt = zip(*columns, strict=True)
        self._write_rows(lines, heights, map("".join, zip(*xml, strict=True)))
        keys = () if bold else list(map(self.document.key_of, rows))
        self._prove(zip(*spelt, strict=True), keys)

    def _texts(self, place, values, lines, heights, bold):
        """The cells of a column of texts, and how they are spelt."""
        texts, joined = cell_values.clean_all(values)
        width = self.columns[place].width
        if max(map(len, texts)) > width * LETTERS_A_UNIT or "\n" in joined:
            for number, text in enumerate(texts):
                heights[number] = max(heights[number], _lines_of_cell(text, width))
        is_plain = not any(sign in joined for sign in ("&", "<", ">", "_x"))
        shown = texts if is_plain else _escaped(joined).split(BETWEEN)
        cell, style = f'<c r="{self.letters[place]}', self._style_of(place, Form.TEXT, bold)
        start = f'" s="{style}" t="inlineStr"><is><t{_space(joined)}>'
        spell = cell_values.spelling if cell_values.UNDERSCORE in joined else _spelling_of_text
        return [
            f"{cell}{line}{start}{text}</t></is></c>" if text else f'{cell}{line}" s="{style}"/>'
            for line, text in zip(lines, shown, strict=True)
        ], list(map(spell, texts))

    def _numbers(self, place, values, lines, bold):
        """The cells of a column of whole numbers, which hardly come twice, and how they are spelt."""
        start = f'" s="{self._style_of(place, Form.WHOLE, bold)}"><v>'
        cell = f'<c r="{self.letters[place]}'
        return [f"{cell}{line}{start}{value}</v></c>" for line, value in zip(lines, values, strict=True)], [
            f"number:{value}" for value in values
        ]

    def _values(self, place, values, lines, heights, bold):
        """The cells of a column of points, days or what else, and how they are spelt."""
        forms, held, spelt = zip(*map(cell_values.told, values), strict=True)
        styles = {form: self._style_of(place, form, bold) for form in {*forms, Form.TEXT}}
        cell = f'<c r="{self.letters[place]}'
        xml = [
            f'{cell}{line}" s="{styles[form]}"><v>{shown}</v></c>'
            if shown
            else f'{cell}{line}" s="{styles[form]}"/>'
            for line, form, shown in zip(lines, forms, held, strict=True)
        ]
        if Form.TEXT in forms:
            for number, text in enumerate(held):
                if text and forms[number] == Form.TEXT:
                    xml[number] = cell + lines[number] + '"' + _text_body(text, styles[Form.TEXT])
                    heights[number] = max(heights[number], _lines_of_cell(text, self.columns[place].width))
        return xml, spelt

    def _style_of(self, place, form, bold):
        """The number of the style of a column's cells."""
        style = self._styles.get((place, form, bold))
        if style is None:
            column = self.columns[place]
            of_whole = (column.number, "right" if column.read else "center")
            number_format, horizontal = FORMATS.get(form, of_whole)
            style = self._styles[place, form, bold] = self._style(
                font=Font(FACE, SIZE, bold=bold),
                border=_GRID,
                number_format=number_format,
                alignment=Alignment(
                    horizontal, "center", wrap_text=horizontal == "left", indent=int(horizontal == "right")
                ),
            )
        return style

    def _style(self, **style):
        cell = Cell(self.sheet, 1, 1)
        for name, given in style.items():
            setattr(cell, name, given)
        return cell.style_id

    def _append_pair(self, left, left_font, right, right_font, horizontal="center"):
        """The two halves of a page: who speaks, and the nation; to whom it goes, and who signs."""
        middle = self._middle
        texts = [None] * (middle + 1)
        alignment = Alignment(horizontal, "center", wrap_text=True)
        texts[0] = (left, self._style(font=left_font or Font(FACE, SIZE), alignment=alignment))
        texts[middle] = (right, self._style(font=right_font or Font(FACE, SIZE), alignment=_CENTRED))
        width = sum(column.width for column in self.columns[:middle])
        self._append(
            texts, height=1.2 * _lines(left, width), merged=[(1, middle), (middle + 1, len(self.columns))]
        )

    def _append_across(self, text, font, horizontal="center"):
        width = sum(column.width for column in self.columns)
        style = self._style(font=font, alignment=Alignment(horizontal, "center", wrap_text=True))
        self._append([(text, style)], height=1.2 * _lines(text, width), merged=[(1, len(self.columns))])

    @property
    def _middle(self):
        """How many columns stand under the agency; the others stand under the name of the nation."""
        whole, width = sum(column.width for column in self.columns), 0.0
        for place, column in enumerate(self.columns[:-1], 1):
            width += column.width
            if width >= whole * 0.42:
                return place
        return len(self.columns) - 1

    def _append(self, texts, height=None, merged=()):
        """One row that is laid out: (text, style) or nothing from the left."""
        line = self.row + 1
        for first, last in merged:
            if last > first:
                self.sheet.merged_cells.add(f"{self.letters[first - 1]}{line}:{self.letters[last - 1]}{line}")
        held = [text and (clean(text[0]), text[1]) for text in texts]
        xml = "".join(
            f'<c r="{letter}{line}"{_text_body(*text)}'
            for letter, text in zip(self.letters, held, strict=False)
            if text
        )
        self._write_rows([str(line)], [height or 1], [xml])
        self._prove([[cell_values.spelling(text[0]) if text else "" for text in held]])

    def _write_rows(self, lines, heights, rows):
        self.part.write(
            "".join(
                [
                    f'<row r="{line}"{_height(height)}>{row}</row>'
                    for line, height, row in zip(lines, heights, rows, strict=True)
                ]
            ).encode()
        )
        self.row += len(lines)

    def _prove(self, rows, keys=()):
        for told, key in zip_longest(rows, keys, fillvalue=""):
            line = cell_values.line_of(told)
            self.checksum.add(line)
            self.traces.add(line, key)


def _text_body(text, style):
    if not text:
        return f' s="{style}"/>'
    return f' s="{style}" t="inlineStr"><is><t{_space(text)}>{_escaped(text)}</t></is></c>'


def _spelling_of_text(text):
    return "text:" + text if text else ""


def _escaped(text):
    return _coded(escape(text))


def _coded(text):
    """So that what looks like Excel's own code of a character stays what it is."""
    return cell_values.CODED.sub(cell_values.UNDERSCORE, text)


def _space(texts):
    """What keeps the space around texts, where any has some; the texts stand joined."""
    has = any(end in f"{BETWEEN}{texts}{BETWEEN}" for end in _OUTER_SPACE)
    return ' xml:space="preserve"' if has else ""


def _height(lines):
    return f' ht="{lines * LINE_HEIGHT}" customHeight="1"' if lines != 1 else ""


def _lines_of_cell(text, width):
    fits = len(text) <= width * LETTERS_A_UNIT and "\n" not in text
    return 1 if fits else _lines(text, width)


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


def _set(cell, value):
    if isinstance(value, str):
        cell.value = _coded(clean(value))
        cell.data_type = "s"  # whatever it looks like: a formula, a number, an error
    else:
        cell.value = value
    return cell


def lines_of(document: Document) -> Iterator[tuple[str, bytes]]:
    """What each row of a document would be about and hold, without writing it."""
    for part in document.parts:
        with ending(part.rows) as rows:
            for number, row in enumerate(rows, 1):
                held = (column.read(row) if column.read else number for column in document.columns)
                told = [cell_values.told(value)[2] for value in held]
                yield document.key_of(row), cell_values.line_of(told)


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
        line = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            cell.font = Font(FACE, SIZE, bold=not number)
            cell.border = _GRID
            cell.number_format = "@"
            cell.alignment = Alignment("left", "center", wrap_text=True)
            line.append(_set(cell, str(value)))
        sheet.append(line)
    workbook.save(file)


# --- The sheet on the file itself -----------------------------------------------------------------


def _write_about(sheet, table) -> Written:
    """What the file is, as of when, by what filter, by whom; how many rows it has, and its proof."""
    _set_up_page(sheet, table.document.layout, landscape=False)
    for column, width in ABOUT_WIDTHS.items():
        sheet.column_dimensions[column].width = width
    document = table.document
    lines = [
        *document.about,
        (_("Số dòng"), table.rows),
        (
            _("Mã kiểm tra SHA-256 của giá trị các ô trong trang “%(sheet)s”") % {"sheet": document.sheet},
            str(table.checksum),
        ),
    ]
    signature = proof.sign(lines, table.traces)
    for number, (name, value) in enumerate([*lines, (str(proof.SIGNATURE), signature)], 1):
        height = max(_lines(name, ABOUT_WIDTHS["A"]), _lines(str(value), ABOUT_WIDTHS["B"]))
        sheet.row_dimensions[number].height = height * LINE_HEIGHT
        for place, (held, bold) in enumerate([(name, True), (value, False)], 1):
            cell = sheet.cell(number, place)
            cell.font, cell.border = Font(FACE, SIZE, bold=bold), _GRID
            cell.alignment = Alignment("left", "center", wrap_text=True)
            if isinstance(held, datetime.datetime):
                cell.number_format = "hh:mm dd/mm/yyyy"
            _set(cell, cell_values.plain(held))
    return Written(table.rows, str(table.checksum), str(table.traces), signature)
