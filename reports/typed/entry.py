"""Typing a commune's figures of a year: saved, delivered, given back. Each leaves an event."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments.models import Campaign
from audit import clock, events
from organizations.models import Kind, Organization
from reports.typed import checks
from reports.typed.models import FIGURES, INCOME, SPENDING, TypedFigures
from vietnamese import numbers


class Refused(Exception):
    """It cannot be saved now; the message says why."""


@dataclass(frozen=True)
class Year:
    """A commune in a year: what is typed, and what it is compared with."""

    commune: Organization
    campaign: Campaign

    @property
    def typed(self) -> TypedFigures | None:
        return self._of(self.campaign.year)

    @property
    def last(self) -> TypedFigures | None:
        return self._of(self.campaign.year - 1)

    def _of(self, year):
        return TypedFigures.objects.filter(organization=self.commune, campaign__year=year).first()

    def remarks(self, figures) -> list[checks.Remark]:
        last = self.last
        below = Organization.objects.in_force().filter(parent=self.commune)
        return checks.remarks(
            figures,
            figures_of(last) if last else None,
            counted={
                "villages": below.filter(kind=Kind.VILLAGE).count(),
                "units": below.filter(kind=Kind.UNIT).count(),
            },
            closing=closing_of(last) if last and last.is_delivered else None,
        )


def figures_of(typed) -> dict:
    return {name: getattr(typed, name) for name in FIGURES}


def closing_of(typed):
    """What the fund ends the year with."""
    income = sum(getattr(typed, name) or 0 for name in ["fund_opening", *INCOME])
    return income - sum(getattr(typed, name) or 0 for name in SPENDING)


def carried_over(last) -> dict:
    """Last year's figures as this year's first draft: the fund opens with what it had in the end."""
    return figures_of(last) | {"fund_opening": closing_of(last)}


@transaction.atomic
def save(year: Year, figures: dict, *, version: int, deliver: bool, checked: list[str], by) -> TypedFigures:
    """Save what was typed over the version it was read in; delivered figures are not typed over."""
    now = clock.now()
    values = figures | {
        "saved_at": now,
        "saved_by": by,
        "checked": checked,
        "delivered_at": now if deliver else None,
    }
    old = year.typed
    if old is None and version == 0:
        try:
            with transaction.atomic():
                typed = TypedFigures.objects.create(
                    organization=year.commune, campaign=year.campaign, **values
                )
        except IntegrityError as error:
            raise Refused(_changed_meanwhile()) from error
    else:
        saved = TypedFigures.objects.filter(
            organization=year.commune, campaign=year.campaign, version=version, delivered_at=None
        ).update(version=F("version") + 1, **values)
        if not saved:
            raise Refused(_why_not(old))
        typed = year.typed
    _record("deliver_figures" if deliver else "type_figures", typed, old, by, now)
    return typed


@transaction.atomic
def give_back(year: Year, *, reason: str, by) -> None:
    """Open delivered figures again, for the commune to put right."""
    now = clock.now()
    given = TypedFigures.objects.filter(
        organization=year.commune, campaign=year.campaign, delivered_at__isnull=False
    ).update(delivered_at=None, version=F("version") + 1)
    if not given:
        raise Refused(_("Số liệu này chưa nộp, hoặc đã được trả lại."))
    events.record(
        "give_figures_back", year.typed, by=by, at=now, organization=year.commune, private={"reason": reason}
    )


def _why_not(old):
    if old and old.is_delivered:
        return _("Số liệu năm này đã nộp, không sửa được nữa. Cần sửa thì báo hội cấp trên trả lại.")
    return _changed_meanwhile()


def _changed_meanwhile():
    return _("Số liệu đã được lưu ở nơi khác sau khi bạn mở trang này. Những gì bạn vừa gõ vẫn còn bên dưới.")


def _record(verb, typed, old, by, at):
    was = figures_of(old) if old else {}
    changed = [name for name in FIGURES if getattr(typed, name) != was.get(name)]
    events.record(
        verb,
        typed,
        by=by,
        at=at,
        organization=typed.organization,
        old=_words(was, changed),
        new=_words(figures_of(typed), changed),
    )


def _words(figures, names):
    told = [
        f"{name}={numbers.format_decimal(figures[name])}" for name in names if figures.get(name) is not None
    ]
    return " ".join(told)
