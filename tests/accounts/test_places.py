import pytest

from accounts import places
from accounts.models import Citizen, Population
from accounts.places import MOST_OPTIONS, Home
from criteria.models import Group
from organizations.models import Type
from tests.factories import days_from_now, make_commune, make_province, make_unit, make_village

pytestmark = pytest.mark.django_db


def find(typed):
    return places.find(typed, places.communes())


@pytest.fixture
def thach_khe():
    make_commune("Thạch Lạc", province=make_province("Nghệ An"))
    return make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))


@pytest.mark.parametrize(
    "typed",
    [
        "Thạch Khê",
        "thach khe",
        "xa thach khe",
        "Xã Thạch Khê, tỉnh Hà Tĩnh",
        "Thạch Khê Hà Tĩnh",
        "thach khe tinh ha tinh",
        "phường Thạch Khê",  # the type changed, the people's habit has not
        "  THẠCH   KHÊ ",
        "thach kh",
        "Tha\u0323ch Khe\u0302",
    ],
)
def test_a_commune_is_found_by_its_name_with_accents_or_without(thach_khe, typed):
    assert find(typed).only == thach_khe


def test_communes_of_one_name_are_all_offered_and_the_province_tells_them_apart():
    of_hai_phong = make_commune("Tân An", province=make_province("Hải Phòng"))
    of_nghe_an = make_commune("Tân An", province=make_province("Nghệ An"))

    assert find("tan an").only is None
    assert set(find("tan an").options) == {of_hai_phong, of_nghe_an}
    assert find("tan an nghe an").only == of_nghe_an


def test_accents_count_when_they_were_typed():
    thanh, thanh_with_dot = make_commune("Thanh Phú"), make_commune("Thạnh Phú")

    assert find("Thanh Phú").only == thanh
    assert find("Thạnh Phú").only == thanh_with_dot
    assert find("thanh phu").options == [thanh, thanh_with_dot]
    assert find("thanh phu").only is None


def test_a_whole_name_counts_before_a_part_of_one():
    whole, longer = make_commune("Tân An"), make_commune("Tân An Hội")

    assert find("Tân An").only == whole
    assert find("Tân An").options == [whole, longer]
    assert find("hội").only == longer


def test_a_word_is_not_found_inside_another():
    make_commune("Thanh Lan")

    assert find("an").count == 0


def test_at_most_twenty_are_offered_and_all_are_counted():
    province = make_province()
    for number in range(25):
        make_commune(f"Tân Tiến {number}", province=province)

    found = find("tan tien")

    assert len(found.options) == MOST_OPTIONS == 20
    assert found.count == 25


def test_a_slip_of_the_finger_is_met_with_names_alike(thach_khe):
    for number in range(25):
        make_commune(f"Thạch Hà {number}", province=thach_khe.parent)

    found = find("Thạch Khêê")

    assert (found.only, found.count, found.options[0]) == (None, 0, thach_khe)


def test_communes_that_are_no_more_are_not_found(thach_khe):
    thach_khe.valid_to = days_from_now(-1).date()
    thach_khe.save(update_fields=["valid_to"])

    assert find("Thạch Khê").only is None


def test_a_village_is_looked_for_in_its_commune_alone(thach_khe):
    village = make_village("Đông Hải", commune=thach_khe)
    make_village("Đông Hải", commune=make_commune("Thạch Hạ"))

    assert places.find("dong hai", places.villages(thach_khe)).only == village
    assert places.find("thach khe", places.villages(thach_khe)).count == 0


def test_units_are_those_of_the_commune_and_those_right_under_its_province(thach_khe):
    school = make_unit("Trường THCS Thạch Khê", parent=thach_khe)
    office = make_unit("Sở Nội vụ", parent=thach_khe.parent, type=Type.AGENCY)
    make_unit("Trường THCS Thạch Hạ", parent=make_commune("Thạch Hạ", province=thach_khe.parent))

    assert set(places.units(thach_khe)) == {school, office}


def test_the_words_of_a_commune_find_it_again(thach_khe):
    assert places.in_words(thach_khe) == "Xã Thạch Khê, tỉnh Hà Tĩnh"
    assert find(places.in_words(thach_khe)).only == thach_khe


def test_the_board_of_a_home_is_the_one_the_citizen_will_have(thach_khe):
    village, unit = make_village(commune=thach_khe), make_unit(parent=thach_khe)

    for home, board in [
        (Home(thach_khe, village, unit=unit), unit),
        (Home(thach_khe, village, unit_text="Xưởng mộc"), village),
        (Home(thach_khe, village_text="Xóm Mới"), thach_khe),
    ]:
        assert home.board == board == Citizen(**home.fields).board


def test_the_work_suggests_the_group(thach_khe):
    groups = [Home(thach_khe, population=population).suggested_group for population in Population]

    assert groups == [Group.I, Group.II, Group.III, Group.IV]


def test_a_kept_home_is_given_back_while_its_places_are_in_force(thach_khe):
    village = make_village(commune=thach_khe)
    home = Home(thach_khe, village, unit_text="Xưởng mộc", population=Population.WORKER)

    assert Home.from_kept(home.as_kept()) == home

    village.valid_to = days_from_now(-1).date()
    village.save(update_fields=["valid_to"])
    assert Home.from_kept(home.as_kept()) is None


@pytest.mark.parametrize("count", [1, 15])
def test_finding_costs_the_same_for_one_as_for_fifteen(django_assert_num_queries, count):
    province = make_province()
    for number in range(count):
        make_commune(f"Tân Tiến {number}", province=province)

    with django_assert_num_queries(1):
        [places.in_words(place) for place in find("tan tien").options]
