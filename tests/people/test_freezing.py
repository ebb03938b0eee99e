"""The list of the year's day, whenever it is written down."""

import dataclasses
import datetime
from functools import partial

import pytest
import time_machine

from accounts import changes, placing
from accounts.models import Citizen
from accounts.places import Home
from assessments import turnout
from assessments.models import FrozenList, Listed, ListedGroup
from groups import households
from organizations.models import Household, Organization, Succession
from people import freezing, moves
from people.models import TransferKind
from tests.at_once import at_once
from tests.factories import (
    make_assessment,
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_household,
    make_officer,
    make_unit,
    make_village,
    moment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B11")]
SEPTEMBER, DAY, LATER, LATE = (
    moment(2026, 9, 15, 8),
    moment(2026, 10, 1, 0, 10),
    moment(2026, 10, 5, 8),
    moment(2026, 11, 20, 8),
)


@pytest.fixture
def school():
    with time_machine.travel(SEPTEMBER):
        make_campaign(2026)
        return make_unit("THCS Thạch Khê", parent=make_commune("Thạch Khê", code="18604"))


@pytest.fixture
def other(school):
    return make_unit("THPT Lý Tự Trọng", parent=school.parent)


def live_on(school, other):
    """A year of a list: who was there on the day, and what became of them since."""
    with time_machine.travel(SEPTEMBER):
        by = make_confirmer(school)
        people = [make_citizen_with_account(f"Nguyễn Văn {name}", board=school) for name in "ABCDEF"]
        gone, thought_gone = (make_citizen_with_account(name, board=school) for name in ("Đi", "Nhầm"))
        moves.depart([gone.pk], TransferKind.AWAY, SEPTEMBER.date(), **step(school, by))
        wrong = moves.depart([thought_gone.pk], TransferKind.AWAY, SEPTEMBER.date(), **step(school, by))
    yield
    with time_machine.travel(LATER):
        moves.depart([people[0].pk], TransferKind.DIED, LATER.date(), **step(school, by))
        moves.move([people[1].pk], other, **step(school, by))
        home = dataclasses.replace(Home.of(people[2]), unit=None)
        changes.change_home(people[2], home, by=people[2].user)
        moves.undo(wrong, reason="Nhầm người", by=by)
        make_citizen("Người Mới", board=school)
        make_assessment(citizen=people[3], campaign=make_campaign(2026))
        undone = moves.depart([people[4].pk], TransferKind.AWAY, LATER.date(), **step(school, by))
    with time_machine.travel(LATER + datetime.timedelta(days=1)):
        moves.undo(undone, reason="Nhầm người", by=by)
    yield


def step(school, by):
    return {"organization": school, "reason": "Chuyển trường", "by": by}


def listed():
    return sorted(Listed.objects.values_list("citizen__full_name", "board__name"))


def freeze_at(moment):
    with time_machine.travel(moment):
        freezing.freeze(moment)


@pytest.mark.parametrize("when", [DAY, LATE], ids=["on the day", "weeks late"])
def test_the_list_is_that_of_the_day_whenever_it_is_written(school, other, when, monkeypatch):
    monkeypatch.setattr(freezing, "CHUNK", 3)
    life = live_on(school, other)
    next(life)
    if when == DAY:
        freeze_at(DAY)
    next(life)
    freeze_at(when)

    assert listed() == [(f"Nguyễn Văn {name}", "THCS Thạch Khê") for name in "ABCDEF"]
    told = turnout.of(school, FrozenList.objects.get().campaign)
    assert told == turnout.Turnout(
        datetime.date(2026, 10, 1),
        listed=6,
        registered=1,
        elsewhere=2,
        departed=1,
        arrived=2,
        unregistered=4,
    )


def test_the_list_of_a_closed_board_counts_at_what_it_became(school, other):
    stays = make_citizen(board=school, added_at=None)
    goes = make_citizen(board=school, added_at=None)
    freeze_at(DAY)
    campaign = FrozenList.objects.get().campaign
    third = make_unit("THCS Mới", parent=school.parent)
    boards = Organization.objects.filter(pk=school.pk)

    boards.update(valid_to=LATER.date(), heir=other)
    Citizen.objects.update(unit=other)
    assert [turnout.of(board, campaign).listed for board in (school, other, third)] == [2, 2, 0]
    assert turnout.of(other, campaign).arrived == turnout.of(other, campaign).elsewhere == 0

    boards.update(heir=school.parent)
    for new, citizen in ((other, stays), (third, goes)):
        Succession.objects.create(old=school, new=new)
        Citizen.objects.filter(pk=citizen.pk).update(unit=new)
    assert [turnout.of(board, campaign).listed for board in (other, third)] == [1, 1]


@pytest.mark.parametrize("when", [DAY, LATE], ids=["on the day", "weeks late"])
def test_whom_the_commune_places_afterwards_stands_with_the_commune(school, when):
    commune = school.parent
    with time_machine.travel(SEPTEMBER):
        officer = make_officer(commune)
        make_citizen("Bà Tư", board=commune, village_text="Thôn 3")
    if when == DAY:
        freeze_at(DAY)
    with time_machine.travel(LATER):
        village = make_village("Thôn 3", commune=commune)
        name = placing.typed_name(commune, placing.VILLAGE, "Thôn 3")
        assert placing.place(name, village, commune=commune, by=officer) == 1
    freeze_at(when)
    assert listed() == [("Bà Tư", commune.name)]


def test_it_waits_for_its_day_and_is_written_once(school):
    make_citizen(board=school, added_at=None)
    freeze_at(moment(2026, 9, 30, 23, 59))
    assert not Listed.objects.exists()
    assert turnout.frozen_day(make_campaign(2026)) is None
    freeze_at(DAY)
    make_citizen(board=school, added_at=None)
    freeze_at(LATE)
    assert Listed.objects.count() == 1


def test_who_comes_after_a_death_goes_on_where_it_stopped(school, monkeypatch):
    monkeypatch.setattr(freezing, "CHUNK", 2)
    for _each in range(5):
        make_citizen(board=school, added_at=None)
    going = freezing.boards_before
    calls = []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError
        return going(*args)

    monkeypatch.setattr(freezing, "boards_before", dies)
    with pytest.raises(ConnectionError):
        freeze_at(DAY)
    assert Listed.objects.count() == 2
    assert turnout.frozen_day(make_campaign(2026)) is None
    freeze_at(LATE)
    assert Listed.objects.count() == 5
    assert len(calls) == 4


def test_two_workers_write_each_person_once(shared_database, monkeypatch):
    monkeypatch.setattr(freezing, "CHUNK", 4)
    make_campaign(2026)
    school = make_unit(parent=make_commune())
    for _each in range(20):
        make_citizen(board=school, added_at=None)
    village = make_village()
    for _each in range(10):
        make_household(village)
    at_once(*[partial(freezing.freeze, DAY)] * 3)
    assert Listed.objects.count() == 20
    assert FrozenList.objects.get().done_at
    assert ListedGroup.objects.count() == 12


def listed_groups():
    return sorted(
        (each.household.name if each.household else "", each.organization.name, str(each.clan or ""))
        for each in ListedGroup.objects.select_related("household", "organization", "clan")
    )


@pytest.mark.parametrize("when", ["on the day", "weeks late", "after a death"])
def test_households_and_places_are_those_of_the_day_whenever_they_are_written(school, when, monkeypatch):
    monkeypatch.setattr(freezing, "CHUNK", 2)
    commune = school.parent
    with time_machine.travel(SEPTEMBER):
        village = make_village("Thôn 3", commune=commune)
        clan = Organization.objects.create(kind="clan", name="Họ Đặng", code="C1", parent=commune)
        for number in range(5):
            make_household(village, name=f"Hộ {number}", clan=clan if number == 4 else None)
    expected = sorted(
        [
            *(("Hộ " + str(number), "Thôn 3", "Họ Đặng" if number == 4 else "") for number in range(5)),
            ("", "Thôn 3", ""),
            ("", "THCS Thạch Khê", ""),
        ]
    )
    if when == "on the day":
        freeze_at(DAY)
    if when == "after a death":
        going, calls = freezing._households, []

        def dies(*args):
            calls.append(args)
            if len(calls) == 2:
                raise ConnectionError
            return going(*args)

        monkeypatch.setattr(freezing, "_households", dies)
        with pytest.raises(ConnectionError):
            freeze_at(DAY)
        assert ListedGroup.objects.count() == 2
        assert not FrozenList.objects.get().groups_done_at
    with time_machine.travel(LATER):
        households.put_in([households.Row(2, "Hộ mới", None)], village, by=make_officer(commune))
        new = make_unit("Trạm Y tế", parent=commune)
        Organization.objects.filter(pk=new.pk).update(valid_from=LATER.date())
        Organization.objects.filter(pk=school.pk).update(valid_to=LATER.date(), heir=commune)
    freeze_at(LATE)
    freeze_at(LATE)

    assert Household.objects.count() == 6
    assert listed_groups() == expected
    assert FrozenList.objects.get().groups_done_at


def test_a_year_whose_people_were_written_before_is_completed(school):
    freeze_at(DAY)
    ListedGroup.objects.all().delete()
    FrozenList.objects.update(groups_done_at=None, households_up_to=0, places_up_to=0)
    freeze_at(LATE)
    assert listed_groups() == [("", "THCS Thạch Khê", "")]
