"""Run a command with a PostgreSQL and a Redis of its own, which end with it.

    python -m tests.with_servers pytest tests/portal

Both listen on this machine alone, on ports that were free, and keep their files in a temporary folder.
PostgreSQL refuses to run as root: then it runs as the user postgres, whom its Debian package makes.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The data are thrown away: nothing is gained by waiting for the disk.
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
# By which a test sees what was committed before what.
TELLING = "-c track_commit_timestamp=on"


def main(command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as servers:
        own = {
            "DATABASE_URL": servers.enter_context(postgresql()),
            "REDIS_URL": servers.enter_context(redis()),
        }
        process = servers.enter_context(ended(subprocess.Popen(command, env=os.environ | own)))
        sys.exit(process.wait())


@contextlib.contextmanager
def ended(process):
    """A process that is asked to end, and given ten seconds for it, when we end before it."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@contextlib.contextmanager
def postgresql():
    """The address of a new, empty PostgreSQL."""
    with Server.new(CARELESS) as server:
        yield server.address


class Server:
    """A PostgreSQL of its own, which can be stopped and started again."""

    def __init__(self, folder, programs, options):
        self.port = free_port()
        self.address = f"postgres://portal@127.0.0.1:{self.port}/postgres"
        self.folder, self.programs = folder, programs
        self.options = f"-p {self.port} -k {folder} -c listen_addresses=127.0.0.1 {options} {TELLING}"

    @classmethod
    @contextlib.contextmanager
    def new(cls, options):
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not programs:
            sys.exit("PostgreSQL is needed: sudo apt-get install -y postgresql")
        folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = cls(folder, programs[-1], options)
        try:
            initdb = [server.programs / "initdb", "-D", folder / "data", "-U", "portal", "--auth=trust"]
            as_postgres([*initdb, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"])
            server.start()
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def start(self):
        self._control("start", "-l", self.folder / "log", "-o", self.options)

    def stop(self):
        self._control("stop", "-m", "immediate")

    def _control(self, *command):
        as_postgres([self.programs / "pg_ctl", "-D", self.folder / "data", "-w", *command])


def as_postgres(command):
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    # Its output goes nowhere, not into a pipe: the server would keep that open.
    subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True, **user)


@contextlib.contextmanager
def redis():
    """The address of a new, empty Redis."""
    if not shutil.which("redis-server"):
        sys.exit("Redis is needed: sudo apt-get install -y redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-redis-") as folder:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
        with ended(subprocess.Popen(command, stdout=subprocess.DEVNULL)):
            wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"


def wait_for(port, seconds=10):
    for _attempt in range(seconds * 10):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


if __name__ == "__main__":
    main(sys.argv[1:])
