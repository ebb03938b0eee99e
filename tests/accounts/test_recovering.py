"""Getting back to one's account by SMS and e-mail, without telling anybody who has one."""

import datetime
import time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import recovering
from accounts.models import Message
from accounts.registration import CONSENT_VERSION
from accounts.views.recovering import TAKES
from audit import clock
from audit.models import Event
from delivery import sending
from delivery.models import Channel, NotWanted
from tests.accounts.stored import everything_stored
from tests.delivery.companies import Company
from tests.factories import appoint, make_citizen_with_account, make_village
from tests.pages import words_of

pytestmark = pytest.mark.django_db
NUMBER = "042160000001"
ASK = reverse("accounts:ask_recovery")
NEW = {"password1": "mật khẩu mới", "password2": "mật khẩu mới"}


@pytest.fixture
def citizen():
    return make_citizen_with_account(
        board=make_village(),
        identity_number=NUMBER,
        password="mật khẩu cũ",
        email="hoa@example.vn",
        consent_version=CONSENT_VERSION,
    )


@pytest.fixture
def company(tmp_path, settings):
    settings.PORTAL_URL = "https://cong.example.vn"
    folder = tmp_path / "company"
    folder.mkdir()
    return Company(folder)


def letters(company):
    sending.sweep({Channel.SMS: company})
    return company.sent


def link_in(letter):
    assert letter.text.isascii()
    return letter.text[letter.text.index("/dang-nhap/") :].strip()


def ask(client, typed=NUMBER):
    return client.post(ASK, {"username": typed})


def test_whoever_asks_is_told_the_same_and_waits_as_long_whether_there_is_an_account_or_not(client, citizen):
    acting = make_citizen_with_account(identity_number="042160000002", password="mật khẩu cũ")
    appoint(acting.user, acting.board)
    make_citizen_with_account(identity_number="042160000003")  # never had a password
    typed = [NUMBER, "0912 345 678", "HOA@example.vn", citizen.user.username, "042160000002", "042160000003"]
    typed += ["042160000009", "0999999999", "ai@example.vn", "khong-ai"]

    answers = set()
    for name in typed:
        begun = time.monotonic()
        answers.add(words_of(ask(client, name)))
        assert time.monotonic() - begun >= TAKES

    assert len(answers) == 1
    assert "Nếu có tài khoản như vậy" in answers.pop()
    assert {message.user for message in Message.objects.all()} == {citizen.user}


def test_the_link_and_a_fact_set_a_new_password_once(client, citizen, company):
    NotWanted.objects.create(user=citizen.user, channel=Channel.SMS)
    ask(client)
    [letter] = letters(company)
    link = link_in(letter)
    assert letter.to == citizen.phone
    assert link.partition("ma=")[2] not in str(everything_stored())  # nobody who reads a table has it

    wrong = client.post(link, {"fact": "01/01/1990"})
    assert wrong.context["form"].errors == {"fact": ["Chưa khớp. Xem lại rồi gõ lại."]}
    assert link.partition("ma=")[2] not in str(everything_stored())
    right = client.post(link, {"fact": "0001"})
    done = client.post(right.url, NEW)

    assert done.status_code == 302
    citizen.user.refresh_from_db()
    assert citizen.user.check_password("mật khẩu mới")
    assert client.get(link).status_code == 410
    assert Event.objects.filter(verb="ask_recovery", subject=citizen.pk).count() == 1


def test_the_link_is_good_for_an_hour_and_void_once_one_remembered(client, citizen, company):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        link = recovering.path_for(citizen.user)
        assert client.get(link).status_code == 200
        traveller.shift(recovering.GOOD_FOR + datetime.timedelta(seconds=1))
        assert client.get(link).status_code == 410

    link = recovering.path_for(citizen.user)
    client.post(reverse("accounts:sign_in"), {"username": NUMBER, "password": "mật khẩu cũ"})
    assert Client().get(link).status_code == 410


def test_wrong_facts_are_counted_as_wrong_passwords_are(client, citizen, settings):
    link = recovering.path_for(citizen.user)

    answers = [client.post(link, {"fact": "1111"}).status_code for _try in range(settings.AXES_FAILURE_LIMIT)]

    assert answers[-1] == 429
    assert client.post(link, {"fact": "0001"}).status_code == 429


def test_nobody_is_written_to_more_than_three_times_a_day(client, citizen):
    with time_machine.travel(datetime.datetime.fromisoformat("2026-11-20T08:00:00+07:00"), tick=False) as day:
        for _press in range(2):
            ask(client)
        assert Message.objects.count() == 1
        for _hour in range(5):
            day.shift(3600)
            ask(client)
        assert Message.objects.count() == recovering.MOST_A_DAY
        day.shift(24 * 3600)
        ask(client)
    assert Message.objects.count() == recovering.MOST_A_DAY + 1


def test_nothing_typed_is_asked_for_beside_the_field(client):
    response = client.post(ASK, {"username": " "})

    assert response.context["form"].errors == {
        "username": ["Gõ số căn cước, số điện thoại, e-mail hoặc tên tài khoản."]
    }
