"""Reading the first sheet of an Excel file that a person sends in. What could mislead is refused."""

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from vietnamese.dates import day_words
from vietnamese.numbers import format_integer
from vietnamese.text import nfc

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LAST_ROW = 1_048_576  # of any sheet of Excel
MACROS = ("vbaproject", "macrosheets/", "activex/")
DAMAGED = (
    zipfile.BadZipFile,
    DefusedXmlException,
    ElementTree.ParseError,
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    OSError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# What XML cannot hold: a file with one of these does not open.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")


class Unreadable(Exception):
    """The file is not taken; the message says why and what to do."""


def rows_of(file: IO[bytes]) -> list[tuple[int, list[str]]]:
    """(number in the sheet, cells as text) of each row with anything in it. Raises Unreadable."""
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise Unreadable(_("Tệp lớn hơn 5 MB. Hãy chia thành nhiều tệp."))
    with opened(file, MOST_UNPACKED) as packed:
        _look_through(packed)
        file.seek(0)
        rows = list(_filled(file))
    widest = max((len(cells) for _number, cells in rows), default=0)
    return [(number, cells + [""] * (widest - len(cells))) for number, cells in rows]


@contextmanager
def opened(file: IO[bytes], most_unpacked: int) -> Iterator[zipfile.ZipFile]:
    """The parts of a workbook that is no bomb and holds no macro. Whatever fails inside is said in words."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            # Nothing more than the size a part declares is ever read of it.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
                raise Unreadable(_too_large())
            if any(word in part.filename.lower() for part in parts for word in MACROS):
                raise Unreadable(_("Tệp có macro. Hãy lưu lại thành tệp .xlsx không có macro."))
            yield packed
    except Unreadable:
        raise
    except DAMAGED as error:
        raise Unreadable(_("Không đọc được tệp. Hãy lưu lại thành tệp Excel .xlsx rồi gửi lại.")) from error


def _look_through(packed: zipfile.ZipFile) -> None:
    for part in packed.infolist():
        if _SHEET.fullmatch(part.filename):
            with packed.open(part) as sheet:
                _look_at(sheet)


def _look_at(sheet: IO[bytes]) -> None:
    rows = cells = 0
    for _event, element in ElementTree.iterparse(sheet, events=("end",)):
        name = element.tag.rpartition("}")[2]
        cells = cells + 1 if name == "c" else cells
        if cells > MOST_COLUMNS:
            raise Unreadable(_too_wide())
        if name == "mergeCell":
            where = element.get("ref", "")
            raise Unreadable(_("Tệp có ô gộp (%(where)s). Hãy bỏ gộp rồi gửi lại.") % {"where": where})
        if name == "f":
            raise Unreadable(_("Tệp có công thức. Hãy dán lại thành giá trị rồi gửi lại."))
        if name in ("row", "col") and element.get("hidden") in ("1", "true"):
            raise Unreadable(_("Tệp có dòng hoặc cột ẩn. Hãy bỏ ẩn rồi gửi lại."))
        if name == "row":
            rows, cells = rows + 1, 0
            element.clear()
            if rows > MOST_ROWS:
                raise Unreadable(_too_long())


class _Reader(ExcelReader):
    """openpyxl drops x005F_ wherever a shared text holds it, and leaves all else coded."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _event, element in ElementTree.iterparse(source):
                if element.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(element).content)
                    element.clear()


def book_of(file: IO[bytes]) -> Any:
    """A workbook of openpyxl to read alone, for lines_of."""
    reader = _Reader(file, read_only=True, data_only=True)
    reader.read()
    return reader.wb


def decoded(value: Any) -> Any:
    """The text that Excel shows: _x0041_ in a file stands for A, _x005F_ for an underscore."""
    return _CODED.sub(_character, value) if isinstance(value, str) and "_x" in value else value


def _character(code: re.Match[str]) -> str:
    character = chr(int(code[1], 16))
    return code[0] if FORBIDDEN.match(character) else character


def lines_of(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet of book_of, each as wide as its last cell.

    How large a file says it is counts for nothing: less would lose rows in silence, more would never end.
    """
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > LAST_ROW:
            raise Unreadable(_too_large())
        if len(row) > MOST_COLUMNS:
            raise Unreadable(_too_wide())
        yield tuple(map(decoded, row))


def formulas_of(sheet: Any) -> dict[tuple[int, int], str]:
    """What is worked out in a sheet of book_of, by row and column; lines_of gives what came of it once."""
    with sheet._get_source() as source:
        end = b""
        while part := source.read(1 << 20):
            if _FORMULA.search(end + part):
                break
            end = part[-50:]
        else:
            return {}
    with sheet._get_source() as source:
        return {
            (cell["row"], cell["column"]): str(getattr(cell["value"], "text", cell["value"]))
            for _number, row in WorkSheetParser(source, sheet._shared_strings).parse()
            for cell in row
            if cell["data_type"] == "f"
        }


def _too_large() -> str:
    return _("Tệp mở ra quá lớn. Hãy chép các dòng cần dùng sang tệp mẫu mới.")


def _too_long() -> str:
    return _("Tệp có hơn %(most)s dòng, kể cả dòng trống. Hãy xóa dòng trống hoặc chia tệp.") % {
        "most": format_integer(MOST_ROWS)
    }


def _too_wide() -> str:
    return _("Tệp có hơn %(most)d cột, kể cả cột trống. Hãy xóa các cột trống.") % {"most": MOST_COLUMNS}


def _filled(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    workbook = book_of(file)
    try:
        for number, row in enumerate(lines_of(workbook.worksheets[0]), 1):
            if number > MOST_ROWS:
                raise Unreadable(_too_long())
            cells = [_text(value) for value in row]
            if any(cells):
                yield number, cells
    finally:
        workbook.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return day_words(value.date())
    if isinstance(value, datetime.date):
        return day_words(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        whole, _dot, places = str(value).partition(".")
        # A number with three decimals, spelt with a dot, would be read as thousands.
        return f"{whole},{places}" if len(places) == 3 else str(value)
    return nfc(str(value))
