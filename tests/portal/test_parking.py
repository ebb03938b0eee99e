"""What people typed survives the end of their session, and nobody else sees it."""

import base64
import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal import parking
from portal.models import ParkedForm
from portal.tasks import forget_old_sessions
from tests.factories import make_user
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.urls")]

PAGE = "/to-khai/"
PASSWORD = "hoc mai khong gia"
TYPED = {"full_name": "Nguyễn Thị Hoa", "reason": "Ảnh mờ", "kinds": ["book", "trade"], "password1": "bí mật"}
STILL_THERE = "Cổng đã tự đăng xuất. Đăng nhập lại: những gì bạn vừa gõ vẫn còn."
BEFORE_THE_END = "Đây là những gì bạn gõ trước khi cổng tự đăng xuất, chưa được lưu."


@pytest.fixture
def strict_client():
    """A client whose forms need their token, as a browser's do."""
    return Client(enforce_csrf_checks=True)


def sign_in_with_page_open(client, user, page=PAGE):
    client.force_login(user)
    client.get(page)


def end_session(client):
    """As after twelve hours: the row has expired and the browser has dropped the cookie."""
    Session.objects.all().delete()
    del client.cookies["sessionid"]


def post_from(client, page, data, **extra):
    return client.post(page, data, headers={"referer": f"http://testserver{page}"}, **extra)


def form_on(client, page=PAGE):
    return client.get(page).context["form"]


# --- The session is about to end ----------------------------------------------------------------------


@pytest.mark.feature("J8")
def test_before_a_session_ends_one_press_lets_it_last_anew_and_keeps_what_is_typed(client, time_machine):
    time_machine.move_to("2026-11-15 08:00+07:00", tick=False)
    make_user("Nguyễn Thị Hoa", username="hoa", password="hoc mai khong gia")
    client.post(reverse("accounts:sign_in"), {"username": "hoa", "password": "hoc mai khong gia"})
    assert is_hidden(client.get(PAGE))

    time_machine.move_to("2026-11-15 19:45+07:00", tick=False)
    told = client.get(PAGE)
    assert not is_hidden(told)
    assert "Cổng sẽ tự đăng xuất lúc 20:00, 15/11/2026" in words_of(told)
    stay = client.post(reverse("portal:stay"), TYPED, headers={"referer": f"http://testserver{PAGE}"})

    assert (stay.url, messages_of(stay)) == (PAGE, ["Bạn vẫn đang đăng nhập."])
    time_machine.move_to("2026-11-16 07:00+07:00", tick=False)
    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"


def is_hidden(page):
    return re.search(r'id="sap-dang-xuat"[^>]*>', page.content.decode()).group().endswith(" hidden>")


# --- The session has ended ----------------------------------------------------------------------------


def test_what_was_typed_comes_back_after_signing_in_again(client):
    user = make_user()
    sign_in_with_page_open(client, user)
    end_session(client)

    response = post_from(client, PAGE, TYPED)

    assert (response.status_code, response.url) == (302, f"{reverse('accounts:sign_in')}?next={PAGE}")
    assert messages_of(response) == [STILL_THERE]
    client.force_login(user)
    form = form_on(client)
    assert form["full_name"].value() == "Nguyễn Thị Hoa"
    assert form["reason"].value() == "Ảnh mờ"
    assert form["kinds"].value() == ["book", "trade"]


def test_the_page_says_that_it_is_not_saved_yet(client):
    user = make_user()
    sign_in_with_page_open(client, user)
    end_session(client)
    post_from(client, PAGE, TYPED)
    client.force_login(user)

    assert BEFORE_THE_END in client.get(PAGE).content.decode()


def test_the_real_sign_in_page_leads_back_to_the_typed_form(client):
    user = make_user(password="hoctapsuotdoi")
    sign_in_with_page_open(client, user)
    end_session(client)
    sign_in = post_from(client, PAGE, TYPED).url

    page = client.get(sign_in)
    response = client.post(sign_in, {"username": user.username, "password": "hoctapsuotdoi"})

    assert STILL_THERE in page.content.decode()
    assert response.url == PAGE
    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"


def test_passwords_and_tokens_are_never_parked(client):
    sign_in_with_page_open(client, make_user())
    end_session(client)

    post_from(client, PAGE, TYPED | {"csrfmiddlewaretoken": "x" * 64, "old_Password": "cũ"})

    assert sorted(_parked(client)[PAGE]) == ["full_name", "kinds", "reason"]


def test_what_is_parked_is_not_readable_in_the_session_table(client):
    post_from(client, PAGE, {"full_name": "042060123456"})

    kept = Session.objects.get().get_decoded()

    assert "042060123456" not in str(kept)
    assert _parked(client)[PAGE] == {"full_name": ["042060123456"]}


def test_files_are_named_as_they_must_be_chosen_again(client):
    user = make_user()
    sign_in_with_page_open(client, user)
    end_session(client)
    post_from(client, PAGE, TYPED | {"file": SimpleUploadedFile("giay-khen.jpg", b"123")})
    client.force_login(user)

    assert "Tệp phải chọn lại: giay-khen.jpg." in client.get(PAGE).content.decode()


def test_a_form_with_nothing_typed_leads_to_sign_in_without_a_promise(client):
    response = post_from(client, PAGE, {"full_name": "", "reason": " "})

    assert messages_of(response) == ["Cổng đã tự đăng xuất. Đăng nhập lại rồi làm tiếp."]
    assert _parked(client) == {}


def test_more_than_256_kilobytes_are_not_kept_and_not_promised(client):
    response = post_from(client, PAGE, {"full_name": "Hoa", "reason": "ê" * 140_000})

    assert messages_of(response) == ["Cổng đã tự đăng xuất. Đăng nhập lại rồi làm tiếp."]
    assert _parked(client) == {}


def test_without_a_referer_the_form_is_parked_where_it_was_sent(client):
    response = client.post(PAGE, TYPED)

    assert response.url == f"{reverse('accounts:sign_in')}?next={PAGE}"
    assert list(_parked(client)) == [PAGE]


def test_a_form_that_posts_elsewhere_comes_back_on_the_page_it_stood_on(client):
    user = make_user()

    response = client.post("/to-khai-khac/", TYPED, headers={"referer": f"http://testserver{PAGE}?buoc=2"})

    assert response.url == f"{reverse('accounts:sign_in')}?next={PAGE}%3Fbuoc%3D2"
    client.force_login(user)
    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"
    assert form_on(client, "/to-khai-khac/")["full_name"].value() is None


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/to-khai/", "http://testserver//evil.example/", "http://testserver.evil/"],
)
def test_a_strange_referer_leads_nowhere(client, referer):
    response = client.post(PAGE, TYPED, headers={"referer": referer})

    assert response.url == f"{reverse('accounts:sign_in')}?next={PAGE}"


def test_a_public_page_takes_its_post_without_a_session(client):
    response = client.post("/mo-cho-moi-nguoi/", TYPED)

    assert (response.status_code, response.url) == (302, "/mo-cho-moi-nguoi/")
    assert messages_of(response) == ["Đã lưu."]


# --- How long it is kept ------------------------------------------------------------------------------


def test_it_stays_until_the_form_is_saved_and_is_gone_then(client):
    user = make_user()
    post_from(client, PAGE, TYPED)
    client.force_login(user)
    form_on(client)
    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"

    refused = post_from(client, PAGE, {"full_name": ""})
    assert refused.status_code == 200
    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"

    post_from(client, PAGE, {"full_name": "Nguyễn Thị Hòa"})
    assert form_on(client)["full_name"].value() is None


def test_saving_another_form_does_not_drop_it(client):
    user = make_user()
    post_from(client, PAGE, TYPED)
    client.force_login(user)

    post_from(client, "/to-khai-khac/", {"full_name": "Người khác"})

    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"


@pytest.mark.feature("J8")
def test_it_is_kept_for_thirty_days_through_every_sign_in_and_then_taken_away(client, time_machine):
    user = make_user()
    start = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
    time_machine.move_to(start, tick=False)
    sign_in_with_page_open(client, user)
    end_session(client)
    post_from(client, PAGE, TYPED)

    time_machine.move_to(start + datetime.timedelta(days=30) - datetime.timedelta(seconds=1), tick=False)
    forget_old_sessions()
    other_device = Client()
    other_device.force_login(user)
    assert form_on(other_device)["full_name"].value() == "Nguyễn Thị Hoa"

    time_machine.move_to(start + datetime.timedelta(days=30), tick=False)
    other_device.force_login(user)
    assert form_on(other_device)["full_name"].value() is None
    forget_old_sessions()
    assert not ParkedForm.objects.exists()


def test_only_the_last_pages_are_kept_of_somebody_unknown_and_of_an_account(client):
    for number in range(7):
        client.post(PAGE, TYPED, headers={"referer": f"http://testserver/trang-{number}/"})
    assert list(_parked(client)) == [f"/trang-{number}/" for number in range(2, 7)]

    sign_in_with_page_open(client, make_user())
    end_session(client)
    for number in range(22):
        client.post(PAGE, TYPED, headers={"referer": f"http://testserver/cua-toi-{number}/"})

    kept = [page for page in _parked(client) if "cua-toi" in page]
    assert kept == [f"/cua-toi-{number}/" for number in range(2, 22)]


def test_what_is_given_up_is_gone(client):
    sign_in_with_page_open(client, make_user())
    client.post(reverse("portal:stay"), TYPED, headers={"referer": f"http://testserver{PAGE}"})
    assert "Bỏ những gì gõ dở này" in client.get(PAGE).content.decode()

    given_up = post_from(client, PAGE, {parking.DROP: "1"})

    assert given_up.url == PAGE
    assert not ParkedForm.objects.exists()
    assert form_on(client)["full_name"].value() is None


def test_saving_on_another_device_does_not_drop_what_was_not_shown_there(client):
    user = make_user()
    sign_in_with_page_open(client, user)
    end_session(client)
    desk = Client()
    desk.force_login(user)
    desk.get(PAGE)
    post_from(client, PAGE, TYPED)

    post_from(desk, PAGE, {"full_name": "Nguyễn Thị Hòa"})

    assert form_on(desk)["full_name"].value() == "Nguyễn Thị Hoa"
    post_from(desk, PAGE, {"full_name": "Nguyễn Thị Hoa"})
    assert form_on(desk)["full_name"].value() is None


# --- Who sees it --------------------------------------------------------------------------------------


def test_another_person_who_signs_in_on_this_browser_does_not_see_it(client):
    hoa, binh = make_user("Nguyễn Thị Hoa"), make_user("Trần Văn Bình")
    sign_in_with_page_open(client, hoa)
    end_session(client)
    post_from(client, PAGE, TYPED)

    client.force_login(binh)

    page = client.get(PAGE)
    assert page.context["form"]["full_name"].value() is None
    assert "Nguyễn Thị Hoa" not in page.content.decode()


def test_the_same_person_sees_it_again(client):
    hoa = make_user("Nguyễn Thị Hoa")
    sign_in_with_page_open(client, hoa)
    end_session(client)
    post_from(client, PAGE, TYPED)

    client.force_login(hoa)

    assert form_on(client)["full_name"].value() == "Nguyễn Thị Hoa"


def test_signing_out_and_another_signing_in_leaves_nothing(client):
    hoa, binh = make_user("Nguyễn Thị Hoa"), make_user("Trần Văn Bình")
    post_from(client, PAGE, TYPED)
    client.force_login(hoa)
    client.logout()

    client.force_login(binh)

    assert form_on(client)["full_name"].value() is None


def test_a_cookie_that_names_the_last_person_cannot_be_forged(client):
    hoa = make_user("Nguyễn Thị Hoa")
    client.cookies[parking.LAST_USER_COOKIE] = str(hoa.pk)

    post_from(client, PAGE, TYPED)

    assert not ParkedForm.objects.exists()


def test_what_somebody_left_open_is_neither_saved_nor_shown_to_who_signed_in_after(strict_client):
    hoa, binh = (make_user(name, username=name[:1], password=PASSWORD) for name in ("Hoa", "Bình"))
    really_sign_in(strict_client, hoa)
    left_open = hidden_fields(strict_client.get(PAGE))
    assert left_open[parking.PAGE_OF] == parking.page_of(hoa.pk)
    strict_client.post(reverse("accounts:sign_out"), {"csrfmiddlewaretoken": token_of(strict_client)})
    really_sign_in(strict_client, binh)

    answers = [
        post_from(strict_client, PAGE, TYPED | left_open),
        post_from(strict_client, reverse("portal:display"), TYPED | left_open | {"size": "large"}),
        strict_client.post(
            PAGE,
            TYPED,
            headers={
                "accept": parking.JSON,
                "x-csrftoken": token_of(strict_client),
                "x-page-of": parking.page_of(hoa.pk),
                "referer": f"http://testserver{PAGE}",
            },
        ),
    ]
    end_session(strict_client)
    answers.append(post_from(strict_client, PAGE, TYPED | left_open))

    assert [answer.status_code for answer in answers] == [403, 403, 401, 403]
    assert answers[2].json() == {"another": True}
    assert "được giữ riêng cho người ấy" in words_of(answers[0])
    assert {row.owner for row in ParkedForm.objects.all()} == {hoa}
    really_sign_in(strict_client, binh)
    assert form_on(strict_client)["full_name"].value() is None
    end_session(strict_client)
    really_sign_in(strict_client, hoa)
    assert form_on(strict_client)["full_name"].value() == "Nguyễn Thị Hoa"
    assert post_from(strict_client, PAGE, TYPED | left_open).url == PAGE  # an old token, but the own page
    assert form_on(strict_client)["full_name"].value() == "Nguyễn Thị Hoa"


def really_sign_in(client, user):
    address = reverse("accounts:sign_in")
    client.get(address)
    token = {"csrfmiddlewaretoken": token_of(client)}
    assert client.post(address, {"username": user.username, "password": PASSWORD} | token).status_code == 302


def token_of(client):
    return client.cookies["csrftoken"].value


def hidden_fields(page):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', page.content.decode()))


def test_what_a_lost_key_sealed_is_left_out(client, settings):
    user = make_user()
    post_from(client, PAGE, TYPED)
    client.force_login(user)

    settings.DATA_KEYS = ["another" * 10]

    assert form_on(client)["full_name"].value() is None


# --- An old token -------------------------------------------------------------------------------------


def with_token(client, page, data):
    return data | {"csrfmiddlewaretoken": client.get(page).context["csrf_token"]}


def test_a_token_from_before_signing_in_again_loses_nothing(strict_client):
    user = make_user()
    strict_client.force_login(user)
    old_form = with_token(strict_client, PAGE, TYPED)
    strict_client.cookies["csrftoken"] = "n" * 32  # another tab signed in again

    response = post_from(strict_client, PAGE, old_form)

    assert (response.status_code, response.url) == (302, PAGE)
    assert messages_of(response) == ["Trang mở quá lâu nên chưa lưu được. Những gì bạn vừa gõ vẫn còn."]
    page = strict_client.get(PAGE)
    assert page.context["form"]["full_name"].value() == "Nguyễn Thị Hoa"
    assert "Đây là những gì bạn vừa gõ, chưa được lưu." in page.content.decode()


def test_the_form_goes_through_with_its_new_token(strict_client):
    strict_client.force_login(make_user())
    strict_client.get(PAGE)
    strict_client.cookies["csrftoken"] = "n" * 32
    post_from(strict_client, PAGE, TYPED | {"csrfmiddlewaretoken": "o" * 32})

    response = post_from(strict_client, PAGE, with_token(strict_client, PAGE, TYPED))

    assert response.status_code == 302
    assert form_on(strict_client)["full_name"].value() is None


def test_an_old_token_and_no_session_lead_to_sign_in_with_everything_kept(strict_client):
    user = make_user()
    strict_client.cookies["csrftoken"] = "n" * 32

    response = post_from(strict_client, PAGE, TYPED | {"csrfmiddlewaretoken": "o" * 32})

    assert response.url == f"{reverse('accounts:sign_in')}?next={PAGE}"
    assert messages_of(response) == [STILL_THERE]
    strict_client.force_login(user)
    assert form_on(strict_client)["full_name"].value() == "Nguyễn Thị Hoa"


def test_a_browser_that_lost_all_cookies_loses_nothing_typed(strict_client):
    user = make_user()

    response = post_from(strict_client, PAGE, TYPED)

    assert response.url == f"{reverse('accounts:sign_in')}?next={PAGE}"
    strict_client.force_login(user)
    assert form_on(strict_client)["full_name"].value() == "Nguyễn Thị Hoa"


def test_a_browser_without_cookies_is_told_so_on_a_public_page(strict_client):
    response = post_from(strict_client, "/mo-cho-moi-nguoi/", TYPED)

    assert response.status_code == 403
    page = response.content.decode()
    assert "Chưa lưu được" in page
    assert "hãy cho phép cookie" in page
    assert form_on(strict_client, "/mo-cho-moi-nguoi/")["full_name"].value() == "Nguyễn Thị Hoa"


def test_an_old_token_on_a_public_page_loses_nothing(strict_client):
    strict_client.cookies["csrftoken"] = "n" * 32

    response = post_from(strict_client, "/mo-cho-moi-nguoi/", TYPED | {"csrfmiddlewaretoken": "o" * 32})

    assert response.url == "/mo-cho-moi-nguoi/"
    assert form_on(strict_client, "/mo-cho-moi-nguoi/")["full_name"].value() == "Nguyễn Thị Hoa"


def test_an_old_token_at_sign_in_asks_to_type_again(strict_client):
    sign_in = reverse("accounts:sign_in")
    strict_client.cookies["csrftoken"] = "n" * 32

    response = post_from(
        strict_client, sign_in, {"username": "hoa", "password": "x", "csrfmiddlewaretoken": "o" * 32}
    )

    assert response.url == sign_in
    assert messages_of(response) == ["Trang mở quá lâu. Gõ lại tên và mật khẩu."]
    assert _parked(strict_client) == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "referer": f"http://testserver{PAGE}"},
        {"origin": "null", "referer": f"http://testserver{PAGE}"},
        {"referer": "https://evil.example/"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused_and_not_kept(strict_client, headers):
    strict_client.force_login(make_user())
    strict_client.cookies["csrftoken"] = "n" * 32

    response = strict_client.post(PAGE, TYPED | {"csrfmiddlewaretoken": "o" * 32}, headers=headers)

    assert response.status_code == 403
    assert "Yêu cầu này không đến từ một trang của cổng" in response.content.decode()
    assert _parked(strict_client) == {}


def _parked(client):
    """Page → typed fields, of whom the portal knew and of whom it did not."""
    rows = {row.page: (row.sealed, row.why) for row in ParkedForm.objects.order_by("at", "pk")}
    for page, entry in client.session.get(parking.SESSION_KEY, {}).items():
        rows[page] = (base64.b64decode(entry["sealed"]), entry["why"])
    return {page: dict(parking.Parked.of(*kept).lists()) for page, kept in rows.items()}
