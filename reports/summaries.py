"""The table of figures: what each column measures, on the page and in the file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from criteria.models import Level
from organizations import oversight
from organizations.boards import ASSOCIATIONS
from reports import charts, excel, filters
from reports.figures import PARTS, Counts, Figure, Line, Rate, Summary
from vietnamese import numbers

RECORDS, PEOPLE, THOSE = "reports:list", "reports:people", "reports:subjects"
THEN = "reports:list_as_at"


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
SUBJECTS = Measure(_("Có thể xét"), lambda counts: counts.people, THOSE)
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
    _count(Figure.RECOGNISED),
    _count(Figure.UNCONFIRMED),
    *RATES,
]
# Of a past day: who was in the list then is not kept.
AS_AT = [*(replace(_count(figure), rows=THEN) for figure in Figure), RATES[-1]]
TILES = [_count(Figure.REGISTERED), _count(Figure.SENT), _count(Figure.CONFIRMED), _count(Figure.ACHIEVED)]

MEANINGS = {
    Figure.REGISTERED: _("mọi hồ sơ của năm, tính ở nơi của hồ sơ lúc đăng ký hoặc gửi"),
    Figure.SENT: _("đã gửi ít nhất một lần, kể cả khi bị trả lại"),
    Figure.CONFIRMED: _("ban đã chấm: đạt hoặc không đạt"),
    Figure.ACHIEVED: _("ban đã xác nhận, đủ điểm hoặc đủ tiêu chí"),
    Figure.NOT_ACHIEVED: _("ban đã xác nhận, chưa đủ điểm hoặc chưa đủ tiêu chí"),
    Figure.RECOGNISED: _("đã có quyết định công nhận danh hiệu; cũng tính trong số đạt"),
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


def row_of(line: Line, about, parameter) -> Row:
    """A row whose numbers lead to the lists narrowed by what it is about."""
    query = {parameter: line.about}
    cells = [cell(measure, line.counts, about, **query) for measure in ON_PAGE]
    return Row(line.name, "", cells, note(line.counts))


def level_row(line: Line, about) -> Row:
    """A title; in the place of people whoever may hold it."""
    if line.about == Level.CITIZEN:
        query, whole = {}, IN_LIST
    else:
        query, whole = {filters.LEVEL: line.about}, SUBJECTS
    cells = [cell(measure, line.counts, about, **query) for measure in (whole, *ON_PAGE[1:])]
    cells[0] = replace(cells[0], heading=SUBJECTS.heading)
    return Row(line.name, "", cells)


def as_at_row(line: Line, about, moment, **query) -> Row:
    """Of a past day: its numbers lead to the records as they stood then."""
    cells = [cell(measure, line.counts, about, **moment.query, **query) for measure in AS_AT]
    if not all(query.values()):  # what has no group, no choice of the list leads to
        cells = [replace(each, url="") for each in cells]
    return Row(line.name, "", cells)


def on_page(counted: Summary, about) -> dict:
    """All that the page shows, but for the table by unit, which is paged."""
    total = counted.total
    levels = [level_row(line, about) for line in counted.levels]
    return {
        "people": cell(IN_LIST, total, about),
        "registered": cell(_count(Figure.REGISTERED), total, about),
        "tiles": tiles(total, about),
        "parts": parts(total, about),
        "parts_chart": parts_chart(total),
        "groups": [row_of(line, about, filters.GROUP) for line in counted.groups],
        "populations": [row_of(line, about, filters.POPULATION) for line in counted.populations],
        "place_types": [row_of(line, about, filters.PLACE_TYPE) for line in counted.place_types],
        "levels": levels,
        "helped": counted.helped,
        "level_headings": [each.heading for each in levels[0].cells] if levels else [],
        "total": Row(
            about.whole,
            "",
            [cell(measure, total, about) for measure in ON_PAGE],
            note(total),
        ),
    }


def parts_chart(total: Counts):
    values = [
        charts.Value(str(figure.label), total.of(figure), numbers.format_integer(total.of(figure)))
        for figure in PARTS
    ]
    title = _("Biểu đồ: hồ sơ đang ở đâu; số liệu ở bảng ngay dưới")
    return charts.bars("parts", str(title), values, total.registered)


def units_chart(lines: list[Line]):
    """Which share of the registered ones achieved, by unit; the table with the numbers stands beside it."""
    values = []
    for line in lines:
        rate = line.counts.rate_of_registered(Figure.ACHIEVED)
        values.append(charts.Value(line.name, float(rate.share or 0), str(rate)))
    title = _("Biểu đồ: tỷ lệ đạt trên đã đăng ký, theo đơn vị; số liệu ở bảng ngay dưới")
    return charts.bars("units", str(title), values, 1) if len(values) > 1 else None


def lists_boards(about, user) -> bool:
    """Whether the list of boards is open to the user: to officers alone."""
    return about.organization.kind in ASSOCIATIONS and oversight.is_at_or_above(user, about.organization)


def risks(counted: Summary, about, lists_boards: bool) -> list[dict]:
    """Boards whose people will not all make it, by cause."""
    return [
        {
            "cause": risk.cause.label,
            "boards": numbers.format_integer(risk.boards),
            "people": numbers.format_integer(risk.people),
            "url": _boards_url(about, risk.cause) if lists_boards else "",
        }
        for risk in counted.risks
    ]


def _boards_url(about, cause):
    query = urlencode({"place": about.organization.code, "cause": cause.value})
    return f"{reverse('assessments:board_list')}?{query}"


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
