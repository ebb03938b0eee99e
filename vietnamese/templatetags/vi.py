"""Vietnamese numbers, days and deadlines in templates; the rules are in the modules beside."""

import datetime
from decimal import Decimal

from django import template

from vietnamese import dates, numbers
from vietnamese import phone as telephone

register = template.Library()


@register.filter
def number(value: float | Decimal | None) -> str:
    """1.234.567, 7 or 7,5; a dash for nothing."""
    return numbers.NOTHING if value is None or value == "" else numbers.format_decimal(value)


@register.filter
def size(value: int | None) -> str:
    """340 KB or 1,2 MB, of a file."""
    return numbers.file_size(value or 0)


@register.filter
def percent(part: int | Decimal | None, whole: int | Decimal | None) -> str:
    """{{ achieved|percent:registered }}."""
    return numbers.percent(part or 0, whole or 0)


@register.filter
def day(value: datetime.date | None) -> str:
    """22/12/2026, of a moment the day it is in Vietnam."""
    if not value:
        return ""
    return dates.day_words(dates.local_day(value) if isinstance(value, datetime.datetime) else value)


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """14:05, 22/12/2026."""
    return dates.moment_words(value) if value else ""


@register.filter
def until(closes_at: datetime.datetime | None) -> str:
    """hết ngày 31/12/2026 (thứ Năm)."""
    return dates.until_words(closes_at) if closes_at else ""


@register.filter
def phone(value: str | None) -> str:
    """0912 345 678."""
    return telephone.display(value or "")
