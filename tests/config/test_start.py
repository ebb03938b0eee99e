"""deploy/start.py: the whole portal as one person starts it, on a folder and port of the test's own."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import own_database, wait_until

ROOT = Path(__file__).parents[2]
START = ROOT / "deploy" / "start.py"
PATIENCE = 240  # seconds to load the demonstration and start, on a busy machine
pytestmark = pytest.mark.feature("M5")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Portal:
    """One start of the portal, and how it looks from outside."""

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

    def start(self):
        with self.output.open("w") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, START, "run"], env=self.environment, stdout=output, stderr=output
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

    def process(self, words):
        return next((number for number, line in self.processes().items() if words in line), None)


@pytest.fixture
def portal(tmp_path):
    with own_database() as database:
        portal = Portal(tmp_path, **database)
        yield portal
        clean_up(portal)


def clean_up(portal):
    if (launcher := getattr(portal, "launcher", None)) and launcher.poll() is None:
        launcher.terminate()
        launcher.wait(60)
    for number in portal.processes():
        os.kill(number, signal.SIGKILL)


@pytest.mark.slow
def test_one_command_starts_everything_watches_over_it_and_leaves_nothing_behind(portal):
    portal.start()
    assert portal.comes_up(), portal.said()
    assert {name: portal.get("/healthz")[1][name] for name in ("database", "broker", "worker", "beat")} == {
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "beat": "ok",
    }
    assert wait_until(lambda: "đều hoạt động" in portal.said(), 20)
    assert f"http://127.0.0.1:{portal.port}" in portal.said()
    for login in "congdan hocsinh bankhuyenhoc chihoi hoixa hoitinh trunguong quantri hoctapsuotdoi".split():
        assert login in portal.said()

    second = subprocess.run(
        [sys.executable, START, "run"], env=portal.environment, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert f"Cổng đang chạy với thư mục dữ liệu {portal.folder}/data." in second.stderr

    worker = portal.process("celery -A config worker")
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: portal.process("celery -A config worker") not in (None, worker), 30)

    os.kill(portal.process("celery -A config worker"), signal.SIGSTOP)
    assert wait_until(lambda: portal.health()[0] == 503, 30)
    state = portal.get("/healthz")[1]
    assert state["worker"].startswith("Tiến trình xử lý việc nền (worker) không có dấu hiệu hoạt động")
    assert (state["database"], state["broker"], state["beat"]) == ("ok", "ok", "ok")
    assert portal.get("/healthz/live") == (200, {"web": "ok"})

    portal.launcher.send_signal(signal.SIGINT)
    assert portal.launcher.wait(60) == 0
    assert portal.processes() == {}
    assert portal.said().endswith("Đang dừng…\nĐã dừng.\n")
    assert not (portal.folder / "data" / "run").exists()
    assert list(portal.folder.rglob("*.pid")) == []
    assert list(portal.folder.rglob("*.sock")) == []
    with socket.create_server(("127.0.0.1", portal.port)):
        pass  # the port is free again


@pytest.mark.slow
def test_a_launcher_that_is_killed_takes_everything_with_it(portal):
    portal.start()
    assert portal.comes_up(), portal.said()

    portal.launcher.kill()

    assert wait_until(lambda: not portal.processes(), 60)


def refused(portal):
    portal.start()
    assert portal.launcher.wait(60) == 1
    assert portal.processes() == {}
    return portal.said()


def test_a_port_in_use_is_said_with_another_that_is_free(portal):
    with socket.create_server(("127.0.0.1", portal.port)):
        said = refused(portal)

    assert f"Số cổng {portal.port} đang có chương trình khác dùng." in said
    assert "    make run PORT=" in said


def test_a_port_beyond_all_ports_is_said(portal):
    portal.environment["PORT"] = "80000"

    assert "Máy không cho mở số cổng 80000." in refused(portal)


def test_a_data_folder_that_cannot_be_made_is_said(portal):
    (portal.folder / "data").touch()

    said = refused(portal)

    assert f"Không ghi được vào thư mục dữ liệu {portal.folder}/data" in said
    assert "Traceback" not in said


def test_missing_keys_are_said(portal):
    portal.environment |= {"DATABASE_URL": "postgres://127.0.0.1/portal", "DATA_KEYS": ""}

    said = refused(portal)

    assert "Cấu hình chưa dùng được: chưa đặt DATA_KEYS." in said
    assert "Traceback" not in said


def test_make_that_is_interrupted_alone_is_noticed(tmp_path):
    """make passes a SIGINT which it alone received on to nobody."""
    watch = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); from processes import Make\n"
        "make = Make()\nprint('watching', flush=True)\n"
        "for _ in range(300):\n    if make.ended(): print('ended', flush=True); break\n    time.sleep(0.1)\n"
    )
    (tmp_path / "watch.py").write_text(watch)
    (tmp_path / "Makefile").write_text(f"run:\n\t@{sys.executable} watch.py {START.parent}\n")
    make = subprocess.Popen(
        ["make", "run"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert make.stdout.readline() == "watching\n"

    make.send_signal(signal.SIGINT)

    assert make.communicate(timeout=60)[0].startswith("ended\n")
