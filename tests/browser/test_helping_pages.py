"""Somebody is helped in a browser without JavaScript, and says that it was not asked for."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from audit import clock
from tests.browsers import follow
from tests.factories import (
    appoint,
    load_criteria,
    make_citizen_with_account,
    make_confirmer,
    make_user,
    make_village,
    open_campaign,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long_on_sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("A14"),
]


def test_somebody_is_helped_gets_a_slip_and_says_they_never_asked(page, log_in, look):
    load_criteria()
    open_campaign()
    village = make_village()
    person = make_citizen_with_account("Nguyễn Hoàng Thị Phương Anh Thư", board=village)
    helper, member = make_user("Lê Thị Thu"), make_confirmer(village)
    appoint(helper, village, Role.HELPER, valid_to=clock.today() + datetime.timedelta(days=30))

    log_in(member)
    page.goto(reverse("assessments:helpers", args=[village.code]))
    expect(page.get_by_text("Lê Thị Thu").first).to_be_visible()
    look(page)

    log_in(helper)
    page.goto(reverse("assessments:helping"))
    page.get_by_label("Họ và tên người cần giúp").fill("anh thu")
    follow(page.get_by_role("button", name="Tìm"))
    look(page)
    follow(page.get_by_role("link", name="Điền giúp Nguyễn"))
    follow(page.get_by_role("button", name="Bắt đầu điền giúp"))
    expect(page.get_by_text("Chọn người ấy đã nhờ bạn thế nào.").first).to_be_visible()
    look(page)
    page.get_by_text("Gặp và nhờ trực tiếp").click()
    page.get_by_label("Vì sao cần giúp").fill("Mắt kém")
    follow(page.get_by_role("button", name="Bắt đầu điền giúp"))
    banner = page.get_by_role("complementary", name="Điền giúp")
    expect(banner).to_contain_text("Bạn đang điền giúp bà Nguyễn Hoàng Thị Phương Anh Thư")
    look(page)
    follow(page.get_by_role("link", name="Chấm phần 1"))
    while page.locator("[name^='score-']").count():
        expect(banner).to_be_visible()
        for eight in page.locator("[name^='score-'][value='8']").all():
            eight.check()
        follow(page.locator("button[name='next']"))
    look(page)
    follow(page.get_by_role("button", name="Gửi hồ sơ"))
    expect(page.get_by_role("status")).to_contain_text("Đã gửi hồ sơ của bà Nguyễn")
    look(page)

    log_in(person.user)
    page.goto(reverse("assessments:mine"))
    follow(page.get_by_role("link", name="Xem hồ sơ").first)
    look(page)
    follow(page.get_by_role("link", name="Tôi không nhờ"))
    look(page)
    follow(page.get_by_role("button", name="Đúng, tôi không nhờ"))
    expect(page.get_by_role("status")).to_contain_text("bạn không nhờ")
    look(page)
