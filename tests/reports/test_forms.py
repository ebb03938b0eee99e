import datetime
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Population
from assessments.models import Asked, Assessment, Campaign, Ending, Helping, Outcome, State
from audit import clock
from audit.models import Look, Sight
from criteria.models import Authority, CriteriaSet, Group, Level, Status
from criteria.rules import ScoringModel
from organizations.models import Kind, Organization
from reports import excel, pdf
from reports.models import ExportJob, TypedFigures
from reports.report_forms.known import FORMS
from reports.typed.models import FIGURES, INCOME, MONEY, SPENDING
from tests.factories import (
    load_chains,
    make_citizen,
    make_commune,
    make_officer,
    make_province,
    make_unit,
    make_village,
    open_campaign,
)
from tests.reports.records import (
    all_people,
    all_records,
    make_country,
    make_record,
    stands_below,
    stands_in,
)
from vietnamese import numbers

pytestmark = pytest.mark.django_db


def make_typed(commune, campaign, *, delivered=True, **figures):
    now = clock.now()
    return TypedFigures.objects.create(
        organization=commune,
        campaign=campaign,
        saved_at=now,
        delivered_at=now if delivered else None,
        **figures,
    )


def lines_of(slug, organization, campaign):
    """What the form shows: rows and sum as dictionaries of group and heading, without the numbers of rows."""
    form = FORMS[slug]
    asked = form.asked(organization, campaign, clock.now())
    content, columns = form.content(asked), form.columns_for(asked)
    rows = [*content.rows, *([content.total] if content.total else [])]
    return [
        {
            " ".join([column.group, column.heading]).strip(): column.read(row)
            for column in columns
            if column.read
        }
        for row in rows
    ]


def share(part, whole):
    return excel.Share(numbers.share(part, whole))


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """Built once, for tests that only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        campaign = make_country(7, people=80)
        for number, commune in enumerate(Organization.objects.filter(kind=Kind.COMMUNE), 1):
            figures = {name: number * (place + 3) for place, name in enumerate(FIGURES)}
            figures |= {name: Decimal(figures[name]) + Decimal("0.25") for name in MONEY}
            make_typed(commune, campaign, delivered=number != 2, **figures)
        yield campaign
        transaction.set_rollback(True)


SUMMED = [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE]


def organizations():
    return Organization.objects.filter(kind__in=SUMMED)


@pytest.mark.feature("G4")
def test_every_form_stands_for_a_board_too(country):
    for kind in (Kind.VILLAGE, Kind.UNIT):
        for slug in FORMS:
            lines_of(slug, Organization.objects.filter(kind=kind)[0], country)


@pytest.mark.feature("G4", "G1")
def test_the_five_forms_equal_a_plain_count(country):
    records, people = all_records(country), all_people()
    typed = [each for each in TypedFigures.objects.select_related("organization") if each.delivered_at]
    bodies = list(Organization.objects.all())
    for organization in organizations():
        path = organization.path
        there = [record for record in records if stands_in(record, organization)]
        below = [one for one in bodies if one.path.startswith(path)]
        mine = [each for each in typed if each.organization.path.startswith(path)]

        def of_kind(kind, below=below):
            return sum(one.kind == kind for one in below)

        def summed(name, mine=mine):
            return sum(getattr(each, name) for each in mine) if mine else None

        form1, form2 = (lines_of(slug, organization, country)[-1] for slug in ("01kh", "02kh"))
        assert form1["Dân số"] == summed("population")
        assert form1["Số hội cơ sở"] == of_kind(Kind.COMMUNE)
        assert form1["Số chi hội (thôn, tổ dân phố)"] == of_kind(Kind.VILLAGE)
        assert form1["Số ban khuyến học cơ quan, trường học, doanh nghiệp"] == of_kind(Kind.UNIT)
        assert form1["Tổng số hội viên"] == summed("members")
        assert form1["Tỷ lệ hội viên, trên dân số"] == share(
            summed("members") or 0, summed("population") or 0
        )
        recognised = sum(record.state == State.RECOGNISED for record in there)
        lived = sum(stands_below(person, organization) for person in people)
        assert form2["Công dân Tổng số"] == (lived or None)
        assert form2["Công dân Số đăng ký"] == len(there)
        assert form2["Công dân Số được công nhận"] == recognised
        assert form2["Công dân Công nhận, trên đăng ký"] == share(recognised, len(there))
        assert form2["Gia đình Tổng số"] == summed("households")
        assert form2["Gia đình Số đăng ký"] == 0
        form4, form5 = (lines_of(slug, organization, country)[-1] for slug in ("04kh", "05kh"))
        income = sum(summed(name) or 0 for name in INCOME)
        spent = sum(summed(name) or 0 for name in SPENDING)
        assert form4["Thu trong kỳ Tổng thu"] == (income or None)
        closing = (summed("fund_opening") or 0) + income - spent
        assert form4["Số dư cuối kỳ"] == (closing or None)
        assert form5["Xếp loại Khá"] == summed("centres_fair")


@pytest.mark.feature("G4", "G1")
@pytest.mark.parametrize("slug", ["01kh", "02kh", "04kh", "05kh", "nhom", "so-nam-truoc"])
def test_a_row_is_the_sum_of_the_form_of_that_unit_and_the_rows_add_up(country, slug):
    for organization in organizations():
        *rows, total = lines_of(slug, organization, country)
        form = FORMS[slug]
        lines = form.content(form.asked(organization, country, clock.now())).rows
        for row, line in zip(rows, lines, strict=True):
            if line.unit and line.unit != organization:
                assert row | {"Đơn vị": ""} == lines_of(slug, line.unit, country)[-1] | {"Đơn vị": ""}, (
                    line.name
                )
        for heading, value in total.items():
            if isinstance(value, int | Decimal) and "Bình quân" not in heading:
                assert sum(row[heading] or 0 for row in rows) == value, (organization, heading)


@pytest.mark.feature("G4", "G1")
def test_tables_by_group_of_units_and_of_two_years_equal_a_plain_count(country):
    records, people = all_records(country), all_people()
    last_year = all_records(Campaign.objects.get(year=country.year - 1))
    achieved = {record.citizen_id for record in records if record.outcome == Outcome.ACHIEVED}
    for organization in organizations():
        there = [record for record in records if stands_in(record, organization)]
        groups = lines_of("nhom", organization, country)[-1]
        for group in Group:
            of_group = [record for record in there if record.criteria_set.group == group]
            wins = sum(record.outcome == Outcome.ACHIEVED for record in of_group)
            assert groups[f"{group.label} Đăng ký"] == len(of_group)
            assert groups[f"{group.label} Đạt"] == wins
            assert groups[f"{group.label} Đạt, trên đăng ký"] == share(wins, len(of_group))

        years = lines_of("so-nam-truoc", organization, country)[-1]
        then = sum(record.board.path.startswith(organization.path) for record in last_year)
        now = sum(record.board.path.startswith(organization.path) for record in records)
        assert years[f"Đã đăng ký Năm {country.year - 1}"] == then
        assert years["Đã đăng ký Tăng, giảm"] == now - then

        for line in lines_of("ty-le-don-vi", organization, country)[:-1]:
            unit = Organization.objects.get(full_name=line["Đơn vị"], path__startswith=organization.path)
            at = [person for person in people if person.unit_id == unit.pk]
            for words, is_learner in (("Thành viên, không kể người học", False), ("Người học", True)):
                these = [one for one in at if (one.population == Population.LEARNER) == is_learner]
                assert line[f"{words} Tổng số"] == len(these)
                assert line[f"{words} Đạt"] == sum(one.pk in achieved for one in these)


@pytest.mark.feature("G4", "G1")
def test_lists_hold_exactly_the_rows_of_a_plain_count(country):
    records = all_records(country)
    for organization in Organization.objects.all():
        there = [record for record in records if stands_in(record, organization)]
        holders = {record.pk for record in there if record.outcome == Outcome.ACHIEVED}
        waiting = {record.pk for record in there if State.SUBMITTED in (record.state, record.closed_from)}
        for slug, expected in (("nguoi-dat", holders), ("chua-xac-nhan", waiting)):
            form = FORMS[slug]
            content = form.content(form.asked(organization, country, clock.now()))
            assert ({record.pk for record in content.rows}, content.count()) == (expected, len(expected))
        boards = {line["Mã"]: line for line in lines_of("cac-ban", organization, country)}
        kinds = (Kind.COMMUNE, Kind.VILLAGE, Kind.UNIT)
        below = [
            one
            for one in Organization.objects.filter(kind__in=kinds)
            if one.path.startswith(organization.path)
        ]
        assert boards.keys() == {one.code for one in below}
        for one in below:
            mine = [record for record in there if record.board == one]
            assert boards[one.code]["Đã đăng ký"] == len(mine)
            assert boards[one.code]["Chờ xác nhận"] == sum(record.state == State.SUBMITTED for record in mine)


# --- Pages and files ------------------------------------------------------------------------------


@pytest.fixture
def officer():
    campaign, province = open_campaign(), make_province("Hà Tĩnh")
    village = make_village(commune=make_commune(province=province))
    make_record(make_citizen("Đặng Thị Ánh", board=village), campaign, State.CONFIRMED, Outcome.ACHIEVED)
    make_record(make_citizen("Bùi Văn Út", board=village), campaign, State.SUBMITTED)
    make_unit("Sở Nội vụ", parent=province)
    return make_officer(province)


@pytest.mark.feature("G4")
def test_every_form_has_a_page_an_excel_file_and_a_pdf_with_the_same_cells(client, officer):
    client.force_login(officer)
    for slug, form in FORMS.items():
        page = client.get(reverse("reports:form", args=[slug]))
        shown = [[cell.text for cell in row] for row in page.context["rows"]]
        answer = client.post(reverse("reports:form_excel", args=[slug]))
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
        texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        told = client.post(reverse("reports:form_pdf", args=[slug]))
        content = b"".join(told.streaming_content)

        assert shown, slug
        assert all(row[1] in texts for row in shown), slug
        assert (str(form.code) or "Nơi nhận:") in texts
        assert content.startswith(b"%PDF-"), slug
        assert [told["Content-Type"], told["Content-Disposition"][-5:]] == ["application/pdf", '.pdf"'], slug
    files = ExportJob.objects.values_list("rows", "is_full")
    assert len(files) == 2 * len(FORMS)


@pytest.mark.feature("G4")
@pytest.mark.parametrize("name", ["01kh", "02kh", "03kh", "04kh", "05kh"])
def test_the_command_writes_each_official_form(officer, tmp_path, name):
    province, year = officer.appointments.get().organization, open_campaign().year
    output = tmp_path / f"{name}.xlsx"

    call_command("export_report", name, organization=province.code, campaign=year, output=output)

    sheet = load_workbook(output).worksheets[0]
    assert sheet["A5"].value == f"Biểu {name[:2]}/KH"
    assert (sheet.page_setup.paperSize, sheet.HeaderFooter.differentFirst) == (9, True)


@pytest.mark.feature("G4", "L8")
def test_a_list_of_names_is_noted_as_seen_and_masks_the_identity_number(client, officer):
    client.force_login(officer)

    page = client.get(reverse("reports:form", args=["nguoi-dat"]))

    [row] = page.context["rows"]
    assert [cell.text for cell in row][1] == "Đặng Thị Ánh"
    assert row[3].text.startswith("*")
    assert Look.objects.filter(sight=Sight.LIST).count() == 1


def test_a_pdf_of_more_rows_than_anybody_reads_is_refused_in_words(client, officer, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_ROWS", 0)
    client.force_login(officer)

    page = client.post(reverse("reports:form_pdf", args=["02kh"]), follow=True)

    assert "Hãy xuất Excel" in page.content.decode()
    assert ExportJob.objects.count() == 0


# --- Grades and helped records --------------------------------------------------------------------


def make_graded_set(model=ScoringModel.PASS_FAIL, **marks):
    """A commune's set that judges: one indicator for the first grade, one more for the second.

    By points the first grade takes 60, the second 90.
    """
    scored = model == ScoringModel.POINTS
    criteria_set = CriteriaSet.objects.create(
        level=Level.COMMUNITY,
        scope="commune",
        title="Cộng đồng học tập cấp xã",
        basis_number="25/2023",
        valid_from=datetime.date(2024, 1, 1),
        authority=Authority.PROVISIONAL,
        scoring_model=model,
        **marks,
    )
    section = criteria_set.criteria.create(position=1, code="1", text="Học tập")
    for rank in (1, 2):
        criteria_set.criteria.create(
            parent=section,
            position=1 + rank,
            code=f"1.{rank}",
            text="Có lớp",
            rank=1 if scored else rank,
            maximum=50 if scored else None,
        )
        criteria_set.grades.create(
            rank=rank, name=f"Mức độ {rank}", from_points=30 + 30 * rank if scored else None
        )
    criteria_set.settle()
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(status=Status.PUBLISHED)
    return criteria_set


def make_judged(criteria_set, campaign, province, outcome, **fields):
    """The record of a commune, with a result."""
    commune, now = make_commune(province=province), clock.now()
    return Assessment.objects.create(
        organization=commune,
        campaign=campaign,
        level=Level.COMMUNITY,
        criteria_set=criteria_set,
        board=province,
        commune=commune,
        province=province,
        state=State.CONFIRMED,
        outcome=outcome,
        registered_at=now,
        saved_at=now,
        submitted_at=now,
        receipt_number=f"T-{commune.code}",
        confirmed_at=now,
        confirmed_by=make_officer(province),
        **fields,
    )


@pytest.mark.feature("G4")
def test_a_commune_of_a_hard_area_has_the_grade_of_its_own_pass_mark():
    campaign, province = open_campaign(), make_province("Hà Tĩnh")
    load_chains()
    criteria_set = make_graded_set(model=ScoringModel.POINTS, pass_mark=80, floor=0, hard_area_pass_mark=60)
    record = make_judged(criteria_set, campaign, province, Outcome.ACHIEVED, in_hard_area=True)
    for indicator in criteria_set.indicators:
        record.scores.create(indicator=indicator, own_points=35, confirmed_points=35)

    total = lines_of("03kh", province, campaign)[-1]

    assert [total[f"Cộng đồng học tập cấp xã Mức độ {rank}"] for rank in (1, 2)] == [1, 0]


@pytest.mark.feature("G4")
def test_communes_count_under_the_grade_their_scores_come_to():
    campaign, province = open_campaign(), make_province("Hà Tĩnh")
    load_chains()
    criteria_set = make_graded_set()
    for given in ([True, True], [True, False], [True, False], [False, True]):
        outcome = Outcome.ACHIEVED if given[0] else Outcome.NOT_ACHIEVED
        record = make_judged(criteria_set, campaign, province, outcome)
        for indicator, passed in zip(criteria_set.indicators, given, strict=True):
            record.scores.create(indicator=indicator, own_passed=passed, confirmed_passed=passed)

    *rows, total = lines_of("03kh", province, campaign)

    graded = {heading: total[f"Cộng đồng học tập cấp xã {heading}"] for heading in GRADED}
    assert graded == {"Tổng số": 4, "Số đề nghị": 4, "Mức độ 1": 2, "Mức độ 2": 1, "Không đạt": 1}
    assert sum(row["Cộng đồng học tập cấp xã Mức độ 1"] for row in rows) == 2
    assert lines_of("02kh", province, campaign)[-1]["Cộng đồng (thôn, tổ dân phố) Số đăng ký"] == 0


GRADED = ["Tổng số", "Số đề nghị", "Mức độ 1", "Mức độ 2", "Không đạt"]


@pytest.mark.feature("G4", "A14")
def test_the_share_of_helped_records_counts_each_record_once(officer):
    province, campaign = officer.appointments.get().organization, open_campaign()
    record = Assessment.objects.get(citizen__full_name="Đặng Thị Ánh")
    for _again in range(2):
        Helping.objects.create(
            assessment=record,
            helper=record.confirmed_by,
            board=record.board,
            asked=Asked.values[0],
            reason="Mắt kém.",
            began_at=clock.now(),
            wrote_at=clock.now(),
            ended_at=clock.now(),
            ending=Ending.values[0],
        )

    total = lines_of("dien-giup", province, campaign)[-1]

    assert (total["Đã gửi"], total["Có người điền giúp"]) == (2, 1)
    assert total["Có người điền giúp, trên đã gửi"] == share(1, 2)
    assert total["Người điền giúp cũng là người xác nhận"] == 1
