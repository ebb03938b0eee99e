"""A file that comes back: whether the portal made it, which cell was changed in it, what changed since.

See proof for how a file proves itself. Nothing of what was sent is kept.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise, zip_longest
from typing import IO, Any

from django.utils.translation import gettext as _
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
MOST_LIKENED = 20_000  # pairs of a row that is new and one that is gone
EMPTY = cell_values.trace(b"")
[NO_CELL] = cell_values.letters_of(EMPTY)


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
    workbook = workbooks.book_of(file)
    try:
        about, traces = _sheet(workbook, proof.ABOUT, 1), _sheet(workbook, proof.SHEET, 2)
        lines = [(row[0], row[1]) for row in _wide(about, most_rows) if row[0] is not None]
        others = [sheet for sheet in workbook.worksheets if sheet not in (about, traces)]
        said = " ".join(str(name) for name, _value in lines)  # also which sheet the checksum is of
        table = next((sheet for sheet in others if f"“{sheet.title}”" in said), next(iter(others), None))
        return Sent(
            rows=_filled(
                [cell_values.line_of(map(cell_values.spelling, row)) for row in _rows(table, most_rows)]
            ),
            about=lines,
            traces=[(str(row[0]), str(row[1] or "")) for row in _wide(traces, most_rows) if row[0]],
        )
    finally:
        workbook.close()


def _sheet(workbook, title, place):
    """By its name, or where that was changed by its place."""
    sheets = workbook.worksheets
    named = {sheet.title: sheet for sheet in sheets}
    return named.get(str(title)) or next(iter(sheets[place : place + 1]), None)


def _rows(sheet, most) -> Iterator[tuple[Any, ...]]:
    if sheet is None:
        return
    filled = 0
    formulas = workbooks.formulas_of(sheet)
    for number, row in enumerate(workbooks.lines_of(sheet), 1):
        filled += any(value is not None for value in row)
        if filled > most:
            raise Unreadable(
                _("Tệp có hơn %(most)s dòng. Gửi tệp cho người quản trị cổng, ở đó có lệnh kiểm tra tệp lớn.")
                % {"most": numbers.format_integer(most)}
            )
        if formulas:
            row = [_held(value, formulas.get((number, place))) for place, value in enumerate(row, 1)]
        yield row


def _held(value, formula):
    """What a file of the portal works out nowhere is a change, whatever came of it."""
    return value if formula is None else cell_values.Formula(formula)


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
    changed = []
    for number, (line, before) in enumerate(zip_longest(about, of_about), 1):
        changed += _changed(str(proof.ABOUT), number, line or b"", before or EMPTY)
    if not changed and sent.signature != job.signature:
        changed.append(Changed(str(proof.ABOUT), "", str(proof.SIGNATURE), sent.signature[:20]))
    table, headings = str(_("Trang đầu")), _headings(sent)
    was, is_moved = _matched(of_table, list(map(cell_values.trace, sent.rows)))
    for place, row in enumerate(sent.rows):
        if place in was:
            changed += _changed(table, place + 1, row, of_table[was[place]], headings)
        elif row:
            changed.append(Changed(table, str(place + 1), "", _row_words(row)))
    missing = sum(trace != EMPTY for trace in of_table) - len(was)
    return Verdict(job, is_told_where=True, changed=changed, missing=missing, is_moved=is_moved)


def _matched(before: list[str], now: list[str]) -> tuple[dict[int, int], bool]:
    """Which row stood where before, both by place, and whether rows changed their places.

    What is the same is found first, then what is most like it: rows were sorted, and cells of some changed.
    """
    gone = {place: trace for place, trace in enumerate(before) if trace != EMPTY}
    new = {place: trace for place, trace in enumerate(now) if trace != EMPTY}
    was: dict[int, int] = {}

    def match(place, old):
        was[place] = old
        del gone[old], new[place]

    for place in [place for place, trace in new.items() if gone.get(place) == trace]:
        match(place, place)
    for same in (str, _digest):
        places = defaultdict(deque)
        for place, trace in gone.items():
            places[same(trace)].append(place)
        for place, trace in list(new.items()):
            if places[same(trace)]:
                match(place, places[same(trace)].popleft())
    is_moved = any(one > other for one, other in pairwise(was[place] for place in sorted(was)))
    for _likeness, _is_there, old, place in sorted(_likened(gone, new), reverse=True):
        if old in gone and place in new:
            match(place, old)
    return was, is_moved


def _likened(gone, new) -> Iterator[tuple[int, bool, int, int]]:
    """How many cells are the same, of rows of which most are or that stand in the same place."""
    if len(gone) * len(new) > MOST_LIKENED:
        yield from ((0, True, place, place) for place in gone.keys() & new.keys())
        return
    letters = {place: cell_values.letters_of(trace) for place, trace in new.items()}
    for old, trace in gone.items():
        before = cell_values.letters_of(trace)
        for place, cells in letters.items():
            same = sum(one == other != NO_CELL for one, other in zip(before, cells, strict=False))
            filled = max(sum(cell != NO_CELL for cell in each) for each in (before, cells))
            if old == place or 2 * same > filled:
                yield same, old == place, old, place


def _digest(trace: str) -> str:
    return trace[:DIGEST_LETTERS]


def _changed(sheet, number, row, before, headings=()) -> list[Changed]:
    """The cells of a row that are not as they were; where the letters do not tell, the row."""
    now = cell_values.trace(row)
    if now == before:
        return []
    told = row.decode().split(BETWEEN)
    letters = zip_longest(cell_values.letters_of(now), cell_values.letters_of(before), fillvalue=NO_CELL)
    places = [place for place, (one, other) in enumerate(letters) if one != other]
    return [
        Changed(
            sheet,
            f"{get_column_letter(place + 1)}{number}",
            headings[place] if place < len(headings) else "",
            words(told[place]) if place < len(told) else "",
        )
        for place in places
    ] or [Changed(sheet, str(number), "", _row_words(row))]


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
    if documents.takes_long(job):
        return None
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
