import io
from itertools import product

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Outcome
from audit import clock
from criteria.models import Group
from organizations.models import Kind, Organization
from reports import excel
from reports.models import SavedTable
from reports.report_forms import saved
from reports.report_forms.free import COLUMNS, FREE, GROUP, MEASURE, ROWS, SHARE, STATE
from tests.factories import make_commune, make_officer, make_province, make_village, open_campaign
from tests.reports.records import all_records, make_country, stands_in
from vietnamese import numbers

pytestmark = [pytest.mark.django_db, pytest.mark.feature("G2")]

OF_RECORD = {
    "nhom": lambda record: str(record.criteria_set.get_group_display()),
    "ket-qua": lambda record: str(record.get_outcome_display() or "Chưa có"),
    "cong-viec": lambda record: str(record.citizen.get_population_display()),
    "gioi-tinh": lambda record: str(record.citizen.get_gender_display()),
    "tinh-trang": lambda record: str(record.get_state_display()),
    "ban": lambda record: f"{record.board.full_name}, {record.board.parent.full_name}",
}


def table(organization, campaign, **query):
    """(heading of the row, heading of the column) → what stands there; the sums under "Cộng"."""
    asked = FREE.asked(organization, campaign, clock.now(), query)
    columns, content = FREE.columns_for(asked), FREE.content(asked)
    return {
        (line.name, "Cộng" if column.heading.startswith("Cộng") else column.heading): column.read(line)
        for line in [*content.rows, content.total]
        for column in columns[2:]
    }


def test_every_cell_equals_a_plain_count():
    campaign = make_country(11, people=50)
    records = all_records(campaign)
    places = [Organization.objects.get(kind=Kind.CENTRE), *Organization.objects.filter(kind=Kind.PROVINCE)]
    for organization, (rows, columns) in product(
        places, product(OF_RECORD, ["nhom", "ket-qua", "cong-viec"])
    ):
        there = [record for record in records if stands_in(record, organization)]
        shown = table(organization, campaign, **{ROWS: rows, COLUMNS: columns})
        plain = {}
        for record in there:
            row, column = OF_RECORD[rows](record).lower(), OF_RECORD[columns](record).lower()
            for key in product((row, "cộng"), (column, "cộng")):
                plain[key] = plain.get(key, 0) + 1
        lowered = {(row.lower(), column.lower()): value for (row, column), value in shown.items() if value}
        assert lowered == plain, (organization, rows, columns)


def test_a_filter_and_a_share_equal_a_plain_count():
    campaign = make_country(12, people=50)
    records = [record for record in all_records(campaign) if record.criteria_set.group == "II"]
    centre = Organization.objects.get(kind=Kind.CENTRE)

    shares = table(centre, campaign, **{ROWS: "cong-viec", MEASURE: SHARE, GROUP: "II"})
    achieved = table(centre, campaign, **{ROWS: "cong-viec", GROUP: "II", STATE: "dat"})

    won = [record for record in records if record.outcome == Outcome.ACHIEVED]
    assert shares[("Cộng", "Cộng")] == excel.Share(numbers.share(len(won), len(records)))
    assert achieved[("Cộng", "Cộng")] == len(won)
    assert {column for _row, column in table(centre, campaign, **{COLUMNS: "nhom"})} == {
        *(str(group.label) for group in Group),
        "Không ghi",
        "Cộng",
    }


@pytest.fixture
def officer():
    open_campaign()
    return make_officer(make_village(commune=make_commune(province=make_province("Hà Tĩnh"))).parent.parent)


def page(client, **query):
    return client.get(reverse("reports:form", args=["tu-chon"]), query)


def test_what_makes_no_sense_in_an_address_is_the_usual_table(client, officer):
    client.force_login(officer)

    shown = page(client, hang="nam-sinh", cot="don-vi", do="xyz")

    assert shown.status_code == 200
    assert "Hàng: Đơn vị bên dưới; Cột: Không chia cột; Đếm: Đã đăng ký" in shown.content.decode()


def test_the_choices_go_into_the_file(client):
    campaign = make_country(13, people=30)
    client.force_login(make_officer(Organization.objects.filter(kind=Kind.PROVINCE).first()))
    shown = page(client, hang="nhom", cot="ket-qua")

    answer = client.post(shown.context["excel_url"])

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    cells = {row[1]: row[2:5] for row in sheet.iter_rows(values_only=True)}
    for row in shown.context["rows"]:
        assert [cell.text for cell in row[2:5]] == [
            numbers.format_integer(cell) for cell in cells[row[1].text]
        ]
    assert campaign


def test_a_shared_table_is_seen_below_and_by_nobody_beside(client, officer):
    province = officer.appointments.get().organization
    commune = Organization.objects.get(kind=Kind.COMMUNE)
    below, beside = make_officer(commune), make_officer(make_province("Nghệ An"))
    client.force_login(officer)
    for name, shared in (("Theo nhóm", {"shared": "on"}), ("Riêng tôi", {})):
        client.post(reverse("reports:table_save") + "?hang=nhom&do=dat", {"name": name} | shared, follow=True)

    def names(user, *organizations):
        return [table.name for table in saved.visible_to(user, organizations)]

    assert names(officer, province) == ["Riêng tôi", "Theo nhóm"]
    assert names(below, commune) == ["Theo nhóm"]
    assert names(beside, beside.appointments.get().organization) == []
    assert SavedTable.objects.first().query["hang"] == "nhom"
    client.force_login(below)
    address = next(address for address, _table, _own in page(client).context["tables"])
    assert f"to-chuc={commune.code}" in address
    table = SavedTable.objects.get(name="Theo nhóm")
    assert client.post(reverse("reports:table_forget", args=[table.pk])).status_code == 404
    client.force_login(officer)
    client.post(reverse("reports:table_forget", args=[table.pk]))
    assert names(below, commune) == []
