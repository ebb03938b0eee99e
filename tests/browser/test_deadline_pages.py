import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from assessments import outages
from assessments.models import Extension, Window, WindowStep
from tests.browsers import follow
from tests.factories import (
    make_campaign,
    make_centre,
    make_officer,
    make_submitted_assessment,
    moment,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record():
    return make_submitted_assessment(campaign=make_campaign(2026))


@pytest.fixture(autouse=True)
def on_the_last_evening():
    with time_machine.travel(moment(2026, 12, 31, 20), tick=True):
        yield


@pytest.fixture
def centre(record):
    officer = make_officer(make_centre(), "Phạm Thị Thu Hương")
    outages.record(
        begins_at=moment(2026, 12, 31, 18),
        ends_at=moment(2026, 12, 31, 21),
        words="Cổng chậm từ 18 giờ đến 21 giờ. Những gì bạn đã gửi vẫn còn.",
        by=officer,
    )
    return officer


@pytest.mark.feature("E1")
@pytest.mark.feature("E4")
def test_the_centre_moves_a_deadline_and_extends_a_place(page, log_in, centre, record):
    log_in(centre)
    page.goto("/thoi-han/")
    follow(page.get_by_role("link", name="Đổi Tự chấm"))
    page.get_by_label("Ngày cuối").fill("05/01/2027")
    page.get_by_label("Lý do").fill("Họp ban chấp hành")
    follow(page.get_by_role("button", name="Xem lại trước khi lưu"))
    expect(page.get_by_role("main")).to_contain_text("Từ ngày 01/01/2026 đến hết ngày 05/01/2027 (thứ Ba)")
    follow(page.get_by_role("button", name="Sửa lại"))
    expect(page.get_by_label("Ngày cuối")).to_have_value("05/01/2027")
    page.get_by_label("Ngày cuối").fill("6/1/2027")
    follow(page.get_by_role("button", name="Xem lại trước khi lưu"))
    follow(page.get_by_role("button", name="Lưu thời hạn"))
    expect(page.get_by_role("status")).to_contain_text("Nay: từ ngày 01/01/2026 đến hết ngày 06/01/2027")
    assert Window.objects.get(step=WindowStep.SELF_ASSESSMENT).closes_at == moment(2027, 1, 7)

    follow(page.get_by_role("link", name="Lập gia hạn"))
    page.get_by_label("Tên nơi cần gia hạn").fill("đông hải")
    follow(page.get_by_role("button", name="Tìm"))
    follow(page.get_by_role("link", name="Thôn Đông Hải"))
    page.get_by_label("Ngày cuối").fill("10/01/2027")
    page.get_by_label("Số quyết định").fill("15/QĐ-HKH")
    page.get_by_label("Lý do").fill("Bão làm mất điện ba ngày")
    follow(page.get_by_role("button", name="Xem lại trước khi lưu"))
    follow(page.get_by_role("button", name="Lưu gia hạn"))
    expect(page.get_by_role("status")).to_contain_text("Đã lưu gia hạn cho Thôn Đông Hải")
    expect(page.get_by_role("main")).to_contain_text("Bão làm mất điện ba ngày")
    assert Extension.objects.get().organization == record.board


@pytest.mark.long_on_sqlite
def test_pages_of_deadlines_fit_the_screen_and_are_accessible(page, log_in, look, centre, record):
    extension = Extension.objects.create(
        campaign=record.campaign,
        level=record.level,
        step=WindowStep.CONFIRMATION,
        assessment=record,
        opens_at=moment(2026, 12, 31),
        closes_at=moment(2027, 1, 11),
        reason="Bão làm mất điện ba ngày, ban chưa mở được cổng",
        decision_number="15/QĐ-HKH",
        approved_by=centre,
    )
    log_in(centre)
    of_window = ["TW", 2026, "cong-dan", "xac-nhan"]
    paths = {
        "index": reverse("assessments:deadlines"),
        "window": reverse("assessments:window", args=of_window),
        "find": reverse("assessments:extend") + "?name=h",
        "extend": reverse("assessments:extend_place", args=[record.board.code]),
        "record": reverse("assessments:extend_record", args=[record.pk]),
        "end": reverse("assessments:end_extension", args=[extension.pk]),
        "outages": reverse("assessments:outages"),
        "give": reverse("assessments:give_back", args=[2026, "cong-dan"]),
        "list": reverse("reports:extensions") + "?nam=2026",
        "detail": reverse("assessments:board_detail", args=[record.pk]),
    }
    for name, path in paths.items():
        page.goto(path)
        look(page, name)
