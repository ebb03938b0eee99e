"""The open data of a year: worked out once, some months after its end, and never changed."""

import csv
import datetime
import io

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.models import Assessment, Campaign
from audit import events
from criteria.models import Group, Level
from organizations.models import Organization
from reports.figures import CONDITIONS, Figure
from reports.models import OpenTables
from reports.moments import one_moment
from reports.open_data import suppression
from vietnamese import dates

PUBLISHED_ON = (3, 1)  # of the year after: extensions and contests are over
PROVINCES, GROUPS = "tinh", "nhom"
SHOWN = ["achieved", "not_achieved", "rest"]
COLUMNS = ["nam", "bang", "ma", "ten", "dat", "khong_dat", "con_lai", "dang_ky"]


def due(now) -> list[Campaign]:
    """The years that are to be published and were not."""
    today = dates.local_day(now)
    years = Campaign.objects.filter(open_tables=None)
    return [each for each in years if datetime.date(each.year + 1, *PUBLISHED_ON) <= today]


def publish(campaign: Campaign, now) -> OpenTables:
    """Published twice, it is the same row."""
    groups = {str(key): str(words) for key, words in Group.choices}
    with one_moment():
        counted = {
            PROVINCES: _counted(campaign, Coalesce("province__code", "board__code"), _provinces()),
            GROUPS: _counted(campaign, F("criteria_set__group"), groups),
        }
    tables: dict[str, list[list]] = {name: [] for name in counted}
    if all(rows for rows, _parts in counted.values()):
        hides = suppression.hidden_together([parts for _rows, parts in counted.values()])
        for (name, (rows, parts)), hide in zip(counted.items(), hides, strict=True):
            tables[name] = _shown(rows, parts, hide)
    row, is_new = OpenTables.objects.get_or_create(
        campaign=campaign, defaults={"tables": tables, "k": suppression.K, "published_at": now}
    )
    if is_new:
        events.record("publish_open_data", row, at=now, new=str(campaign.year))
    return row


def _provinces():
    """Code and name of everything directly below the centre, now or then."""
    below = Organization.objects.filter(parent__kind="centre").order_by("code")
    return dict(below.values_list("code", "full_name"))


def _counted(campaign, key, names) -> tuple[list[tuple[str, str]], list[list[int]]]:
    """The rows there are, with code and name, and the three parts of each."""
    cells = (
        Assessment.objects.filter(campaign=campaign, level=Level.CITIZEN)
        .order_by()
        .annotate(key=key)
        .values("key")
        .annotate(
            achieved=Count("pk", filter=CONDITIONS[Figure.ACHIEVED]),
            not_achieved=Count("pk", filter=CONDITIONS[Figure.NOT_ACHIEVED]),
            registered=Count("pk"),
        )
    )
    counted = {cell["key"]: cell for cell in cells}
    rows = [(code, name) for code, name in names.items() if code in counted]
    rows += [(code, _("Khác")) for code in sorted(counted.keys() - names.keys())]
    parts = [
        [cell["achieved"], cell["not_achieved"], cell["registered"] - cell["achieved"] - cell["not_achieved"]]
        for cell in (counted[code] for code, _name in rows)
    ]
    return rows, parts


def _shown(rows, parts, hide) -> list[list]:
    """Code, name, the three parts and their sum; None for what is hidden. The last row is the nation."""
    shown = [
        [None if (place, column) in hide else count for column, count in enumerate(line)]
        for place, line in enumerate(suppression.with_sums(parts))
    ]
    heads = [*rows, ("", _("Cả nước"))]
    return [[code, name, *line] for (code, name), line in zip(heads, shown, strict=True)]


def as_csv(row: OpenTables) -> str:
    """All tables of a year; an empty cell is a hidden one. Excel knows the letters by the first mark."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for name, lines in row.tables.items():
        writer.writerows([row.campaign.year, name, *line] for line in lines)
    return "\ufeff" + file.getvalue()


def dictionary() -> list[tuple[str, str]]:
    """Column → what it means."""
    return [
        ("nam", _("Năm của danh hiệu công dân học tập.")),
        ("bang", _("tinh: theo tỉnh, thành phố. nhom: theo bốn nhóm của Quyết định 324.")),
        ("ma", _("Mã đơn vị hành chính, hoặc nhóm. Trống ở dòng cả nước.")),
        ("ten", _("Tên của dòng.")),
        ("dat", _("Số hồ sơ ban đã xác nhận đạt.")),
        ("khong_dat", _("Số hồ sơ ban đã xác nhận không đạt.")),
        ("con_lai", _("Số hồ sơ đã đăng ký mà ban chưa xác nhận, kể cả chưa gửi.")),
        ("dang_ky", _("Tổng của ba cột trước.")),
        (
            _("ô trống"),
            _("Số từ 1 đến %(most)d người, hoặc số mà từ nó suy ra được một số như thế. Số 0 vẫn ghi.")
            % {"most": suppression.K - 1},
        ),
    ]


def dictionary_csv() -> str:
    file = io.StringIO()
    csv.writer(file).writerows([("cot", "nghia"), *dictionary()])
    return "\ufeff" + file.getvalue()
