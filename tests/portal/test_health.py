import datetime
import socket
import time

import pytest
import time_machine
from django.db import OperationalError, connection

from assessments import windows
from audit import clock
from portal import health, signs
from portal.models import Heartbeat
from tests.factories import make_user

pytestmark = pytest.mark.django_db
UNKNOWN = "Chưa biết được, vì không đọc được cơ sở dữ liệu."


def give_signs(**ages):
    """Signs of worker and beat, as many seconds old as said, five otherwise."""
    for process in (signs.WORKER, signs.BEAT):
        age = datetime.timedelta(seconds=ages.get(process, 5))
        Heartbeat.objects.create(process=process, host="a host", at=clock.now() - age)


def test_all_parts_well(client):
    give_signs()

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "beat": "ok",
        "confirmation": windows.confirmation_sentence(clock.now()),
        "clock": "ok",
        "snapshots": "ok",
        "notices": "ok",
    }
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("process", "sentence"),
    [
        (
            "worker",
            "Tiến trình xử lý việc nền (worker) không có dấu hiệu hoạt động trong 20 giây gần đây.",
        ),
        ("beat", "Tiến trình hẹn giờ (beat) không có dấu hiệu hoạt động trong 20 giây gần đây."),
    ],
)
@pytest.mark.parametrize("age", [21, 3600, -30])
def test_a_sign_that_is_old_or_from_the_future_is_none(client, process, sentence, age):
    give_signs(**{process: age})

    response = client.get("/healthz")

    assert response.status_code == 503
    assert {**response.json(), "confirmation": ""} == {
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "beat": "ok",
        "confirmation": "",
        "clock": "ok",
        "snapshots": "ok",
        "notices": "ok",
        process: sentence,
    }


@pytest.mark.feature("M3")
@pytest.mark.parametrize("drift", [75, -75])
def test_clocks_that_differ_are_told_of_and_are_no_illness(client, drift):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=drift)):
        give_signs()
        response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json()["clock"] == "Đồng hồ máy chủ và đồng hồ cơ sở dữ liệu lệch nhau 75 giây."


def test_a_database_without_its_own_rules_is_not_well(client):
    give_signs()
    with connection.cursor() as cursor:
        where = " ON audit_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_event_never_changed{where}")

    assert client.get("/healthz").json()["database"] == (
        "Cơ sở dữ liệu thiếu các quy tắc bảo vệ. Hãy chạy lại manage.py migrate."
    )


def test_the_trial_clock_is_no_drift(client, settings):
    settings.CLOCK_OFFSET = datetime.timedelta(days=35)
    give_signs()

    assert client.get("/healthz").json()["clock"] == "ok"


def test_one_worker_that_lives_is_enough(client):
    give_signs(worker=3600)
    Heartbeat.objects.create(process=signs.WORKER, host="another host", at=clock.now())

    assert client.get("/healthz").json()["worker"] == "ok"


@pytest.mark.parametrize("signed_in", [False, True])
def test_without_a_database_the_other_parts_still_answer(client, signed_in):
    if signed_in:
        client.force_login(make_user())

    def refuse(execute, sql, params, many, context):
        raise OperationalError("password of the database: secret")

    with connection.execute_wrapper(refuse):
        response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {
        "database": "Không kết nối được với cơ sở dữ liệu.",
        "broker": "ok",
        "worker": UNKNOWN,
        "beat": UNKNOWN,
        "confirmation": UNKNOWN,
        "clock": UNKNOWN,
        "snapshots": UNKNOWN,
        "notices": UNKNOWN,
    }


def test_a_folder_that_cannot_be_written_is_no_broker(client, settings, tmp_path):
    give_signs()
    settings.REDIS_URL = ""
    settings.BROKER_DIR = tmp_path / "missing"

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["broker"] == "Không ghi được vào hàng đợi công việc."


def test_the_probe_of_a_folder_leaves_nothing_behind(client, settings, tmp_path):
    settings.REDIS_URL = ""
    settings.BROKER_DIR = tmp_path
    (tmp_path / "messages").mkdir()

    assert health.broker_state() == "ok"

    assert list((tmp_path / "messages").iterdir()) == []


def test_a_redis_that_is_down_is_no_broker(client, settings):
    give_signs()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{unused.getsockname()[1]}/0"

        response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["broker"] == "Không ghi được vào hàng đợi công việc."


def test_a_redis_that_hangs_costs_the_answer_seconds_and_no_more(client, settings):
    give_signs()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        started = time.monotonic()

        response = client.get("/healthz")

        assert time.monotonic() - started < 15
    assert response.status_code == 503
    assert response.json()["broker"] == "Hàng đợi công việc không trả lời."


def test_live_asks_nobody(client, django_assert_num_queries, settings, tmp_path):
    settings.BROKER_DIR = tmp_path / "missing"

    with django_assert_num_queries(0):
        response = client.get("/healthz/live")

    assert response.status_code == 200
    assert response.json() == {"web": "ok"}


@pytest.mark.parametrize("address", ["/healthz", "/healthz/live"])
def test_health_is_only_read(client, address):
    assert client.post(address).status_code == 405
