"""A mass of records for load: here a few hundred; bench/generate.py measures the 100,000."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from accounts.models import Appointment, Citizen, Message
from assessments import closing, tally
from assessments.models import Assessment, Campaign, Score, State, Step
from audit import clock, events
from audit.models import Event
from demonstration import copies, mass
from organizations.models import Kind, Organization
from reports import figures
from tests.factories import (
    load_criteria,
    make_campaign,
    make_citizen,
    make_commune,
    make_confirmer,
    make_province,
    make_village,
    moment,
)

pytestmark = pytest.mark.django_db
BOARDS = [Kind.VILLAGE, Kind.UNIT]


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(moment(2026, 11, 22, 9), tick=False):
        yield


@pytest.fixture
def province():
    province = make_province("Cao Bằng", code="04")
    for name in ("Quang Hán", "Trùng Khánh"):
        make_commune(name, province=province)
    load_criteria()
    return province


def generate(citizens=150, year=2026, seed=1):
    call_command("generate", province="04", citizens=citizens, year=year, seed=seed)


def rows():
    """What was made, without keys and ciphertext."""
    people = Citizen.objects.order_by("pk").values_list(
        "full_name", "identity_digest", "phone", "user__username", "commune__name", "unit__code"
    )
    records = Assessment.objects.order_by("pk").values_list(
        "citizen__identity_digest", "board__code", "state", "outcome", "own_total", "confirmed_at"
    )
    scores = Score.objects.order_by("pk").values_list("indicator__code", "own_points", "confirmed_points")
    steps = Step.objects.order_by("pk").values_list("state", "at", "reason")
    return [list(one) for one in (people, records, scores, steps)]


def test_so_many_citizens_come_with_their_records(province, capsys):
    generate()

    states = Counter(Assessment.objects.values_list("state", flat=True))
    assert Citizen.objects.count() == 150
    assert states.total() == 150
    assert set(states) >= {State.REGISTERED, State.SUBMITTED, State.CONFIRMED}
    assert set(Assessment.objects.values_list("criteria_set__group", flat=True)) >= {"I", "II", "III"}
    assert set(Assessment.objects.values_list("campaign__year", "province")) == {(2026, province.pk)}
    assert "150/150 người" in capsys.readouterr().out


def test_early_in_the_year_all_have_registered_too(province):
    with time_machine.travel(moment(2026, 1, 12, 9), tick=False):
        generate(citizens=40)

    assert Assessment.objects.count() == 40


def test_boards_are_made_for_about_fifty_five_people_each(province):
    generate(citizens=550)

    boards = Organization.objects.filter(kind__in=BOARDS)
    assert boards.count() == 10
    assert all(board.placements.count() == 1 for board in boards)


def test_boards_that_are_there_are_used(province):
    there = [make_village(commune=commune) for commune in Organization.objects.filter(kind=Kind.COMMUNE)]
    member = make_confirmer(there[0])

    generate(citizens=100)

    assert set(Organization.objects.filter(kind__in=BOARDS)) == set(there)
    confirmed_by = Assessment.objects.filter(board=there[0]).exclude(confirmed_by=None)
    assert set(confirmed_by.values_list("confirmed_by", flat=True)) == {member.pk}


def test_every_step_has_its_event_and_the_chain_is_whole(province):
    generate()

    assert Event.objects.filter(verb="step").count() == Step.objects.count() > 250
    assert Message.objects.exists()
    assert list(events.faults()) == []


def test_nothing_lies_in_the_future(province):
    generate()

    assert not Step.objects.filter(at__gte=clock.now()).exists()
    assert not Message.objects.filter(at__gte=clock.now()).exists()


def test_the_same_seed_makes_the_same_people(province):
    def drawn(seed):
        with transaction.atomic():
            generate(seed=seed)
            found = rows()
            transaction.set_rollback(True)
        return found

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_another_seed_adds_more(province):
    generate(seed=1)

    generate(seed=2)

    assert Citizen.objects.count() == 300
    assert list(events.faults()) == []


def test_the_same_seed_twice_is_refused(province):
    generate()

    with pytest.raises(CommandError, match=r"đã tạo với --seed 1 rồi\. Hãy chọn --seed khác"):
        generate()

    assert Citizen.objects.count() == 150


def test_an_identity_number_that_somebody_has_is_drawn_anew(province):
    with transaction.atomic():
        generate()
        number = Citizen.objects.order_by("pk").first().identity_number
        transaction.set_rollback(True)
    holder = make_citizen(identity_number=number, board=make_village(commune=make_commune(code="77777")))

    generate()

    assert Citizen.objects.with_identity_number(number).get() == holder
    assert Citizen.objects.count() == 151


def test_of_a_year_that_is_over_every_record_is_settled(province):
    make_campaign(2026)

    generate(year=2025)

    states = set(Assessment.objects.values_list("state", flat=True))
    done = closing.lock_confirmation(clock.now())
    assert states == {State.CONFIRMED, State.UNCONFIRMED, State.UNSENT}
    assert (done.recorded, done.moved.total()) == (0, 0)


@pytest.mark.parametrize("at", [moment(2026, 9, 30, 23, 59), moment(2026, 10, 1)])
def test_before_october_nobody_is_confirmed(province, at):
    with time_machine.travel(at, tick=False):
        generate()

    assert set(Assessment.objects.values_list("state", flat=True)) == {State.REGISTERED, State.SUBMITTED}


def test_work_goes_on_in_pieces_of_whole_and_of_big_boards(province, monkeypatch, capsys):
    monkeypatch.setattr(mass, "CHUNK", 20)

    generate(citizens=100)

    assert Citizen.objects.count() == 100
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[:5]] == [
        f"{done}/100" for done in (20, 40, 60, 80, 100)
    ]
    assert list(events.faults()) == []


@pytest.mark.feature("G1")
def test_of_two_thousand_the_figures_equal_plain_counts_and_copies_are_whole(province, monkeypatch):
    """Most of them are copies: of each kind of life two are drawn."""
    monkeypatch.setattr(copies, "DRAWN", 2)
    monkeypatch.setattr(mass, "CHUNK", 700)
    generate(citizens=2000)

    campaign = Campaign.objects.get()
    records = list(Assessment.objects.select_related("citizen", "board", "criteria_set", "confirmed_by"))
    counted = figures.summary(province, campaign)
    assert len(records) == counted.total.people == counted.total.registered == 2000
    states = Counter((record.state, record.outcome) for record in records)
    assert counted.total.confirmed == sum(
        count for (state, _), count in states.items() if state == "confirmed"
    )
    assert counted.total.achieved == states["confirmed", "achieved"] > 200
    assert counted.total.waiting == states["submitted", ""] > 50
    groups = Counter(record.criteria_set.group for record in records)
    assert {line.about: line.counts.registered for line in counted.groups if line.counts.registered} == groups
    assert not list(tally.differences(campaign, province.pk))
    assert list(events.faults()) == []
    assert Event.objects.filter(verb="step").count() == Step.objects.count()

    steps = Counter(Step.objects.values_list("assessment", "state"))
    seats = set(Appointment.objects.values_list("user", "organization"))
    totals = defaultdict(Decimal)
    for record, points in Score.objects.filter(round=F("assessment__round")).values_list(
        "assessment", "confirmed_points"
    ):
        totals[record] += points or 0
    for record in records:
        assert record.board == record.citizen.board
        assert steps[record.pk, record.state]
        assert bool(record.receipt_number) == bool(record.submitted_at)
        if record.confirmed_by:
            assert (record.confirmed_by_id, record.board_id) in seats
            assert record.confirmed_by_id != record.citizen.user_id
        if record.confirmed_total is not None:
            assert record.confirmed_total == totals[record.pk]
    assert len({record.receipt_number for record in records if record.receipt_number}) > 1000


def test_a_year_to_come_is_refused(province):
    with pytest.raises(CommandError, match="Năm 2027 chưa đến, bây giờ là năm 2026"):
        generate(year=2027)

    assert not Campaign.objects.exists()


def test_a_province_without_units_is_refused():
    load_criteria()

    with pytest.raises(CommandError, match=r"Hãy chạy trước: manage\.py load_units --province 04"):
        generate()


def test_without_criteria_of_that_year_it_is_refused(province):
    with pytest.raises(CommandError, match="Chưa có bộ tiêu chí nào có hiệu lực ngày 01/01/2023"):
        generate(year=2023)

    assert not Campaign.objects.exists()
    assert not Citizen.objects.exists()


def test_fewer_than_one_citizen_is_refused(province):
    with pytest.raises(CommandError, match="--citizens phải từ 1 trở lên"):
        generate(citizens=0)
