import pytest
from django.core.exceptions import PermissionDenied

from accounts import placing
from accounts.models import Citizen, Message
from accounts.placing import UNIT, VILLAGE
from audit import events
from audit.models import Event
from organizations.models import Organization
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_household,
    make_officer,
    make_province,
    make_unit,
    make_user,
    make_village,
)

pytestmark = pytest.mark.django_db


def typed(commune, key="Thôn 3", what=VILLAGE):
    return placing.typed_name(commune, what, key)


def test_spellings_of_one_name_are_joined_with_their_count():
    commune = make_commune()
    for text in ("Thôn 3", "Thôn 3", "thon 3", "THÔN 3"):
        make_citizen(board=commune, village_text=text)
    make_citizen(board=commune, village_text="Thôn 4")
    make_citizen(board=commune, unit_text="Trường A")
    make_citizen(board=make_commune(), village_text="Thôn 3")
    make_citizen(board=make_village(commune=commune), village_text="")

    found = [(name.name, name.spellings, name.people) for name in placing.typed_names(commune)]

    assert found == [
        ("Thôn 3", ["Thôn 3", "THÔN 3", "thon 3"], 4),
        ("Thôn 4", ["Thôn 4"], 1),
        ("Trường A", ["Trường A"], 1),
    ]


def test_the_names_of_a_commune_cost_two_queries(django_assert_num_queries):
    commune = make_commune()
    for number in range(8):
        make_citizen(board=commune, village_text=f"Thôn {number}", unit_text=f"Trường {number}")

    with django_assert_num_queries(2):
        assert len(placing.typed_names(commune)) == 16


def test_everybody_who_typed_the_name_is_placed_and_nobody_else():
    commune = make_commune()
    village = make_village("3", commune=commune)
    placed = [make_citizen(board=commune, village_text=text) for text in ("Thôn 3", "thon 3")]
    others = [
        make_citizen(board=commune, village_text="Thôn 4"),
        make_citizen(board=make_commune(), village_text="Thôn 3"),
        make_citizen(board=commune),
    ]

    people = placing.place(typed(commune), village, commune=commune, by=make_officer(commune))

    assert people == 2
    assert set(Citizen.objects.filter(village=village)) == set(placed)
    assert [Citizen.objects.get(pk=one.pk).village_text for one in [*placed, *others]] == [
        "",
        "",
        "Thôn 4",
        "Thôn 3",
        "",
    ]
    assert typed(commune) is None


def test_a_unit_right_below_the_province_may_be_what_was_typed():
    commune = make_commune()
    school = make_unit("Trường THPT Lý Tự Trọng", parent=commune.parent)
    citizen = make_citizen(board=commune, unit_text="truong Ly Tu Trong")

    placing.place(
        typed(commune, "truong ly tu trong", UNIT), school, commune=commune, by=make_officer(commune)
    )

    assert Citizen.objects.get(pk=citizen.pk).board == school


def test_each_person_placed_leaves_an_event_with_the_typed_text_under_the_persons_key():
    commune = make_commune()
    village = make_village("3", commune=commune)
    citizen = make_citizen(board=commune, village_text="thon 3")
    officer = make_officer(commune)

    placing.place(typed(commune), village, commune=commune, by=officer)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject, event.object_id, event.stream, event.new) == (
        "place",
        officer.pk,
        citizen.pk,
        citizen.pk,
        commune.pk,
        village.code,
    )
    assert events.private_of(event) == {"village_text": "thon 3"}
    assert list(events.faults()) == []


def test_a_person_is_told_when_the_new_board_has_nobody_yet():
    commune = make_commune()
    village = make_village("Đông Hải", commune=commune)
    make_confirmer(village, is_active=False)
    make_citizen(board=commune, village_text="dong hai")

    placing.place(typed(commune, "dong hai"), village, commune=commune, by=make_officer(commune))

    assert Message.objects.get().body == (
        "Hội khuyến học nơi bạn ở đã xếp “dong hai” mà bạn gõ vào danh sách: Thôn Đông Hải. "
        "Hồ sơ chưa gửi từ nay về ban khuyến học thôn Đông Hải. Ban này chưa có ai; hội khuyến học xã "
        "phân công người rồi mới có người xác nhận. Hồ sơ đã gửi vẫn ở nơi cũ."
    )


def test_only_the_people_that_are_named_are_placed():
    commune = make_commune()
    village = make_village("3", commune=commune)
    one, other = (make_citizen(board=commune, village_text="Thôn 3") for _ in range(2))
    elsewhere = make_citizen(board=make_commune(), village_text="Thôn 3")

    people = placing.place(
        typed(commune), village, commune=commune, by=make_officer(commune), people=[one.pk, elsewhere.pk]
    )

    assert people == 1
    assert set(Citizen.objects.filter(village=None)) == {other, elsewhere}


def test_a_person_whose_board_changes_is_told_who_confirms_now():
    commune = make_commune()
    village = make_village("Đông Hải", commune=commune)
    make_confirmer(village)
    citizen = make_citizen(board=commune, village_text="dong hai")

    placing.place(typed(commune, "dong hai"), village, commune=commune, by=make_officer(commune))

    message = Message.objects.get()
    assert (message.citizen, message.subject) == (citizen, "Thôn Đông Hải đã có trong danh sách")
    assert message.body == (
        "Hội khuyến học nơi bạn ở đã xếp “dong hai” mà bạn gõ vào danh sách: Thôn Đông Hải. "
        "Hồ sơ chưa gửi từ nay do ban khuyến học thôn Đông Hải xác nhận; hồ sơ đã gửi vẫn ở nơi cũ."
    )


def test_a_person_confirmed_by_the_own_unit_is_not_told_of_another_board():
    commune = make_commune()
    village = make_village("Đông Hải", commune=commune)
    make_citizen(board=make_unit(parent=commune), village_text="dong hai")

    placing.place(typed(commune, "dong hai"), village, commune=commune, by=make_officer(commune))

    assert Message.objects.get().body == (
        "Hội khuyến học nơi bạn ở đã xếp “dong hai” mà bạn gõ vào danh sách: Thôn Đông Hải."
    )


def test_only_the_officers_of_the_commune_place():
    commune = make_commune()
    village = make_village("3", commune=commune)
    make_citizen(board=commune, village_text="Thôn 3")
    strangers = [
        make_officer(commune.parent),
        make_officer(make_commune()),
        make_confirmer(commune),
        make_confirmer(village),
        make_user(),
    ]

    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            placing.place(typed(commune), village, commune=commune, by=stranger)
        with pytest.raises(PermissionDenied):
            placing.place_in_new(typed(commune), "thon", "Mới", commune=commune, by=stranger)

    assert not Citizen.objects.filter(village=village).exists()


@pytest.mark.parametrize(
    "make_foreign",
    [
        lambda commune: make_village(),
        lambda commune: make_unit(parent=commune),  # not what was asked for
        lambda commune: make_village(commune=commune, valid_to="2025-12-31"),
        lambda commune: commune,
    ],
)
def test_nobody_is_placed_in_what_is_no_village_of_the_commune_in_force(make_foreign):
    commune = make_commune()
    make_citizen(board=commune, village_text="Thôn 3")

    with pytest.raises(PermissionDenied):
        placing.place(typed(commune), make_foreign(commune), commune=commune, by=make_officer(commune))


def test_a_name_that_nobody_waits_with_any_more_is_said_to_be_placed():
    commune = make_commune()
    village, officer = make_village("3", commune=commune), make_officer(commune)
    make_citizen(board=commune, village_text="Thôn 3")
    name = typed(commune)
    placing.place(name, village, commune=commune, by=officer)

    with pytest.raises(placing.NothingToPlace):
        placing.place(name, village, commune=commune, by=officer)
    with pytest.raises(placing.NothingToPlace):
        placing.place_in_new(name, "thon", "Ba", commune=commune, by=officer)

    assert not Organization.objects.filter(name="Ba").exists()
    assert Event.objects.count() == 1


def test_a_new_village_is_founded_from_the_typed_name():
    commune = make_commune(code="18604")
    citizen = make_citizen(board=commune, village_text="Thôn Đông Hải")

    village, people = placing.place_in_new(
        typed(commune, "Thôn Đông Hải"), "thon", "Đông Hải", commune=commune, by=make_officer(commune)
    )

    assert (village.full_name, village.code, village.parent, people) == (
        "Thôn Đông Hải",
        "T18604001",
        commune,
        1,
    )
    assert Citizen.objects.get(pk=citizen.pk).village == village
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["found", "place"]


def test_a_village_that_is_there_is_not_founded_again():
    commune = make_commune()
    there = make_village("Đông Hải", commune=commune)
    make_citizen(board=commune, village_text="thôn đông hải")

    with pytest.raises(placing.NameTaken) as taken:
        placing.place_in_new(
            typed(commune, "thon dong hai"), "thon", "đông hải", commune=commune, by=make_officer(commune)
        )

    assert taken.value.there == there


def test_two_villages_may_differ_by_an_accent_alone():
    commune = make_commune()
    make_village("Đông Hải", commune=commune)
    make_citizen(board=commune, village_text="Đồng Hải")

    village, _people = placing.place_in_new(
        typed(commune, "dong hai"), "thon", "Đồng Hải", commune=commune, by=make_officer(commune)
    )

    assert village.full_name == "Thôn Đồng Hải"


@pytest.mark.parametrize("count", [1, 20])
def test_placing_costs_the_same_for_one_as_for_twenty(django_assert_max_num_queries, count):
    commune = make_commune(province=make_province())
    village, officer = make_village("3", commune=commune), make_officer(commune)
    for _ in range(count):
        make_citizen(board=commune, village_text="Thôn 3", household=make_household(village))
    name = typed(commune)

    with django_assert_max_num_queries(21):
        placing.place(name, village, commune=commune, by=officer)

    assert Citizen.objects.filter(village=village).count() == count
