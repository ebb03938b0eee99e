"""The only source of time in the project, and what is in force at it."""

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone


def now() -> datetime.datetime:
    """The portal's moment, aware, in UTC: the real one moved by PORTAL_NOW."""
    return timezone.now() + settings.CLOCK_OFFSET


def today() -> datetime.date:
    """The portal's day in Vietnam."""
    return timezone.localdate(now())


def in_force(on: datetime.date | None = None, at: str = "") -> Q:
    """The rows valid on a day, by default today; `at` leads to where they stand: "appointments__"."""
    on = on or today()
    has_not_ended = Q(**{f"{at}valid_to": None}) | Q(**{f"{at}valid_to__gte": on})
    return has_not_ended & Q(**{f"{at}valid_from__lte": on})
