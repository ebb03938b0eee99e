import datetime
import unicodedata
from urllib.parse import unquote

import pytest
from django.urls import Resolver404, resolve, reverse

from accounts.models import Role
from organizations import catalogue
from organizations.models import Organization
from tests.factories import (
    appoint,
    make_centre,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_user,
    make_village,
)
from tests.pages import words_of

pytestmark = pytest.mark.django_db
INDEX = reverse("organizations:index")


def names(response):
    return [organization.full_name for organization in response.context["page"]]


def page_of(client, organization):
    return client.get(organization.get_absolute_url())


@pytest.fixture
def ha_tinh():
    catalogue.load("42")
    return Organization.objects.get(code="42")


# --- Finding --------------------------------------------------------------------------------------


@pytest.mark.feature("G7")
@pytest.mark.parametrize(
    "typed", ["thach khe", "Thạch Khê", "KHÊ THẠCH", unicodedata.normalize("NFD", "xã Thạch Khê")]
)
def test_an_officer_finds_a_commune_with_and_without_accents(client, ha_tinh, typed):
    client.force_login(make_officer(ha_tinh))

    response = client.get(INDEX, {"ten": typed})

    assert names(response) == ["Xã Thạch Khê"]


def test_closed_ones_are_found_when_asked_for(client, ha_tinh):
    client.force_login(make_officer(ha_tinh))

    response = client.get(INDEX, {"ten": "thach khe", "cu": "on"})

    assert [organization.code for organization in response.context["page"]] == ["18604", "18604@2025"]


def test_the_list_is_narrowed_by_level(client, ha_tinh):
    client.force_login(make_officer(ha_tinh))

    assert names(client.get(INDEX, {"cap": "province"})) == ["Tỉnh Hà Tĩnh"]


def test_a_code_finds_its_unit(client, ha_tinh):
    client.force_login(make_officer(ha_tinh))

    assert names(client.get(INDEX, {"ten": " 18604 "})) == ["Xã Thạch Khê"]


@pytest.mark.parametrize("query", [{"cap": "nowhere"}, {"ten": "a\x00b"}, {"page": "x"}, {"ten": "%"}])
def test_odd_addresses_give_a_page_all_the_same(client, query):
    commune = make_commune()
    client.force_login(make_officer(commune))

    assert client.get(INDEX, query).status_code == 200


@pytest.mark.feature("G7")
def test_the_list_stands_in_vietnamese_order_and_pages(client):
    province = make_province()
    for number in range(60):
        make_commune(f"Xuân {number:02}", province=province)
    for name in ("Đông", "Dũng", "Ân", "An", "Ăn"):
        make_commune(name, province=province)
    client.force_login(make_officer(province))

    first = client.get(INDEX, {"cap": "commune"})
    second = client.get(INDEX, {"cap": "commune", "page": 2})

    assert names(first)[:5] == ["Xã An", "Xã Ăn", "Xã Ân", "Xã Dũng", "Xã Đông"]
    assert (len(names(first)), len(names(second))) == (50, 15)


def test_nothing_beyond_the_own_subtree_is_found(client):
    own, foreign = make_commune("Thạch Khê"), make_commune("Thạch Khê")
    client.force_login(make_officer(own))

    response = client.get(INDEX, {"ten": "thach khe"})

    assert list(response.context["page"]) == [own]
    assert foreign.code not in response.content.decode()


def test_who_is_appointed_nowhere_is_told_so(client):
    make_commune()
    client.force_login(make_user())

    response = client.get(INDEX)

    assert "Bạn chưa được phân công ở tổ chức nào." in response.content.decode()
    assert names(response) == []


def test_the_pages_are_for_those_who_signed_in(client):
    commune = make_commune()

    for address in (INDEX, commune.get_absolute_url()):
        response = client.get(address)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("accounts:sign_in"))


# --- The page of one ------------------------------------------------------------------------------


def test_who_may_open_the_page_of_a_commune(client):
    commune = make_commune()
    village = make_village(commune=commune)
    sees = [
        make_officer(make_centre()),
        make_officer(commune.parent),
        make_officer(commune),
        make_confirmer(commune),
    ]
    sees_not = [
        make_officer(make_commune()),
        make_officer(make_province()),
        make_confirmer(village),
        make_user(),
        make_citizen(board=village, user=make_user()).user,
    ]

    for user, status in [(user, 200) for user in sees] + [(user, 404) for user in sees_not]:
        client.force_login(user)
        assert page_of(client, commune).status_code == status, user


def test_an_unknown_code_is_not_found(client):
    client.force_login(make_officer(make_commune()))

    assert client.get(reverse("organizations:detail", args=["99999@2025"])).status_code == 404


@pytest.mark.parametrize("code", ["a%00b", "42%20", "x" * 21, "'"])
def test_an_address_that_holds_no_code_is_not_found(client, code):
    client.force_login(make_officer(make_commune()))

    assert client.get(f"{INDEX}{code}/").status_code == 404
    assert client.get(f"{INDEX}{code}/cho-xep/").status_code == 404
    with pytest.raises(Resolver404):
        resolve(f"{INDEX}{unquote(code)}/")


def test_a_village_shows_where_it_stands_and_links_what_one_may_see(client):
    commune = make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))
    village = make_village("Đông Hải", commune=commune)
    client.force_login(make_officer(commune))

    response = page_of(client, village)

    assert response.context["steps"] == [
        (INDEX, "Tổ chức"),
        (commune.get_absolute_url(), "Xã Thạch Khê"),
    ]
    assert dict(response.context["rows"])["Thuộc"] == "Xã Thạch Khê, Tỉnh Hà Tĩnh, Hội Khuyến học Việt Nam"
    assert commune.parent.get_absolute_url() not in response.content.decode()


def test_children_are_listed_with_how_many_act_for_them(client):
    commune = make_commune()
    village, unit = make_village("Đông Hải", commune=commune), make_unit("Trường Tiểu học", parent=commune)
    make_confirmer(village)
    appoint(make_confirmer(village), village, Role.BOARD_CHAIR)  # one person in two roles
    make_confirmer(village, is_active=False)
    appoint(make_user(), unit, valid_to=datetime.date(2024, 12, 31))
    client.force_login(make_officer(commune))

    response = page_of(client, commune)

    assert [(child.full_name, child.people) for child in response.context["page"]] == [
        ("Thôn Đông Hải", 2),
        ("Trường Tiểu học", 0),
    ]
    assert response.content.decode().count("Chưa có ai phụ trách") == 1


def test_closed_children_are_left_out_of_one_in_force(client):
    commune = make_commune()
    make_village(
        "Cũ", commune=commune, valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(2025, 6, 30)
    )
    make_village("Mới", commune=commune)
    client.force_login(make_officer(commune))

    assert names(page_of(client, commune)) == ["Thôn Mới"]


def test_who_acts_for_it_today_is_named_with_role_and_days(client):
    commune = make_commune()
    officer = make_officer(commune, "Lê Văn Bình")
    appoint(make_user("Trần Thị Cũ"), commune, Role.OFFICER, valid_to=datetime.date(2024, 12, 31))
    client.force_login(officer)

    response = page_of(client, commune)

    assert [(seat.user.full_name, seat.role) for seat in response.context["seats"]] == [
        ("Lê Văn Bình", "officer")
    ]
    assert "Cán bộ hội khuyến học" in response.content.decode()
    assert "Trần Thị Cũ" not in response.content.decode()


@pytest.mark.parametrize(
    ("seat", "has_board"),
    [
        (None, False),
        ({"role": Role.BOARD_MEMBER}, True),
        ({"role": Role.OFFICER}, True),
        ({"role": Role.REPRESENTATIVE}, False),
        ({"role": Role.BOARD_MEMBER, "valid_to": datetime.date(2024, 12, 31)}, False),
        ({"role": Role.BOARD_MEMBER, "valid_from": datetime.date(2999, 1, 1)}, False),
    ],
)
def test_a_board_without_an_active_member_is_said_to_have_none(client, seat, has_board):
    village = make_village()
    if seat:
        appoint(make_user(), village, **seat)
    client.force_login(make_officer(village.parent))

    text = page_of(client, village).content.decode()

    assert ("Ban chưa có thành viên hoạt động" not in text) == has_board


def test_a_member_whose_account_is_closed_is_no_active_member(client):
    village = make_village()
    make_confirmer(village, is_active=False)
    client.force_login(make_officer(village.parent))

    assert "Ban chưa có thành viên hoạt động" in page_of(client, village).content.decode()


@pytest.mark.feature("F8")
def test_a_commune_of_today_names_the_closed_ones_it_came_from(client, ha_tinh):
    client.force_login(make_officer(ha_tinh))

    response = page_of(client, Organization.objects.get(code="18073"))

    came_from = [(each.old.full_name, each.heirs > 1) for each in response.context["came_from"]]
    assert ("Phường Nam Hà", False) in came_from
    assert ("Phường Đại Nài", True) in came_from
    assert ("Thành phố Hà Tĩnh", True) in came_from


@pytest.mark.feature("F8")
def test_a_closed_commune_still_has_its_page_and_names_what_it_became(client, ha_tinh):
    client.force_login(make_officer(ha_tinh))

    response = page_of(client, Organization.objects.get(code="18082@2025"))

    assert "Đã thôi dùng từ hết ngày 30/06/2025" in response.content.decode()
    assert dict(response.context["rows"]) == {
        "Cấp": "Xã, phường, đặc khu",
        "Loại": "Phường",
        "Mã": "18082@2025",
        "Thuộc": "Thành phố Hà Tĩnh, Tỉnh Hà Tĩnh, Hội Khuyến học Việt Nam",
        "Đến hết ngày": "30/06/2025",  # when it began is not known
    }
    assert [
        (each.new.code, each.is_suggested, is_linked) for each, is_linked in response.context["became"]
    ] == [
        ("18652", False, True),
        ("18073", True, True),
    ]


@pytest.mark.feature("F8")
def test_a_closed_district_still_lists_its_communes(client, ha_tinh):
    client.force_login(make_officer(ha_tinh))

    response = page_of(client, Organization.objects.get(code="436@2025"))

    assert "Phường Đại Nài" in names(response)
    assert response.context["steps"][-1][1] == "Tỉnh Hà Tĩnh"


def test_of_another_commune_that_a_split_one_became_the_name_stands_without_a_link(client, ha_tinh):
    client.force_login(make_officer(Organization.objects.get(code="18073")))

    response = page_of(client, Organization.objects.get(code="18082@2025"))

    assert [(each.new.code, is_linked) for each, is_linked in response.context["became"]] == [
        ("18652", False),
        ("18073", True),
    ]


def test_the_people_to_place_are_counted_for_their_commune(client):
    commune = make_commune()
    make_citizen(board=commune, village_text="Thôn 3")
    make_citizen(board=commune, unit_text="Trường A", village_text="Thôn 3")
    make_citizen(board=make_village(commune=commune), unit_text="Trường A")
    make_citizen(board=commune)
    make_citizen(board=make_village(commune=commune), village_text="")
    client.force_login(make_officer(commune))

    response = page_of(client, commune)

    assert response.context["people_to_place"] == 3
    assert reverse("accounts:typed_names", args=[commune.code]) in response.content.decode()


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_for_one_as_for_twelve(client, django_assert_max_num_queries, count):
    commune = make_commune()
    for number in range(count):
        make_confirmer(make_village(f"Thôn {number}", commune=commune))
    client.force_login(make_officer(commune))

    with django_assert_max_num_queries(10):
        response = client.get(INDEX)

    assert len(names(response)) == count + 1


@pytest.mark.parametrize("count", [1, 12])
def test_a_page_costs_the_same_for_one_as_for_twelve(client, django_assert_max_num_queries, ha_tinh, count):
    commune = Organization.objects.get(code="18073")
    for number in range(count):
        make_confirmer(make_village(f"Thôn {number}", commune=commune))
        make_confirmer(commune)
    client.force_login(make_officer(commune))

    with django_assert_max_num_queries(29):
        response = page_of(client, commune)

    assert len(names(response)) == count
    assert len(response.context["seats"]) == count + 1


@pytest.mark.feature("F1")
def test_the_page_of_a_unit_says_how_to_reach_it(client):
    commune = make_commune(phone="0239 3855 123", email="hoi@example.vn", address="Số 1 đường Chính")
    client.force_login(make_officer(commune))

    words = words_of(page_of(client, commune))

    for told in (commune.phone, commune.email, commune.address):
        assert told in words
