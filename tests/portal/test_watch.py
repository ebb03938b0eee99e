"""Somebody is told when beat is silent before the lock, and when a closing is overdue; once an occasion."""

import datetime
import time

import pytest
import time_machine
from django.db import OperationalError, connection

from accounts.models import Message
from assessments import closing
from assessments.models import Window, WindowStep
from audit import clock
from organizations.models import Kind
from portal import signs, watch
from portal.models import Heartbeat
from tests.factories import (
    make_campaign,
    make_centre,
    make_confirmer,
    make_officer,
    make_province,
    moment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("M3")]

EVE = moment(2026, 12, 31, 22)


@pytest.fixture
def officer():
    make_campaign(2026)
    make_officer(make_province())
    make_confirmer(make_centre())  # no officer
    return make_officer(make_centre())


@pytest.fixture(autouse=True)
def on_the_eve():
    with time_machine.travel(EVE, tick=False) as traveller:
        yield traveller


def beat_signed(at):
    Heartbeat.objects.create(process=signs.BEAT, host="a host", at=at)


def told():
    return list(Message.objects.values_list("user__appointments__organization__kind", "body"))


def test_a_beat_that_is_silent_before_midnight_is_told_to_the_centres_officers_once(client, officer):
    beat_signed(EVE - datetime.timedelta(minutes=6))

    for _look in range(3):
        client.get("/healthz")

    message = Message.objects.get()
    assert message.user == officer
    assert message.body.startswith("Phần hẹn giờ của máy chủ không chạy từ lúc 21:54, 31/12/2026.")


def test_another_silence_is_another_occasion(officer, on_the_eve):
    beat_signed(EVE - datetime.timedelta(minutes=6))
    watch.look()
    on_the_eve.move_to(EVE + datetime.timedelta(minutes=20))
    Heartbeat.objects.update(at=EVE + datetime.timedelta(minutes=10))

    watch.look()

    assert Message.objects.count() == 2


def test_a_beat_that_signs_is_no_occasion(officer):
    beat_signed(EVE - datetime.timedelta(minutes=4))

    assert watch.look() == []
    assert told() == []


def test_a_beat_that_never_ran_is_told_once_it_has_had_time_to_begin(officer, monkeypatch):
    monkeypatch.setattr(watch, "STARTED", time.monotonic())
    assert watch.look() == []

    monkeypatch.setattr(watch, "STARTED", time.monotonic() - 301)
    watch.look()

    assert [kind for kind, _body in told()] == [Kind.CENTRE]


def test_on_other_days_a_silent_beat_is_left_to_healthz(officer, on_the_eve):
    on_the_eve.move_to(moment(2026, 12, 29, 22))

    assert watch.look() == []


@pytest.mark.feature("E3")
def test_an_overdue_closing_is_told_and_said_until_it_is_recorded(client, officer, on_the_eve):
    midnight = moment(2027, 1, 1)
    beat_signed(midnight)
    on_the_eve.move_to(midnight + datetime.timedelta(minutes=4))
    assert watch.look() == []
    assert "Việc đóng chưa được ghi nhận." in client.get("/healthz").json()["confirmation"]

    on_the_eve.move_to(midnight + datetime.timedelta(minutes=6))
    watch.look()
    watch.look()

    assert told() == [
        (
            Kind.CENTRE,
            "Xác nhận điểm năm 2026, cả nước: đã khóa lúc hết ngày 31/12/2026 (thứ Năm). "
            "Việc đóng chưa được ghi nhận.",
        )
    ]
    closing.lock_confirmation(clock.now())
    assert watch.look() == []
    assert "chưa được ghi nhận" not in client.get("/healthz").json()["confirmation"]


@pytest.mark.feature("E3")
def test_a_closing_of_a_year_before_is_not_forgotten_when_the_next_has_begun(client, officer, on_the_eve):
    make_campaign(2027)
    on_the_eve.move_to(moment(2027, 1, 2))

    assert "Việc đóng năm 2026, cả nước, chưa được ghi nhận." in client.get("/healthz").json()["confirmation"]


def test_a_step_without_records_to_settle_has_no_closing_to_record(officer, on_the_eve):
    beat_signed(moment(2027, 1, 1))
    Window.objects.filter(step=WindowStep.CONFIRMATION).update(closes_at=moment(2027, 3, 1))
    on_the_eve.move_to(moment(2027, 1, 2))

    assert watch.look() == []


def test_a_database_that_is_away_takes_nobody_with_it(officer, caplog):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the database is away")

    with connection.execute_wrapper(refuse):
        watch.look_safely()

    assert "the database is away" in caplog.text


def test_a_look_that_finds_nothing_costs_five_questions(officer, django_assert_num_queries):
    beat_signed(EVE)

    with django_assert_num_queries(5):
        watch.look()
