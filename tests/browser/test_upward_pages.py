"""From the list of boards to confirming for one, on a telephone and on a desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import looking_ahead
from audit import clock
from tests.browsers import DESK, follow
from tests.factories import (
    appoint,
    make_citizen_with_account,
    make_commune,
    make_officer,
    make_submitted_assessment,
    make_village,
    open_campaign,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long_on_sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("C3"),
    pytest.mark.feature("B1"),
]


def test_an_officer_finds_the_worst_board_reminds_it_and_takes_it_over(page, log_in, look):
    campaign, commune = open_campaign(), make_commune()
    board, beside = make_village("Đông Hải", commune), make_village("Tây Hải", commune)
    for place, people in [(board, 3), (beside, 1)]:
        for _person in range(people):
            make_submitted_assessment(board=place, campaign=campaign)
    appoint(make_citizen_with_account("Trần Thị Mai", board=board).user, board)
    looking_ahead.refresh(clock.now())
    log_in(make_officer(commune))
    page.goto(reverse("assessments:board_list"))
    look(page)
    expect(page.locator("tbody tr").first).to_contain_text("Thôn Đông Hải")
    expect(page.locator("tbody tr").first).to_contain_text("Chưa ai đăng nhập")
    expect(page.locator("tbody a[href='tel:+84912345678']")).to_be_visible()
    follow(page.get_by_role("button", name="Nhắc Thôn Đông Hải"))
    expect(page.get_by_role("status")).to_contain_text("Đã nhắn cho 1 người")
    follow(page.get_by_role("link", name="Thôn Đông Hải", exact=True))
    look(page)
    follow(page.get_by_role("link", name="Xác nhận thay ban này"))
    look(page)
    follow(page.get_by_role("button", name="Lưu và xác nhận thay"))
    expect(page.locator("main")).to_contain_text("Ghi lý do.")
    page.get_by_label("Vì sao ban không làm được").fill("Trưởng ban nằm viện.")
    follow(page.get_by_role("button", name="Lưu và xác nhận thay"))
    expect(page.get_by_role("button", name="Xác nhận cả danh sách")).to_be_visible()
    look(page)
    expect(page.locator("main")).to_contain_text("Lý do: “Trưởng ban nằm viện”.")
    follow(page.get_by_role("button", name="Thôi xác nhận thay"))
    expect(page.get_by_role("status")).to_contain_text("đã thôi xác nhận thay")
    expect(page.locator("main")).to_contain_text("đã xác nhận thay từ")
    look(page)
    page.set_viewport_size(DESK)
    heights = page.eval_on_selector_all(".site-nav li", "all => all.map(each => each.offsetTop)")
    assert (len(heights) > 8, len(set(heights))) == (True, 1)  # all that an officer does, on one line
