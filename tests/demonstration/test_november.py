"""What the demonstration holds, seen in November."""

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import transaction
from django.test import RequestFactory
from PIL import Image

from accounts import placing
from accounts.models import Appointment, Citizen, Message, User
from assessments import chain, closing, queue, scoring, shares, workflow
from assessments.models import Assessment, Campaign, Evidence, Score, State, Step
from assessments.models.assessment import JUDGED_STATES
from audit import clock, events
from audit.models import Event
from criteria.models import CriteriaSet, Level
from demonstration import groups as groups_of_the_commune
from organizations.models import Household, Kind, Organization
from recognitions.models import Decision, Recognition
from tests.assessments import plain_shares
from tests.demonstration.ha_tinh import CITIZENS, NOVEMBER, everything, load
from tests.factories import load_all_criteria
from vietnamese import identity

LOGINS = [
    "congdan",
    "hocsinh",
    "bankhuyenhoc",
    "chihoi",
    "bandonghai",
    "phodonghai",
    "hoixa",
    "hoitinh",
    "trunguong",
    "quantri",
]


@pytest.fixture(scope="module")
def november(django_db_setup, django_db_blocker):
    """The demonstration as loaded in November, for the tests that only look; undone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        with time_machine.travel(NOVEMBER, tick=False):
            yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(november, db):
    return Campaign.objects.get(year=2026)


def test_every_state_is_there(demo):
    of_this_year = set(Assessment.objects.filter(campaign=demo).values_list("state", flat=True))
    of_years_before = set(Assessment.objects.exclude(campaign=demo).values_list("state", flat=True))

    assert of_this_year == {State.REGISTERED, State.SUBMITTED, State.RETURNED, State.CONFIRMED}
    assert of_years_before == {State.CONFIRMED, State.RECOGNISED, State.UNCONFIRMED, State.UNSENT}
    assert set(Campaign.objects.values_list("year", flat=True)) == {2024, 2025, 2026}
    assert set(Assessment.objects.values_list("outcome", flat=True)) == {"", "achieved", "not_achieved"}


@pytest.mark.parametrize("username", LOGINS)
def test_every_login_opens_with_the_password(demo, username):
    request = RequestFactory().post("/dang-nhap/")

    user = authenticate(request, username=username, password="hoctapsuotdoi")

    assert user == User.objects.get(username=username)


def test_the_logins_stand_where_they_should(demo):
    seats = dict(
        Appointment.objects.filter(user__username__in=LOGINS).values_list(
            "user__username", "organization__kind"
        )
    )

    assert seats == {
        "chihoi": Kind.VILLAGE,
        "bankhuyenhoc": Kind.UNIT,
        "bandonghai": Kind.VILLAGE,
        "phodonghai": Kind.VILLAGE,
        "hoixa": Kind.COMMUNE,
        "hoitinh": Kind.PROVINCE,
        "trunguong": Kind.CENTRE,
    }
    assert User.objects.get(username="quantri").is_superuser
    citizen, learner = (Citizen.objects.get(user__username=name) for name in ("congdan", "hocsinh"))
    assert (citizen.suggested_group, learner.suggested_group) == ("I", "IV")
    assert citizen.village == Appointment.objects.get(user__username="chihoi").organization
    assert citizen.commune == Appointment.objects.get(user__username="hoixa").organization
    assert learner.unit == Appointment.objects.get(user__username="bankhuyenhoc").organization


def test_the_citizen_has_a_record_to_continue_and_results_of_years_before(demo):
    of_citizen = Assessment.objects.filter(citizen__user__username="congdan")

    record = of_citizen.get(campaign=demo)

    assert (record.state, record.scores.count(), len(record.criteria_set.indicators)) == ("registered", 6, 10)
    assert record.evidence.filter(kind="file").count() == 2
    for piece in record.evidence.filter(kind="file"):
        with piece.file.open("rb") as file, Image.open(file) as picture:
            assert (picture.format, piece.content_type) == ("JPEG", "image/jpeg")
    results = of_citizen.exclude(campaign=demo).order_by("campaign__year")
    assert list(results.values_list("campaign__year", "outcome")) == [(2024, "achieved"), (2025, "achieved")]


@pytest.mark.feature("H1")
def test_last_year_was_decided_and_its_papers_are_shown_checked_and_revoked(demo, client):
    decisions = Decision.objects.order_by("pk")
    held = Recognition.objects.get(assessment__citizen__user__username="congdan")

    with time_machine.travel(NOVEMBER, tick=False):
        assert [each.state for each in decisions] == ["decided", "decided"]
        for username in ("hoixa", "hoitinh"):
            client.force_login(User.objects.get(username=username))
            assert "03/QĐ-HKH" in client.get("/quyet-dinh/").content.decode()
        client.force_login(User.objects.get(username="congdan"))
        own = client.get("/danh-hieu-cua-toi/").content.decode()
        shared = client.get(f"/danh-hieu-cua/{held.assessment.citizen.shared_pages.get().key}/")
    assert "Được kiểm tra 4 lần" in own
    assert "Công dân học tập năm 2025" in shared.content.decode()
    assert Recognition.objects.exclude(revoked_at=None).count() == 1
    assert Recognition.objects.exclude(replaces=None).count() == 1


def test_the_village_board_has_people_waiting_but_for_its_own_household(demo):
    chair = User.objects.get(username="chihoi")
    of_household = Assessment.objects.filter(
        campaign=demo, citizen__household=chair.citizen.household, state=State.SUBMITTED
    )

    waiting = Assessment.objects.for_confirmer(chair).filter(campaign=demo, state=State.SUBMITTED)

    assert waiting.count() >= 8
    assert of_household.count() == 3
    assert not waiting.filter(pk__in=of_household).exists()


@pytest.mark.parametrize(
    ("username", "others"), [("chihoi", 0), ("bankhuyenhoc", 0), ("bandonghai", 1), ("phodonghai", 1)]
)
def test_of_the_boards_one_signs_in_to_some_are_of_one_and_one_is_of_two(demo, username, others):
    member = User.objects.get(username=username)
    waiting = Assessment.objects.for_confirmer(member).filter(campaign=demo, state=State.SUBMITTED)

    record = waiting.exclude(citizen__user__username__in=LOGINS).first()

    assert len(queue.seconds(record, member)) == others


def test_typed_villages_wait_for_the_commune(demo):
    commune = Organization.objects.get(code="18604")

    names = placing.typed_names(commune)

    assert {name.what.kind for name in names} == {Kind.VILLAGE, Kind.UNIT}


def test_what_programs_trip_over_is_there(demo):
    names = set(Citizen.objects.values_list("full_name", flat=True))

    assert max(len(name) for name in names) > 60
    assert any(" " not in name for name in names)
    assert "H'Liên Niê Kđăm" in names
    assert Citizen.objects.filter(full_name="Nguyễn Thị Hoa", village__name="Tân Tiến").count() == 2
    assert Evidence.objects.filter(text="=1+1", assessment__state=State.SUBMITTED).exists()


def test_identity_numbers_fit_their_people(demo):
    for citizen in Citizen.objects.all():
        assert citizen.identity_number.startswith("042")
        assert identity.doubts(citizen.identity_number, citizen.birth_date, citizen.gender) == []


def test_the_record_of_what_was_done_is_whole(demo):
    assert Event.objects.filter(verb="step").count() == Step.objects.count() > CITIZENS
    assert list(events.faults()) == []


def test_totals_and_outcomes_follow_from_the_scores(demo):
    for record in Assessment.objects.select_related("criteria_set", "board"):
        scores = workflow.scores_of(record)
        own = scoring.judge({score.indicator.code: score.own for score in scores}, record.rules())
        assert record.own_total == own.total
        if record.is_judged:
            given = {score.indicator.code: score.confirmed for score in scores}
            result = scoring.judge(given, record.rules())
            assert record.confirmed_total == result.total
            assert (record.outcome == "achieved") == result.achieved


def test_records_stand_with_the_board_of_their_citizen(demo):
    for record in Assessment.objects.select_related("citizen", "board"):
        assert record.board == record.citizen.board
        places = workflow.places_of(record.board)
        assert (record.commune, record.province) == (places["commune"], places["province"])


def test_changed_scores_have_who_and_why(demo):
    changed = Score.objects.exclude(changed_by=None)

    assert changed.filter(assessment__campaign=demo).exists()
    for score in changed:
        assert score.confirmed != score.own
        assert score.reason
        assert score.changed_by == score.assessment.confirmed_by


def test_nobody_confirmed_themselves_or_their_household(demo):
    for record in Assessment.objects.filter(state__in=JUDGED_STATES):
        members = Citizen.objects.filter(user=record.confirmed_by)
        assert record.citizen not in members
        assert record.citizen.household_id is None or not members.filter(
            household=record.citizen.household_id
        )
        assert record.board in {seat.organization for seat in record.confirmed_by.appointments.all()}


def test_no_two_members_of_a_board_live_together(demo):
    for board in Organization.objects.filter(kind__in=[Kind.VILLAGE, Kind.UNIT]):
        households = Citizen.objects.filter(user__appointments__organization=board, household__isnull=False)
        living = list(households.values_list("household", flat=True))
        assert len(living) == len(set(living))


def test_nothing_lies_in_the_future(demo):
    assert not Step.objects.filter(at__gte=clock.now()).exists()
    assert not Message.objects.filter(at__gte=clock.now()).exists()
    assert not Message.objects.filter(planned_at=None).exists()  # nothing of the past leaves now
    assert not Message.objects.filter(read_at__gte=clock.now()).exists()
    assert not Evidence.objects.filter(added_at__gte=clock.now()).exists()


def test_the_closing_finds_nothing_left_to_do(demo):
    before = everything()

    done = closing.lock_confirmation(clock.now())

    assert (done.recorded, done.moved.total()) == (0, 0)
    assert everything() == before


@pytest.mark.feature("C1")
def test_the_share_of_every_group_is_a_plain_count(demo):
    load_all_criteria()
    groups_of_the_commune.load("mật khẩu của bản xem thử")
    there = {(each.household_id, each.organization_id) for each in Assessment.objects.filter(campaign=demo)}
    places = Organization.objects.in_force().filter(kind__in=TITLE_OF)
    groups = [(place, TITLE_OF[place.kind]) for place in places]
    groups += [(household, Level.FAMILY) for household in Household.objects.select_related("village")]
    Assessment.objects.bulk_create(
        _registered(demo, group, level)
        for group, level in groups
        if ((group.pk, None) if level == Level.FAMILY else (None, group.pk)) not in there
        and (level != Level.UNIT or chain.scope_of(level, group))
    )
    records = list(shares.of_groups().filter(campaign=demo))

    assert {record.level for record in records} == set(Level.values) - {Level.CITIZEN}
    assert len(records) >= len(groups) - places.filter(kind=Kind.UNIT).count()
    assert plain_shares.differences(records) == []


TITLE_OF = {
    Kind.VILLAGE: Level.COMMUNITY,
    Kind.COMMUNE: Level.COMMUNITY,
    Kind.PROVINCE: Level.COMMUNITY,
    Kind.UNIT: Level.UNIT,
    Kind.CLAN: Level.CLAN,
}


def _registered(campaign, group, level):
    place = chain.place_of(group)
    sets = CriteriaSet.objects.in_force(level, clock.today(), scope=chain.scope_of(level, group))
    return Assessment(
        **{"household" if level == Level.FAMILY else "organization": group},
        level=level,
        campaign=campaign,
        board=place,
        criteria_set=sets.get(),
        registered_at=clock.now(),
        saved_at=clock.now(),
    )
