"""Several at one moment: workers on one list, sign-ups beside it, claims of one slip, moves of one person."""

import datetime
from functools import partial

import pytest
from django.http import HttpRequest

from accounts import claiming, registration
from accounts.models import Citizen, Gender, Population, User
from accounts.places import Home
from audit import events
from audit.models import Event
from organizations.journal import Refused
from people import moves, rosters
from people.models import Moved, Roster, RowState
from tests.at_once import at_once
from tests.factories import make_citizen, make_commune, make_confirmer, make_unit
from tests.people.lists import states, take

pytestmark = pytest.mark.feature("B10")


def sign_up(number, commune):
    person = {
        "full_name": "Nguyễn Văn An",
        "birth_date": datetime.date(2010, 9, 5),
        "gender": Gender.MALE,
        "identity_number": number,
        "phone": "+84912345678",
        "email": "",
    }
    home = Home(commune=commune, population=Population.LEARNER)
    try:
        registration.open_account(person, home, password="mật khẩu của tôi")
    except registration.NumberTaken:
        return "taken"
    return "opened"


def test_two_workers_and_sign_ups_write_each_person_once(shared_database, monkeypatch):
    monkeypatch.setattr(rosters, "CHUNK", 10)
    commune = make_commune()
    school = make_unit(parent=commune)
    by = make_confirmer(school)
    numbers = [f"0422100000{n:02d}" for n in range(60)]
    rows = [
        [str(n), "05/09/2010", "Nguyễn Văn An", "6A", "Nam", number, ""] for n, number in enumerate(numbers)
    ]
    roster = take(school, by, rows)
    rosters.start(roster, by=by)

    told = at_once(
        partial(rosters.work, roster.pk),
        partial(rosters.work, roster.pk),
        *(partial(sign_up, number, commune) for number in numbers[-6:-3]),
    )

    rosters.work(Roster.objects.get().pk)
    assert set(told[2:]) <= {"taken", "opened"}
    opened = told[2:].count("opened")
    assert Citizen.objects.count() == 60
    assert states(roster).count(RowState.ADDED) == 60 - opened
    assert states(roster).count(RowState.ASK) == opened
    assert Event.objects.filter(verb="add_person").count() == 60 - opened
    assert list(events.faults()) == []


def claim(code):
    user = claiming.ClaimBackend().authenticate(HttpRequest(), username=code, fact="05/09/2010")
    return user and user.pk


def test_one_slip_used_twice_at_once_makes_one_account(shared_database):
    school = make_unit(parent=make_commune())
    pupil = make_citizen(board=school, birth_date=datetime.date(2010, 9, 5))
    [(_citizen, code)] = claiming.give_slips([pupil.pk], organization=school, by=make_confirmer(school))

    told = at_once(*[partial(claim, code)] * 3)

    assert len(set(told)) == 1
    assert User.objects.filter(citizen=pupil).count() == 1
    assert Event.objects.filter(verb="open_account", subject=pupil.pk).count() == 1


def move(pk, target, school, by):
    try:
        moves.move([pk], target, organization=school, reason="Chuyển trường", by=by)
    except Refused:
        return "refused"
    return "moved"


def test_of_two_who_move_one_person_at_once_one_does(shared_database):
    commune = make_commune()
    school, *others = (make_unit(name, parent=commune) for name in ("THCS A", "THCS B", "THCS C"))
    by = make_confirmer(school)
    pupil = make_citizen(board=school)

    told = at_once(*(partial(move, pupil.pk, other, school, by) for other in others))

    assert sorted(told) == ["moved", "refused"]
    assert Moved.objects.get().target == Citizen.objects.get(pk=pupil.pk).unit
