import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import draws, flags, tally
from assessments.models import Assessment, Draw, Flag, Outcome, Rule, State
from audit import clock
from tests.browsers import follow
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_village,
    open_campaign,
)
from tests.reports.records import make_record

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long_on_sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("C4", "C8"),
]


def confirmed(board, campaign, people, member):
    """All with one total, a few seconds apart, at noon of yesterday."""
    noon = (clock.now() - datetime.timedelta(days=1)).replace(hour=5, minute=0)  # UTC
    for place in range(people):
        person = make_citizen("Nguyễn Hoàng Thị Phương Anh Thư", board=board)
        record = make_record(person, campaign, State.REGISTERED)
        Assessment.objects.filter(pk=record.pk).update(
            state=State.CONFIRMED,
            outcome=Outcome.ACHIEVED,
            confirmed_at=noon + datetime.timedelta(seconds=place),
            confirmed_by=member,
            submitted_at=noon,
            receipt_number=f"bn-{record.pk}",
            own_total=Decimal(82),
            confirmed_total=Decimal(82),
        )
    tally.change(tally.NOTHING, tally.of(Assessment.objects.filter(board=board)))


def test_an_officer_looks_into_a_flag_and_draws_publishes_and_checks_a_sample(new_page, log_in, look):
    campaign, province = open_campaign(), make_province("Thừa Thiên Huế")
    commune = make_commune("Phong Điền", province=province)
    officer = make_officer(commune)
    member = make_confirmer(make_village("Trạch Phổ", commune), "Trần Thị Thu Hiền")
    for name, people in (("Nguyễn Thị Minh Khai", 61), ("Phò Trạch", 20), ("Đông Trung Anh", 4)):
        confirmed(make_village(name, commune), campaign, people, member)
    reading = flags.reading_of(province, campaign)
    page = new_page()
    log_in(officer, page)

    page.goto("/dau-hieu/")
    look(page, "flags-empty")
    flags.start(reading)
    flags.work(reading.pk)
    page.goto("/dau-hieu/")
    look(page, "flags")
    page.goto(reverse("watching:flag", args=[Flag.objects.get(rule=Rule.FAST).pk]))
    follow(page.get_by_role("button", name="Lưu"))
    expect(page.get_by_role("alert").first).to_be_visible()
    look(page, "flag-error")
    page.get_by_label("Đã xem xét thế nào").fill("Đã gọi trưởng ban, mở 10 hồ sơ đều có minh chứng.")
    follow(page.get_by_role("button", name="Lưu"))
    expect(page.get_by_text("Đã ghi là đã xem xét.")).to_be_visible()
    look(page, "flag")

    page.goto("/hau-kiem/")
    look(page, "draws-empty")
    follow(page.get_by_role("link", name="Lập đợt hậu kiểm"))
    page.get_by_label("Rút bao nhiêu phần trăm mỗi nhóm").fill("0")
    follow(page.get_by_role("button", name="Xem trước"))
    expect(page.get_by_text("Gõ số lớn hơn 0").first).to_be_visible()
    look(page, "announce-error")
    page.get_by_label("Rút bao nhiêu phần trăm mỗi nhóm").fill("2,5")
    follow(page.get_by_role("button", name="Xem trước"))
    expect(page.get_by_text("Theo cách này sẽ rút")).to_be_visible()
    look(page, "announce-foreseen")
    follow(page.get_by_role("button", name="Công bố"))
    expect(page.get_by_text("Đã công bố, chưa rút.")).to_be_visible()
    look(page, "draw-announced")
    follow(page.get_by_role("button", name="Rút 9 hồ sơ"))
    follow(page.get_by_role("link", name="Hồ sơ cần kiểm tra"))
    expect(page.get_by_role("heading", name="Hồ sơ cần kiểm tra")).to_be_visible()
    look(page, "records")
    follow(page.locator("tbody a").first)
    page.get_by_label("Có phát hiện").check()
    follow(page.get_by_role("button", name="Lưu, sang hồ sơ sau"))
    expect(page.get_by_text("Chọn loại phát hiện.").first).to_be_visible()
    look(page, "check-error")
    page.get_by_label("Loại phát hiện").select_option("no_evidence")
    page.get_by_label("Lý do").fill("Chỉ số I.1.1 không có giấy chứng nhận.")
    follow(page.get_by_role("button", name="Lưu, sang hồ sơ sau"))
    expect(page.get_by_text("Đã ghi kết quả của")).to_be_visible()
    draw = Draw.objects.get()
    for row in draws.to_check_by(officer).filter(verdict=""):
        draws.check(row, by=officer, verdict="agrees")
    page.goto(reverse("watching:draw_findings", args=[draw.pk]))
    look(page, "findings")
    page.goto("/hau-kiem/")
    look(page, "draws")
    page.goto(reverse("watching:draw", args=[draw.pk]))
    page.get_by_text("Cách rút lại").click()
    look(page, "draw")

    anybody = new_page()
    anybody.goto(reverse("watching:draw", args=[draw.pk]))
    expect(anybody.get_by_text(draw.seed).first).to_be_visible()
    look(anybody)
