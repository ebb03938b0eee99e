import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Citizen
from delivery import sending
from people import moves, rosters
from tests.browsers import follow
from tests.delivery.companies import tell
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_unit,
    make_user,
    make_village,
    open_campaign,
)
from tests.people.lists import AN, BINH, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.feature("B10")]
BAD = ["3", "05/09/2010", "Nguyễn Hoàng Thị Phương Anh Thư", "6A", "x", 42210000001, ""]


@pytest.mark.long_on_sqlite
def test_pages_of_lists_fit_the_screen_and_are_accessible(page, log_in, look):
    commune = make_commune("Thạch Khê")
    school = make_unit("Trường Trung học cơ sở Nguyễn Thị Minh Khai", parent=commune)
    by = make_confirmer(school)
    asked = ["4", "05/09/1960", "Nguyễn Thị Hoa", "6A", "Nữ", "", ""]
    make_citizen(board=make_village(commune=commune))
    roster = take(school, by, [AN, BINH, BAD, asked])
    added = take(school, by, [AN])
    rosters.start(added, by=by)
    rosters.work(added.pk)
    pupil = make_citizen("Nguyễn Hoàng Thị Phương Anh Thư", board=school, user=make_user(password="của tôi"))
    other = make_unit("Trường Trung học phổ thông Lý Tự Trọng", parent=commune)
    gone = make_citizen(board=school)
    transfer = moves.move([gone.pk], other, organization=school, reason="Ghi nhầm đơn vị", by=by)
    chosen = f"?people={pupil.pk}"
    open_campaign()
    old = make_citizen("Cụ Tư", board=school, phone="", user=make_user(password="của cụ"))
    for subject in ("Hồ sơ năm 2026 bị trả lại để sửa", "Năm 2026: ban chưa xác nhận hồ sơ của bạn"):
        tell(pupil, subject=subject)
        tell(old, subject=subject)
    type(pupil).objects.filter(pk=pupil.pk).update(phone="+842393851234")
    sending.sweep({})
    pages = [
        reverse("people:person", args=[school.code, pupil.pk]),
        reverse("people:move", args=[school.code]) + chosen + "&tim=truong",
        reverse("people:depart", args=[school.code]) + chosen,
        reverse("people:transfers", args=[school.code]),
        transfer.get_absolute_url(),
        reverse("people:list", args=[school.code]),
        reverse("people:unregistered", args=[school.code]),
        reverse("delivery:unreached", args=[school.code]),
        reverse("delivery:channels"),
        reverse("people:rosters", args=[school.code]),
        reverse("people:roster", args=[school.code, roster.pk]),
        reverse("people:roster", args=[school.code, added.pk]),
        reverse("accounts:slips", args=[school.code]),
        school.get_absolute_url(),
    ]
    officer = make_officer(commune)
    pair = [
        make_citizen("Nguyễn Hoàng Thị Phương Anh Thư", board=commune, identity_number=None) for _ in "ab"
    ]
    pages_of_commune = [
        reverse("people:list", args=[commune.code]),
        reverse("people:doubles", args=[commune.code]),
        reverse("people:double", args=[commune.code, pair[0].pk]) + f"?voi={pair[1].pk}",
    ]
    log_in(by)

    for path in pages:
        page.goto(path)
        look(page)
    page.goto(reverse("accounts:slips", args=[school.code]))
    follow(page.get_by_role("button", name="người tiếp theo"))
    look(page)
    code = page.locator(".code").first.inner_text()
    page.context.clear_cookies()
    log_in(officer)
    for path in pages_of_commune:
        page.goto(path)
        look(page)
    page.context.clear_cookies()
    page.goto(reverse("accounts:claim") + f"?ma={code}")
    look(page)
    page.get_by_label("Ngày sinh của bạn").fill("01/01/2001")
    follow(page.get_by_role("button", name="Tiếp tục"))
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
    page.get_by_label("Ngày sinh của bạn").fill("05/09/2010")
    follow(page.get_by_role("button", name="Tiếp tục"))
    expect(page.get_by_text("Những gì đã được ghi về bạn")).to_be_visible()
    look(page)
    assert Citizen.objects.filter(unit=school, user=None).count() == 0
