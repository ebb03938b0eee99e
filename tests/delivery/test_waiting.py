"""Notices that do not leave are seen by who watches over the portal."""

import datetime

import pytest
import time_machine

from accounts.models import Message
from delivery import sending, waiting
from delivery.models import Channel
from portal import health, watch
from tests.delivery.companies import Company, tell
from tests.factories import make_centre, make_citizen, make_officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I4")]
NOON = datetime.datetime.fromisoformat("2026-11-20T12:00:00+07:00")


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "company"
    folder.mkdir()
    return Company(folder)


def sweep(company):
    return sending.sweep({Channel.SMS: company})


def test_all_is_well_while_notices_go_out(company):
    tell(make_citizen())
    sweep(company)

    assert health.notices_state("ok") == "ok"


def test_a_gateway_that_takes_nothing_for_long_is_told_once_a_day(company, at_noon):
    centre = make_officer(make_centre())
    tell(make_citizen())
    sweep(company)
    company.case = "down"
    for minutes in (1, 3, 10, 40):
        at_noon.move_to(NOON + datetime.timedelta(minutes=minutes))
        if minutes == 1:
            tell(make_citizen())
        sweep(company)

    said = "Nơi gửi SMS không nhận tin từ sau 12:00, 20/11/2026."
    assert health.notices_state("ok") == said
    assert (watch.look(), watch.look()) == ([said], [said])
    assert list(Message.objects.filter(user=centre).values_list("body", "link")) == [(said, "")]


def test_what_nobody_sends_or_plans_is_told(at_noon, company):
    tell(make_citizen())
    at_noon.move_to(NOON + datetime.timedelta(minutes=31))
    assert waiting.troubles(NOON + datetime.timedelta(minutes=31)) == [
        "Tin chờ tính cách gửi từ 12:00, 20/11/2026."
    ]
    sending.planning.plan(NOON, {Channel.SMS})
    assert health.notices_state("ok") == "Tin chờ gửi từ 12:00, 20/11/2026."


def test_what_waits_for_the_morning_is_no_trouble(company, at_noon):
    at_noon.move_to(NOON.replace(hour=22))
    tell(make_citizen())
    sweep(company)
    for hours in (8, 9):
        assert waiting.troubles(NOON.replace(hour=22) + datetime.timedelta(hours=hours, minutes=10)) == []
    assert waiting.troubles(NOON.replace(hour=22) + datetime.timedelta(hours=10)) != []
