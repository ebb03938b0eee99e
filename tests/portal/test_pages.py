"""The pages that belong to no part: who sees them, what they say, what errors look like."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.views.defaults import bad_request, permission_denied, server_error

from assessments.models import Campaign, Window
from audit import clock
from reports.models import OpenTables
from tests.factories import (
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_user,
    make_village,
    moment,
)
from tests.pages import words_of

PUBLIC = [
    "/",
    "/huong-dan/",
    "/huong-dan/cong-dan/",
    "/huong-dan/ban-khuyen-hoc/",
    "/huong-dan/hoi-khuyen-hoc/",
    "/du-lieu-ca-nhan/",
    "/kha-nang-tiep-can/",
]

pytestmark = pytest.mark.django_db


def open_campaign(year=2026):
    campaign = Campaign.objects.create(year=year)
    Window.objects.open_for(campaign)
    return campaign


# --- Who sees what ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_answers_without_an_account(client, path):
    assert client.get(path).status_code == 200


def test_whoever_is_signed_in_reads_the_public_pages_too(client):
    client.force_login(make_user())

    assert {path: client.get(path).status_code for path in PUBLIC} == dict.fromkeys(PUBLIC, 200)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_has_no_script_no_style_and_no_other_host(client, path):
    body = client.get(path).content.decode()

    assert "<script" not in body
    assert "<style" not in body
    assert not re.search(r"\sstyle=|\son\w+=", body)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', body)


@pytest.mark.parametrize("page", ["/danh-gia/{}/", "/xac-nhan/{}/", "/danh-gia/{}/thoi-giup/"])
def test_a_number_that_no_row_can_have_names_nothing(client, page):
    client.force_login(make_confirmer(make_village()))
    ask = client.post if "thoi" in page else client.get

    assert {ask(page.format("9" * length)).status_code for length in (18, 19, 30)} == {404}


def test_only_the_named_pages_are_open(client):
    """Found by introspection: whoever adds a page decides whether it is open, and writes it here."""
    assert {name for name, view in _views() if not getattr(view, "login_required", True)} == {
        "health",
        "live",
        "portal:home",
        "portal:help",
        "portal:help_citizen",
        "portal:help_board",
        "portal:help_officer",
        "portal:display",
        "portal:privacy",
        "portal:accessibility",
        "reports:open_data",
        "reports:open_csv",
        "reports:open_dictionary",
        "accounts:sign_in",
        "accounts:sign_out",
        "accounts:first_sign_in",
        "accounts:regain",
        "accounts:ask_recovery",
        "accounts:recover",
        "accounts:claim",
        "accounts:sign_up",
        "accounts:sign_up_commune",
        "accounts:sign_up_home",
        "accounts:sign_up_check",
        "admin:login",
        "recognitions:check",
        "recognitions:check_code",
        "recognitions:scanned",
        "recognitions:keys",
        "recognitions:key_set",
        "recognitions:verifier",
        "recognitions:revoked",
        "recognitions:shared",
        "revising:index",
        "revising:detail",
        "revising:difference",
        "revising:download_excel",
        "revising:download_yaml",
        "watching:draw",
        "watching:draw_list",
        "watching:draw_sample",
    }


def test_every_other_page_leads_to_sign_in(client):
    closed = [name for name, view in _views() if getattr(view, "login_required", True)]
    own = [name for name in closed if not name.startswith("admin:")]  # the administration has its own door
    plain = [path for path in map(_path_without_arguments, own) if path]

    answers = {path: client.get(path).headers.get("Location", "").partition("?")[0] for path in plain}

    assert len(plain) > 5
    assert answers == dict.fromkeys(plain, reverse("accounts:sign_in"))


def _views(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern.url_patterns, inner)


def _path_without_arguments(name):
    try:
        return reverse(name)
    except NoReverseMatch:  # it needs a number: the parts test those themselves
        return ""


# --- The first page -----------------------------------------------------------------------------------


def test_the_first_page_says_until_when_from_the_window_itself(client, time_machine):
    campaign = open_campaign()
    time_machine.move_to(moment(2026, 12, 22, 14, 5))

    assert (
        "Danh hiệu Công dân học tập năm 2026: gửi hồ sơ đến hết ngày 31/12/2026 (thứ Năm). Còn 9 ngày."
        in words_of(client.get("/"))
    )
    assert "Ban xác nhận điểm từ 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)." in words_of(client.get("/"))

    campaign.windows.filter(step="self_assessment").update(closes_at=moment(2026, 12, 1))
    assert "năm 2026 đã khóa lúc hết ngày 30/11/2026 . Hồ sơ và kết quả vẫn xem được." in words_of(
        client.get("/")
    )


def test_the_first_page_stands_before_any_year_is_open(client):
    assert "ghi nhận người tự học, học thường xuyên" in words_of(client.get("/"))


def test_the_first_page_shows_public_figures_and_where_a_paper_is_checked(client):
    campaign = open_campaign(2025)
    before = words_of(client.get("/"))
    tables = {
        "tinh": [["42", "Hà Tĩnh", 950, 50, 234, 1234], ["", "Cả nước", 950, 50, 234, 1234]],
        "nhom": [],
    }
    OpenTables.objects.create(campaign=campaign, tables=tables, k=5, published_at=clock.now())

    response = client.get("/")

    assert "được công bố vào đầu tháng 3 năm sau" in before
    told = "Năm 2025, cả nước có 1.234 người đăng ký, 950 người được xác nhận đạt."
    assert told in words_of(response)
    assert f'href="{reverse("recognitions:check")}"' in response.content.decode()
    assert f'href="{reverse("reports:open_data")}">Xem số liệu' in response.content.decode()


def test_the_first_page_leads_to_both_doors(client):
    body = client.get("/").content.decode()

    assert f'href="{reverse("accounts:sign_in")}">Đăng nhập để làm hồ sơ</a>' in body
    assert f'href="{reverse("accounts:sign_up")}">Mở tài khoản mới</a>' in body


def test_the_first_page_leads_a_board_member_to_the_queue(client):
    client.force_login(make_confirmer(make_village()))

    assert client.get("/").url == reverse("assessments:board_queue")


def test_the_first_page_stays_for_an_account_without_any_part(client):
    client.force_login(make_user())

    response = client.get("/")

    assert response.status_code == 200
    assert "Xem tài khoản" in words_of(response)


# --- Help says what is true of the year ----------------------------------------------------------------


@pytest.mark.parametrize("page", ["help_citizen", "help_board", "help_officer"])
def test_help_names_the_deadlines_of_the_year(client, time_machine, page):
    open_campaign()
    time_machine.move_to(moment(2026, 12, 31, 10))

    words = words_of(client.get(reverse(f"portal:{page}")))

    assert (
        "Gửi hồ sơ năm 2026: đến hết ngày 31/12/2026 (thứ Năm), hôm nay là ngày cuối, đến 23 giờ 59 phút."
        in words
    )
    assert "Ban xác nhận điểm: từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm), rồi khóa." in words


@pytest.mark.parametrize("who", ["nobody", "citizen", "board", "association"])
def test_every_link_of_help_opens_for_whom_it_is_shown(client, who):
    village = make_village()
    user = {
        "citizen": lambda: make_citizen_with_account().user,
        "board": lambda: make_confirmer(village),
        "association": lambda: make_officer(village.parent),
    }.get(who)
    if user:
        client.force_login(user())

    links = set()
    for page in ("help_citizen", "help_board", "help_officer"):
        body = client.get(reverse(f"portal:{page}")).content.decode()
        links |= set(re.findall(r'href="(/[^"#]*)"', body.partition("<main")[2].partition("</main>")[0]))

    assert {link: client.get(link, follow=True).status_code for link in links} == dict.fromkeys(links, 200)
    assert (reverse("recognitions:index") in links) == (who == "association")


# --- Errors -------------------------------------------------------------------------------------------


def test_an_address_that_is_not_there_says_what_to_do(client):
    response = client.get("/khong-co-trang-nay/")

    assert response.status_code == 404
    assert "Xem lại địa chỉ, hoặc đi tiếp từ mục lục ở cuối trang." in words_of(response)
    assert "khong-co-trang-nay" not in words_of(response)


def test_the_demonstration_shows_the_same_page_not_djangos_list_of_addresses(client, settings):
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "portal.errors.OwnNotFoundMiddleware"]

    response = client.get("/khong-co-trang-nay/")

    assert response.status_code == 404
    assert "Xem lại địa chỉ, hoặc đi tiếp từ mục lục ở cuối trang." in words_of(response)


def test_what_is_not_allowed_says_why():
    request = _anonymous_request()

    response = permission_denied(request, PermissionDenied("Bạn không xác nhận được hồ sơ của mình."))

    assert response.status_code == 403
    assert "Bạn không xác nhận được hồ sơ của mình." in words_of(response)


def test_what_is_not_allowed_has_words_without_a_reason_too():
    response = permission_denied(_anonymous_request(), PermissionDenied())

    assert "Tài khoản này không được làm việc vừa bấm." in words_of(response)


def test_a_fault_of_the_portal_says_so_without_database_or_session():
    with CaptureQueriesContext(connection) as queries:
        response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert len(queries) == 0
    assert "Lỗi ở phía cổng, không ở bạn." in words_of(response)


def test_a_request_that_cannot_be_read_says_that_nothing_was_saved():
    response = bad_request(_anonymous_request(), Exception())

    assert response.status_code == 400
    assert "Chưa có gì được lưu từ lần bấm này." in words_of(response)


def _anonymous_request():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


# --- A trial on another day ---------------------------------------------------------------------------


def test_a_moved_clock_shows_on_every_page(client, settings, time_machine):
    time_machine.move_to(moment(2026, 12, 22, 14, 5))
    settings.PORTAL_NOW = "2026-12-22T14:05"

    assert "Đồng hồ chạy thử: 14:05, 22/12/2026" in words_of(client.get("/huong-dan/"))


def test_the_real_clock_is_not_mentioned(client):
    assert "Đồng hồ chạy thử" not in words_of(client.get("/huong-dan/"))


# --- Help, and what is not good yet -------------------------------------------------------------------


@pytest.mark.feature("J6")
def test_the_page_of_accessibility_says_when_it_was_looked_at_and_what_is_left(client):
    said = words_of(client.get("/kha-nang-tiep-can/"))

    assert "Lần kiểm tra gần nhất: 27/11/2026." in said
    assert "Còn điều chưa tốt" in said
    assert "viết lại chậm nhất ngày 31/05/2027" in said


def test_every_kind_of_user_has_pictures_of_the_pages_and_no_first_view_loads_them(client):
    drawn = {path.name for path in (settings.BASE_DIR / "static" / "help").glob("*.webp")}
    shown = set()
    for page in PUBLIC[2:5]:
        body = client.get(page).content.decode()
        pictures = re.findall(r'<details class="pictured">.*?</details>', body, re.DOTALL)
        names = [re.search(r'/static/help/([\w.-]+)" alt="[^"]{40,}"', each)[1] for each in pictures]
        assert len(names) > 1
        shown |= set(names)
    assert shown == drawn
