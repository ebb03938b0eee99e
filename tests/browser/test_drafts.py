"""Nothing typed is lost, in a browser with JavaScript: a line breaks, a server is away, two devices write."""

import re

import pytest
from playwright.sync_api import expect

from assessments import workflow
from tests.browsers import follow
from tests.factories import make_assessment, open_campaign, reload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record():
    return make_assessment(campaign=open_campaign())


@pytest.fixture
def open_part(new_page, log_in, record):
    """The first page of scoring, as one more device of its person."""

    def open_page(**options):
        page = new_page(java_script_enabled=True, **options)
        log_in(record.citizen.user, page)
        page.goto(f"/danh-gia/{record.pk}/phan/1/")
        return page

    return open_page


def choose(page, code, points):
    page.locator(f"[name='score-{code}'][value='{points}']").check(force=True)


def chosen(page, code, points):
    return expect(page.locator(f"[name='score-{code}'][value='{points}']"))


def line_of(page, code):
    return page.locator(f"[id='chi-so-{code}'] .as-typed")


def own_scores(record):
    return {code: int(own) for code, own in workflow.own_scores(reload(record)).items()}


@pytest.mark.feature("A2", "J4")
def test_a_line_that_breaks_while_one_scores_loses_nothing(open_part, record, look):
    page = open_part()
    choose(page, "I.1.1", 9)
    expect(line_of(page, "I.1.1")).to_contain_text("Đã lưu lúc")
    expect(page.locator("[aria-labelledby=tong]")).to_contain_text("9 trên 100 điểm")
    assert own_scores(record) == {"I.1.1": 9}

    page.context.set_offline(True)
    choose(page, "I.1.2", 8)
    choose(page, "I.1.1", 7)
    expect(page.get_by_role("alert")).to_contain_text("Có 2 câu trả lời chưa gửi được về máy chủ.")
    expect(line_of(page, "I.1.2")).to_contain_text("đang giữ trên máy này")
    look(page, "outbox")
    page.get_by_role("button", name=re.compile("^Lưu và sang phần")).click()
    expect(page.locator("#chua-gui")).to_be_focused()  # and the page stays, with what was chosen on it
    assert own_scores(record) == {"I.1.1": 9}

    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(line_of(page, "I.1.2")).to_contain_text("Đã lưu lúc")
    assert own_scores(record) == {"I.1.1": 7, "I.1.2": 8}
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.feature("A2", "J4")
def test_what_a_server_that_is_away_did_not_take_is_sent_from_the_next_page(open_part, record):
    page = open_part()
    page.route("**/phan/1/", lambda route: route.fulfill(status=502, body="Bad gateway"))
    choose(page, "I.1.1", 9)
    expect(page.get_by_role("alert")).to_contain_text("Có 1 câu trả lời chưa gửi được về máy chủ.")
    page.unroute("**/phan/1/")
    page.route("**/phan/1/", lambda route: route.abort())

    page.goto(f"/danh-gia/{record.pk}/")
    expect(page.get_by_role("alert")).to_contain_text("Có 1 câu trả lời")
    page.unroute("**/phan/1/")
    page.get_by_role("button", name="Gửi lại ngay").click()

    expect(page.get_by_role("alert")).to_have_count(0)
    assert own_scores(record) == {"I.1.1": 9}


def test_two_devices_write_over_nothing(open_part, record):
    phone, desk = open_part(), open_part()
    choose(desk, "I.1.1", 7)
    expect(line_of(desk, "I.1.1")).to_contain_text("Đã lưu lúc")
    choose(desk, "I.1.3", 6)
    expect(line_of(desk, "I.1.3")).to_contain_text("Đã lưu lúc")

    choose(phone, "I.1.1", 9)
    warning = phone.locator("#chua-gui")
    expect(warning).to_contain_text("Ở nơi khác vừa lưu: 7 điểm. Trên máy này: 9 điểm.")
    expect(line_of(phone, "I.1.3")).to_contain_text("Vừa được sửa ở nơi khác, trang này đã lấy theo: 6 điểm")
    chosen(phone, "I.1.1", 9).to_be_checked()
    phone.get_by_role("button", name=re.compile("^Lưu và sang phần")).click()
    expect(warning).to_be_focused()
    assert own_scores(record) == {"I.1.1": 7, "I.1.3": 6}

    warning.get_by_role("button", name="Giữ 9 điểm").click()
    expect(warning).to_have_count(0)
    assert own_scores(record) == {"I.1.1": 9, "I.1.3": 6}
    choose(desk, "I.1.1", 5)
    desk.locator("#chua-gui").get_by_role("button", name="Lấy 9 điểm").click()
    expect(desk.locator("#chua-gui")).to_have_count(0)
    chosen(desk, "I.1.1", 9).to_be_checked()
    follow(desk.get_by_role("button", name=re.compile("^Lưu và sang phần")))
    assert own_scores(record) == {"I.1.1": 9, "I.1.3": 6}
