"""A file that comes back: whether the portal made it, which cell was changed in it, what changed since.

See proof for how a file proves itself. Nothing of what was sent is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from reports import cell_values, documents, excel, proof
from reports.cell_values import BETWEEN, DIGEST_LETTERS
from reports.models import ExportJob, JobState
from reports.moments import one_moment
from vietnamese import dates, identity, numbers, workbooks
from vietnamese.workbooks import DAMAGED, Unreadable

__all__ = ["DAMAGED", "Unreadable"]
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COMPARED = 20_000  # rows, with those of today while a page waits
MOST_TOLD = 100  # changes, one by one
KIND = 1  # letters before the digest
NO_CELL = chr(cell_values.LETTERS[0])  # the letter of an empty cell


@dataclass(frozen=True)
class Sent:
    """What a file holds: the rows of its table, the lines about it, and the traces with their keys."""

    rows: list[bytes]
    about: list[tuple[Any, Any]]
    traces: list[tuple[str, str]]

    @property
    def code(self) -> str:
        return str(dict(self.about).get(str(proof.CODE), ""))

    @property
    def signature(self) -> str:
        return str(dict(self.about).get(str(proof.SIGNATURE), ""))

    @property
    def signed(self) -> list[tuple[Any, Any]]:
        return [line for line in self.about if line[0] != str(proof.SIGNATURE)]


@dataclass(frozen=True)
class Changed:
    """One cell that is not as it was written, and what stands there now; without a cell, the whole row."""

    sheet: str
    cell: str
    heading: str
    now: str


@dataclass(frozen=True)
class Verdict:
    """`job` is the file it claims to be; a file that is none of the portal's has none."""

    job: ExportJob | None
    is_genuine: bool = False
    is_told_where: bool = False
    changed: list[Changed] = field(default_factory=list)
    missing: int = 0
    is_moved: bool = False


@dataclass(frozen=True)
class Difference:
    """A row that is otherwise today: which cells, or that it is new or gone."""

    whose: str
    cells: list[tuple[str, str, str]] = field(default_factory=list)
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Since:
    """What changed since: how many rows, and the first of them; `keys` are what these are about."""

    count: int
    shown: list[Difference]
    keys: list[str]


# --- Reading ----------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> Sent:
    """Raises Unreadable, with words on what to do."""
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise Unreadable(
            _("Tệp lớn hơn 10 MB. Gửi tệp cho người quản trị cổng, ở đó có lệnh kiểm tra tệp lớn.")
        )
    with workbooks.opened(file, MOST_UNPACKED):
        return read_any(file, MOST_ROWS)


def read_any(file: IO[bytes], most_rows: int = excel.MOST_ROWS) -> Sent:
    """A file that is known to do no harm."""
    file.seek(0)
    workbook = load_workbook(file, read_only=True, data_only=True)
    try:
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        about, traces = sheets.get(str(proof.ABOUT)), sheets.get(str(proof.SHEET))
        table = next((sheet for sheet in workbook.worksheets if sheet not in (about, traces)), None)
        return Sent(
            rows=_filled(
                [cell_values.line_of(map(cell_values.spelling, row)) for row in _rows(table, most_rows)]
            ),
            about=[(row[0], row[1]) for row in _wide(about, most_rows) if row[0] is not None],
            traces=[(str(row[0]), str(row[1] or "")) for row in _wide(traces, most_rows) if row[0]],
        )
    finally:
        workbook.close()


def _rows(sheet, most) -> Iterator[tuple[Any, ...]]:
    if sheet is None:
        return
    filled = 0
    for row in workbooks.lines_of(sheet):
        filled += any(value is not None for value in row)
        if filled > most:
            raise Unreadable(
                _("Tệp có hơn %(most)s dòng. Gửi tệp cho người quản trị cổng, ở đó có lệnh kiểm tra tệp lớn.")
                % {"most": numbers.format_integer(most)}
            )
        yield row


def _wide(sheet, most):
    """Rows of at least two cells."""
    return ((*row, None, None) for row in _rows(sheet, most + 100))


def _filled(rows):
    while rows and not rows[-1]:
        rows.pop()
    return rows


# --- Is it what the portal made? --------------------------------------------------------------------


def judge(sent: Sent) -> Verdict:
    job = ExportJob.objects.filter(code=sent.code).exclude(signature="").first() if sent.code else None
    if job is None or job.state not in (JobState.DONE, JobState.REMOVED):
        return Verdict(None)
    checksum = cell_values.Checksum()
    for row in sent.rows:
        checksum.add(row)
    traces = proof.sum_of_traces(sent.traces)
    is_table_whole = str(checksum) == job.checksum
    is_signed = proof.is_signed(job.signature, sent.signed, traces, job.public_key)
    if is_table_whole and is_signed and sent.signature == job.signature:
        return Verdict(job, is_genuine=True)
    if traces != job.traces:
        return Verdict(job)
    return _where(job, sent)


def _where(job, sent) -> Verdict:
    of_table = [trace[KIND:] for trace, _key in sent.traces if trace.startswith(proof.OF_TABLE)]
    of_about = [trace[KIND:] for trace, _key in sent.traces if trace.startswith(proof.OF_ABOUT)]
    about = [cell_values.line_of(map(cell_values.spelling, line)) for line in sent.signed]
    changed = _changed(str(proof.ABOUT), about, of_about, [])
    if not changed and sent.signature != job.signature:
        changed.append(Changed(str(proof.ABOUT), "", str(proof.SIGNATURE), sent.signature[:20]))
    table = str(_("Trang đầu"))
    rows = _filled(sent.rows[:])
    while of_table and of_table[-1] == cell_values.trace(b""):
        of_table.pop()
    written, found = Counter(map(_digest, of_table)), Counter(_digest(cell_values.trace(row)) for row in rows)
    if written == found and of_table != list(map(cell_values.trace, rows)):
        in_place = _changed(table, rows, of_table, _headings(sent))
        is_moved = list(map(_digest, of_table)) != [_digest(cell_values.trace(row)) for row in rows]
        return Verdict(
            job, is_told_where=True, changed=changed + ([] if is_moved else in_place), is_moved=is_moved
        )
    if len(rows) == len(of_table):
        return Verdict(
            job, is_told_where=True, changed=changed + _changed(table, rows, of_table, _headings(sent))
        )
    strange = found - written
    for number, row in enumerate(rows, 1):
        if strange[_digest(cell_values.trace(row))] > 0:
            changed.append(Changed(table, str(number), "", _row_words(row)))
    return Verdict(job, is_told_where=True, changed=changed, missing=sum((written - found).values()))


def _digest(trace: str) -> str:
    return trace[:DIGEST_LETTERS]


def _changed(sheet, rows, traces, headings) -> list[Changed]:
    """Row by row, where both have as many."""
    changed = []
    for number, (row, before) in enumerate(zip_longest(rows, traces, fillvalue=None), 1):
        row = row or b""
        now = cell_values.trace(row)
        if now == (before or cell_values.trace(b"")):
            continue
        told = row.decode().split(BETWEEN)
        letters = zip_longest(now[DIGEST_LETTERS:], (before or "")[DIGEST_LETTERS:], fillvalue=NO_CELL)
        places = [place for place, (one, other) in enumerate(letters) if one != other]
        for place in places:
            heading = headings[place] if place < len(headings) else ""
            held = told[place] if place < len(told) else ""
            changed.append(Changed(sheet, f"{get_column_letter(place + 1)}{number}", heading, words(held)))
        if not places:
            changed.append(Changed(sheet, str(number), "", _row_words(row)))
    return changed


def _headings(sent) -> list[str]:
    """What stands right above the first row that is about something."""
    of_table = [key for trace, key in sent.traces if trace.startswith(proof.OF_TABLE)]
    first = next((place for place, key in enumerate(of_table) if key), 0)
    return [words(told) for told in sent.rows[first - 1].decode().split(BETWEEN)] if first else []


def _row_words(row: bytes) -> str:
    return ", ".join(filter(None, map(words, row.decode().split(BETWEEN)[:4])))


def words(told: str) -> str:
    """The spelling of a value as a page shows it."""
    kind, _colon, value = told.partition(":")
    if kind == "number":
        return numbers.format_decimal(Decimal(value))
    if kind == "moment":
        moment = datetime.fromisoformat(value)
        day = dates.day_words(moment.date())
        return day if not (moment.hour or moment.minute or moment.second) else f"{moment:%H:%M} {day}"
    return value


# --- What changed since? ----------------------------------------------------------------------------


@one_moment()
def since(sent: Sent, job: ExportJob, at) -> Since | None:
    """The rows of a genuine file beside those of today; None where they are too many, or not told apart."""
    keyed = {
        key: row
        for row, (trace, key) in zip(sent.rows, sent.traces, strict=False)
        if key and trace.startswith(proof.OF_TABLE)
    }
    document, rows = documents.build(job, at)
    if not document.identify or max(rows, len(keyed)) > MOST_COMPARED:
        return None
    headings = [column.heading for column in document.columns]
    private = {place for place, column in enumerate(document.columns) if column.is_private}
    differences, keys = [], []
    for key, row in excel.lines_of(document):
        before = keyed.pop(key, None)
        if before is None or _digest(cell_values.trace(before)) != _digest(cell_values.trace(row)):
            keys.append(key)
            differences.append(_difference(before, row, headings, private))
    keys += keyed
    differences += [Difference(_whose(row), is_gone=True) for row in keyed.values()]
    return Since(len(differences), differences[:MOST_TOLD], keys[:MOST_TOLD])


def _difference(before, row, headings, private):
    if before is None:
        return Difference(_whose(row), is_new=True)
    pairs = zip_longest(before.decode().split(BETWEEN), row.decode().split(BETWEEN), fillvalue="")
    cells = [
        (headings[place], *(_shown(told, place in private) for told in pair))
        for place, pair in enumerate(pairs)
        if place and pair[0] != pair[1]
    ]
    return Difference(_whose(row), cells)


def _shown(told, is_private):
    return identity.mask(words(told)) if is_private else words(told)


def _whose(row: bytes) -> str:
    """What a row is called by: its second cell, after the number."""
    told = row.decode().split(BETWEEN)
    return words(told[1] if len(told) > 1 and told[0].startswith("number:") else told[0])


def records_of(job: ExportJob, keys: Iterable[str]) -> list[int]:
    """Whose records the rows of a list of people are about, to note who looked at them."""
    return [int(key) for key in keys if key.isdigit()] if job.is_about_records else []
