"""The only source of time in the project, and what is in force at it."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

_moved_to: ContextVar[datetime.timedelta | None] = ContextVar("moved_to", default=None)


def now() -> datetime.datetime:
    """The moment, aware, in UTC: the real one moved by PORTAL_NOW, or as set_to says."""
    moved = _moved_to.get()
    return timezone.now() + (settings.CLOCK_OFFSET if moved is None else moved)


@contextmanager
def set_to(moment: datetime.datetime) -> Iterator[None]:
    """Let it be that moment here, in this thread alone; the clock goes on from there."""
    token = _moved_to.set(moment - timezone.now())
    try:
        yield
    finally:
        _moved_to.reset(token)


def today() -> datetime.date:
    """The portal's day in Vietnam."""
    return timezone.localdate(now())


def yesterday() -> datetime.date:
    return today() - datetime.timedelta(days=1)


def in_force(on: datetime.date | None = None, at: str = "") -> Q:
    """The rows valid on a day, by default today; `at` leads to where they stand: "appointments__"."""
    on = on or today()
    has_not_ended = Q(**{f"{at}valid_to": None}) | Q(**{f"{at}valid_to__gte": on})
    return has_not_ended & Q(**{f"{at}valid_from__lte": on})


def end(rows: QuerySet) -> bool:
    """End dated rows with yesterday; what began today has never been, and goes. Whether there were any."""
    gone, _by_model = rows.filter(valid_from__gt=yesterday()).delete()
    return bool(rows.update(valid_to=yesterday()) or gone)
