"""A file is taken out, changed, and sent back; a number is asked for."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from assessments.models import Assessment
from reports import exports
from reports.models import ExportJob, Report
from tests.browsers import follow
from tests.factories import make_citizen, make_officer, make_village, open_campaign
from tests.reports.records import make_record

pytestmark = [pytest.mark.browser, pytest.mark.long_on_sqlite, pytest.mark.django_db(transaction=True)]


def test_a_file_that_comes_back_is_told_of_and_a_number_asked_for(page, log_in, look, tmp_path):
    village, campaign = make_village("Nguyễn Thị Minh Khai"), open_campaign()
    for name in ("Nguyễn Hoàng Thị Phương Anh Thư", "Lê An"):
        record = make_record(make_citizen(name, board=village), campaign)
    officer = make_officer(village.parent)
    asked = ExportJob(report=Report.CITIZENS, organization=village.parent, campaign=campaign, by=officer)
    _job, file = exports.ask(asked)
    with file:
        (tmp_path / "goc.xlsx").write_bytes(file.read())
    workbook = load_workbook(io.BytesIO((tmp_path / "goc.xlsx").read_bytes()))
    cell = next(cell for row in workbook.worksheets[0] for cell in row if cell.value == "Lê An")
    cell.value = "Lê Ân"
    workbook.save(tmp_path / "sua.xlsx")
    Assessment.objects.filter(pk=record.pk).update(own_total=55)
    log_in(officer)

    def send(name):
        page.goto(reverse("reports:check_file"))
        page.get_by_label("Tệp Excel cần kiểm tra").set_input_files(tmp_path / name)
        follow(page.get_by_role("button", name="Kiểm tra", exact=True))

    send("goc.xlsx")
    expect(page.get_by_role("status")).to_contain_text("Từ đó đến nay 1 dòng đổi.")
    look(page)

    send("sua.xlsx")
    expect(page.get_by_role("alert")).to_contain_text("Tệp đã bị sửa")
    expect(page.get_by_role("rowheader", name=cell.coordinate)).to_be_visible()
    look(page)

    page.goto(reverse("reports:number", args=[record.pk]))
    follow(page.get_by_role("button", name="Ghi lý do và xem số"))
    look(page)
    page.get_by_label("Vì sao cần đủ số căn cước").fill("Đối chiếu với công an xã")
    follow(page.get_by_role("button", name="Ghi lý do và xem số"))
    expect(page.get_by_role("status")).to_contain_text(record.citizen.identity_number)
    page.goto(reverse("reports:full_list"))
    look(page)
