"""Real processes: a worker takes a task from its broker, over a folder and over Redis."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
from kombu import Connection

from tests import with_servers
from tests.processes import own_database, wait_until

PATIENCE = 120  # seconds for a worker to start and do its work on a busy machine
MESSAGES = 500
PUBLISH = (
    "import django; django.setup(); from assessments.tasks import lock_confirmation as t; print(t.delay().id)"
)
STATE = """
import django
django.setup()
from assessments.models import Window
from portal import signs
closed = Window.objects.filter(step="confirmation", level="citizen", closed_at__isnull=False)
print(signs.seen(signs.WORKER), closed.count())
"""


@contextlib.contextmanager
def redis():
    """The Redis of this run, else one of the test's own."""
    if os.environ.get("REDIS_URL"):
        yield os.environ["REDIS_URL"]
        return
    if not shutil.which("redis-server"):
        reason = "no redis-server found: apt-get install -y redis-server"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with with_servers.redis() as address:
        yield address


@pytest.fixture(params=["folder", "redis"])
def portal(request, tmp_path):
    """Run a program of the portal on a database and broker of the test's own."""
    with contextlib.ExitStack() as stack:
        own = {
            "DATA_DIR": str(tmp_path),
            "REDIS_URL": stack.enter_context(redis()) if request.param == "redis" else "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        own |= stack.enter_context(own_database())

        def run(*arguments):
            return subprocess.run(
                [sys.executable, *arguments],
                env=os.environ | own,
                capture_output=True,
                text=True,
                check=True,
            ).stdout

        run("manage.py", "migrate", "-v0")
        run.pool = "solo" if request.param == "folder" else "prefork"
        run.environment = os.environ | own
        yield run


@pytest.fixture
def worker(portal, tmp_path):
    """Start a worker; its log grows in the file that is returned."""
    started = []

    def start():
        log = tmp_path / "worker.log"
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-l", "INFO", "-P", portal.pool]
        with log.open("w") as output:
            started.append(
                subprocess.Popen([*command, "-c", "1"], env=portal.environment, stdout=output, stderr=output)
            )
        return log

    yield start
    for process in started:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def state(portal):
    """Whether a worker gives signs of life, and how many confirmations are recorded as closed."""
    seen, closed = portal("-c", STATE).split()
    return seen == "True", int(closed)


def test_a_worker_takes_a_task_from_its_broker(portal, worker):
    log = worker()
    assert wait_until(lambda: state(portal)[0], PATIENCE), log.read_text()
    portal("manage.py", "open_campaign", "2024")

    task = portal("-c", PUBLISH).strip()

    assert wait_until(lambda: f"{task}] succeeded" in log.read_text(), 60), log.read_text()
    assert state(portal) == (True, 1)


def test_a_worker_that_starts_records_what_closed_while_none_ran(portal, worker):
    portal("manage.py", "open_campaign", "2024")
    assert state(portal) == (False, 0)

    log = worker()

    assert wait_until(lambda: state(portal)[1] == 1, PATIENCE), log.read_text()


def test_no_message_is_taken_half_written_from_a_folder(tmp_path):
    folders = {name: str(tmp_path / name) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    folders["data_folder_in"] = folders["data_folder_out"]
    for folder in folders.values():
        Path(folder).mkdir(exist_ok=True)
    opened = {"transport": "config.broker:Transport", "transport_options": folders}
    # Kombu remembers for the whole process which queues are bound, whatever the folder: this one must be new.
    queue_name = f"half-written-{uuid.uuid4()}"
    text = "x" * 20_000
    taken, is_ready = [], threading.Event()

    def take():
        with Connection("filesystem://", **opened) as broker:
            queue = broker.SimpleQueue(queue_name)
            is_ready.set()  # what is sent before a queue is there goes nowhere
            while len(taken) < MESSAGES:
                with contextlib.suppress(queue.Empty):
                    taken.append(queue.get_nowait().payload["number"])

    taker = threading.Thread(target=take, daemon=True)
    taker.start()
    assert is_ready.wait(30)
    with Connection("filesystem://", **opened) as broker:
        queue = broker.SimpleQueue(queue_name)
        for number in range(MESSAGES):
            queue.put({"number": number, "text": text})
    taker.join(30)

    assert sorted(taken) == list(range(MESSAGES))
