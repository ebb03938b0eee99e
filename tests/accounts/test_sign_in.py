import logging
import re

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import guesses
from accounts.sign_in import accounts_named, address_of
from audit import clock
from tests.accounts.stored import everything_stored
from tests.factories import make_citizen_with_account, make_officer, make_province, make_user
from tests.pages import messages_of
from vietnamese import dates

pytestmark = pytest.mark.django_db

PASSWORD = "học suốt đời"
WRONG = (
    "Tên và mật khẩu chưa khớp. Gõ lại cả hai; mật khẩu phân biệt chữ hoa và chữ thường. "
    "Nếu số điện thoại có nhiều người dùng chung, hãy gõ số căn cước."
)


@pytest.fixture
def citizen():
    return make_citizen_with_account(
        password=PASSWORD, identity_number="042160000001", phone="+84912345678", email="hoa@example.vn"
    )


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(reverse("accounts:sign_in"), {"username": username, "password": password} | more)


def user_of(client):
    return client.session.get("_auth_user_id")


def fail(client, times, username="042160000001"):
    for _ in range(times):
        response = sign_in(client, username, "sai")
    return response


@pytest.mark.feature("A1")
@pytest.mark.parametrize(
    "typed",
    [
        "042160000001",
        " 042 160 000 001 ",
        "0912345678",
        "+84 912 345 678",
        "0912.345.678",
        "hoa@example.vn",
        "Hoa@Example.vn",
    ],
)
def test_people_sign_in_with_what_they_remember(client, citizen, typed):
    response = sign_in(client, typed)

    assert response.url == reverse("portal:home")
    assert user_of(client) == str(citizen.user.pk)


def test_the_account_name_does_not_mind_capitals(client):
    user = make_user(username="hoa.nguyen", password=PASSWORD)

    sign_in(client, "Hoa.Nguyen")

    assert user_of(client) == str(user.pk)


def test_a_long_mail_address_is_typed_whole(client):
    address = "a" * 60 + "@example.vn"
    officer = make_user(password=PASSWORD, email=address)

    page = client.get(reverse("accounts:sign_in"))
    assert page.context["form"].fields["username"].widget.attrs["maxlength"] == 254
    sign_in(client, address)

    assert user_of(client) == str(officer.pk)


def test_a_shared_telephone_and_the_password_tell_who_it_is(client, citizen):
    son = make_citizen_with_account("Nguyễn Văn Nam", password="mật khẩu khác", phone=citizen.phone)

    sign_in(client, "0912345678", "mật khẩu khác")

    assert user_of(client) == str(son.user.pk)


def test_where_name_and_password_fit_two_neither_is_let_in(client, citizen):
    make_citizen_with_account("Nguyễn Văn Nam", password=PASSWORD, phone=citizen.phone)

    response = sign_in(client, "0912345678")

    assert response.context["form"].non_field_errors() == [WRONG]
    assert user_of(client) is None


@pytest.mark.parametrize(
    ("username", "password"),
    [("042160000001", "sai"), ("042160000002", PASSWORD), ("không có ai", PASSWORD), ("hoa@", PASSWORD)],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(client, citizen, username, password):
    response = sign_in(client, username, password)

    assert response.status_code == 200
    assert response.context["form"].errors == {"__all__": [WRONG]}
    assert response.context["form"]["username"].value() == username


def test_an_account_out_of_use_is_told_like_one_that_never_was(client, citizen):
    citizen.user.is_active = False
    citizen.user.save()

    assert sign_in(client, "042160000001").context["form"].errors == {"__all__": [WRONG]}


def test_missing_words_are_said_beside_their_fields(client):
    assert sign_in(client, "", "").context["form"].errors == {
        "username": ["Gõ số căn cước, số điện thoại, e-mail hoặc tên tài khoản."],
        "password": ["Gõ mật khẩu của bạn."],
    }


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/tin-nhan/?page=2", "/tin-nhan/?page=2"),
        ("https://example.com/", "/"),
        ("//example.com", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_goes_on_within_the_portal_alone(client, citizen, wanted, reached):
    page = client.get(reverse("accounts:sign_in"), {"next": wanted})
    response = sign_in(client, "0912345678", next=page.context["next"])

    assert response.url == reached


@pytest.mark.parametrize("wanted", ["", "/dang-nhap/", "/dang-nhap/?next=/dang-nhap/"])
def test_who_is_signed_in_goes_home(client, citizen, wanted):
    client.force_login(citizen.user)

    assert client.get(reverse("accounts:sign_in"), {"next": wanted}).url == reverse("portal:home")


def test_after_ten_wrong_passwords_the_name_rests_and_the_page_says_until_when(client, citizen):
    with time_machine.travel("2026-11-15T02:00:00Z", tick=False):
        assert fail(client, settings.AXES_FAILURE_LIMIT - 1).status_code == 200
        locked = fail(client, 1)
        again_at = clock.now() + settings.AXES_COOLOFF_TIME

        assert locked.status_code == 429
        assert "Tạm dừng đăng nhập" in locked.content.decode()
        assert f"<strong>{dates.moment_words(again_at)}</strong>" in locked.content.decode()
        assert sign_in(client, "042160000001").status_code == 429  # with the right one too
    with time_machine.travel("2026-11-15T02:15:01Z", tick=False):
        assert sign_in(client, "042160000001").status_code == 302


def test_all_ways_to_write_a_number_are_one_name(client, citizen):
    spellings = ["0912345678", "0912 345 678", "+84912345678", "0912.345.678", "84912345678"]

    for number in range(settings.AXES_FAILURE_LIMIT):
        response = fail(client, 1, spellings[number % len(spellings)])

    assert response.status_code == 429


def test_others_sign_in_at_the_address_where_one_name_rests(client, citizen):
    make_user(username="mai", password=PASSWORD)
    fail(client, settings.AXES_FAILURE_LIMIT)

    assert sign_in(client, "mai").status_code == 302


def test_one_password_on_many_names_is_held_with_the_network_and_no_other_password_is(citizen, time_machine):
    time_machine.move_to(clock.now())
    school, at_home = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="203.0.113.10")
    make_user(username="mai", password="mật khẩu của Mai")
    for number in range(3 * guesses.MOST[guesses.PASSWORDS]):  # a school, each with a mistake of the own
        assert sign_in(school, f"hocsinh{number}", f"gõ nhầm {number}").status_code == 200
    for number in range(guesses.MOST[guesses.PASSWORDS] - 1):
        assert sign_in(school, f"canbo{number}", PASSWORD).context["form"].errors == {"__all__": [WRONG]}
    assert sign_in(school, "canbo", PASSWORD).status_code == 429

    held = sign_in(school, "042160000001")  # with the right one too: who tries learns nothing
    assert (held.status_code, held["Retry-After"], user_of(school)) == (429, "900", None)
    assert "một mật khẩu vừa bị thử sai với quá nhiều tên" in held.content.decode()
    assert held.context["form"]["username"].value() == "042160000001"
    assert sign_in(at_home, "042160000001").status_code == 302
    assert sign_in(school, "mai", "mật khẩu của Mai").status_code == 302
    time_machine.shift(guesses.HELD_FOR)
    school.logout()
    assert sign_in(school, "042160000001").status_code == 302


def test_a_success_forgets_the_failures_before_it(client, citizen):
    fail(client, 5)
    sign_in(client, "042160000001")

    assert not AccessAttempt.objects.exists()


def test_what_people_type_stands_in_no_table_and_no_log(client, citizen, caplog):
    caplog.set_level(logging.DEBUG)

    for typed in ("042160000001", "042 160 000 001"):
        fail(client, 6, typed)
    sign_in(client, "042160000001")

    assert AccessAttempt.objects.exists()
    for spelling in ("042160000001", "042 160 000 001"):
        assert spelling not in everything_stored()
        assert spelling not in caplog.text


def test_signing_out_is_a_press_of_a_button(client, citizen):
    client.force_login(citizen.user)

    assert client.get(reverse("accounts:sign_out")).status_code == 405
    response = client.post(reverse("accounts:sign_out"), follow=True)

    assert response.redirect_chain == [(reverse("portal:home"), 302)]
    assert messages_of(response) == ["Đã đăng xuất."]
    assert user_of(client) is None
    assert client.post(reverse("accounts:sign_out")).url == reverse("portal:home")


def test_an_officer_without_a_citizen_signs_in(client):
    officer = make_officer(make_province(), username="hoitinh", password=PASSWORD)

    assert sign_in(client, "hoitinh").status_code == 302
    assert user_of(client) == str(officer.pk)


@pytest.mark.parametrize("typed", ["042160000001", "0912345678", "hoa@example.vn", "HOA"])
def test_an_account_is_found_by_indexes(citizen, typed):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads a small table whole
            cursor.execute("SET LOCAL enable_seqscan = off")

        plan = accounts_named(typed).explain()

    assert not re.search(r"SCAN accounts_\w+$|Seq Scan on accounts", plan, re.MULTILINE), plan


def test_behind_tls_the_address_is_the_one_the_proxy_answers(rf, settings):
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")

    settings.BEHIND_TLS = False
    assert address_of(request) == "127.0.0.1"
    settings.BEHIND_TLS = True
    assert address_of(request) == "203.0.113.9"
    assert address_of(rf.get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


def test_a_name_is_locked_only_at_the_address_that_failed_behind_a_proxy_too(client, citizen, settings):
    settings.BEHIND_TLS = True
    attack, home = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.10"}
    address, typed = reverse("accounts:sign_in"), {"username": "0912345678"}
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(address, typed | {"password": "sai"}, **attack)
    assert answer.status_code == 429

    assert client.post(address, typed | {"password": PASSWORD}, **home).status_code == 302
