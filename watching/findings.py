"""What the checks of a sample found, by unit and by kind; and the same as a workbook."""

import io
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.draws import FEW
from assessments.models import Draw, FindingKind, Verdict
from audit import events
from organizations.models import Kind, Organization
from reports import excel, figures, letterhead
from vietnamese import numbers


@dataclass(frozen=True)
class Row:
    """One unit of the draw's table, or all of them."""

    name: str
    drawn: int = 0
    checked: int = 0
    found: int = 0

    @property
    def share(self) -> str:
        return numbers.percent(self.found, self.checked) if self.checked else ""

    @property
    def note(self) -> str:
        """A share of few says little, and the table says so."""
        if not self.checked:
            return _("chưa kiểm tra")
        return _("ít hồ sơ, chưa nói được gì") if self.checked < FEW else ""


def by_unit(draw: Draw) -> tuple[list[Row], Row]:
    """A row for each unit right below, those with most findings first; and the sum."""
    counted = list(
        draw.records.order_by()
        .values_list(_place(draw.organization))
        .annotate(
            drawn=Count("pk"),
            checked=Count("pk", filter=~Q(verdict="")),
            found=Count("pk", filter=Q(verdict=Verdict.FINDING)),
        )
    )
    units = Organization.objects.in_bulk([unit for unit, *_counts in counted])
    rows = [Row(figures.unit_name(units[unit], draw.organization), *counts) for unit, *counts in counted]
    rows.sort(key=lambda row: (-row.found, row.name))
    total = Row(
        _("Cộng"),
        sum(row.drawn for row in rows),
        sum(row.checked for row in rows),
        sum(row.found for row in rows),
    )
    return rows, total


def _place(organization):
    if organization.kind == Kind.CENTRE:
        return Coalesce("assessment__province", "assessment__board")
    if organization.kind == Kind.PROVINCE:
        return Coalesce("assessment__commune", "assessment__board")
    return "assessment__board"


def by_kind(draw: Draw) -> list[tuple[str, int]]:
    counted = dict(
        draw.records.filter(verdict=Verdict.FINDING).order_by().values_list("kind").annotate(Count("pk"))
    )
    return [(str(kind.label), counted[kind]) for kind in FindingKind if kind in counted]


def workbook(draw: Draw, *, by, at) -> io.BytesIO:
    """The table by unit as an official document; that it was made is told."""
    rows, total = by_unit(draw)
    organization = draw.organization
    document = excel.Document(
        sheet=_("Kết quả hậu kiểm"),
        letterhead=letterhead.of(organization, at),
        title=_("Kết quả hậu kiểm công dân học tập năm %(year)s") % {"year": draw.campaign.year},
        subtitles=[organization.full_name],
        columns=[
            excel.Column(_("STT"), None, 6),
            excel.Column(_("Đơn vị"), lambda row: row.name, 40),
            excel.Column(_("Số rút"), lambda row: row.drawn, 11),
            excel.Column(_("Đã kiểm tra"), lambda row: row.checked, 11),
            excel.Column(_("Có phát hiện"), lambda row: row.found, 11),
            excel.Column(
                _("Tỷ lệ, trên đã kiểm tra"),
                lambda row: excel.Share(numbers.share(row.found, row.checked)),
                14,
            ),
            excel.Column(_("Ghi chú"), lambda row: row.note, 24),
        ],
        parts=[excel.Part(rows, total=total)],
        about=[
            (_("Đợt hậu kiểm"), str(draw.pk)),
            (_("Số gieo"), draw.seed),
            (_("Dấu của danh sách"), draw.digest),
            (_("Người xuất"), str(by)),
        ],
        at=at,
    )
    file = io.BytesIO()
    written = excel.write(document, file)
    file.seek(0)
    told = _("%(rows)s dòng") % {"rows": numbers.format_integer(written.rows)}
    events.record("export", draw, by=by, at=at, organization=organization, old="findings", new=told)
    return file
