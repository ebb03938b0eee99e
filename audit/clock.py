"""The only source of time in the project."""

import datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime.datetime:
    """The portal's moment, aware, in UTC: the real one moved by PORTAL_NOW."""
    return timezone.now() + settings.CLOCK_OFFSET


def today() -> datetime.date:
    """The portal's day in Vietnam."""
    return timezone.localdate(now())
