"""From confirmed records to the check of a paper, for each of the five titles, without JavaScript."""

import subprocess
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from assessments import releases
from assessments.models import State
from audit import clock
from criteria.models import Level
from recognitions.models import Decision, Recognition
from tests.browsers import follow
from tests.factories import (
    allow_provisional,
    appoint,
    close_confirmation,
    make_centre,
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_confirmer,
    make_head,
    make_household,
    make_officer,
    make_unit,
    make_user,
    make_village,
    open_campaign,
    state_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Quỳnh Ỷ Lan Phương Ánh"


@pytest.fixture
def village():
    return make_village(commune=make_commune())


@pytest.fixture
def campaign():
    return open_campaign()


def confirmed_of_each(village, campaign):
    """(record, who holds the title) of each title, judged by the last body over it."""
    commune = village.parent
    citizen = make_citizen_with_account(LONG, board=village)
    head = make_head(make_household(village))
    clan, unit = make_clan(commune=commune), make_unit(parent=commune)
    elder = appoint(make_user("Nguyễn Văn Thọ"), clan, Role.REPRESENTATIVE).user
    groups = [
        (Level.FAMILY, head.household, head.user),
        (Level.CLAN, clan, elder),
        (Level.COMMUNITY, village, make_confirmer(village, "Hồ Thị Mơ")),
        (Level.UNIT, unit, make_confirmer(unit, "Võ Thị Sáu")),
    ]
    return [
        (make_confirmed_assessment(citizen=citizen, campaign=campaign), citizen.user),
        *(
            (make_confirmed_group_assessment(level, subject, by=by, campaign=campaign), by)
            for level, subject, by in groups
        ),
    ]


def day():
    return f"{clock.today():%d/%m/%Y}"


def fill(page, **typed):
    for name, words in typed.items():
        page.locator(f"[name='{name}']").fill(words)


def take_to_decision(page, record, see):
    """What an association does with the confirmed records of a title, each page and each form of it."""
    page.goto(reverse("recognitions:index"))
    follow(page.get_by_role("link", name="Lập danh sách").first)
    page.get_by_label("Danh hiệu").select_option(record.level)
    see(page, "quyet-dinh-lap")
    follow(page.get_by_role("button", name="Lập danh sách"))
    expect(page.get_by_text("Danh sách đề nghị có 1 tên.")).to_be_visible()
    expect(page.get_by_role("rowheader", name=str(record.subject))).to_be_visible()
    see(page, "quyet-dinh-danh-sach")
    follow(page.get_by_role("link", name="Ghi biên bản đã ký"))
    fill(page, minutes_number=f"03-{record.level}/BB-HKH", minutes_on="1/1/2020", minutes_chair="Lê Văn Bình")
    follow(page.get_by_role("button", name="Lưu biên bản"))
    see(page, "quyet-dinh-bien-ban-sai")  # the secretary is missing, and the day is too early
    fill(page, minutes_on=day(), minutes_secretary="Phan Thị Lan")
    follow(page.get_by_role("button", name="Lưu biên bản"))
    expect(page.get_by_role("status")).to_contain_text("Đã ghi biên bản")
    follow(page.get_by_role("link", name="Ghi tờ trình đã gửi"))
    fill(page, submission_number="05/TTr-HKH", submission_on=day(), submission_to="Ban Thường vụ Hội")
    follow(page.get_by_role("button", name="Lưu tờ trình"))
    follow(page.get_by_role("link", name="Ghi quyết định"))
    see(page, "quyet-dinh-ghi")
    number = f"12-{record.level}/QĐ-HKH"
    fill(page, number=number, decided_on=day(), signer_name="Nguyễn Văn Sơn", signer_post="Chủ tịch")
    follow(page.get_by_role("button", name="Xem lại trước khi lưu"))
    see(page, "quyet-dinh-xem-lai")
    follow(page.get_by_role("button", name="Lưu quyết định"))
    expect(page.get_by_role("status")).to_contain_text("Đã ghi quyết định")
    see(page, "quyet-dinh-xong")
    return Decision.objects.get(number=number)


def scanned(path, tmp_path):
    """Where the QR of a certificate leads on this server, read from a picture of 150 dots an inch."""
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", path, tmp_path / "page"], check=True)
    (picture,) = tmp_path.glob("page*.png")
    told = subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True, text=True
    )
    picture.unlink()
    return urlsplit(told.stdout.strip()).path


def take_to_check(holder, anybody, recognition, see, tmp_path):
    """The holder takes the paper, and somebody without an account scans it."""
    title = recognition.decision.get_level_display()
    holder.goto(reverse("recognitions:mine"))
    see(holder, "danh-hieu-cua-toi")
    follow(holder.get_by_role("link", name=title))
    see(holder, "giay-cua-toi")
    with holder.expect_download() as given:
        holder.get_by_role("link", name="Tải giấy chứng nhận (PDF)").click()
    anybody.goto(scanned(given.value.path(), tmp_path))
    told = anybody.get_by_role("status")
    expect(told).to_contain_text("Giấy này có thật và còn hiệu lực")
    expect(told).to_contain_text(recognition.holder_name)
    expect(told).to_contain_text(title)
    see(anybody, "kiem-tra-quet")


@pytest.mark.feature("B12", "H1", "H2", "H4")
def test_each_title_from_the_confirmed_to_the_check_of_its_paper(
    page, new_page, log_in, look, village, campaign, tmp_path
):
    records = confirmed_of_each(village, campaign)
    allow_provisional()
    close_confirmation(campaign)
    log_in(make_officer(village.parent))
    anybody, holder = new_page(), new_page()
    for record, user in records:
        see = look if record.level == Level.CITIZEN else lambda page, name="": None
        decision = take_to_decision(page, record, see)
        assert state_of(record) == State.RECOGNISED
        recognition = Recognition.objects.get(assessment=record)
        assert (recognition.decision, recognition.holder_name) == (decision, str(record.subject))
        log_in(user, page=holder)
        take_to_check(holder, anybody, recognition, see, tmp_path)
    assert {record.level for record, _user in records} == set(Level.values)
    page.goto(reverse("recognitions:index"))
    expect(page.get_by_role("row")).to_have_count(6)
    look(page, "quyet-dinh")
    commend(page, look, records[0][0])


def commend(page, look, record):
    """One of them is looked for, ticked and honoured."""
    follow(page.get_by_role("link", name="Tiêu biểu và khen thưởng"))
    page.get_by_label("Danh hiệu").select_option(record.level)
    look(page, "khen-thuong")
    follow(page.get_by_role("button", name="Xem ai được đề nghị"))
    expect(page.get_by_text("Chưa có ai giữ danh hiệu này năm năm liền")).to_be_visible()
    follow(page.get_by_role("link", name="Tìm theo tên"))
    page.get_by_label("Tên người, gia đình, đơn vị").fill("Ỷ Lan")
    follow(page.get_by_role("button", name="Tìm"))
    follow(page.get_by_role("button", name="Lưu người được chọn"))
    expect(page.get_by_role("alert")).to_contain_text("Chưa chọn ai")
    look(page, "khen-thuong-chua-chon")
    page.get_by_role("checkbox", name=f"Khen {record.subject}").check()
    follow(page.get_by_role("button", name="Lưu người được chọn"))
    follow(page.get_by_role("link", name="Ghi quyết định"))
    fill(page, number="20/QĐ-HKH", decided_on=day(), signer_name="Nguyễn Văn Sơn", signer_post="Chủ tịch")
    follow(page.get_by_role("button", name="Xem lại trước khi lưu"))
    follow(page.get_by_role("button", name="Lưu quyết định"))
    expect(page.get_by_text("0 công dân tiêu biểu, 1 được chọn, 1 được khen.")).to_be_visible()
    look(page, "khen-thuong-xong")


@pytest.mark.feature("B9")
def test_a_result_held_back_and_what_the_centre_and_a_province_set(page, log_in, look, village, campaign):
    province = village.parent.parent
    releases.hold(province, campaign, by=make_officer(province))
    record = make_confirmed_assessment(board=village, campaign=campaign)
    log_in(record.citizen.user)
    page.goto(record.get_absolute_url())
    expect(page.get_by_text("Chờ công bố kết quả").first).to_be_visible()
    look(page, "ho-so-cho-cong-bo")
    log_in(make_officer(province, "Đỗ Thị Ánh"))
    page.goto(reverse("recognitions:release", args=[province.code]))
    look(page, "hien-ket-qua")
    log_in(make_officer(make_centre(), "Hà Văn Đức"))
    page.goto(reverse("recognitions:settings"))
    look(page, "quy-dinh-cong-nhan")
    follow(page.get_by_role("link", name="Gia đình học tập"))
    page.get_by_label("Cho công nhận theo bộ tiêu chí bản tạm").check()
    follow(page.get_by_role("button", name="Lưu quy định"))
    look(page, "quy-dinh-gia-dinh")
