"""The settings as a process of its own reads them from its environment."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import keys

KEYS = ["SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY"]
DECIDING = [
    "DATABASE_URL",
    "REDIS_URL",
    "DEBUG",
    "PORTAL_NOW",
    "PORTAL_NOW_COUNTS_FROM",
    "LOOKS_KEPT_DAYS",
    *KEYS,
]
POSTGRES = "postgres://portal@127.0.0.1/portal"


@pytest.fixture
def read(tmp_path):
    """Run a line of code over the settings, with nothing in the environment but what is said."""

    def run(code="", *, program="-c", **environment):
        base = {name: value for name, value in os.environ.items() if name not in DECIDING}
        return subprocess.run(
            [
                sys.executable,
                "-c",
                f"import sys; sys.argv = ['{program}']; from config import settings; {code}",
            ],
            env=base | {"DATA_DIR": str(tmp_path)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_moved_clock_is_refused_outside_a_demonstration(read):
    refused = read(PORTAL_NOW="2026-12-31T23:59", DEBUG="0")

    assert refused.returncode == 1
    assert "PORTAL_NOW dời đồng hồ của cổng, chỉ dùng được khi DEBUG=1." in refused.stderr


@pytest.mark.parametrize(
    "given",
    [
        {"PORT": "8000x"},
        {"DATABASE_URL": "mysql://portal@127.0.0.1/portal"},
        {"REDIS_URL": "http://127.0.0.1:6379"},
        {"EMAIL_URL": "mail.example.vn"},
        {"PORTAL_URL": "cong.example.vn"},
        {"QUIET_HOURS": "tối,sáng"},
        {"PORTAL_NOW": "hôm qua", "DEBUG": "1"},
    ],
    ids=lambda given: next(iter(given)),
)
def test_what_cannot_be_read_is_told_by_its_name(read, given):
    said = read(**given).stderr.splitlines()[-1]

    assert said.startswith(f"django.core.exceptions.ImproperlyConfigured: {next(iter(given))} ")


def test_looks_are_kept_for_two_years_or_as_said_and_never_for_less_than_one(read):
    assert read("print(settings.LOOKS_KEPT_DAYS)").stdout == "730\n"
    assert read("print(settings.LOOKS_KEPT_DAYS)", LOOKS_KEPT_DAYS="1000").stdout == "1000\n"
    refused = read(LOOKS_KEPT_DAYS="300")
    assert refused.returncode == 1
    assert "LOOKS_KEPT_DAYS ít nhất là 366" in refused.stderr


def test_processes_started_at_different_moments_share_the_moved_clock(read):
    clock = {
        "PORTAL_NOW": "2026-12-31T23:59",
        "PORTAL_NOW_COUNTS_FROM": "2026-07-01T10:00+07:00",
        "DEBUG": "1",
    }

    offsets = {read("print(settings.CLOCK_OFFSET)", **clock).stdout for _process in range(2)}

    assert offsets == {"183 days, 13:59:00\n"}


@pytest.mark.parametrize("missing", KEYS)
def test_without_its_keys_a_portal_on_postgresql_does_not_start(read, missing):
    given = {key: "x" * 32 for key in KEYS if key != missing}

    refused = read(DATABASE_URL=POSTGRES, **given)

    assert refused.returncode == 1
    assert f"chưa đặt {missing}." in refused.stderr


def test_with_its_keys_it_does(read):
    assert read(DATABASE_URL=POSTGRES, **dict.fromkeys(KEYS, "x" * 32)).returncode == 0


def test_one_machine_makes_its_own_keys_once_and_for_itself_alone(read, tmp_path):
    print_keys = "print(settings.SECRET_KEY, *settings.DATA_KEYS, settings.DIGEST_KEY, settings.SIGNING_KEY)"

    first, second = read(print_keys).stdout, read(print_keys).stdout

    assert first == second
    assert len(set(first.split())) == 4
    kept = sorted((tmp_path / "keys").iterdir())
    assert [key.name for key in kept] == ["data_keys", "digest_key", "secret_key", "signing_key"]
    assert {key.stat().st_mode & 0o777 for key in kept} == {0o600}


def test_a_key_file_left_empty_is_refused_and_named(read, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "data_keys").touch()

    refused = read()

    assert refused.returncode == 1
    assert f"khóa trong {tmp_path}/keys/data_keys trống hoặc quá ngắn" in refused.stderr


@pytest.mark.parametrize("short", KEYS)
@pytest.mark.parametrize("given", ["x" * 31, ",", " , "])
def test_a_short_key_is_refused(read, short, given):
    refused = read(**dict.fromkeys(KEYS, "x" * 32) | {short: given})

    assert refused.returncode == 1
    assert f"khóa trong {short} trống hoặc quá ngắn: cần ít nhất 32 ký tự ngẫu nhiên." in refused.stderr


def test_every_key_of_the_ring_is_long(read):
    one, two = "x" * 32, "y" * 32

    assert read("print(settings.DATA_KEYS)", DATA_KEYS=f" {one} , {two},").stdout == f"{[one, two]}\n"
    assert read(DATA_KEYS=f"{one},short").returncode == 1


def test_processes_that_start_together_share_their_keys(tmp_path):
    def read_together(round):
        folder, start = tmp_path / str(round), threading.Barrier(4)

        def read(_process):
            start.wait()
            return keys.read_or_make(folder, "secret_key")

        with ThreadPoolExecutor(4) as processes:
            return set(processes.map(read, range(4)))

    shared = [read_together(round) for round in range(50)]

    assert [len(each) for each in shared] == [1] * 50
    assert {len(key) for each in shared for key in each} == {64}
    assert {path.name for path in tmp_path.glob("*/*")} == {"secret_key"}


@pytest.mark.parametrize(
    ("program", "statements"), [("gunicorn", "30s"), ("celery", "30s"), ("manage.py", "0")]
)
def test_pages_and_tasks_give_up_after_half_a_minute_and_commands_do_not(read, program, statements):
    said = read(
        "print(settings.DATABASES['default']['OPTIONS']['options'])",
        program=program,
        DATABASE_URL=f"{POSTGRES}?options=-c%20work_mem%3D8MB",
        **dict.fromkeys(KEYS, "x" * 32),
    )

    assert said.stdout == f"-c statement_timeout={statements} -c lock_timeout=5s -c work_mem=8MB\n"


def test_what_beat_sends_again_and_again_expires(settings):
    lasting = {name for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if "options" not in entry}

    assert lasting == {"lock confirmation on 31 December"}
    for name in settings.CELERY_BEAT_SCHEDULE.keys() - lasting:
        assert settings.CELERY_BEAT_SCHEDULE[name]["options"]["expires"] <= 24 * 60 * 60


def test_a_demonstration_is_asked_for(read):
    assert read("print(settings.DEBUG)").stdout == "False\n"
