"""The values of cells: how each is spelt in a file, and the sums by which a file proves them.

The sums run over values and never over bytes, so that saving a file with another program leaves them alone.
"""

import base64
import datetime
import hashlib
import re
import string
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from openpyxl.utils.datetime import to_excel

from vietnamese.workbooks import FORBIDDEN

LONGEST_TEXT = 32_767  # of a cell; a file with a longer one counts as damaged
OLDEST_YEAR = 1901  # an older day is written as text: Excel counts days from 1900, and that year wrongly
_AS_KEPT = Context(prec=15, rounding=ROUND_HALF_UP)  # a number, by Excel and LibreOffice
BETWEEN, _BETWEEN = "\x1f", b"\x1f"  # which no text of a cell holds
ROW_END = b"\x1e"  # nor this
LETTERS = (string.ascii_letters + string.digits + "-_").encode() * 4  # a byte as one of 64 letters
DIGEST_BYTES, DIGEST_LETTERS, CELL_LETTERS = 9, 12, 3
_LINE_ENDS = re.compile("\r\n?")
# Excel takes _x0041_ in a cell for A, unless the underscore is itself written so (workbooks.decoded).
CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# LibreOffice writes the code of an underscore once where that itself stands in the text and needs two: two
# count as one.
UNDERSCORE = "_x005F_"
_TWICE = re.compile(f"{UNDERSCORE}(?=x[0-9A-Fa-f]{{4}}_)")


@dataclass(frozen=True)
class Share:
    """A rate: a true number shown as a percentage. An empty cell where there is no whole."""

    value: Decimal | None


@dataclass(frozen=True)
class Formula:
    """What others put where a value stood: another number may come of it each time."""

    text: str


Value = str | int | Decimal | datetime.date | datetime.datetime | Share | None


def clean(text: str) -> str:
    """Text as a cell can hold it: without control characters, with plain line ends, not over-long."""
    if text.isprintable() and len(text) <= LONGEST_TEXT:
        return text  # almost every text there is
    return FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))[:LONGEST_TEXT]


def clean_all(texts: Sequence[str | None]) -> tuple[list[str], str]:
    """All of them cleaned, and the same joined: looked through once instead of one by one."""
    joined = BETWEEN.join([text or "" for text in texts])
    odd = joined.count(BETWEEN) != len(texts) - 1 or "\r" in joined
    odd = odd or max(map(len, joined.split(BETWEEN))) > LONGEST_TEXT
    plain = joined.replace(BETWEEN, " ")
    if odd or (not plain.isprintable() and FORBIDDEN.search(plain)):
        joined = BETWEEN.join([clean(text or "") for text in texts])
    return joined.split(BETWEEN), joined


# --- One spelling for each value --------------------------------------------------------------------


def spelling(value: Any) -> str:
    """The same for what is written and for what any reader makes of it."""
    if isinstance(value, str):
        text = _TWICE.sub("_", value) if UNDERSCORE in value else value
        return text and "text:" + text
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        whole_seconds = value + datetime.timedelta(milliseconds=500)  # a cell holds a fraction of a day
        return "moment:" + whole_seconds.replace(microsecond=0).isoformat()
    if isinstance(value, datetime.date):
        return f"moment:{value.isoformat()}T00:00:00"
    if isinstance(value, Formula):
        return f"formula:{value.text}"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):  # nothing of ours
        return f"other:{value}"
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return f"number:{number.normalize(_AS_KEPT):f}"


class Form:
    """As what a value is shown. Plain texts: they are looked up for every cell."""

    TEXT = "text"
    WHOLE = "whole"
    POINTS = "points"
    WHOLE_POINTS = "whole points"
    SHARE = "share"
    DAY = "day"
    MOMENT = "moment"


@lru_cache(maxsize=1 << 15, typed=True)  # points, days and years come again and again
def told(value: Value) -> tuple[Form, str, str]:
    """As what a value is shown, what the file holds for it, and its spelling."""
    match value:
        case None:
            return Form.TEXT, "", ""
        case str():
            return Form.TEXT, clean(value), spelling(clean(value))
        case Share():
            return Form.SHARE, *told(value.value)[1:]
        case datetime.datetime():
            moment = timezone.make_naive(value).replace(microsecond=0)
            return Form.MOMENT, str(to_excel(moment)), spelling(moment)
        case datetime.date() if value.year < OLDEST_YEAR:
            return told(f"{value:%d/%m/}{value.year:04}")
        case datetime.date():
            return Form.DAY, str(to_excel(value)), spelling(value)
        case Decimal():
            is_whole = value == value.to_integral_value()
            return Form.WHOLE_POINTS if is_whole else Form.POINTS, str(value), spelling(value)
    return Form.WHOLE, str(value), spelling(value)


def plain(value: Value) -> Any:
    """What a cell of openpyxl holds for it."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.make_naive(value).replace(microsecond=0)
    return value.value if isinstance(value, Share) else clean(value) if isinstance(value, str) else value


# --- Sums -------------------------------------------------------------------------------------------


def line_of(told: Iterable[str]) -> bytes:
    """A row from the spellings of its cells. Empty cells at its end do not count."""
    return BETWEEN.join(told).rstrip(BETWEEN).encode()


class Checksum:
    """SHA-256 over the values of a sheet's cells, row by row, and nothing else. Empty rows do not count."""

    def __init__(self):
        self._hash = hashlib.sha256()

    def add(self, line: bytes) -> None:
        if line:
            self._hash.update(line + ROW_END)

    def __str__(self):
        return self._hash.hexdigest()


def checksum_of(rows: Iterable[Iterable[Any]]) -> str:
    """The checksum of a sheet as a reader gives it."""
    checksum = Checksum()
    for row in rows:
        checksum.add(line_of(map(spelling, row)))
    return str(checksum)


def trace(line: bytes) -> str:
    """What tells a row again, and which cell of it was changed: a digest and three letters for each cell.

    The number a row has in its list does not count in the digest, since it moves when a row comes before it.
    """
    told = line.split(_BETWEEN)
    counted = line[len(told[0]) :] if told[0].startswith(b"number:") else line
    digest = base64.b64encode(hashlib.blake2b(counted, digest_size=DIGEST_BYTES).digest(), b"-_")
    sums = struct.pack(f"<{len(told)}I", *map(zlib.crc32, told))
    letters = [sums[place::4].translate(LETTERS) for place in range(CELL_LETTERS)]
    return b"".join([digest, *letters]).decode()


def letters_of(trace: str) -> list[str]:
    """Those of each cell: the first of all cells stand before the second of all."""
    letters = trace[DIGEST_LETTERS:]
    cells = len(letters) // CELL_LETTERS
    return [letters[place::cells] for place in range(cells)]
