"""The public pages on phone and desk, light, dark, high contrast; a form through the end of its session."""

import pytest
from playwright.sync_api import expect

from tests.browsers import DESK, PHONE, follow
from tests.factories import load_criteria, make_assessment, make_campaign, make_citizen_with_account, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "hoctapsuotdoi"
PUBLIC = [
    "/",
    "/huong-dan/",
    "/huong-dan/cong-dan/",
    "/huong-dan/ban-khuyen-hoc/",
    "/huong-dan/hoi-khuyen-hoc/",
    "/du-lieu-ca-nhan/",
    "/kha-nang-tiep-can/",
    "/dang-nhap/quen-mat-khau/",
    "/khong-co-trang-nay/",
]


def sign_in(page, citizen):
    """Through the page itself: that is where the typed form waits."""
    if "/dang-nhap/" not in page.url:
        page.goto("/dang-nhap/")
    page.fill("[name=username]", citizen.user.username)
    page.fill("[name=password]", PASSWORD)
    follow(page.locator("main").get_by_role("button", name="Đăng nhập"))


def width_of(page):
    """How wide the page really is: more than the screen, and somebody has to push it sideways."""
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.long_on_sqlite
@pytest.mark.parametrize(
    ("viewport", "scheme", "display", "paths"),
    [
        (PHONE, "light", "", PUBLIC),
        (DESK, "dark", "", PUBLIC[:3]),
        (PHONE, "light", "size-large.contrast-high", PUBLIC[:3]),
        (DESK, "light", "contrast-high.theme-dark", PUBLIC[:3]),
    ],
)
def test_public_pages_are_accessible(
    new_page, live_server, accessibility_faults, time_machine, viewport, scheme, display, paths
):
    time_machine.move_to(moment(2026, 12, 22, 14, 5))
    load_criteria()
    make_campaign(2026)
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.context.add_cookies([{"name": "hien_thi", "value": display, "url": live_server.url}])

    for path in paths:
        page.goto(path)
        assert width_of(page) <= viewport["width"], path
        assert accessibility_faults(page, looks=[(viewport, scheme)]) == [], path


def test_a_form_survives_larger_letters_and_the_end_of_the_session(page, time_machine):
    time_machine.move_to(moment(2026, 11, 20, 9))
    citizen = make_citizen_with_account(password=PASSWORD)
    draft = make_assessment(citizen=citizen, campaign=make_campaign(2026))
    sign_in(page, citizen)
    page.goto(draft.get_absolute_url())
    follow(page.locator("main a[href*='/phan/']").first)
    score = page.locator("input[type=radio][value='7']").first
    score.check(force=True)

    follow(page.get_by_role("button", name="A+"))
    expect(score).to_be_checked()
    expect(page.locator("html")).to_have_attribute("data-size", "large")

    page.context.clear_cookies(name="sessionid")
    follow(page.get_by_role("button", name="Lưu và sang phần 2"))
    expect(page.get_by_role("status")).to_contain_text("những gì bạn vừa gõ vẫn còn")

    sign_in(page, citizen)
    expect(score).to_be_checked()
    assert draft.scores.count() == 0
    follow(page.get_by_role("button", name="Lưu và sang phần 2"))
    assert [own.own_points for own in draft.scores.exclude(own_points=None)] == [7]
