import datetime
import unicodedata

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from organizations import paths
from organizations.models import Organization
from tests.factories import (
    appoint,
    make_centre,
    make_commune,
    make_officer,
    make_province,
    make_unit,
    make_user,
    make_village,
)


@given(st.integers(1, paths.MOST_CHILDREN - 1), st.integers(1, paths.MOST_CHILDREN - 1))
def test_segments_sort_as_their_numbers(one, two):
    assert (paths.segment(one) < paths.segment(two)) == (one < two)
    assert paths.number(paths.segment(one)) == one


@given(st.lists(st.integers(1, paths.MOST_CHILDREN - 1), min_size=1, max_size=5),
       st.lists(st.integers(1, paths.MOST_CHILDREN - 1), min_size=1, max_size=5))  # fmt: skip
def test_a_subtree_is_the_range_up_to_its_successor(one, two):
    above, other = ("".join(map(paths.segment, numbers)) for numbers in (one, two))

    assert (above <= other < paths.successor(above)) == other.startswith(above)


@pytest.mark.django_db
@pytest.mark.feature("F1")
def test_each_level_stands_inside_its_parent():
    province = make_province()
    commune = make_commune(province=province)
    village, unit = make_village(commune=commune), make_unit(parent=province)

    assert list(village.ancestors) == [make_centre(), province, commune]
    assert list(unit.ancestors) == [make_centre(), province]
    below = Organization.objects.at_or_below(Organization.objects.filter(pk=commune.pk))
    assert set(below) == {commune, village}
    assert province.contains(unit)
    assert not commune.contains(unit)


@pytest.mark.django_db
def test_a_sibling_whose_path_is_longer_is_not_below():
    first, second = make_commune(), make_commune()
    make_village(commune=first)

    assert not set(Organization.objects.at_or_below(Organization.objects.filter(pk=second.pk))) & set(
        Organization.objects.at_or_below(Organization.objects.filter(pk=first.pk))
    )


@pytest.mark.django_db
def test_full_names_are_built_from_the_type_for_places_alone():
    assert make_commune("Thạch Khê").full_name == "Xã Thạch Khê"
    assert make_village("Đông Hải").full_name == "Thôn Đông Hải"
    assert make_unit("Trường THPT Lý Tự Trọng").full_name == "Trường THPT Lý Tự Trọng"


@pytest.mark.django_db
@pytest.mark.feature("G7")
@pytest.mark.parametrize(
    "query",
    [
        "thach khe",
        "Thạch Khê",
        "THẠCH",
        unicodedata.normalize("NFD", "Thạch Khê"),
        "khe thach",
        "xa thach khe",
    ],
)
def test_a_place_is_found_with_and_without_accents(query):
    commune = make_commune("Thạch Khê")
    make_commune("Kỳ Anh")

    assert list(Organization.objects.filter(kind="commune").matching(query)) == [commune]


@pytest.mark.django_db
def test_rights_follow_from_appointments_in_office():
    province = make_province()
    commune = make_commune(province=province)
    other = make_commune()
    officer = make_officer(province)
    past = make_user()
    appoint(past, province, valid_to=datetime.date(2024, 6, 30))
    future = make_user()
    appoint(future, province, valid_from=datetime.date(2999, 1, 1))

    assert commune in Organization.objects.visible_to(officer)
    assert other not in Organization.objects.visible_to(officer)
    assert not Organization.objects.visible_to(past).exists()
    assert not Organization.objects.visible_to(future).exists()


@pytest.mark.django_db
def test_a_closed_unit_is_not_in_force():
    closed = make_commune("Cũ", valid_from=datetime.date(2000, 1, 1), valid_to=datetime.date(2025, 6, 30))

    assert closed.is_closed
    assert closed not in Organization.objects.in_force()
    assert closed in Organization.objects.in_force(datetime.date(2025, 6, 30))


@pytest.mark.django_db
def test_two_organizations_never_share_a_code():
    make_commune(code="18073")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_commune(code="18073")
