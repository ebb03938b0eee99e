"""The public check of a paper: what it tells, whom it holds, and what the holder learns of it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import guesses
from accounts.models import Guessing
from audit import clock
from recognitions import certificates, codes, keys, payload
from recognitions.models import CheckDay, Recognition
from tests.factories import (
    make_citizen_with_account,
    make_confirmed_assessment,
    make_recognition,
    make_village,
    moment,
)
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H2")]
GENUINE = "Giấy này có thật và còn hiệu lực"
UNKNOWN = "Cổng không có giấy nào mang mã này"
HELD = "đã gõ quá nhiều mã không có"


@pytest.fixture(autouse=True)
def _one_morning(time_machine):
    time_machine.move_to(moment(2026, 11, 20, 9), tick=False)


@pytest.fixture
def recognition():
    citizen = make_citizen_with_account("Nguyễn Thị Hoa", board=make_village())
    return make_recognition(make_confirmed_assessment(citizen=citizen), number="02/QĐ-HKH")


def typed(client, text, **network):
    return client.get(reverse("recognitions:check"), {"ma": text}, **network)


def scanned(client, recognition):
    signed = payload.signed(certificates.said(recognition), keys.signing())
    return client.get(reverse("recognitions:scanned", args=[recognition.code, signed]))


def test_a_typed_code_shows_the_three_lines_of_the_paper_and_nothing_else_of_the_person(client, recognition):
    citizen, decision = recognition.assessment.citizen, recognition.decision
    answer = typed(client, codes.in_groups(recognition.code).lower())

    words = words_of(answer)
    assert GENUINE in words
    assert "Họ và tên Nguyễn Thị Hoa Danh hiệu Công dân học tập năm" in words
    assert f"Số 02/QĐ-HKH, ngày {decision.decided_on:%d/%m/%Y}, {decision.issuer_name}" in words
    for private in (citizen.identity_number, citizen.phone, str(citizen.birth_date), str(citizen.village)):
        assert not private or private not in answer.content.decode()


def test_the_same_by_link_and_by_scanning(client, recognition):
    link = client.get(reverse("recognitions:check_code", args=[recognition.code]))

    assert GENUINE in words_of(link)
    assert GENUINE in words_of(scanned(client, recognition))


def test_no_answer_is_kept_by_anybody(client, recognition):
    for answer in (
        typed(client, recognition.code),
        scanned(client, recognition),
        client.get(reverse("recognitions:check")),
        typed(client, codes.new_code()),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer or "sessionid" not in answer.cookies


def test_mistyped_unknown_and_altered_say_what_to_do(client, recognition):
    wrong = recognition.code[:-1] + next(each for each in codes.LETTERS if each != recognition.code[-1])
    mistyped = typed(client, wrong)
    unknown = typed(client, codes.new_code())
    altered = client.get(reverse("recognitions:scanned", args=[recognition.code, "AEAAP2RG"]))

    assert "Mã gõ sai một chỗ" in words_of(mistyped)
    assert wrong in mistyped.content.decode()  # nothing typed is lost
    assert UNKNOWN in words_of(unknown)
    assert "So lại từng chữ" in words_of(unknown)
    assert "không phải do cổng in" in words_of(altered)
    assert "Nguyễn Thị Hoa" not in words_of(altered)
    assert not CheckDay.objects.exists()


def test_a_title_whose_term_is_over_says_so(client, recognition, time_machine):
    term = {"valid_until": clock.today() + datetime.timedelta(days=3)}
    short = make_recognition(make_confirmed_assessment(), **term)
    time_machine.shift(datetime.timedelta(days=3))
    assert GENUINE in words_of(typed(client, short.code))
    time_machine.shift(datetime.timedelta(days=1))

    assert "có thật nhưng đã hết hiệu lực" in words_of(typed(client, short.code))
    assert GENUINE in words_of(typed(client, recognition.code))


# --- Guessing ----------------------------------------------------------------------------------------


@pytest.mark.feature("H3")
def test_guessing_finds_nothing_and_is_held_with_its_network_for_a_while(client, recognition, time_machine):
    here, elsewhere = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    for _each in range(guesses.MOST[guesses.CODES]):
        assert UNKNOWN in words_of(typed(client, codes.new_code(), **here))

    held = typed(client, recognition.code, **here)
    assert held.status_code == 429
    assert held["Retry-After"] == "900"
    assert HELD in words_of(held)
    assert "Nguyễn Thị Hoa" not in words_of(held)
    assert codes.in_groups(recognition.code) in held.content.decode()  # to press again later
    assert GENUINE in words_of(typed(client, recognition.code, **elsewhere))

    time_machine.shift(guesses.HELD_FOR)
    assert GENUINE in words_of(typed(client, recognition.code, **here))
    guesses.forget()
    assert not Guessing.objects.exists()


@pytest.mark.feature("H3")
def test_a_network_is_one_subscriber_however_its_addresses_are_written():
    def network(address):
        return guesses.network_of(address, guesses.CODES)

    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:203.0.113.7") == network("203.0.113.7") != network("::ffff:203.0.113.8")


@pytest.mark.feature("H3")
def test_a_school_behind_one_address_is_not_held_by_slips_or_by_many_papers(client, recognition):
    wrong = recognition.code[:-1] + next(each for each in codes.LETTERS if each != recognition.code[-1])
    for _pupil in range(3 * guesses.MOST[guesses.CODES]):
        typed(client, wrong)
    for _pupil in range(3 * guesses.MOST[guesses.CODES]):
        assert GENUINE in words_of(typed(client, recognition.code))

    assert not Guessing.objects.exists()


@pytest.mark.feature("H3")
def test_who_has_the_paper_itself_scans_it_even_where_a_neighbour_guessed(client, recognition):
    for _each in range(guesses.MOST[guesses.CODES]):
        typed(client, codes.new_code())

    assert typed(client, recognition.code).status_code == 429
    assert GENUINE in words_of(scanned(client, recognition))


# --- What its holder learns ----------------------------------------------------------------------------


@pytest.mark.feature("H3")
def test_the_holder_reads_how_often_and_on_which_day_but_not_who(client, recognition, time_machine):
    for network in ("203.0.113.7", "203.0.113.8"):
        typed(client, recognition.code, REMOTE_ADDR=network)
    time_machine.shift(datetime.timedelta(days=1))
    scanned(client, recognition)
    client.head(reverse("recognitions:check_code", args=[recognition.code]))  # a look at nothing

    client.force_login(recognition.assessment.citizen.user)
    typed(client, recognition.code)  # one's own
    page = words_of(client.get(recognition.get_absolute_url()))
    assert "Được kiểm tra 3 lần" in page
    assert f"Ngày {clock.today():%d/%m/%Y}: 1 lần" in page
    assert "Được kiểm tra 3 lần, gần nhất" in words_of(client.get(reverse("recognitions:mine")))
    assert {field.name for field in CheckDay._meta.fields} == {"id", "recognition", "day", "count"}


@pytest.mark.feature("H2")
def test_a_check_costs_few_questions_to_the_database(client, recognition):
    typed(client, recognition.code)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        typed(client, recognition.code)
    own = [each["sql"] for each in asked if "recognitions_" in each["sql"]]

    assert len(own) <= 4, own


@pytest.mark.feature("H4")
def test_the_key_is_published_and_the_script_beside_it(client, recognition):
    page = client.get(reverse("recognitions:keys"))
    key = keys.today().public_key().public_bytes_raw().hex()

    assert key in page.content.decode()
    assert client.get(reverse("recognitions:key_set")).json()["keys"][0]["crv"] == "Ed25519"
    script = client.get(reverse("recognitions:verifier")).content
    assert b"def read_address" in script


@pytest.mark.feature("H4")
def test_a_paper_of_before_a_new_key_is_still_genuine(client, recognition, settings):
    old = payload.signed(certificates.said(recognition), keys.signing())
    settings.SIGNING_KEY = "another key, by which nothing was signed until this very moment"
    keys.signing()

    answer = client.get(reverse("recognitions:scanned", args=[recognition.code, old]))

    assert GENUINE in words_of(answer)
    assert len(client.get(reverse("recognitions:key_set")).json()["keys"]) == 2
    assert Recognition.objects.count() == 1
