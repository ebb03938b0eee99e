"""Celery: the app, and the signs of life that /healthz reads."""

import logging
import os
import threading

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config", task_cls="rehearsal.in_place:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

logger = logging.getLogger(__name__)
_stopped = threading.Event()


def _sign(process):
    """Say that this process lives. A database that is locked or away must not take the process with it."""
    from portal import signs  # the apps are ready only once Celery has set Django up

    try:
        signs.give(process)
    except Exception as error:
        logger.warning("No sign of life from %s: %s", process, error)


def _keep_signing():
    from portal import signs, watch

    watch.look_safely()
    while not _stopped.is_set():
        _sign(signs.WORKER)
        _stopped.wait(signs.INTERVAL.total_seconds())


@worker_ready.connect
def start_signing(**kwargs):
    """Sign from a thread: a worker whose only process is busy with a long task still counts as alive."""
    _stopped.clear()
    threading.Thread(target=_keep_signing, name="signs-of-life", daemon=True).start()


@worker_shutdown.connect
def stop_signing(**kwargs):
    _stopped.set()


@worker_ready.connect
def record_closings_missed(**kwargs):
    """Whatever closed while no worker ran is recorded now; beat's first start would not catch it up."""
    try:
        app.send_task("assessments.tasks.lock_confirmation")
    except Exception as error:
        logger.warning("The closing could not be sent, beat sends it within a minute: %s", error)


class WatchedScheduler(PersistentScheduler):
    """Beat, with a sign of life from its own loop: a beat that hangs gives none."""

    def setup_schedule(self):
        from portal import watch

        watch.look_safely()  # before beat's own first sign ends its silence
        super().setup_schedule()

    def tick(self, *args, **kwargs):
        from portal import signs

        if signs.due(signs.BEAT):
            _sign(signs.BEAT)
        return super().tick(*args, **kwargs)
