import datetime

import pytest
from django.urls import reverse

from accounts.models import Message
from assessments.models import Outcome, State
from audit.models import Event
from reports import tasks, weekly
from reports.models import WeeklyReader, WeeklyReport
from tests.factories import (
    make_campaign,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_village,
    moment,
)
from tests.reports.records import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("G8")]


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))


@pytest.fixture
def year(time_machine):
    time_machine.move_to(moment(2026, 11, 4, 8))
    return make_campaign(2026)


def named(commune):
    officer = make_officer(commune)
    weekly.name(commune, officer, by=officer)
    return officer


def record(commune, year, state=State.SUBMITTED, outcome=""):
    village = commune.children.first() or make_village(commune=commune)
    return make_record(make_citizen(board=village), year, state, outcome)


def bodies():
    return [
        message.body.split("\n")
        for message in Message.objects.filter(key__startswith="weekly").order_by("pk")
    ]


def test_each_week_tells_the_figures_and_the_difference_to_the_last(commune, year, time_machine):
    named(commune)
    record(commune, year)
    record(commune, year, State.REGISTERED)
    tasks.send_weekly()
    time_machine.move_to(moment(2026, 11, 10, 9))
    record(commune, year, State.CONFIRMED, Outcome.ACHIEVED)
    tasks.send_weekly()

    first, second = bodies()
    assert first == [
        "Số liệu lúc 08:00, 04/11/2026.",
        "Đã đăng ký: 2",
        "Đã gửi: 1",
        "Đã xác nhận: 0",
        "Đạt: 0",
        "Chờ ban xác nhận: 1",
    ]
    assert second[1:] == [
        "So với báo cáo lúc 08:00, 04/11/2026:",
        "Đã đăng ký: 3 (tăng 1)",
        "Đã gửi: 2 (tăng 1)",
        "Đã xác nhận: 1 (tăng 1)",
        "Đạt: 1 (tăng 1)",
        "Chờ ban xác nhận: 1 (không đổi)",
    ]


def test_twice_or_killed_half_way_it_is_told_once_with_the_same_figures(
    commune, year, monkeypatch, time_machine
):
    named(commune)
    tell = Message.objects.tell
    monkeypatch.setattr(type(Message.objects), "tell", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        tasks.send_weekly()
    assert (WeeklyReport.objects.count(), Message.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert tell

    time_machine.move_to(moment(2026, 11, 4, 8))
    tasks.send_weekly()
    record(commune, year)
    time_machine.move_to(moment(2026, 11, 8, 23))
    tasks.send_weekly()

    assert [lines[1] for lines in bodies()] == ["Đã đăng ký: 0"]
    assert WeeklyReport.objects.get().monday == datetime.date(2026, 11, 2)


def test_a_week_without_a_run_is_not_made_up(commune, year, time_machine):
    named(commune)
    tasks.send_weekly()
    time_machine.move_to(moment(2026, 11, 24, 8))
    tasks.send_weekly()

    mondays = list(WeeklyReport.objects.order_by("monday").values_list("monday", flat=True))
    assert mondays == [datetime.date(2026, 11, 2), datetime.date(2026, 11, 23)]
    assert bodies()[1][1] == "So với báo cáo lúc 08:00, 04/11/2026:"


def test_the_week_of_new_year_is_of_the_year_it_began_in(commune, year, time_machine):
    named(commune)
    record(commune, year)
    make_campaign(2027)
    time_machine.move_to(moment(2027, 1, 1, 9))

    tasks.send_weekly()

    report = WeeklyReport.objects.get()
    assert (report.campaign, report.monday) == (year, datetime.date(2026, 12, 28))


@pytest.mark.parametrize(
    ("day", "is_sent"),
    [((2026, 10, 4), False), ((2026, 10, 5), True), ((2026, 12, 31), True), ((2026, 9, 30), False)],
)
def test_it_is_sent_in_the_last_quarter_alone(day, is_sent):
    assert weekly.is_sent_on(datetime.date(*day)) is is_sent


def test_whose_appointment_ended_is_told_nothing(commune, year):
    officer = named(commune)
    officer.appointments.update(valid_to=datetime.date(2026, 11, 1))

    tasks.send_weekly()

    assert (WeeklyReader.objects.count(), Message.objects.count()) == (1, 0)


def test_an_officer_names_who_sits_there_or_above_and_nobody_else(client, commune, year):
    above, beside = make_officer(commune.parent), make_officer(make_province("Nghệ An"))
    officer, member = make_officer(commune), make_confirmer(make_village(commune=commune))
    client.force_login(officer)
    for user in (above, beside, member):
        client.post(reverse("reports:weekly"), {"user": user.pk})

    assert [reader.user for reader in WeeklyReader.objects.all()] == [above]
    assert Event.objects.filter(verb="name_weekly_reader").count() == 1
    client.post(reverse("reports:weekly_drop"), {"reader": WeeklyReader.objects.get().pk})
    assert not WeeklyReader.objects.exists()
