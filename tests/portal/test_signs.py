import datetime
import socket
import threading
import time

import pytest
from django.db import OperationalError, connection

from audit import clock
from config import celery
from portal import signs
from portal.models import Heartbeat
from tests.processes import wait_until


@pytest.mark.django_db
def test_each_host_has_one_sign_of_a_process():
    signs.give(signs.WORKER)
    first = Heartbeat.objects.get().at
    signs.give(signs.WORKER)

    sign = Heartbeat.objects.get()
    assert (sign.process, sign.host) == ("worker", socket.gethostname())
    assert sign.at > first


@pytest.mark.django_db
def test_a_sign_is_due_an_interval_after_the_last(monkeypatch):
    monkeypatch.setattr(signs, "_given", {})
    assert signs.due(signs.BEAT)

    signs.give(signs.BEAT)

    assert not signs.due(signs.BEAT)
    assert signs.due(signs.WORKER)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory is never closed")
@pytest.mark.django_db(transaction=True)
def test_the_thread_that_gives_a_sign_keeps_no_connection():
    kept = []

    def give():
        signs.give(signs.WORKER)
        kept.append(connection.connection)

    thread = threading.Thread(target=give)
    thread.start()
    thread.join()

    assert kept == [None]
    assert signs.seen(signs.WORKER)


@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_busy_with_one_task_still_signs(monkeypatch):
    monkeypatch.setattr(signs, "INTERVAL", datetime.timedelta(seconds=0.1))
    celery.start_signing()
    assert wait_until(Heartbeat.objects.exists, 10)

    busy_from, ends = clock.now(), time.monotonic() + 2
    while time.monotonic() < ends:
        pass  # as a worker whose only process computes

    celery.stop_signing()
    next(thread for thread in threading.enumerate() if thread.name == "signs-of-life").join(10)
    assert Heartbeat.objects.get().at > busy_from


@pytest.mark.django_db
def test_a_database_that_refuses_a_sign_does_not_take_the_process_along(caplog):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("database is locked")

    with connection.execute_wrapper(refuse):
        celery._sign(signs.BEAT)

    assert "No sign of life from beat: database is locked" in caplog.text
