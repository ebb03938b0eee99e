"""When a person may be written to, and how often. Pure; the figures are settings."""

import datetime

from django.conf import settings

from vietnamese import dates


def is_quiet(now: datetime.datetime) -> bool:
    """Whether people sleep: from the first of QUIET_HOURS to the second, over midnight."""
    begins, ends = settings.QUIET_HOURS
    hour = _hour(now)
    return begins <= hour or hour < ends if begins > ends else begins <= hour < ends


def tomorrow(now: datetime.datetime) -> datetime.datetime:
    """When people may be written to on the next day."""
    begins, ends = settings.QUIET_HOURS
    return dates.day_ends(dates.local_day(now)) + datetime.timedelta(hours=ends if begins > ends else 0)


def today_began(now: datetime.datetime) -> datetime.datetime:
    return dates.day_begins(dates.local_day(now))


def _hour(now):
    return (now - today_began(now)).seconds // 3600
