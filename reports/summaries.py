"""The table of figures: what each column measures, on the page and in the file."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reports import excel, filters
from reports.figures import PARTS, Counts, Figure, Line, Rate, Summary
from vietnamese import numbers

RECORDS, PEOPLE = "reports:list", "reports:people"


@dataclass(frozen=True)
class Measure:
    """A column: what it reads of the counts. A number names the list of its rows, a rate has none."""

    heading: str
    read: Callable[[Counts], int | Rate]
    rows: str = ""
    figure: Figure | None = None

    @property
    def is_rate(self):
        return not self.rows

    def url(self, about, **query):
        return about.url(self.rows, **query, **({filters.FIGURE: self.figure.value} if self.figure else {}))


def _count(figure):
    return Measure(figure.label, lambda counts: counts.of(figure), RECORDS, figure)


IN_LIST = Measure(_("Tổng số người"), lambda counts: counts.people, PEOPLE)
RATES = [
    Measure(_("Tỷ lệ đăng ký, trên tổng số"), lambda counts: counts.rate_of_people(Figure.REGISTERED)),
    Measure(_("Tỷ lệ đạt, trên tổng số"), lambda counts: counts.rate_of_people(Figure.ACHIEVED)),
    Measure(_("Tỷ lệ đạt, trên đã đăng ký"), lambda counts: counts.rate_of_registered(Figure.ACHIEVED)),
]
IN_FILE = [IN_LIST, *map(_count, Figure), *RATES]
# What a screen has room for; the other parts of the registered ones stand in a table of their own.
ON_PAGE = [
    IN_LIST,
    _count(Figure.REGISTERED),
    _count(Figure.SENT),
    _count(Figure.CONFIRMED),
    _count(Figure.ACHIEVED),
    _count(Figure.NOT_ACHIEVED),
    _count(Figure.UNCONFIRMED),
    *RATES,
]
# Of a past day: who was in the list then is not kept, and the lists behind the numbers are of today.
AS_AT = [*map(_count, Figure), RATES[-1]]
TILES = [_count(Figure.REGISTERED), _count(Figure.SENT), _count(Figure.CONFIRMED), _count(Figure.ACHIEVED)]

MEANINGS = {
    Figure.REGISTERED: _("mọi hồ sơ của năm, tính ở nơi của hồ sơ lúc đăng ký hoặc gửi"),
    Figure.SENT: _("đã gửi ít nhất một lần, kể cả khi bị trả lại"),
    Figure.CONFIRMED: _("ban đã chấm: đạt hoặc không đạt"),
    Figure.ACHIEVED: _("ban đã xác nhận, đủ điểm hoặc đủ tiêu chí"),
    Figure.NOT_ACHIEVED: _("ban đã xác nhận, chưa đủ điểm hoặc chưa đủ tiêu chí"),
    Figure.UNCONFIRMED: _("đã gửi, hết hạn mà chưa được xác nhận; không phải là không đạt"),
    Figure.WAITING: _("đã gửi, ban chưa chấm, chưa hết hạn xác nhận"),
    Figure.RETURNED: _("ban trả lại để sửa, chưa gửi lại"),
    Figure.NOT_SENT: _("đã đăng ký, chưa gửi lần nào"),
}
MEANING_OF_PEOPLE = _("người trong danh sách của cổng hiện nay, tính ở nơi hiện nay")


# --- On the page ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A number with the address of exactly its rows (none for nought), or a rate."""

    heading: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    url: str
    cells: list[Cell]
    note: str = ""


def cell(measure, counts, about, **query) -> Cell:
    value = measure.read(counts)
    if isinstance(value, Rate):
        return Cell(measure.heading, str(value))
    return Cell(measure.heading, numbers.format_integer(value), measure.url(about, **query) if value else "")


def note(counts: Counts) -> str:
    """Why there is no share of the people."""
    return _("có người chuyển nơi") if counts.some_moved else ""


def unit_row(line: Line, about) -> Row:
    unit = line.about
    goes_down = unit != about.organization and about.organization.contains(unit)
    query = {filters.UNIT: unit.code}
    return Row(
        line.name,
        about.url("reports:summary", unit) if goes_down else "",
        [cell(measure, line.counts, about, **query) for measure in ON_PAGE],
        note(line.counts),
    )


def group_row(line: Line, about) -> Row:
    query = {filters.GROUP: line.about}
    cells = [cell(measure, line.counts, about, **query) for measure in ON_PAGE]
    return Row(line.name, "", cells, note(line.counts))


def as_at_row(line: Line) -> Row:
    """Of a past day: the numbers alone."""
    values = [(measure.heading, measure.read(line.counts)) for measure in AS_AT]
    cells = [
        Cell(heading, str(value) if isinstance(value, Rate) else numbers.format_integer(value))
        for heading, value in values
    ]
    return Row(line.name, "", cells)


def on_page(counted: Summary, about) -> dict:
    """All that the page shows, but for the table by unit, which is paged."""
    total = counted.total
    return {
        "people": cell(IN_LIST, total, about),
        "registered": cell(_count(Figure.REGISTERED), total, about),
        "tiles": tiles(total, about),
        "parts": parts(total, about),
        "groups": [group_row(line, about) for line in counted.groups],
        "total": Row(
            about.whole,
            "",
            [cell(measure, total, about) for measure in ON_PAGE],
            note(total),
        ),
    }


def tiles(total: Counts, about) -> list[dict]:
    return [
        {
            "cell": cell(measure, total, about),
            "rate_of_people": total.rate_of_people(measure.figure),
            "rate_of_registered": total.rate_of_registered(measure.figure)
            if measure.figure != Figure.REGISTERED
            else None,
        }
        for measure in TILES
    ]


def parts(total: Counts, about) -> list[dict]:
    """The six that add up to the registered ones, each with what the word means."""
    return [
        {
            "cell": cell(_count(figure), total, about),
            "meaning": MEANINGS[figure],
            "rate": total.rate_of_registered(figure),
        }
        for figure in PARTS
    ]


# --- In the file ----------------------------------------------------------------------------------


def columns(measures=IN_FILE) -> list[excel.Column]:
    """A row is a figures.Line."""
    return [
        excel.Column(str(_("STT")), None, 6),
        excel.Column(str(_("Đơn vị, nhóm")), lambda line: line.name, 34),
        *(excel.Column(str(measure.heading), _reader(measure), 11) for measure in measures),
        excel.Column(str(_("Ghi chú")), lambda line: str(note(line.counts)), 14),
    ]


def _reader(measure):
    if measure.is_rate:
        return lambda line: excel.Share(measure.read(line.counts).share)
    return lambda line: measure.read(line.counts)


def meanings() -> list[tuple[str, str]]:
    """What each word of the table means, for the sheet on the file."""
    sum_of_parts = " + ".join(str(figure.label) for figure in PARTS)
    return [
        (str(IN_LIST.heading), str(MEANING_OF_PEOPLE)),
        *((str(figure.label), str(MEANINGS[figure])) for figure in Figure),
        (str(_("Cách cộng")), f"{Figure.REGISTERED.label} = {sum_of_parts}"),
    ]
