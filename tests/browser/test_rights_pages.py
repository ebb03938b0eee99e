import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import supporting
from accounts.models import Role
from audit import clock
from tests.browsers import follow
from tests.factories import (
    appoint,
    make_centre,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
)
from tests.reforms.trees import settle_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def look_at(page, log_in, look):
    """Open each page as a user, and hold that everybody can use it."""

    def open_each(user, paths):
        log_in(user)
        for path in paths:
            page.goto(path)
            look(page)

    return open_each


@pytest.mark.long_on_sqlite
def test_pages_of_help_beside_the_tree_fit_the_screen_and_are_accessible(page, look_at, look):
    province = make_province()
    commune, school = make_commune("Nguyễn Thị Minh Khai", province=province), make_unit(parent=province)
    officer = make_officer(province)
    supporting.begin(school, commune, valid_from=clock.today(), by=officer)
    make_submitted_assessment(board=school)
    make_citizen("Nguyễn Hoàng Thị Phương Anh Thư", board=school)

    look_at(officer, [reverse("accounts:support_lines", args=[school.code])])
    follow(page.get_by_role("button", name="Lưu hội hỗ trợ"))
    expect(page.get_by_role("alert")).to_be_focused()
    look(page)
    pages = [
        commune.get_absolute_url(),
        school.get_absolute_url(),
        reverse("reports:helped", args=[school.code]),
    ]
    look_at(make_officer(commune), pages)


@pytest.mark.long_on_sqlite
def test_pages_seen_with_anothers_eyes_fit_the_screen_and_are_accessible(page, look_at, look):
    village = make_village("Nguyễn Thị Minh Khai")
    citizen = make_citizen_with_account("Nguyễn Hoàng Thị Phương Anh Thư", board=village)
    commune = village.parent

    look_at(make_officer(commune), [reverse("accounts:see_as", args=[commune.code])])
    follow(page.get_by_role("button", name="Bắt đầu xem cùng"))
    look(page)
    page.get_by_label("Số căn cước").fill(citizen.identity_number)
    page.get_by_label("Lý do").fill("Bà không thấy nút Gửi hồ sơ.")
    follow(page.get_by_role("button", name="Bắt đầu xem cùng"))
    look(page)
    page.goto(reverse("accounts:profile"))
    look(page)
    page.goto(reverse("accounts:profile_contact"))
    look(page)
    follow(page.get_by_role("button", name="Thôi xem cùng"))
    expect(page.get_by_role("status")).to_have_text("Đã thôi xem cùng. Bạn trở lại tài khoản của mình.")


@pytest.mark.long_on_sqlite
def test_pages_on_which_organizations_are_written_fit_the_screen_and_are_accessible(page, look_at, look):
    commune = make_commune("Nguyễn Thị Minh Khai")
    look_at(make_officer(make_centre()), [reverse("organizations:levels")])

    look_at(
        make_officer(commune.parent),
        [
            reverse("organizations:contact", args=[commune.code]),
            reverse("organizations:add", args=[commune.code]),
        ],
    )
    follow(page.get_by_role("button", name="Lưu nơi mới"))
    look(page)


@pytest.mark.long_on_sqlite
def test_lists_of_a_day_fit_the_screen_and_are_accessible(page, look_at, look):
    school = make_unit("Trường Trung học phổ thông Nguyễn Thị Minh Khai")
    make_submitted_assessment(board=school)
    settle_all()
    commune = school.parent
    pages = [
        f"{reverse(f'reports:{name}')}?to-chuc={commune.code}"
        for name in ("summary_as_at", "list_as_at", "units_as_at")
    ]

    look_at(make_officer(commune), pages)


@pytest.mark.long_on_sqlite
def test_pages_of_appointments_fit_the_screen_and_are_accessible(page, look_at, look):
    commune = make_commune()
    village, empty = make_village("Nguyễn Thị Minh Khai", commune), make_unit(parent=commune)
    seat = appoint(make_user("Nguyễn Hoàng Thị Phương Anh Thư"), village, Role.BOARD_CHAIR)
    officer = make_officer(commune)
    pages = [
        commune.get_absolute_url(),
        village.get_absolute_url(),
        reverse("organizations:without_people", args=[commune.code]),
        reverse("accounts:seats", args=[empty.code]),
        reverse("accounts:seats", args=[village.code]),
        reverse("accounts:appointment_end", args=[village.code, seat.pk]),
        reverse("accounts:appoint", args=[village.code]),
    ]

    look_at(officer, pages)
    follow(page.get_by_role("button", name="Lưu phân công"))
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
    page.get_by_label("Họ và tên").fill("Trần Thị Mai")
    page.get_by_label("Thành viên").check()
    follow(page.get_by_role("button", name="Lưu phân công"))
    expect(page.get_by_role("heading", name="Phiếu đăng nhập lần đầu")).to_be_visible()
    look(page)
