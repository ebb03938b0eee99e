"""deploy/start.py: the whole portal as one person starts it, on a folder and port of the test's own."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.processes import START, Portal, own_database, wait_until

pytestmark = pytest.mark.feature("M5")


@pytest.fixture
def portal(tmp_path):
    with own_database() as database:
        portal = Portal(tmp_path, **database)
        yield portal
        portal.clean_up()


@pytest.mark.slow
@pytest.mark.long_on_sqlite
@pytest.mark.own_database
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

    worker = portal.program("celery -A config worker")
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: portal.program("celery -A config worker") not in (None, worker), 30)

    os.kill(portal.program("celery -A config worker"), signal.SIGSTOP)
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

    # The second start loads nothing; killed outright, the launcher still takes everything with it.
    portal.start()
    assert portal.comes_up(), portal.said()
    assert "Dữ liệu dùng thử đã có sẵn, không đổi gì." in portal.said()
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


def test_a_database_that_cannot_be_opened_is_said(portal):
    portal.environment["DATABASE_URL"] = f"sqlite:///{portal.folder}"  # a folder is none

    said = refused(portal)

    assert "Không dùng được cơ sở dữ liệu: unable to open database file" in said
    assert "Chưa chuẩn bị xong dữ liệu." in said
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
        ["make", "--no-print-directory", "run"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # The make that runs these tests speaks to those below it through these.
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
    )
    assert make.stdout.readline() == "watching\n"

    make.send_signal(signal.SIGINT)

    assert make.communicate(timeout=60)[0].startswith("ended\n")
