import pytest
from django.urls import reverse

from reports import sheets
from reports.models import ExportJob, JobState, Report
from tests.factories import make_citizen, make_officer, make_province, make_unit, make_village, open_campaign
from tests.reports.records import ENDS, make_record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = [
    "/bao-cao/",
    "/bao-cao/tai-ngay/",
    "/bao-cao/danh-sach/",
    "/bao-cao/nguoi-dan/",
    "/bao-cao/kiem-tra-tep/",
    "/bao-cao/danh-sach/?nhom=V",
    "/bao-cao/bieu/",
    "/bao-cao/bieu/02kh/",
    "/bao-cao/bieu/so-nam-truoc/?cau-truc=nam-truoc",
    "/bao-cao/so-lieu-nhap/",
    "/bao-cao/bieu/tu-chon/?hang=nhom&cot=ket-qua",
    "/bao-cao/bieu/tu-chon/ho-so/?hang=nhom&cot=ket-qua&o-hang=I",
    "/bao-cao/nguoi-cua-ban/",
    "/bao-cao/hang-tuan/",
    "/so-lieu-mo/",
]


@pytest.fixture
def officer():
    """Of a province with records in every state, and with names as long as they come."""
    campaign, province = open_campaign(), make_province("Thừa Thiên Huế")
    village = make_village("Nguyễn Thị Minh Khai", commune=None)
    school = make_unit("Trường Cao đẳng Kỹ thuật và Công nghệ Việt Nam - Hàn Quốc", parent=province)
    for board, (state, outcome) in zip([school, village] * 4, ENDS, strict=True):
        citizen = make_citizen("Nguyễn Hoàng Thị Phương Anh Thư", board=board)
        make_record(citizen, campaign, state, outcome)
    return make_officer(province)


@pytest.mark.long_on_sqlite
def test_pages_of_figures_fit_the_screen_and_are_accessible(page, log_in, look, officer, monkeypatch):
    job = ExportJob.objects.create(
        report=Report.CITIZENS,
        organization=officer.appointments.get().organization,
        campaign=open_campaign(),
        by=officer,
        state=JobState.RUNNING,
        rows=163_200,
        rows_expected=251_902,
    )
    log_in(officer)

    for path in [*PATHS, reverse("reports:export", args=[job.code])]:
        page.goto(path)
        look(page)

    monkeypatch.setattr(sheets, "LARGE", -1)
    ExportJob.objects.update(rows_expected=0)
    for path, name in [
        ("/bao-cao/tai-ngay/ho-so/", "long"),
        (reverse("reports:export", args=[job.code]), "uncounted"),
    ]:
        page.goto(path)
        look(page, name)
