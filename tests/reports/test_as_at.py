import datetime
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from assessments import workflow
from assessments.models import Campaign, Outcome, State, Step
from audit import clock
from audit.models import Look
from criteria.models import Group
from organizations.models import Organization
from reforms import carrying
from reports import as_at, as_at_lists, figures
from reports.models import ExportJob
from tests.factories import (
    VIETNAM,
    make_assessment,
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_province,
    make_returned_assessment,
    make_submitted_assessment,
    make_unit,
    make_village,
    open_campaign,
    reload,
)
from tests.pages import words_of
from tests.reforms.trees import YEARS_AGO, new_commune, planned, settle_all, two_communes
from tests.reports.records import make_record

pytestmark = pytest.mark.django_db


def on(day, structure):
    return as_at.Moment(day, structure)


def names(counted):
    return {line.name: line.counts.registered for line in counted.units}


def a_year_before_a_reform():
    """Records in several states, then both communes become one, and a village of one becomes another's."""
    province, _officer, an, binh = two_communes()
    village = make_village("Bắc", an, valid_from=YEARS_AGO)
    school = make_unit("Trường Nam", province, valid_from=YEARS_AGO)
    settle_all()
    for board in (village, an, binh, school):
        make_confirmed_assessment(citizen=make_citizen_with_account(board=board))
        make_submitted_assessment(citizen=make_citizen_with_account(board=board))
    make_returned_assessment(citizen=make_citizen_with_account(board=binh))
    return province, an, binh, village


@pytest.mark.feature("F5")
def test_the_old_and_the_new_structure_agree_in_total():
    province, an, binh, _village = a_year_before_a_reform()
    campaign = open_campaign()
    before = figures.summary(province, campaign)
    today = clock.today()
    carrying.carry_out(
        planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    )
    yesterday = today - datetime.timedelta(days=1)

    # The records are of today; on the tree of today and of yesterday the same ones are counted.
    now = as_at.summary(province, campaign, on(today, as_at.NOW))
    assert now.total.registered == before.total.registered == 9
    assert names(now) == {"Xã An Bình": 7, "Trường Nam": 2}
    later = datetime.datetime.now(VIETNAM) + datetime.timedelta(days=3)
    with time_machine.travel(later):
        then = as_at.summary(province, campaign, on(clock.today(), as_at.THEN))
        assert names(then) == names(now)
    assert yesterday < today


@pytest.mark.feature("F5")
def test_a_past_day_stands_on_its_own_tree_after_a_reform():
    province, an, binh, village = a_year_before_a_reform()
    campaign = open_campaign()
    day = clock.today()
    before = as_at.summary(province, campaign, on(day, as_at.THEN))
    live = figures.summary(province, campaign)
    for one in figures.Figure:
        assert before.total.of(one) == live.total.of(one), one

    with time_machine.travel(datetime.datetime.now(VIETNAM) + datetime.timedelta(days=5)):
        reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
        carrying.carry_out(reform)
        waiting = village.board_assessments.get(state="submitted")
        workflow.confirm(reload(waiting), by=make_confirmer(village))

        then = as_at.summary(province, campaign, on(day, as_at.THEN))
        now = as_at.summary(province, campaign, on(day, as_at.NOW))
        after = as_at.summary(province, campaign, on(clock.today(), as_at.NOW))

        assert names(then) == names(before) == {"Xã An": 4, "Xã Bình": 3, "Trường Nam": 2}
        assert then.total == now.total == before.total
        assert names(now) == {"Xã An Bình": 7, "Trường Nam": 2}
        assert after.total.confirmed == before.total.confirmed + 1
        new = Organization.objects.get(code="18001")
        as_it_was = as_at.summary(new, campaign, on(day, as_at.THEN))
        assert as_it_was.total.registered == 7
        assert names(as_it_was) == {"Xã An": 4, "Xã Bình": 3}


@pytest.mark.feature("F5")
def test_a_draft_counts_in_the_group_it_was_changed_to():
    record = make_assessment(group=Group.I)
    workflow.change_group(record, group=Group.II, by=record.citizen.user)

    then = as_at.summary(record.province, record.campaign, on(clock.today(), as_at.NOW))
    today = figures.summary(record.province, record.campaign)
    assert [line.counts.registered for line in then.groups] == [0, 1, 0, 0]
    assert [line.counts.registered for line in today.groups] == [0, 1, 0, 0]


@pytest.mark.feature("F5")
def test_what_a_split_left_unplaced_is_in_the_total():
    province, an, _binh, village = a_year_before_a_reform()
    campaign = open_campaign()
    news = (new_commune("Bắc An", "18011", province), new_commune("Nam An", "18012", province))
    reform = planned("split", [an], new=news, children={village.code: "18011"}, organization=province)
    carrying.carry_out(reform)

    now = as_at.summary(province, campaign, on(clock.today(), as_at.NOW))

    assert now.total.registered == 9
    direct = "Tỉnh Hà Tĩnh, không thuộc đơn vị nào bên dưới"
    assert names(now) == {direct: 2, "Xã Bắc An": 2, "Xã Bình": 3, "Trường Nam": 2}


@pytest.mark.feature("F5")
def test_the_page_has_one_switch_and_the_file_the_same_numbers(client):
    province, _an, _binh, _village = a_year_before_a_reform()
    client.force_login(make_officer(province))
    address = reverse("reports:summary_as_at")
    today = f"{clock.today():%d/%m/%Y}"

    usual = client.get(address)
    page = client.get(address, {as_at.DAY: today, as_at.STRUCTURE: as_at.THEN})

    assert usual.status_code == 200
    assert f"Tại hết ngày {today}. Đơn vị của ngày ấy." in words_of(page)
    assert [cell.text for cell in page.context["total"].cells][:2] == ["9", "9"]
    file = client.post(page.context["export_url"])
    assert file["Content-Type"].endswith("sheet")
    assert b"".join(file.streaming_content).startswith(b"PK")


def test_a_day_that_makes_no_sense_is_said_beside_the_field(client):
    province = make_province()
    open_campaign()
    client.force_login(make_officer(province))

    for day in ("31/02/2026", "31/12/1899", "01/01/0001"):
        asked = {as_at.DAY: day, as_at.STRUCTURE: as_at.YEAR_BEFORE}
        page = client.get(reverse("reports:summary_as_at"), asked)
        assert page.context["moment"] is None
        assert as_at.DAY in page.context["form"].errors
    assert client.post(reverse("reports:summary_as_at_export")).status_code == 404


# --- The numbers and their rows, and year on year -------------------------------------------------


def rows_behind(address):
    """How many records stand on the list of a day that a number leads to."""
    asked = QueryDict(urlsplit(address).query)
    moment, narrowed = as_at.MomentForm(asked).moment, as_at_lists.Narrowed(asked)
    assert narrowed.is_valid(), narrowed.errors
    organization = Organization.objects.get(code=asked["to-chuc"])
    campaign = Campaign.objects.get(year=asked["nam"])
    return as_at_lists.Records(organization, campaign, moment, narrowed.query).found.count()


def follow_numbers(rows):
    """Hold each number against its list; returns how many numbers there were."""
    followed = 0
    for cells in rows:
        for cell in cells:
            if cell.url:
                assert rows_behind(cell.url) == int(cell.text), cell.url
                followed += 1
    return followed


def made_last_year(board, count):
    """Confirmed in the year before, with the step of it."""
    year = clock.today().year - 1
    campaign = make_campaign(year)
    at = datetime.datetime(year, 12, 20, tzinfo=VIETNAM)
    for _ in range(count):
        times = {"registered_at": at, "submitted_at": at, "confirmed_at": at}
        record = make_record(make_citizen(board=board), campaign, State.CONFIRMED, Outcome.ACHIEVED, **times)
        Step.come_to(record, at=at).save()


@pytest.mark.feature("G1", "F5")
def test_each_number_of_a_past_day_leads_to_its_rows_on_every_tree(client):
    province, an, binh, _village = a_year_before_a_reform()
    reformed(province, an, binh)
    client.force_login(make_officer(province))
    today = f"{clock.today():%d/%m/%Y}"

    for structure, _label in as_at.STRUCTURES:
        page = client.get(reverse("reports:summary_as_at"), {as_at.DAY: today, as_at.STRUCTURE: structure})
        rows = [*page.context["units"], *page.context["groups"], page.context["total"]]
        assert follow_numbers(row.cells for row in rows) > 20
    opened = client.get(page.context["total"].cells[1].url)
    assert opened.context["page"].paginator.count == int(page.context["total"].cells[1].text)
    file = client.post(opened.context["export_url"])
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).worksheets[0]
    names_in_file = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {row["record"].citizen.full_name for row in opened.context["rows"]} <= names_in_file


@pytest.mark.feature("G9")
def test_two_years_stand_on_the_map_of_today_or_both_on_the_old_one(client):
    province, an, binh, village = a_year_before_a_reform()
    made_last_year(village, 3)
    made_last_year(binh, 1)
    reformed(province, an, binh)
    officer = make_officer(province)
    client.force_login(officer)
    address = reverse("reports:form", args=["so-nam-truoc"])

    def told(page):
        rows = [*page.context["rows"], page.context["total"]]
        told = {row[1].text: (row[2].text, row[3].text, row[4].text) for row in rows}
        return {name: numbers for name, numbers in told.items() if set(numbers) != {"0"}}

    today = client.get(address)
    old = client.get(address, {as_at.STRUCTURE: as_at.YEAR_BEFORE})

    assert told(today) == {
        "Xã An Bình": ("4", "7", "3"),
        "Trường Nam": ("0", "2", "2"),
        "Cộng": ("4", "9", "5"),
    }
    assert told(old) == {
        "Xã An": ("3", "4", "1"),
        "Xã Bình": ("1", "3", "2"),
        "Trường Nam": ("0", "2", "2"),
        "Cộng": ("4", "9", "5"),
    }
    assert follow_numbers([*old.context["rows"], old.context["total"]]) == 14
    addresses = [cell.url for row in today.context["rows"] for cell in row if cell.url]
    assert [client.get(each).context["page"].paginator.count for each in addresses] == [
        int(cell.text) for row in today.context["rows"] for cell in row if cell.url
    ]
    client.force_login(make_officer(make_province("Mới")))
    new = client.get(address, {as_at.STRUCTURE: as_at.YEAR_BEFORE})
    assert "Cuối năm trước chưa có đơn vị này" in words_of(new)
    client.force_login(officer)
    file = client.post(old.context["excel_url"])
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).worksheets[0]
    assert "Xã An" in {cell.value for row in sheet.iter_rows() for cell in row}


# --- Lists ----------------------------------------------------------------------------------------


def reformed(province, an, binh):
    carrying.carry_out(
        planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    )


@pytest.mark.feature("F5")
def test_the_list_of_records_is_as_long_as_the_figure_on_both_trees_and_names_the_places_of_the_day():
    province, an, binh, village = a_year_before_a_reform()
    campaign, day = open_campaign(), clock.today()
    waiting = village.board_assessments.get(state="submitted")

    with time_machine.travel(datetime.datetime.now(VIETNAM) + datetime.timedelta(days=5)):
        reformed(province, an, binh)
        workflow.confirm(reload(waiting), by=make_confirmer(village))
        then = as_at_lists.Records(province, campaign, on(day, as_at.THEN))
        now = as_at_lists.Records(province, campaign, on(day, as_at.NOW))

        assert {record.pk for record in then.found} == {record.pk for record in now.found}
        assert then.found.count() == as_at.summary(province, campaign, on(day, as_at.THEN)).total.registered
        one = then.found.get(pk=waiting.pk)
        assert (as_at_lists.state_words(one), as_at_lists.outcome_words(one)) == ("Đã gửi", "")
        places = [sorted({listed.place_of(one) for one in listed.found}) for listed in (then, now)]
        assert places == [
            ["Thôn Bắc", "Trường Nam", "Xã An", "Xã Bình"],
            ["Thôn Bắc", "Trường Nam", "Xã An Bình"],
        ]


@pytest.mark.feature("F5")
def test_the_list_of_units_is_of_the_day_with_the_names_of_then():
    province, an, binh, _village = a_year_before_a_reform()
    carrying.carry_out(planned("rename", [binh], name="Bình Minh", organization=province))
    day = clock.today()
    before = day - datetime.timedelta(days=1)

    with time_machine.travel(datetime.datetime.now(VIETNAM) + datetime.timedelta(days=5)):
        reformed(province, an, binh)

        def named(moment):
            listed = as_at_lists.Units(province, moment)
            return [listed.name_of(place.organization) for place in listed.found]

        assert named(on(before, as_at.THEN)) == [
            "Tỉnh Hà Tĩnh",
            "Xã An",
            "Thôn Bắc",
            "Xã Bình",
            "Trường Nam",
        ]
        assert "Xã Bình Minh" in named(on(day, as_at.THEN))
        assert sorted(named(on(day, as_at.NOW))) == ["Thôn Bắc", "Trường Nam", "Tỉnh Hà Tĩnh", "Xã An Bình"]


@pytest.mark.feature("F5")
@pytest.mark.parametrize(
    ("page", "first"), [("list_as_at", "Nguyễn Thị Hoa"), ("units_as_at", "Tỉnh Hà Tĩnh")]
)
def test_a_list_and_its_file_show_the_same_rows(client, page, first):
    province, _an, _binh, _village = a_year_before_a_reform()
    client.force_login(make_officer(province))
    today = f"{clock.today():%d/%m/%Y}"

    shown = client.get(reverse(f"reports:{page}"), {as_at.DAY: today, as_at.STRUCTURE: as_at.THEN})
    assert first in words_of(shown)
    assert "Danh sách hồ sơ" in words_of(shown)
    file = client.post(shown.context["export_url"])

    assert shown.context["export_url"].startswith(reverse(f"reports:{page}_export"))
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    listed = rows[[row[0] for row in rows].index("STT") + 1 :]
    assert len(listed) == shown.context["page"].paginator.count
    assert first in {row[1] for row in listed}
    assert ExportJob.objects.get().query == {as_at.DAY: today, as_at.STRUCTURE: as_at.THEN}


def test_reading_a_list_of_records_is_noted_and_one_of_units_names_nobody(client):
    province, _an, _binh, _village = a_year_before_a_reform()
    client.force_login(make_officer(province))

    client.get(reverse("reports:units_as_at"))
    assert not Look.objects.exists()
    client.get(reverse("reports:list_as_at"))
    assert Look.objects.get().listed.count() == 9
