"""Real processes: a worker takes a task from its broker, over a folder and over Redis."""

import contextlib
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
from kombu import Connection

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


@pytest.fixture
def portal(tmp_path):
    """Run a program of the portal on a database of its own and the broker of this run: a folder, or Redis."""
    broker = os.environ.get("REDIS_URL", "")
    with own_database() as database:
        own = {"DATA_DIR": str(tmp_path), "REDIS_URL": broker, "DJANGO_SETTINGS_MODULE": "config.settings"}

        def run(*arguments):
            return subprocess.run(
                [sys.executable, *arguments],
                env=os.environ | own | database,
                capture_output=True,
                text=True,
                check=True,
            ).stdout

        run("manage.py", "migrate", "-v0")
        run.pool = "prefork" if broker else "solo"
        run.environment = os.environ | own | database
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


@pytest.mark.own_database
def test_a_worker_records_what_closed_while_none_ran_and_takes_a_task_from_its_broker(portal, worker):
    portal("manage.py", "open_campaign", "2024")
    assert state(portal) == (False, 0)

    log = worker()
    assert wait_until(lambda: state(portal) == (True, 1), PATIENCE), log.read_text()

    task = portal("-c", PUBLISH).strip()
    assert wait_until(lambda: f"{task}] succeeded" in log.read_text(), 60), log.read_text()


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
