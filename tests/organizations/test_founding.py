import datetime

import pytest

from audit import clock
from audit.models import Event
from organizations.founding import found
from organizations.models import Kind, Organization, Placement, TreeLevel, Type
from tests.factories import make_commune, make_officer, make_village

pytestmark = pytest.mark.django_db


def test_a_new_village_has_a_place_a_code_of_our_own_and_leaves_an_event():
    commune = make_commune(code="18604")
    officer = make_officer(commune)

    village = found(Kind.VILLAGE, Type.HAMLET, "Đông  Hải", parent=commune, by=officer)

    assert (village.code, village.full_name, village.parent) == ("T18604001", "Thôn Đông Hải", commune)
    assert village.valid_from == clock.today()
    placement = Placement.objects.get(organization=village)
    assert (placement.parent, placement.path, placement.valid_from) == (commune, village.path, clock.today())
    event = Event.objects.get()
    assert (event.verb, event.object_id, event.actor, event.stream, event.new) == (
        "found",
        village.pk,
        officer.pk,
        commune.pk,
        "Thôn Đông Hải",
    )


def test_sisters_have_codes_and_places_of_their_own():
    commune = make_commune(code="18604")
    one = found(Kind.VILLAGE, Type.HAMLET, "Một", parent=commune, by=None)
    two = found(Kind.UNIT, Type.SCHOOL, "Trường Hai", parent=commune, by=None)

    assert (one.code, two.code) == ("T18604001", "D18604002")
    assert one.path < two.path


def test_a_code_that_moved_away_is_not_given_again():
    commune, elsewhere = make_commune(code="18604"), make_commune()
    moved = found(Kind.VILLAGE, Type.HAMLET, "Một", parent=commune, by=None)
    moved.parent, moved.path = elsewhere, elsewhere.next_child_path()
    moved.save()

    new = found(Kind.VILLAGE, Type.HAMLET, "Hai", parent=commune, by=None)

    assert (moved.code, new.code) == ("T18604001", "T18604002")


def test_a_new_village_is_in_force_from_its_first_day_and_not_before():
    village = found(Kind.VILLAGE, Type.HAMLET, "Mới", parent=make_commune(), by=None)
    yesterday = clock.today() - datetime.timedelta(days=1)

    assert Organization.objects.in_force().contains(village)
    assert not Organization.objects.in_force(yesterday).contains(village)


def test_places_are_counted_on_after_those_there_are():
    commune = make_commune()
    first = make_village(commune=commune)

    assert found(Kind.VILLAGE, Type.HAMLET, "Hai", parent=commune, by=None).path > first.path


@pytest.mark.feature("F2", "F8")
def test_nothing_is_founded_under_a_closed_place_or_on_a_level_that_ended():
    closed = make_commune(valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(2025, 6, 30))
    province = make_commune().parent
    # A test that commits is followed by emptying every table, and with it what a migration put in.
    ended = {"valid_to": datetime.date(2025, 6, 30)}
    TreeLevel.objects.update_or_create(kind=Kind.DISTRICT, defaults=ended)

    for kind, parent in ((Kind.VILLAGE, closed), (Kind.DISTRICT, province)):
        with pytest.raises(ValueError, match="nothing new"):
            found(kind, "", "Mới", parent=parent, by=None)
    assert not Organization.objects.filter(name="Mới").exists()
