import datetime
import html
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from assessments.models import Campaign, Outcome, State
from criteria.models import Group
from organizations.models import Kind, Organization
from reports.models import SavedTable
from tests.factories import (
    appoint,
    make_campaign,
    make_centre,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    moment,
    open_campaign,
)
from tests.pages import main_of
from tests.reports.records import make_country, make_record

pytestmark = pytest.mark.django_db

SUMMARY, LIST, PEOPLE = "/bao-cao/", "/bao-cao/danh-sach/", "/bao-cao/nguoi-dan/"
PAGES = [SUMMARY, LIST, PEOPLE]
LINKED = re.compile(r'<a(?: class="big")? href="([^"]+)">([\d.]+)</a>')
BARE = re.compile(r'<td class="number"[^>]*>([\d.]+)</td>|<span class="big">([\d.]+)</span>')


def linked_numbers(response):
    """(address, number) of every number that is a link."""
    return [
        (html.unescape(address), int(number.replace(".", "")))
        for address, number in LINKED.findall(response.content.decode())
    ]


def bare_numbers(response):
    return ["".join(found) for found in BARE.findall(response.content.decode())]


# --- Every number is a link to exactly its rows ---------------------------------------------------


@pytest.mark.feature("G1")
@pytest.mark.parametrize("kind", [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE, Kind.VILLAGE])
def test_the_list_behind_a_number_holds_as_many_rows(client, kind):
    make_country(seed=8, people=40)
    organization = Organization.objects.filter(kind=kind).order_by("path")[0]
    client.force_login(make_officer(organization))
    page = client.get(SUMMARY)

    numbers = linked_numbers(page)

    assert len(numbers) > 10
    for address, number in numbers:
        assert client.get(address).context["page"].paginator.count == number, address


@pytest.mark.feature("G1")
def test_no_number_but_nought_is_without_its_rows(client):
    make_country(seed=9)
    client.force_login(make_officer(make_centre()))

    bare = bare_numbers(client.get(SUMMARY))

    assert set(bare) == {"0"}


@pytest.mark.feature("G1", "F1")
def test_one_goes_down_from_the_country_to_a_village_and_sees_the_same_numbers(client):
    campaign, village = open_campaign(), make_village()
    make_record(make_citizen(board=village), campaign, State.CONFIRMED, Outcome.ACHIEVED)
    client.force_login(make_officer(make_centre()))
    page = client.get(SUMMARY)

    names = []
    while page.context["units"]:
        (row,) = [row for row in page.context["units"] if row.url]
        names.append(row.name)
        page = client.get(row.url)
        assert page.context["registered"].text == "1"

    assert names == ["Tỉnh Hà Tĩnh", "Xã Thạch Khê", "Thôn Đông Hải"]


# --- What the page says ---------------------------------------------------------------------------


@pytest.mark.feature("G1")
def test_an_organization_that_no_database_can_hold_is_not_there(client):
    province = make_province()
    open_campaign()
    client.force_login(make_officer(province))

    assert client.get("/bao-cao/", {"to-chuc": f"{province.code}\x00"}).status_code == 404
    saved = client.post(f"/bao-cao/bang-da-luu/?to-chuc={province.code}", {"name": "Thôn\x00, nhóm"})
    assert saved.status_code == 302
    assert SavedTable.objects.get().name == "Thôn, nhóm"


def test_both_rates_are_named(client):
    campaign, village = open_campaign(), make_village()
    for state, outcome in [(State.CONFIRMED, Outcome.ACHIEVED), (State.REGISTERED, "")]:
        make_record(make_citizen(board=village), campaign, state, outcome)
    make_citizen(board=village)
    make_citizen(board=village)
    client.force_login(make_confirmer(village))

    page = client.get(SUMMARY).content.decode()

    assert "<strong>25,0%</strong> của 4 người trong danh sách" in page
    assert "<strong>50,0%</strong> của 2 người đã đăng ký" in page
    for heading in ["Tỷ lệ đăng ký, trên tổng số", "Tỷ lệ đạt, trên tổng số", "Tỷ lệ đạt, trên đã đăng ký"]:
        assert f'<th scope="col" class="number">{heading}</th>' in page


@pytest.mark.feature("G1")
def test_where_people_moved_away_there_is_no_rate_of_the_list_and_the_row_says_why(client):
    campaign, village = open_campaign(), make_village()
    moved = make_citizen(board=village)
    for citizen in [moved, make_citizen(board=village)]:
        make_record(citizen, campaign, State.CONFIRMED, Outcome.ACHIEVED)
    moved.village, moved.commune = None, make_commune("Cẩm Bình", province=village.parent.parent)
    moved.save()
    client.force_login(make_officer(village.parent))

    page = client.get(SUMMARY, {"to-chuc": village.parent.code})

    row = next(row for row in page.context["units"] if row.name == village.full_name)
    assert [cell.text for cell in row.cells if "trên tổng số" in str(cell.heading)] == ["–", "–"]
    assert row.note == "có người chuyển nơi"
    assert "(có người chuyển nơi)" in page.content.decode()


@pytest.mark.feature("E7")
def test_unconfirmed_stands_apart_from_not_achieved(client):
    campaign, village = open_campaign(), make_village()
    make_record(make_citizen(board=village), campaign, State.UNCONFIRMED)
    client.force_login(make_confirmer(village))

    page = client.get(SUMMARY)
    parts = {str(part["cell"].heading): part["cell"].text for part in page.context["parts"]}

    assert (parts["Ban chưa xác nhận"], parts["Không đạt"]) == ("1", "0")
    assert "không phải là không đạt" in page.content.decode()


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (moment(2026, 12, 22, 13, 40), "đang mở đến hết ngày 31/12/2026 (thứ Năm), còn 9 ngày."),
        (moment(2027, 1, 1), "đã khóa lúc hết ngày 31/12/2026 (thứ Năm)."),
        (moment(2026, 9, 30), "chưa mở, sẽ mở từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)."),
    ],
)
@pytest.mark.parametrize("address", PAGES)
def test_figures_say_their_hour_and_whether_the_year_is_locked(client, address, now, words):
    make_campaign(2026)

    with time_machine.travel(now, tick=False):
        client.force_login(make_officer(make_province()))
        page = client.get(address).content.decode()

    assert f"Số liệu lúc {now:%H:%M, %d/%m/%Y}. Xác nhận điểm năm 2026: {words}" in page


def test_provisional_criteria_are_called_so(client):
    record = make_record()
    client.force_login(make_confirmer(record.board))

    assert "324/QĐ-KHVN ngày 25/10/2023 (bản tạm)" in client.get(SUMMARY).content.decode()


def test_the_tables_by_unit_come_fifty_rows_a_page_with_the_sum_of_all(client):
    commune, campaign = make_commune(), open_campaign()
    for place in range(60):
        make_record(make_citizen(board=make_village(f"Thôn {place}", commune)), campaign)
    client.force_login(make_officer(commune))

    first, second = client.get(SUMMARY), client.get(SUMMARY, {"page": 2})

    assert (len(first.context["units"]), len(second.context["units"])) == (50, 10)
    assert "Đơn vị 51 đến 60 trên 60" in second.content.decode()
    assert [page.context["total"].cells[1].text for page in (first, second)] == ["60", "60"]


def test_an_earlier_year_is_one_link_away(client):
    campaign, village = open_campaign(), make_village()
    last_year = make_campaign(campaign.year - 1)
    make_record(make_citizen(board=village), last_year)
    client.force_login(make_confirmer(village))

    (address,) = [url for each, url in client.get(SUMMARY).context["years"] if each == last_year]

    assert client.get(address).context["registered"].text == "1"


def test_without_any_year_the_page_says_so(client):
    client.force_login(make_officer(make_province()))

    assert "Chưa mở năm nào" in client.get(SUMMARY).content.decode()


# --- Lists ----------------------------------------------------------------------------------------


@pytest.mark.feature("G7")
def test_people_stand_by_given_name(client):
    campaign, village = open_campaign(), make_village()
    for name in [
        "Đỗ Thị Uyên",
        "Lê Văn Đào",
        "Trần Ánh",
        "Phạm Dũng",
        "Bùi Thị Ân",
        "Vũ An",
        "Hồ Ước",
        "Lê Ăn",
    ]:
        make_record(make_citizen(name, board=village), campaign)
    client.force_login(make_confirmer(village))
    in_order = [
        "Vũ An",
        "Trần Ánh",
        "Lê Ăn",
        "Bùi Thị Ân",
        "Phạm Dũng",
        "Lê Văn Đào",
        "Đỗ Thị Uyên",
        "Hồ Ước",
    ]

    for address in [LIST, PEOPLE]:
        assert [row.citizen.full_name for row in client.get(address).context["page"]] == in_order


@pytest.mark.feature("G7")
@pytest.mark.parametrize("typed", ["anh dang", "ĐẶNG ÁNH", "Đặng  Thị Ánh", "đa\u0323\u0306ng"])
@pytest.mark.parametrize("address", [LIST, PEOPLE])
def test_names_are_found_with_and_without_accents(client, address, typed):
    campaign, village = open_campaign(), make_village()
    for name in ["Đặng Thị Ánh", "Dương Văn Bình"]:
        make_record(make_citizen(name, board=village), campaign)
    client.force_login(make_confirmer(village))

    rows = client.get(address, {"ten": typed}).context["page"]

    assert [row.citizen.full_name for row in rows] == ["Đặng Thị Ánh"]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({"nhom": "IV"}, ["Bình"]),
        ({"tinh-trang": "ban-chua-xac-nhan"}, ["An"]),
        ({"tinh-trang": "dat", "nhom": "IV"}, ["Bình"]),
        ({"tinh-trang": "dat", "nhom": "I"}, []),
        ({"don-vi": "DOAI"}, ["Bình"]),
        ({}, ["An", "Bình"]),
    ],
)
def test_a_list_is_narrowed_by_what_is_chosen(client, choice, names):
    commune, campaign = make_commune(), open_campaign()
    east, west = make_village("Đông", commune), make_village("Đoài", commune)
    Organization.objects.filter(pk=west.pk).update(code="DOAI")
    make_record(make_citizen("Lê An", board=east), campaign, State.UNCONFIRMED)
    make_record(make_citizen("Lê Bình", board=west), campaign, State.CONFIRMED, Outcome.ACHIEVED, Group.IV)
    client.force_login(make_officer(commune))

    rows = client.get(LIST, choice).context["page"]

    assert [row.citizen.full_name.split()[-1] for row in rows] == names


@pytest.mark.parametrize(
    "choice", [{"nhom": "V"}, {"tinh-trang": "x"}, {"don-vi": "NOWHERE"}, {"ten": "x" * 101}]
)
def test_a_choice_there_is_not_shows_what_is_wrong_and_nobody(client, choice):
    record = make_record(make_citizen(board=make_village()))
    client.force_login(make_officer(record.commune))

    page = client.get(LIST, choice)

    assert 'role="alert"' in main_of(page)
    assert page.context["page"].paginator.count == 0


@pytest.mark.parametrize("address", [LIST, PEOPLE])
def test_the_identity_number_is_masked(client, address):
    village = make_village()
    make_record(make_citizen(board=village, identity_number="042060123456"))
    client.force_login(make_confirmer(village))

    page = client.get(address).content.decode()

    assert "********3456" in page
    assert "042060123456" not in page


def test_points_of_what_was_not_sent_stay_with_their_writer(client):
    campaign, village = open_campaign(), make_village()
    make_scored_assessment(points=7, board=village, campaign=campaign)
    make_submitted_assessment(points=9, board=village, campaign=campaign)
    client.force_login(make_confirmer(village))

    rows = client.get(LIST).context["page"]

    assert sorted((row.record.state, row.own_total) for row in rows) == [
        (State.REGISTERED, None),
        (State.SUBMITTED, 90),
    ]


def test_people_without_a_record_are_in_the_list_of_people(client):
    village = make_village()
    campaign = open_campaign()
    make_record(make_citizen("Lê An", board=village), campaign)
    make_citizen("Lê Bình", board=village)
    client.force_login(make_confirmer(village))

    page = client.get(PEOPLE)

    assert [row.citizen.record_state for row in page.context["page"]] == [State.SUBMITTED, None]
    assert "Chưa đăng ký" in page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_database_as_often_for_one_as_for_forty(client, address):
    commune, campaign = make_commune(), open_campaign()
    client.force_login(make_officer(commune))
    make_record(make_citizen(board=make_village("Thôn", commune)), campaign)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        client.get(address)

    for place in range(39):
        make_record(make_citizen(board=make_village(f"Thôn {place}", commune)), campaign)
    with CaptureQueriesContext(connection) as for_forty:
        page = client.get(address)

    assert page.context["page"].paginator.count == 40
    assert len(for_forty) == len(for_one) <= 26


# --- Who sees what --------------------------------------------------------------------------------


@pytest.fixture
def places():
    """A commune with a village and a unit, its province, and beside them a foreign commune and province."""
    open_campaign()
    province = make_province("Hà Tĩnh", code="42")
    commune = make_commune("Thạch Khê", code="18073", province=province)
    return {
        "centre": make_centre(),
        "province": province,
        "commune": commune,
        "village": make_village("Đông Hải", commune),
        "unit": make_unit("Trường Lý Tự Trọng", parent=commune),
        "other_commune": make_commune("Đức Thọ", code="18229", province=province),
        "other_province": make_province("Nghệ An", code="40"),
    }


@pytest.mark.parametrize(
    ("seat", "seen"),
    [
        ("centre", {"centre", "province", "commune", "village", "unit", "other_commune", "other_province"}),
        ("province", {"province", "commune", "village", "unit", "other_commune"}),
        ("commune", {"commune", "village", "unit"}),
        ("village", {"village"}),
        ("unit", {"unit"}),
        ("other_province", {"other_province"}),
    ],
)
@pytest.mark.parametrize("address", PAGES)
def test_one_sees_what_stands_at_or_below_the_own_organization(client, places, address, seat, seen):
    client.force_login(make_officer(places[seat]))

    statuses = {
        name: client.get(address, {"to-chuc": place.code}).status_code for name, place in places.items()
    }

    assert statuses == {name: 200 if name in seen else 404 for name in places}


@pytest.mark.parametrize("address", ["/bao-cao/xuat-excel/", "/bao-cao/danh-sach/xuat-excel/"])
def test_nobody_exports_what_is_foreign(client, places, address):
    client.force_login(make_officer(places["commune"]))

    assert client.post(f"{address}?to-chuc=18229").status_code == 404
    assert b"".join(client.post(f"{address}?to-chuc=18073").streaming_content)


@pytest.mark.parametrize("address", PAGES)
def test_a_foreign_unit_cannot_be_chosen_in_a_list(client, places, address):
    client.force_login(make_officer(places["commune"]))

    page = client.get(address, {"don-vi": places["other_commune"].code})

    assert page.status_code == 200
    if address != SUMMARY:
        assert "don-vi" in page.context["form"].errors


@pytest.mark.parametrize("address", PAGES)
def test_citizens_representatives_and_former_officers_see_no_figures(client, places, address):
    representative, former = make_user(), make_user()
    appoint(representative, places["unit"], Role.REPRESENTATIVE)
    appoint(former, places["unit"], Role.OFFICER, valid_to=datetime.date(2025, 1, 1))

    for user in [make_citizen_with_account(board=places["village"]).user, representative, former]:
        client.force_login(user)
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_who_has_not_signed_in_is_asked_to(client, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("year", ["1999", "abc", "20261", "²"])
def test_a_year_that_was_never_opened_is_not_found(client, places, year):
    client.force_login(make_officer(places["commune"]))

    assert client.get(SUMMARY, {"nam": year}).status_code == 404
    assert client.get(SUMMARY, {"nam": Campaign.objects.get().year}).status_code == 200


def test_who_acts_for_several_organizations_chooses(client, places):
    user = make_officer(places["commune"])
    appoint(user, places["unit"])
    client.force_login(user)

    page = client.get(SUMMARY)

    assert [str(organization) for _address, organization in page.context["choices"]] == [
        "Xã Thạch Khê",
        "Trường Lý Tự Trọng",
    ]
    for address, organization in page.context["choices"]:
        assert client.get(address).context["about"].organization == organization
    assert client.get(LIST).status_code == 404


def test_the_way_back_up_ends_at_ones_own_organization(client, places):
    client.force_login(make_officer(places["province"]))

    page = client.get(SUMMARY, {"to-chuc": places["village"].code})

    assert [str(organization) for _address, organization in page.context["above"]] == [
        "Tỉnh Hà Tĩnh",
        "Xã Thạch Khê",
    ]
