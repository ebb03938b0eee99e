"""Outages: recorded by the centre, shown while they run, and given back by a decision before the closing."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from assessments import closing, outages, windows
from assessments.models import Outage, Window, WindowStep
from assessments.workflow import Refused
from audit import events
from audit.models import Event
from criteria.models import Level
from tests.factories import make_campaign, make_centre, make_officer, make_province, moment

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E12")]

EVE = moment(2026, 12, 31, 23)
CLOSES = moment(2027, 1, 1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def on_the_eve():
    with time_machine.travel(EVE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def campaign():
    return make_campaign(2026)


@pytest.fixture
def centre():
    return make_officer(make_centre())


def away(begins_at, ends_at, by, words="Cổng tạm dừng"):
    return outages.record(begins_at=begins_at, ends_at=ends_at, words=words, by=by)


def give_back(campaign, by, **fields):
    given = {"reason": "Máy chủ hỏng", "decision_number": "16/QĐ-HKH"} | fields
    return outages.give_back(campaign, Level.CITIZEN, by=by, **given)


def confirmation(campaign):
    return windows.of_campaign(WindowStep.CONFIRMATION, campaign)


def test_the_minutes_of_the_last_72_hours_are_added_to_every_window(campaign, centre):
    away(moment(2026, 12, 31, 20), moment(2026, 12, 31, 21, 30), centre)

    given = give_back(campaign, centre)

    no_year_has_it = {WindowStep.PAPER}
    assert {lost.window.step for lost in given} == set(WindowStep) - no_year_has_it
    assert set(Window.objects.values_list("closes_at", "lost_minutes")) == {(CLOSES + 90 * MINUTE, 90)}
    assert windows.words(confirmation(campaign), EVE) == (
        "đang mở đến 1 giờ 30 phút ngày 01/01/2027 (thứ Sáu), còn 1 ngày"
    )
    event = Event.objects.filter(verb="lengthen").first()
    assert (event.actor, event.stream) == (centre.pk, make_centre().pk)
    assert (event.old, event.new) == (
        "hết ngày 31/12/2026 (thứ Năm)",
        "1 giờ 30 phút ngày 01/01/2027 (thứ Sáu)",
    )
    assert events.private_of(event) == {"reason": "Máy chủ hỏng", "decision": "16/QĐ-HKH"}


def test_a_second_decision_adds_nothing_twice_and_later_minutes_are_added_on(campaign, centre):
    away(moment(2026, 12, 31, 20), moment(2026, 12, 31, 21), centre)
    give_back(campaign, centre)

    assert give_back(campaign, centre) == []

    away(moment(2026, 12, 31, 22), moment(2026, 12, 31, 22, 15), centre)
    give_back(campaign, centre)
    assert confirmation(campaign).closes_at == CLOSES + 75 * MINUTE


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([], 0),
        ([(moment(2026, 12, 20), moment(2026, 12, 21))], 0),  # before the last 72 hours
        ([(moment(2026, 12, 28, 23), moment(2026, 12, 29, 1))], 60),  # half of it within
        ([(moment(2026, 12, 30, 8), moment(2026, 12, 30, 9))] * 1, 60),
        (  # overlapping ones count once
            [
                (moment(2026, 12, 30, 8), moment(2026, 12, 30, 9)),
                (moment(2026, 12, 30, 8, 30), moment(2026, 12, 30, 9, 30)),
                (moment(2026, 12, 30, 8, 10), moment(2026, 12, 30, 8, 20)),
            ],
            90,
        ),
        ([(moment(2026, 12, 31, 22), None)], 60),  # runs still: up to now
        ([(moment(2026, 12, 31, 23, 30), moment(2027, 1, 1, 0, 30))], 30),  # announced, up to the end
        ([(moment(2026, 12, 30, 8), moment(2026, 12, 30, 8, 0, 1))], 1),  # begun minutes are whole
    ],
)
def test_what_counts_as_lost(campaign, centre, spans, minutes):
    for number, (begins_at, ends_at) in enumerate(spans):
        away(begins_at, ends_at, centre, words=f"Lần {number}")

    assert outages.lost_by(confirmation(campaign), EVE).minutes == minutes


def test_the_own_window_of_a_province_gets_its_own_minutes(campaign, centre):
    ends = moment(2026, 12, 26)
    Window.objects.create(
        campaign=campaign,
        level=Level.CITIZEN,
        step=WindowStep.CONFIRMATION,
        province=make_province(),
        opens_at=moment(2026, 10, 1),
        closes_at=ends,
    )
    with time_machine.travel(moment(2026, 12, 25, 12), tick=False):
        away(moment(2026, 12, 25, 8), moment(2026, 12, 25, 10), centre)
        give_back(campaign, centre)

    assert Window.objects.get(province__isnull=False).closes_at == ends + 120 * MINUTE
    assert confirmation(campaign).closes_at == CLOSES


def test_after_the_end_it_is_possible_until_the_closing_is_recorded(campaign, centre, on_the_eve):
    away(moment(2026, 12, 31, 23, 30), moment(2027, 1, 1, 0, 10), centre)
    on_the_eve.move_to(moment(2027, 1, 1, 0, 12))

    give_back(campaign, centre)
    assert confirmation(campaign).closes_at == CLOSES + 30 * MINUTE
    assert confirmation(campaign).is_open(moment(2027, 1, 1, 0, 12))

    on_the_eve.move_to(moment(2027, 1, 1, 0, 40))
    closing.lock_confirmation(moment(2027, 1, 1, 0, 40))
    away(moment(2027, 1, 1, 0, 20), moment(2027, 1, 1, 0, 25), centre)
    assert give_back(campaign, centre) == []
    assert confirmation(campaign).closes_at == CLOSES + 30 * MINUTE


def test_a_decision_has_a_reason_and_a_number(campaign, centre):
    away(moment(2026, 12, 31, 20), moment(2026, 12, 31, 21), centre)

    for missing in ("reason", "decision_number"):
        with pytest.raises(Refused):
            give_back(campaign, centre, **{missing: ""})
    assert confirmation(campaign).closes_at == CLOSES


def test_only_the_centre_records_and_decides(campaign, centre):
    officer = make_officer(make_province())
    outage = away(EVE, None, centre)

    with pytest.raises(PermissionDenied):
        away(EVE, None, officer)
    with pytest.raises(PermissionDenied):
        outages.end(outage, ends_at=EVE + MINUTE, words="Xong", by=officer)
    with pytest.raises(PermissionDenied):
        give_back(campaign, officer)


@pytest.mark.feature("M6")
def test_it_shows_from_its_announcement_to_its_end(centre):
    outage = away(EVE + 10 * MINUTE, EVE + 20 * MINUTE, centre)

    assert list(Outage.objects.showing(EVE)) == [outage]
    assert list(Outage.objects.showing(EVE + 15 * MINUTE)) == [outage]
    assert list(Outage.objects.showing(EVE + 20 * MINUTE)) == []


def test_its_end_is_recorded_with_an_event_and_then_stands(centre, on_the_eve):
    outage = away(EVE - 30 * MINUTE, None, centre)

    outages.end(outage, ends_at=EVE, words="Cổng đã chạy lại", by=centre)

    event = Event.objects.get(verb="end_outage")
    assert event.old == "từ 22:30, 31/12/2026, chưa biết lúc hết"
    assert event.new == "từ 22:30, 31/12/2026 đến 23:00, 31/12/2026"
    with pytest.raises(Refused):
        outages.end(outage, ends_at=EVE + 30 * MINUTE, words="Kéo dài", by=centre)


def test_a_second_click_records_no_second_outage(centre):
    assert away(EVE, None, centre) == away(EVE, None, centre)
    assert Outage.objects.count() == Event.objects.filter(verb="record_outage").count() == 1


def test_a_closing_that_waited_for_the_decision_records_nothing(campaign, centre):
    read_before = confirmation(campaign)
    away(moment(2026, 12, 31, 20), moment(2026, 12, 31, 21), centre)
    give_back(campaign, centre)

    recorded = closing.Closing()
    closing.close_window(read_before, CLOSES, recorded)

    assert (confirmation(campaign).closed_at, recorded.recorded) == (None, 0)
