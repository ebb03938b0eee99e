"""From a clean clone with an empty package cache, as a person types it. Needs the network."""

import os
import signal
import subprocess
import time

import pytest

from tests.processes import START, Portal

pytestmark = [pytest.mark.prove, pytest.mark.own_database, pytest.mark.feature("M5")]
PARTS = {"database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"}
ELSEWHERE = ("DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE")


@pytest.fixture
def clone(tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", START.parents[1], clone], check=True)
    portal = Portal(tmp_path, PIP_NO_CACHE_DIR="1", UV_NO_CACHE="1")
    for name in (*ELSEWHERE, "SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY"):
        portal.environment.pop(name, None)
    portal.make = lambda: portal.start(["make", "run"], cwd=clone, start_new_session=True)
    portal.code = clone
    yield portal
    portal.clean_up()


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "Ctrl-C"])
def test_make_run_twice_then_an_end(clone, ending, record_property):
    started = time.monotonic()
    clone.make()
    assert clone.comes_up(), clone.said()
    record_property("first start, seconds", round(time.monotonic() - started))
    assert {name: clone.get("/healthz")[1][name] for name in PARTS} == PARTS
    end(clone, ending)

    started = time.monotonic()
    clone.make()
    assert clone.comes_up(), clone.said()
    record_property("second start, seconds", round(time.monotonic() - started))
    assert "Đang cài" not in clone.said()
    end(clone, ending)

    changed = ["git", "-C", clone.code, "status", "--porcelain"]
    assert subprocess.run(changed, capture_output=True, text=True, check=True).stdout == ""


def end(portal, ending):
    """Ctrl-C reaches every process of the terminal; a signal to make reaches make."""
    if ending == "Ctrl-C":
        os.killpg(portal.launcher.pid, signal.SIGINT)
    else:
        portal.launcher.send_signal(getattr(signal, ending))
    portal.launcher.wait(60)
    assert portal.processes() == {}
    assert not (portal.folder / "data" / "run").exists()
