"""Help for tests that start processes of the portal: the launcher, a database of their own, and patience."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psycopg2

from tests.with_servers import free_port

START = Path(__file__).parents[1] / "deploy" / "start.py"
PATIENCE = 240  # seconds to load the demonstration and start, on a busy machine


@contextlib.contextmanager
def own_database():
    """What the environment must say for an empty database of the kind the other tests run on."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield {}
        return
    name = f"portal_{uuid.uuid4().hex}"
    tell(server, f"CREATE DATABASE {name}")
    try:
        yield {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
    finally:
        tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def tell(server, statement):
    with contextlib.closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def wait_until(answer, patience):
    """The first answer that is true within so many seconds, else the last one."""
    ends = time.monotonic() + patience
    while not (found := answer()) and time.monotonic() < ends:
        time.sleep(0.5)
    return found


def parent(number):
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    return None


class Portal:
    """One start of the portal by its launcher, and how it looks from outside."""

    def __init__(self, folder, **environment):
        self.folder, self.port = folder, free_port()
        self.environment = os.environ | {
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUTF8": "1",
            **environment,
        }
        self.output = folder / "output"

    def start(self, command=(sys.executable, START, "run"), **options):
        with self.output.open("w") as output:
            self.launcher = subprocess.Popen(
                command, env=self.environment, stdout=output, stderr=output, **options
            )

    def said(self):
        return self.output.read_text()

    def get(self, address):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", address)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def comes_up(self):
        """Whether all four parts are well in the end."""

        def up_or_gone():
            return self.health()[0] == 200 or self.launcher.poll() is not None

        return wait_until(up_or_gone, PATIENCE) and self.launcher.poll() is None

    def health(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/healthz")
        return None, {}

    def processes(self):
        """Command lines by process id, of all that run with this data folder in their environment."""
        mark = f"DATA_DIR={self.folder}/data\0".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def program(self, words):
        """The process with these words in its command line which supervisor itself started."""
        processes = self.processes()
        supervisor = next((number for number, line in processes.items() if "supervisord" in line), None)
        ours = (
            number for number, line in processes.items() if words in line and parent(number) == supervisor
        )
        return next(ours, None)

    def clean_up(self):
        launcher = getattr(self, "launcher", None)
        if launcher and launcher.poll() is None:
            launcher.terminate()
            launcher.wait(60)
        for number in self.processes():
            os.kill(number, signal.SIGKILL)
