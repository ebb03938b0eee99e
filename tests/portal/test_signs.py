import socket
import threading

import pytest
from django.db import connection

from portal import signs
from portal.models import Heartbeat


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
