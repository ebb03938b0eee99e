"""The portal's main job, from sign-up to the province's Excel file, in a browser without JavaScript."""

import re

import openpyxl
import pytest
import time_machine
from playwright.sync_api import expect

from assessments import closing, windows
from assessments.models import Assessment, State
from audit import clock
from tests.browsers import DESK, follow
from tests.factories import (
    load_criteria,
    make_campaign,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_village,
    moment,
    state_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "042160012345"
PASSWORD = "hoc mai khong gia"


def sign_up(page, commune, village, full_name="Đặng Thị Ánh"):
    page.goto("/dang-ky/")
    page.fill("[name=full_name]", full_name)
    page.fill("[name=birth_date]", "05/09/1960")
    page.get_by_label("Nữ").check()
    page.fill("[name=identity_number]", NUMBER)
    page.fill("[name=phone]", "0912 345 678")
    follow(page.get_by_role("button", name="Sang bước 2"))
    page.fill("[name=commune]", commune)
    follow(page.get_by_role("button", name=re.compile("Tìm|Chọn")))
    page.fill("[name=village]", village)
    follow(page.get_by_role("button", name="Sang bước 4"))


def open_account(page):
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.get_by_role("checkbox").check()
    follow(page.get_by_role("button", name="Đăng ký"))


def register(page):
    page.goto("/danh-hieu/dang-ky/")
    follow(page.get_by_role("button", name="Đăng ký"))


def score(page, points):
    """Give every indicator of the form the same points, part by part."""
    follow(page.get_by_role("link", name=re.compile("Chấm")).first)
    for _part in range(3):
        for number in page.locator("fieldset.score").all():
            number.locator(f"input[value='{points}']").check(force=True)
        follow(page.get_by_role("button", name=re.compile("^Lưu và (sang phần|xem lại)")).first)


def number_shown(page, title):
    tile = page.locator("li.tile", has=page.get_by_role("heading", name=title, exact=True))
    return int(tile.locator(".big").inner_text().replace(".", ""))


@pytest.mark.feature("A1", "A3", "A5", "A6", "A8", "B5", "J2")
def test_from_sign_up_to_the_provinces_excel(new_page, log_in, tmp_path, accessibility_faults):
    with time_machine.travel(moment(2026, 11, 15, 9)):
        load_criteria()
        make_campaign(2026)
        province = make_province("Hà Tĩnh", code="42")
        village = make_village("Đông Hải", commune=make_commune("Thạch Khê", province=province))
        citizen, board, office = new_page(), new_page(), new_page(viewport=DESK)
        log_in(make_confirmer(village, "Trần Thị Mai"), board)
        log_in(make_officer(province), office)
        office.goto("/bao-cao/")
        before = number_shown(office, "Đã xác nhận")

        # The citizen: the board is named before anything is sent.
        sign_up(citizen, "thach khe", "dong hai")
        expect(citizen.locator("main")).to_contain_text("thôn Đông Hải", ignore_case=True)
        expect(citizen.locator("main")).not_to_contain_text(NUMBER)
        open_account(citizen)
        expect(citizen.get_by_role("status")).to_contain_text("thôn Đông Hải", ignore_case=True)
        register(citizen)
        score(citizen, 8)
        expect(citizen.locator("main")).to_contain_text("80")
        assessment = Assessment.objects.get()
        citizen.goto(f"/danh-gia/{assessment.pk}/phan/1/")
        follow(citizen.get_by_role("button", name="minh chứng").first)
        citizen.fill("[name=text]", "Tôi đọc báo Khuyến học mỗi tuần.")
        follow(citizen.get_by_role("button", name="Lưu minh chứng"))
        citizen.goto(f"/danh-gia/{assessment.pk}/xem-lai/")
        expect(citizen.locator(".record-bar")).to_contain_text("Chưa gửi")
        assert accessibility_faults(citizen) == []
        follow(citizen.get_by_role("button", name="Gửi hồ sơ"))
        expect(citizen.locator("main")).to_contain_text(f"2026-42-{assessment.pk:07d}")

        # The board returns it.
        board.goto("/xac-nhan/")
        follow(board.get_by_role("link", name="Đặng Thị Ánh"))
        expect(board.locator("main")).to_contain_text("Tôi đọc báo Khuyến học mỗi tuần.")
        expect(board.locator("main")).to_contain_text("hết ngày 31/12/2026")
        board.fill("[name=reason]", "Bổ sung minh chứng chỉ số I.1.2.")
        follow(board.get_by_role("button", name="Trả lại"))
        expect(board.get_by_role("status").first).to_be_visible()

        # The citizen corrects and sends again.
        citizen.goto(f"/danh-gia/{assessment.pk}/")
        expect(citizen.locator("main")).to_contain_text("Bổ sung minh chứng chỉ số I.1.2.")
        citizen.goto(f"/danh-gia/{assessment.pk}/phan/1/")
        citizen.locator("[name='score-I.1.2'][value='9']").check(force=True)
        follow(citizen.get_by_role("button", name=re.compile("^Lưu và sang phần")))
        citizen.goto(f"/danh-gia/{assessment.pk}/xem-lai/")
        follow(citizen.get_by_role("button", name="Gửi hồ sơ"))

        # The board lowers one point with a reason and confirms.
        board.goto(f"/xac-nhan/{assessment.pk}/")
        board.locator("[name='score-I.2.1']").fill("7")
        board.locator("[name='reason-I.2.1']").fill("Giấy xác nhận ghi 3 buổi.")
        assert accessibility_faults(board) == []
        follow(board.get_by_role("button", name="Xác nhận", exact=True))
        expect(board.get_by_role("status").first).to_contain_text("Đặng Thị Ánh")
        assert state_of(assessment) == State.CONFIRMED

        # The citizen sees both points and why; the province one more, and the person in its file.
        citizen.goto(f"/danh-gia/{assessment.pk}/")
        expect(citizen.locator("main")).to_contain_text("Giấy xác nhận ghi 3 buổi.")
        office.goto("/bao-cao/")
        assert number_shown(office, "Đã xác nhận") == before + 1
        office.goto("/bao-cao/danh-sach/")
        with office.expect_download() as download:
            office.get_by_role("button", name="Xuất Excel").click()
        path = tmp_path / "danh-sach.xlsx"
        download.value.save_as(path)
        cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].values for cell in row]
        assert "Đặng Thị Ánh" in cells
        assert 80 in cells
        assert not any(NUMBER in str(cell) for cell in cells)


@pytest.mark.feature("E2")
def test_a_confirmation_opened_in_time_is_refused_a_minute_later(new_page, log_in):
    with time_machine.travel(moment(2026, 12, 20), tick=False):
        assessment = make_submitted_assessment(campaign=make_campaign(2026))
        member = make_confirmer(assessment.board)
    board = new_page()
    with time_machine.travel(moment(2026, 12, 31, 23, 59)):
        log_in(member, board)
        board.goto(f"/xac-nhan/{assessment.pk}/")
        expect(board.locator("main")).to_contain_text("hôm nay là ngày cuối")

    with time_machine.travel(moment(2027, 1, 1)):
        follow(board.get_by_role("button", name="Xác nhận", exact=True))

        expect(board.get_by_role("alert").first).to_contain_text("khóa lúc hết ngày 31/12/2026")
        assert state_of(assessment) == State.SUBMITTED
        board.goto("/xac-nhan/")
        expect(board.locator("main")).to_contain_text("hết ngày 31/12/2026")
        expect(board.get_by_role("button", name="Xác nhận", exact=True)).to_have_count(0)
        assert "đã khóa lúc hết ngày 31/12/2026" in windows.confirmation_sentence(clock.now())

        closing.lock_confirmation(clock.now())
        board.goto("/xac-nhan/")
        assert state_of(assessment) == State.UNCONFIRMED


@pytest.mark.feature("J2")
def test_typed_points_survive_the_end_of_the_session(page, log_in, live_server):
    citizen = make_citizen_signed_up()
    log_in(citizen.user)
    register(page)
    follow(page.get_by_role("link", name=re.compile("Chấm")).first)
    page.locator("[name='score-I.1.1'][value='9']").check(force=True)
    form = page.url
    sessions = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    page.context.clear_cookies(name=sessions[0]["name"])

    follow(page.get_by_role("button", name=re.compile("^Lưu và sang phần")))

    expect(page.locator("main")).to_contain_text("Cổng đã tự đăng xuất")
    page.fill("[name=username]", citizen.identity_number)
    page.fill("[name=password]", PASSWORD)
    follow(page.get_by_role("button", name="Đăng nhập"))
    expect(page).to_have_url(form)
    expect(page.locator("[name='score-I.1.1'][value='9']")).to_be_checked()
    expect(page.locator("main")).to_contain_text("chưa được lưu")


def make_citizen_signed_up():
    from tests.factories import make_user, open_campaign

    load_criteria()
    open_campaign()
    user = make_user("Nguyễn Thị Hoa", password=PASSWORD)
    return make_citizen("Nguyễn Thị Hoa", user=user)
