"""Loading the demonstration: on which day, how often, where not. The whole of it once, by `make prove`."""

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Citizen
from assessments.models import Assessment, Campaign, State
from audit import events
from demonstration import hatinh
from organizations.models import Kind, Organization
from tests.demonstration.ha_tinh import NOVEMBER, everything, load, make_ha_tinh
from tests.factories import (
    moment,
)


@pytest.mark.django_db
@pytest.mark.parametrize("at", [moment(2026, 9, 15), moment(2026, 10, 1, 7)])
def test_before_confirmation_opens_nobody_is_confirmed_or_returned_this_year(at):
    load(at, citizens=60)

    states = Assessment.objects.filter(campaign__year=2026).values_list("state", flat=True)

    assert set(states) == {State.REGISTERED, State.SUBMITTED}


@pytest.mark.django_db
def test_on_new_years_morning_the_new_year_is_still_empty():
    load(moment(2027, 1, 1, 8), citizens=60)

    assert Campaign.objects.filter(year=2027).exists()
    assert set(Assessment.objects.filter(campaign__year=2026).values_list("state", flat=True)) <= {
        State.CONFIRMED,
        State.UNCONFIRMED,
        State.UNSENT,
    }
    assert not Assessment.objects.filter(campaign__year=2027).exists()


@pytest.mark.django_db
def test_the_same_day_gives_the_same_people_and_records():
    def drawn():
        with transaction.atomic():
            load(citizens=60)
            people = list(Citizen.objects.order_by("pk").values_list("full_name", "identity_digest", "phone"))
            found = list(
                Assessment.objects.order_by("pk").values_list("state", "outcome", "own_total", "submitted_at")
            )
            transaction.set_rollback(True)
        return people, found

    assert drawn() == drawn()


@pytest.mark.django_db
def test_the_second_time_nothing_changes(settings, monkeypatch, capsys):
    settings.DEBUG = True
    monkeypatch.setattr(hatinh, "PROVINCES_OF_THE_COUNTRY", 1)
    with time_machine.travel(NOVEMBER, tick=False):
        make_ha_tinh()
        call_command("demo", citizens=60)
        before = everything()
        capsys.readouterr()
        confirmed = Assessment.objects.filter(confirmed_by__isnull=False)
        assert confirmed.exists()
        assert not confirmed.filter(confirmed_by__last_login=None).exists()  # or they are said to be away

        call_command("demo", citizens=60)

    assert capsys.readouterr().out == "Dữ liệu dùng thử đã có sẵn, không đổi gì.\n"
    assert everything() == before


@pytest.mark.django_db
def test_a_year_later_the_new_year_is_opened_and_nothing_else(settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setattr(hatinh, "PROVINCES_OF_THE_COUNTRY", 1)
    load(citizens=60)
    people = Citizen.objects.count()

    with time_machine.travel(moment(2027, 2, 1), tick=False):
        call_command("demo")

    assert set(Campaign.objects.values_list("year", flat=True)) == {2024, 2025, 2026, 2027}
    assert Citizen.objects.count() == people


@pytest.mark.django_db
def test_it_is_refused_outside_a_trial(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="chỉ nạp được khi DEBUG=1"):
        call_command("demo")

    assert not Citizen.objects.exists()


@pytest.mark.prove
@pytest.mark.django_db
def test_the_whole_demonstration(settings):
    settings.DEBUG = True
    with time_machine.travel(NOVEMBER, tick=False):
        call_command("demo")
        before = everything()
        call_command("demo")

    assert everything() == before
    in_force = Organization.objects.filter(valid_to=None)
    assert in_force.filter(kind=Kind.PROVINCE).count() == 34
    assert in_force.filter(kind=Kind.COMMUNE).count() == 3321
    assert in_force.filter(kind=Kind.COMMUNE, parent__code="42").count() == 69
    assert in_force.filter(kind__in=[Kind.VILLAGE, Kind.UNIT]).count() > 100
    assert Citizen.objects.count() == 2000
    assert Assessment.objects.count() > 4000
    assert list(events.faults()) == []
