"""Nothing typed is lost, in a browser with JavaScript: a line breaks, a server is away, two devices write."""

import io
import random
import re
import time

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import expect

from assessments import workflow
from assessments.models import Assessment, Evidence, State
from tests.browser import test_main_job
from tests.browsers import follow
from tests.factories import (
    full_marks,
    load_criteria,
    make_assessment,
    make_commune,
    make_village,
    open_campaign,
    reload,
    state_of,
)

PASSWORD = "hoc mai khong gia"
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
    assert not re.search("score-", page.evaluate("JSON.stringify(localStorage)"))


@pytest.mark.feature("A2", "J4")
def test_what_a_server_that_is_away_did_not_take_is_sent_from_the_next_page(open_part, record):
    workflow.save_scores(record, full_marks(record, 8), by=record.citizen.user)
    page = open_part()
    page.route("**/phan/1/", lambda route: route.fulfill(status=502, body="Bad gateway"))
    choose(page, "I.1.1", 9)
    expect(page.get_by_role("alert")).to_contain_text("Có 1 câu trả lời chưa gửi được về máy chủ.")
    page.unroute("**/phan/1/")
    page.route("**/phan/1/", lambda route: route.abort())

    page.goto(f"/danh-gia/{record.pk}/xem-lai/")
    expect(page.get_by_role("alert")).to_contain_text("Có 1 câu trả lời")
    page.get_by_role("button", name="Gửi hồ sơ").click()
    expect(page.locator("#chua-gui")).to_be_focused()
    assert state_of(record) == State.REGISTERED
    page.unroute("**/phan/1/")
    page.get_by_role("button", name="Gửi lại ngay").click()

    expect(page.get_by_role("alert")).to_have_count(0)
    assert own_scores(record)["I.1.1"] == 9


@pytest.mark.feature("A2", "J8")
def test_a_session_that_ends_while_one_scores_leads_back_to_the_same_answers(
    open_part, record, look, settings
):
    user = record.citizen.user
    user.set_password(PASSWORD)
    user.save()
    page = open_part()
    settings.SESSION_COOKIE_AGE = 20 * 60
    sign_in(page, record)
    warning = page.get_by_role("complementary", name="Sắp tự đăng xuất")
    expect(warning).to_be_visible()
    look(page, "session")
    settings.SESSION_COOKIE_AGE = 60 * 60
    choose(page, "I.1.2", 6)
    warning.get_by_role("button", name="Ở lại").click()
    expect(warning).to_be_hidden()
    chosen(page, "I.1.2", 6).to_be_checked()
    expect(line_of(page, "I.1.2")).to_contain_text("Đã lưu lúc")

    Session.objects.all().delete()
    choose(page, "I.1.1", 9)
    expect(page.get_by_role("alert")).to_contain_text("Cổng đã tự đăng xuất.")
    follow(page.get_by_role("link", name="Đăng nhập lại"))
    sign_in(page, record)
    chosen(page, "I.1.1", 9).to_be_checked()
    expect(line_of(page, "I.1.1")).to_contain_text("Đã lưu lúc")
    assert own_scores(record) == {"I.1.1": 9, "I.1.2": 6}

    # Pressed at once, the page goes through sign-in by itself.
    Session.objects.all().delete()
    choose(page, "I.1.3", 8)
    follow(page.get_by_role("button", name=re.compile("^Lưu và sang phần")))
    sign_in(page, record)
    chosen(page, "I.1.3", 8).to_be_checked()
    expect(line_of(page, "I.1.3")).to_contain_text("Đã lưu lúc")
    assert own_scores(record) == {"I.1.1": 9, "I.1.2": 6, "I.1.3": 8}


def sign_in(page, record):
    if "/dang-nhap/" not in page.url:
        page.context.clear_cookies(name="sessionid")
        page.goto(f"/dang-nhap/?next=/danh-gia/{record.pk}/phan/1/")
    page.fill("[name=username]", record.citizen.user.username)
    page.fill("[name=password]", PASSWORD)
    follow(page.get_by_role("button", name="Đăng nhập", exact=True))


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


@pytest.mark.feature("J2")
def test_two_devices_without_javascript_keep_both_until_one_chooses(new_page, log_in, record, look):
    first, second = new_page(), new_page()
    scores, story = f"/danh-gia/{record.pk}/phan/1/", f"/danh-gia/{record.pk}/minh-chung/I.1.1/"
    for page in (first, second):
        log_in(record.citizen.user, page)
        page.goto(scores)
    for page, points in ((first, 7), (second, 9)):
        choose(page, "I.1.1", points)
        follow(page.get_by_role("button", name=re.compile("^Lưu và sang phần")))
    second.goto("/danh-hieu/")  # left, and opened again
    second.goto(scores)
    warning = second.get_by_role("alert")
    expect(warning.locator("strong")).to_have_text(["7 điểm", "9 điểm"])
    expect(warning).to_contain_text("Ở nơi khác: 7 điểm. Trên trang này: 9 điểm")
    follow(second.get_by_role("button", name=re.compile("^Lưu và sang phần")))
    assert own_scores(record) == {"I.1.1": 9}

    for page in (first, second):
        page.goto(story)
    for page, words in ((first, "Học làm bánh."), (second, "Học nấu ăn ở nhà văn hóa thôn.")):
        page.fill("[name=text]", words)
        follow(page.get_by_role("button", name="Lưu minh chứng"))
    second.goto("/danh-hieu/")
    second.goto(story)
    expect(warning.locator("strong")).to_have_text(["Học làm bánh.", "Học nấu ăn ở nhà văn hóa thôn."])
    look(second, "conflict-of-evidence")
    follow(second.get_by_role("button", name="Lưu minh chứng"))
    assert record.evidence.count() == 2

    first.goto(story)
    first.fill("[name=text]", "Học may.")
    follow(first.locator("button[name=size]").last)
    expect(first.get_by_role("button", name="Bỏ những gì gõ dở này")).to_be_visible()
    look(first, "typed-before")
    log_in(make_assessment(campaign=record.campaign).citizen.user, first)
    follow(first.get_by_role("button", name="Lưu minh chứng"))
    expect(first.get_by_role("heading", level=1)).to_have_text("Chưa lưu được")
    assert record.evidence.count() == 2


@pytest.mark.feature("A7", "J4")
def test_a_picture_is_made_small_on_the_telephone_and_a_file_goes_on_where_it_stopped(
    open_part, record, look, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    page = open_part()
    page.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.1/")
    page.set_input_files("[name=file]", file_of(tmp_path / "trong.pdf", b""))
    follow(page.get_by_role("button", name="Lưu minh chứng"))
    expect(page.get_by_role("alert").first).to_contain_text("Tệp này trống")
    page.set_input_files("[name=file]", file_of(tmp_path / "anh.jpg", photograph()))
    follow(page.get_by_role("button", name="Lưu và thêm cái nữa"))

    sent = next((tmp_path / "media" / "arriving").rglob("*-*"))
    with Image.open(sent) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (1200, 1600), {})
    assert record.evidence.get().name == "anh.jpg"

    pieces = []
    page.route("**/tai-len/**", lambda route: cut_after(3, pieces, route))
    page.set_input_files("[name=file]", file_of(tmp_path / "giay.pdf", scan()))
    page.fill("[name=text]", "Giấy chứng nhận lớp học.")
    page.get_by_role("button", name="Lưu minh chứng").click()
    expect(page.get_by_role("alert").get_by_text("cổng tự gửi tiếp từ chỗ dừng")).to_be_visible()
    look(page, "on-its-way")
    assert record.evidence.count() == 1  # no half of it
    came = arrived(tmp_path)
    assert 0 < came < len(scan())

    page.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.1/")  # the page was closed and opened again
    expect(page.locator("[name=text]")).to_have_value("Giấy chứng nhận lớp học.")
    page.unroute("**/tai-len/**")
    page.route("**/tai-len/**", lambda route: (pieces.append(route.request.url), route.continue_()))
    page.set_input_files("[name=file]", tmp_path / "giay.pdf")
    pieces.clear()
    follow(page.get_by_role("button", name="Lưu minh chứng"))

    assert f"/{came}/" in pieces[1]  # asked first, then from there
    assert [piece.size for piece in record.evidence.filter(content_type="application/pdf")] == [len(scan())]
    assert record.evidence.filter(text="Giấy chứng nhận lớp học.").count() == 1
    page.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.1/")
    expect(page.locator("[name=text]")).to_have_value("")


@pytest.mark.feature("A7", "J8")
def test_a_file_on_its_way_waits_for_its_own_person_to_sign_in_again(
    open_part, record, look, log_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    user, other = record.citizen.user, make_assessment(campaign=record.campaign).citizen.user
    user.set_password(PASSWORD)
    user.save()
    page = open_part()
    page.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.1/")
    page.fill("[name=text]", "Giấy chứng nhận lớp học.")
    page.set_input_files("[name=file]", file_of(tmp_path / "giay.pdf", scan()))
    pieces = []
    page.route("**/tai-len/**", lambda route: cut_after(3, pieces, route))
    page.get_by_role("button", name="Lưu minh chứng").click()
    expect(told(page, "waiting")).to_be_visible()
    came = arrived(tmp_path)

    Session.objects.all().delete()
    page.unroute("**/tai-len/**")
    line_is_back(page)
    expect(told(page, "signed-out")).to_be_visible()
    log_in(other, page)
    line_is_back(page)
    expect(told(page, "another")).to_be_visible()
    look(page, "another-signed-in")
    assert (arrived(tmp_path), Evidence.objects.count()) == (came, 0)
    assert [folder.name for folder in (tmp_path / "media" / "arriving").iterdir()] == [str(user.pk)]

    page.context.clear_cookies(name="sessionid")
    line_is_back(page)
    with page.expect_popup() as opened:
        told(page, "signed-out").get_by_role("link", name="Đăng nhập lại").click()
    sign_in(opened.value, record)
    line_is_back(page)
    expect(page).to_have_url(re.compile("/phan/1/"))
    assert {(piece.kind, piece.added_by, piece.size) for piece in record.evidence.all()} == {
        ("text", user, None),
        ("file", user, len(scan())),
    }


def told(page, state):
    """What the page says about the file on its way, or about answers that wait."""
    return page.locator(f"#dang-gui [data-state={state}], #chua-gui [data-why={state}]")


def line_is_back(page):
    """At once, and not only when the page tries again by itself."""
    page.evaluate("dispatchEvent(new Event('online'))")


def test_a_device_keeps_nothing_in_silence_and_nothing_for_the_next_person(open_part, record, log_in):
    page = open_part()
    address = f"/danh-gia/{record.pk}/minh-chung/I.1.1/"
    page.goto(address)
    page.get_by_text("Không có gì để đưa ra?").click()
    page.fill("[name=none]", "Giấy tờ bị mất trong lũ.")
    page.goto(address)
    expect(page.locator("[name=none]")).to_have_value("Giấy tờ bị mất trong lũ.")
    sign_out = page.locator("form[data-sign-out] button").first
    sign_out.dispatch_event("click")
    expect(told(page, "leaving")).to_be_visible()
    expect(page.locator("#chua-gui")).to_contain_text("Giấy tờ bị mất trong lũ.")

    # Full, the store still holds an older answer: the newer one is sent. A page of the line took nothing.
    page.goto(f"/danh-gia/{record.pk}/phan/1/")
    page.route("**/phan/1/", lambda route: route.fulfill(body="<h1>Wi-Fi</h1>", content_type="text/html"))
    choose(page, "I.1.1", 3)
    expect(page.locator("#chua-gui")).to_contain_text("Có 1 câu trả lời chưa gửi")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    choose(page, "I.1.1", 4)
    expect(told(page, "fleeting")).to_be_visible()
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.unroute("**/phan/1/")
    page.get_by_role("button", name="Gửi lại ngay").click()
    expect(page.locator("#chua-gui")).to_have_count(0)
    assert own_scores(record) == {"I.1.1": 4}
    page.route(
        "**/phan/1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    choose(page, "I.1.2", 5)
    expect(told(page, "fleeting")).to_be_visible()
    page.goto(address)
    assert questions == ["beforeunload"]

    # The next person sees and sends nothing of it; whose it is still has it.
    page.goto(f"/danh-gia/{record.pk}/phan/1/")
    choose(page, "I.1.3", 6)
    expect(page.locator("#chua-gui")).to_contain_text("Có 1 câu trả lời chưa gửi")
    page.unroute("**/phan/1/")
    log_in(make_assessment(campaign=record.campaign).citizen.user, page)
    page.get_by_role("button", name="Gửi lại ngay").click()
    expect(told(page, "another")).to_be_visible()
    page.goto("/danh-hieu/")
    expect(page.locator("#chua-gui")).to_have_count(0)
    assert own_scores(record) == {"I.1.1": 4}
    log_in(record.citizen.user, page)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.goto("/danh-hieu/")
    expect(page.locator("#chua-gui")).to_have_count(0)
    page.goto(f"/danh-gia/{record.pk}/phan/1/")
    chosen(page, "I.1.3", 6).to_be_checked()


@pytest.mark.feature("A2", "J4")
def test_two_tabs_of_one_device_show_and_send_the_same(open_part, record, look):
    one = open_part()
    other = one.context.new_page()
    other.goto(one.url)
    for tab in (one, other):
        tab.route("**/phan/1/", lambda route: route.abort())
    choose(one, "I.1.1", 7)
    expect(line_of(one, "I.1.1")).to_contain_text("đang giữ trên máy này")
    choose(other, "I.1.1", 9)
    chosen(one, "I.1.1", 9).to_be_checked()  # the later one, and it is said
    expect(line_of(one, "I.1.1")).to_contain_text("trang này đã lấy theo: 9")
    held, sent = [], []
    one.unroute("**/phan/1/")
    one.route("**/phan/1/", lambda route: held.append(route))
    with one.expect_request(lambda request: request.method == "POST"):
        line_is_back(one)
    other.unroute("**/phan/1/")
    other.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    for tab in (one, other):
        line_is_back(tab)
    held[0].continue_()
    one.unroute("**/phan/1/")
    for tab in (one, other):
        expect(line_of(tab, "I.1.1")).to_contain_text("Đã lưu lúc")
        expect(tab.locator("#chua-gui")).to_have_count(0)
    assert sent == []  # one tab after the other, and the other found nothing left to send
    assert own_scores(record) == {"I.1.1": 9}

    choose(one, "I.1.2", 6)
    expect(line_of(other, "I.1.2")).to_contain_text("Đã lưu lúc")
    chosen(other, "I.1.2", 6).to_be_checked()
    choose(other, "I.1.2", 5)  # is no answer to what stood there before the six
    expect(line_of(other, "I.1.2")).to_contain_text("Đã lưu lúc")
    chosen(one, "I.1.2", 5).to_be_checked()
    expect(one.locator("[aria-labelledby=tong]")).to_contain_text("14 trên 100 điểm")
    assert own_scores(record) == {"I.1.1": 9, "I.1.2": 5}

    story = f"/danh-gia/{record.pk}/minh-chung/I.1.1/"
    for tab in (one, other):
        tab.goto(story)
    one.fill("[name=text]", "Học làm bánh.")
    other.fill("[name=text]", "Học nấu ăn.")
    expect(told(one, "two")).to_be_visible()
    look(one, "typed-in-two-tabs")
    follow(one.get_by_role("button", name="Lưu minh chứng"))
    other.goto("/danh-hieu/")
    other.goto(story)
    expect(other.locator("[name=text]")).to_have_value("Học nấu ăn.")
    follow(other.get_by_role("button", name="Lưu minh chứng"))
    assert {piece.text for piece in record.evidence.all()} == {"Học làm bánh.", "Học nấu ăn."}


def test_back_leads_to_what_was_typed_when_the_server_was_away(new_page):
    page = new_page()
    page.goto("/dang-ky/")
    for name in ("Nguyễn Thị Hoa", "Đặng Thị Ánh"):  # the second time from the answer to the first
        page.fill("[name=full_name]", name)
        page.context.set_offline(True)
        page.get_by_role("button", name="Sang bước 2").click(no_wait_after=True)
        expect(page).to_have_url(re.compile("^chrome-error:"))
        page.context.set_offline(False)
        page.go_back()
        expect(page.locator("[name=full_name]")).to_have_value(name)
        follow(page.get_by_role("button", name="Sang bước 2"))
        expect(page.get_by_role("alert").first).to_contain_text("Ngày sinh")


NO_STORE = """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
    Object.defineProperty(window, name, {get() { throw new DOMException("no store", "SecurityError"); }});"""


@pytest.mark.feature("A2", "J4")
def test_a_browser_without_any_store_says_what_only_the_open_page_holds(new_page, log_in, record, look):
    page = new_page(java_script_enabled=True)
    page.add_init_script(NO_STORE)
    log_in(record.citizen.user, page)
    page.goto(f"/danh-gia/{record.pk}/phan/1/")
    choose(page, "I.1.1", 9)
    expect(line_of(page, "I.1.1")).to_contain_text("Đã lưu lúc")
    page.context.set_offline(True)
    choose(page, "I.1.2", 8)
    expect(told(page, "fleeting")).to_contain_text("chỉ còn ở trang đang mở")
    page.context.set_offline(False)
    expect(page.locator("#chua-gui")).to_have_count(0)
    assert own_scores(record) == {"I.1.1": 9, "I.1.2": 8}

    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    page.goto(f"/danh-gia/{record.pk}/minh-chung/I.1.1/")
    words = page.locator("[name=text]")
    words.press_sequentially("Học làm bánh.")
    expect(told(page, "fleeting")).to_contain_text("chữ chỉ còn ở trang đang mở")
    look(page, "no-store")
    page.get_by_role("link", name="Không thêm, quay lại chấm điểm").click()
    expect(words).to_have_value("Học làm bánh.")
    assert questions == ["beforeunload"]
    follow(page.get_by_role("button", name="Lưu minh chứng"))
    assert (record.evidence.get().text, questions) == ("Học làm bánh.", ["beforeunload"])


def cut_after(count, pieces, route):
    pieces.append(route.request.url)
    if len(pieces) > count:
        route.abort()
    else:
        route.continue_()


def arrived(tmp_path):
    """How far the one that is not whole has come."""
    waiting = list((tmp_path / "media" / "arriving").rglob("*-*"))
    return next(size for path in waiting if f"-{(size := path.stat().st_size)}" not in path.name)


def file_of(path, content):
    path.write_bytes(content)
    return path


def photograph(detail=100):
    """Of twelve megapixels, held on its side, and telling where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    Image.effect_noise((4 * detail, 3 * detail), 50).convert("RGB").resize((4000, 3000)).save(
        out, "JPEG", exif=exif
    )
    return out.getvalue()


def scan():
    noise = random.Random(1).randbytes(700_000)
    return b"%PDF-1.4\n" + noise + b"\n%%EOF\n"


@pytest.mark.long_on_sqlite
@pytest.mark.feature("A2", "A7", "A8", "J2")
@pytest.mark.parametrize(
    ("is_whole", "has_javascript"),
    [
        pytest.param(False, True, id="its end"),
        pytest.param(True, True, id="whole", marks=pytest.mark.prove),
        pytest.param(True, False, id="whole, without JavaScript", marks=pytest.mark.prove),
    ],
)
def test_the_citizens_path_on_a_cheap_telephone_and_a_slow_line(
    new_page, request, settings, tmp_path, record_property, is_whole, has_javascript
):
    """From the last part of the form to the receipt; the whole of it begins with signing up."""
    settings.MEDIA_ROOT = tmp_path / "media"
    began = time.monotonic()
    if is_whole:
        page, code, parts = (
            newly_registered(new_page(java_script_enabled=has_javascript)),
            "I.1.1",
            ["1", "2", "3"],
        )
    else:
        page, code, parts = request.getfixturevalue("open_part")(), "I.3.1", ["3"]
    record = Assessment.objects.get()
    if not is_whole:
        workflow.save_scores(record, full_marks(record, 8), by=record.citizen.user)
    slow_down(page)
    opened = time.monotonic()
    page.goto(f"/danh-gia/{record.pk}/phan/{parts[0]}/")
    record_property("a page of scoring, seconds", round(time.monotonic() - opened, 1))
    for part in parts:
        expect(page).to_have_url(re.compile(f"/phan/{part}/"))
        for fieldset in page.locator("fieldset.score").all():
            fieldset.locator("input[value='9']").check(force=True)
        if has_javascript:
            expect(page.locator(".as-typed[data-state=saved]")).to_have_count(
                page.locator("fieldset.score").count(), timeout=30_000
            )
        follow(page.get_by_role("button", name=re.compile("^Lưu và (sang phần|xem lại)")).first)
    page.goto(f"/danh-gia/{record.pk}/minh-chung/{code}/")
    # What makes a picture small is a script: without one a telephone's own small picture is sent.
    detail = 200 if is_whole and has_javascript else 10
    page.set_input_files("[name=file]", file_of(tmp_path / "anh.jpg", photograph(detail)))
    sent = time.monotonic()
    follow(page.get_by_role("button", name="Lưu minh chứng"))
    record_property("a picture of twelve megapixels, seconds", round(time.monotonic() - sent, 1))
    page.goto(f"/danh-gia/{record.pk}/xem-lai/")
    follow(page.get_by_role("button", name="Gửi hồ sơ"))

    expect(page).to_have_url(re.compile("/bien-nhan/"))
    expect(page.locator(".receipt-number")).to_have_text(workflow.receipt_number(reload(record)))
    record_property("the whole path, seconds", round(time.monotonic() - began, 1))
    assert state_of(record) == State.SUBMITTED
    assert record.evidence.get().name == "anh.jpg"
    assert {own_scores(record)[code]} == {9}


def newly_registered(page):
    load_criteria()
    open_campaign()
    slow_down(page)
    make_village("Đông Hải", commune=make_commune("Thạch Khê"))
    test_main_job.sign_up(page, "thach khe", "dong hai")
    test_main_job.open_account(page)
    test_main_job.register(page)
    return page


def slow_down(page):
    """400 kbit/s and 400 ms."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = 400_000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": speed, "uploadThroughput": speed},
    )
