"""A list as long as that of a big school, with a worker that dies again and again."""

import datetime
import itertools
from contextlib import suppress

import pytest

from accounts.models import Citizen, FileState
from audit.models import Event
from people import rosters, tasks
from people.models import Roster, RowState
from tests.factories import make_commune, make_confirmer, make_unit
from tests.people.lists import states, take

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B10", "N3")]
FAMILY = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ".split()
GIVEN = "An Bình Cường Dũng Giang Hà Hải Hạnh Hoa Hùng Khánh Lan Linh".split()


class Killed(BaseException):
    """Nothing catches it, as nothing catches the death of a process."""


def pupils(count):
    names = itertools.cycle(f"{family} {given}" for given in GIVEN for family in FAMILY)
    for number, name in zip(range(count), names, strict=False):
        day = datetime.date(2010, 1, 1) + datetime.timedelta(days=number % 365)
        yield [str(number), day, name, "6A", "Nam", f"042210{number:06d}", ""]


@pytest.mark.parametrize("count", [600, pytest.param(5000, marks=pytest.mark.prove)])
def test_a_long_list_is_added_whole_however_often_the_worker_dies(count, monkeypatch):
    school = make_unit(parent=make_commune())
    by = make_confirmer(school)
    rows = list(pupils(count))
    roster = take(school, by, rows)
    assert roster.state == FileState.CHECKING
    rosters.work(roster.pk)
    assert set(states(roster)) == {RowState.NEW}
    rosters.start(roster, by=by)
    carry_out, died_at = rosters._carry_out, set()

    def die_once_before_every_chunk(of):
        added = Citizen.objects.count()
        if added not in died_at:
            died_at.add(added)
            raise Killed
        carry_out(of)

    monkeypatch.setattr(rosters, "_carry_out", die_once_before_every_chunk)
    while roster.state != FileState.DONE:
        Roster.objects.update(heartbeat_at=None)
        with suppress(Killed):
            tasks.take_up_rosters()
        roster.refresh_from_db()

    assert died_at == set(range(0, count, rosters.CHUNK))
    assert set(states(roster)) == {RowState.ADDED}
    assert Citizen.objects.at(school).count() == count
    assert Event.objects.filter(verb="add_person").count() == count
    again = take(school, by, rows)
    rosters.work(again.pk)
    assert set(states(again)) == {RowState.HERE}
