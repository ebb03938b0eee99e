"""Signs of life: worker and beat write when they were last seen, /healthz reads it."""

import datetime
import socket
import time

from django.db import connection

from audit import clock
from portal.models import Heartbeat

WORKER, BEAT = "worker", "beat"
INTERVAL = datetime.timedelta(seconds=5)
STALE_AFTER = datetime.timedelta(seconds=20)

_given = {}


def give(process):
    """Write the sign, and leave no connection behind in the thread that wrote it."""
    _given[process] = time.monotonic()
    try:
        Heartbeat.objects.update_or_create(
            process=process, host=socket.gethostname(), defaults={"at": clock.now()}
        )
    finally:
        if not connection.in_atomic_block:
            connection.close()


def due(process):
    """Whether this process last wrote its sign an interval ago."""
    last = _given.get(process)
    return last is None or time.monotonic() - last >= INTERVAL.total_seconds()


def seen(process):
    """Whether any host gave this sign lately. One from the future is a clock set back, no proof of life."""
    now = clock.now()
    return Heartbeat.objects.filter(
        process=process, at__gte=now - STALE_AFTER, at__lte=now + STALE_AFTER
    ).exists()
