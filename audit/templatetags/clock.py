"""What a template asks the portal's clock."""

import datetime

from django import template

from audit import clock
from vietnamese import dates

register = template.Library()


@register.filter
def left(closes_at: datetime.datetime | None) -> str:
    """còn 9 ngày."""
    return dates.left_words(closes_at, clock.now()) if closes_at else ""
