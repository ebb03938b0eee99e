import datetime
import unicodedata
from collections import defaultdict

import pytest

from accounts import places
from accounts.models import Citizen, Population
from accounts.places import MOST_OPTIONS, Home
from criteria.models import Group
from organizations import catalogue
from organizations.models import Kind, Organization, Succession, Type
from tests.factories import days_from_now, make_commune, make_province, make_unit, make_village
from vietnamese import text

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


@pytest.mark.feature("F7")
def test_the_picker_knows_the_communes_of_the_whole_country_apart():
    catalogue.load()
    for typed in ("ky anh", "Kỳ Anh", "Ky\u0300 Anh", unicodedata.normalize("NFD", "Kỳ Anh")):
        found = find(typed)
        assert "Xã Kỳ Anh" in {one.full_name for one in found.options}, typed
    alike = defaultdict(list)
    for one in places.communes():
        alike[one.parent_id, one.type, text.fold(one.name)].append(one)
    pairs = [ones for ones in alike.values() if len(ones) > 1]
    assert [len(ones) for ones in pairs] == [2] * 8

    for ones in pairs:
        for one in ones:
            with_accents = f"{one.full_name}, {one.parent.full_name}"
            assert find(with_accents).only == one
            assert find(unicodedata.normalize("NFD", with_accents)).only == one
            assert set(ones) <= set(find(text.fold(with_accents)).options)


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


@pytest.mark.parametrize(
    ("typed", "other", "above"),
    [("Đỉnh Bàn", "Đình Phong", "Cao Bằng"), ("Thạch Hải", "Thạch Khôi", "Hải Phòng")],
)
def test_a_half_typed_word_means_no_province(typed, other, above):
    make_commune(other, province=make_province(above))

    assert find(typed).count == 0


def test_a_word_with_another_accent_is_only_alike():
    alike = make_commune("Đình Bản")

    assert (find("Đỉnh Bàn").count, find("Đỉnh Bàn").options) == (0, [alike])
    assert find("dinh ban").only == alike


@pytest.mark.parametrize("typed", ["Hoà Bình", "Hòa Bình", "HOÀ BÌNH", "hoa binh"])
def test_a_tone_may_stand_on_either_of_two_letters(typed):
    place = make_commune("Hòa Bình")
    make_commune("Hóa Bình")

    found = find(typed)

    assert found.options[0] == place
    assert found.only == (None if typed == "hoa binh" else place)


def test_names_that_begin_as_typed_come_first():
    names = ["An Thành", "An Thạnh", "Thanh An", "Thành An"]
    for name in names:
        make_commune(name)

    assert [place.name for place in find("thanh").options] == ["Thanh An", "Thành An", "An Thành", "An Thạnh"]


def make_former(kind, type, name, *became, parent):
    old = Organization.objects.create(
        kind=kind,
        type=type,
        name=name,
        code=f"{name}@2025",
        parent=parent,
        valid_from=datetime.date(2004, 7, 8),
        valid_to=datetime.date(2025, 6, 30),
    )
    for new in became:
        Succession.objects.create(old=old, new=new)
    return old


@pytest.fixture
def old_district(thach_khe):
    """Thạch Hà, with the communes Đỉnh Bàn and Thạch Hải, all of them in Thạch Khê now."""
    district = make_former(Kind.DISTRICT, Type.DISTRICT, "Thạch Hà", thach_khe, parent=thach_khe.parent)
    for name in ("Đỉnh Bàn", "Thạch Hải"):
        make_former(Kind.COMMUNE, Type.RURAL_COMMUNE, name, thach_khe, parent=district)
    return district


@pytest.mark.parametrize(
    ("typed", "former"),
    [
        ("Đỉnh Bàn", "Xã Đỉnh Bàn"),
        ("dinh ban", "Xã Đỉnh Bàn"),
        ("xã Đỉnh Bàn, huyện Thạch Hà, tỉnh Hà Tĩnh", "Xã Đỉnh Bàn"),
        ("thạch hải", "Xã Thạch Hải"),
        ("phường Đỉnh Bàn", "Xã Đỉnh Bàn"),
        ("huyện Thạch Hà", "Huyện Thạch Hà"),
        ("Đỉnh B", "Xã Đỉnh Bàn"),
    ],
)
def test_a_name_of_before_the_reform_leads_to_what_it_became_and_asks(thach_khe, old_district, typed, former):
    make_commune("Đình Phong", province=make_province("Cao Bằng"))

    found = find(typed)

    assert (found.only, found.options) == (None, [thach_khe])
    assert found.former[thach_khe.pk].full_name == former


def test_a_name_that_another_place_bore_before_may_mean_either(thach_khe, old_district):
    of_nghe_an = make_commune("Thạch Hải", province=make_province("Nghệ An"))

    assert (find("Thạch Hải").only, find("Thạch Hải").options) == (None, [of_nghe_an, thach_khe])
    assert find("Thạch Hải, tỉnh Nghệ An").only == of_nghe_an


def test_an_address_with_a_district_it_never_was_in_is_met_with_the_commune(thach_khe):
    found = find("xã Thạch Khê, huyện Cẩm Xuyên, tỉnh Hà Tĩnh")

    assert (found.only, found.count, found.options[0]) == (None, 0, thach_khe)


def test_the_province_that_is_known_comes_first(thach_khe):
    others = [make_commune("Tân An", province=make_province(name)) for name in ("Nghệ An", "Tây Ninh")]
    pool = places.communes()

    for other in others:
        assert places.find("tan an", pool, near=other.parent).options[0] == other
    for number in range(25):
        make_commune(f"Bắc {number}")
    assert places.find("Tân Án", pool, near=others[1].parent).options == others[::-1]
    assert places.find("Tan Ann", pool, near=others[1].parent).options == others[::-1]


def test_an_identity_number_says_the_province_of_birth():
    own = make_province("Hà Tĩnh", code="42")
    merged = make_province("Hải Phòng", code="31")
    make_former(Kind.PROVINCE, Type.PROVINCE, "30", merged, parent=own.parent)

    assert places.province_of_birth("042 160 000 001") == own
    assert places.province_of_birth("030160000001") == merged
    assert places.province_of_birth("001160000001") is None


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

    with django_assert_num_queries(2):
        [places.in_words(place) for place in find("tan tien").options]
