"""Who looked at whose data: a row for each page or file that showed it to another person.

A view notes what it shows; the row is written once the answer is made, so that nobody waits for it, and in a
transaction of its own. Where the database is held by another at that moment, a worker writes it.
"""

import logging
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from audit import clock
from audit.models import ListedPerson, Look, Sight

log = logging.getLogger(__name__)
CHUNK = 1000
AT_ONCE = 0.2  # seconds a page waits for SQLite's only writer before it leaves the row to a worker


@dataclass(frozen=True)
class Noted:
    """A look to be, in plain ids. `once_in` keeps a picture of a page just looked at from counting again."""

    at: datetime
    viewer: int | None
    sight: str
    page: str
    organization: int | None = None
    subject: int | None = None
    record: int | None = None
    place: int | None = None
    code: str = ""
    listed: tuple[int, ...] = ()
    once_in: timedelta | None = None


def viewer_of(request):
    """Who looks, also where it is with another's eyes."""
    return getattr(request, "looker", None) or request.user


def note(request, sight, **what) -> None:
    """Say that the answer to this request shows somebody's data; `what` are the other fields of Noted."""
    noted = Noted(
        at=clock.now(),
        viewer=viewer_of(request).pk,
        sight=sight,
        page=request.resolver_match.view_name,
        **what,
    )
    request.looks = [*getattr(request, "looks", []), noted]


def by_operator(sight, command, **what) -> Noted:
    """What a command shows to whoever runs the server."""
    return Noted(at=clock.now(), viewer=None, sight=sight, page=command, **what)


def remember(get_response):
    """Middleware: write down what the answer shows, where it was given."""

    def answer(request):
        response = get_response(request)
        if request.method != "HEAD" and response.status_code < 300:
            for noted in getattr(request, "looks", []):
                _write_soon(noted)
        return response

    return answer


def _write_soon(noted):
    try:
        with _short_of_patience():
            write(noted)
    except DatabaseError as error:
        log.info("a look is left to a worker: %s", error)
        _leave_to_worker(noted)


def _leave_to_worker(noted):
    told = asdict(replace(noted, once_in=None)) | {"at": noted.at.isoformat()}
    try:
        current_app.send_task("audit.tasks.write_look", [told])
    except Exception:  # whatever the transport raises: the page is made and must be given
        log.exception("a look was not written down: %s", noted)


def write_told(told: dict) -> None:
    """Write a look that came as a message."""
    write(Noted(**told | {"at": datetime.fromisoformat(told["at"]), "listed": tuple(told["listed"])}))


@transaction.atomic
def write(noted: Noted) -> None:
    if noted.once_in and _seen_lately(noted):
        return
    told = asdict(noted)
    listed = told.pop("listed")
    del told["once_in"]
    look = Look.objects.create(**told)
    ListedPerson.objects.bulk_create(ListedPerson(look=look, subject=subject) for subject in listed)


def _seen_lately(noted):
    return (
        Look.objects.at_record(noted.record)
        .filter(viewer=noted.viewer, at__gt=noted.at - noted.once_in)
        .exists()
    )


@contextmanager
def _short_of_patience():
    """On SQLite, wait at most AT_ONCE for the only writer; on PostgreSQL an insert waits for nobody."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
    _wait_for_writer(AT_ONCE)
    try:
        yield
    finally:
        _wait_for_writer(usual)


def _wait_for_writer(seconds):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def forget_old(now) -> int:
    """Remove what is older than LOOKS_KEPT_DAYS, chunk by chunk; return how many.

    From the first row on, and no further than the first that is young enough: of the few that a worker
    wrote late, some stay a night longer.
    """
    forgotten, limit = 0, now - timedelta(days=settings.LOOKS_KEPT_DAYS)
    while True:
        first = list(Look.objects.order_by("pk").values_list("pk", "at")[:CHUNK])
        old = [pk for pk, at in first if at < limit]
        with transaction.atomic():
            ListedPerson.objects.filter(look__in=old).delete()
            Look.objects.filter(pk__in=old).delete()
        forgotten += len(old)
        if not old or len(old) < len(first):
            return forgotten


def first_by_others(record: int, *, since: datetime, organization: int | None = None) -> Look | None:
    """The first look at a record by somebody else from a moment on; with an organization, by who acts for it.

    Everybody who looks at a record of another's is written down, so these are others' by themselves.
    """
    looks = Look.objects.at_record(record).filter(at__gte=since, sight__in=[Sight.RECORD, Sight.FILE])
    if organization is not None:
        looks = looks.filter(organization=organization)
    return looks.order_by("at", "pk").first()
