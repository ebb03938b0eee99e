import datetime

import pytest
import time_machine
from django.urls import reverse

from assessments import workflow
from audit import clock
from criteria.models import Group
from organizations.models import Organization
from reforms import carrying
from reports import as_at, figures
from tests.factories import (
    VIETNAM,
    make_assessment,
    make_citizen,
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
        make_confirmed_assessment(citizen=make_citizen(board=board))
        make_submitted_assessment(citizen=make_citizen(board=board))
    make_returned_assessment(citizen=make_citizen(board=binh))
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

    page = client.get(reverse("reports:summary_as_at"), {as_at.DAY: "31/02/2026"})

    assert page.context["moment"] is None
    assert as_at.DAY in page.context["form"].errors
    assert client.post(reverse("reports:summary_as_at_export")).status_code == 404
