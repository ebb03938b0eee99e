"""What the checks of a sample found, by unit and by kind."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.draws import FEW
from assessments.models import Draw, FindingKind, Verdict
from organizations.models import Kind, Organization
from reports import figures
from reports.excel import Column, Share
from vietnamese import numbers


@dataclass(frozen=True)
class Row:
    """One unit of the draw's table, or all of them."""

    name: str
    unit: int | None
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
    rows = [
        Row(figures.unit_name(units[unit], draw.organization), unit, *counts) for unit, *counts in counted
    ]
    rows.sort(key=lambda row: (-row.found, row.name, row.unit))
    total = Row(
        _("Cộng"),
        None,
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


def columns() -> list[Column]:
    return [
        Column(_("STT"), None, 6),
        Column(_("Đơn vị"), lambda row: row.name, 40),
        Column(_("Số rút"), lambda row: row.drawn, 11),
        Column(_("Đã kiểm tra"), lambda row: row.checked, 11),
        Column(_("Có phát hiện"), lambda row: row.found, 11),
        Column(_("Tỷ lệ, trên đã kiểm tra"), lambda row: Share(numbers.share(row.found, row.checked)), 14),
        Column(_("Ghi chú"), lambda row: row.note, 24),
    ]
