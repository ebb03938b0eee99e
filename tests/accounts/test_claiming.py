import datetime
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import claiming
from accounts.models import Citizen, ClaimCode, Message, Role, User
from accounts.models.claim_code import MOST_FAILURES
from audit import events
from audit.models import Event
from tests.accounts.stored import everything_stored
from tests.factories import (
    appoint,
    days_from_now,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_unit,
    make_user,
    make_village,
)
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B10")]

NUMBER = "042160000001"
NEW = {"password1": "mật khẩu mới", "password2": "mật khẩu mới", "consent": "on"}
CLAIM = reverse("accounts:claim")


@pytest.fixture
def school():
    return make_unit(parent=make_commune("Thạch Khê"))


@pytest.fixture
def pupil(school):
    return make_citizen(board=school, identity_number=NUMBER, birth_date=datetime.date(2010, 9, 5))


@pytest.fixture
def slip(school, pupil):
    """The code that stands on the pupil's slip."""
    [(_citizen, code)] = claiming.give_slips([pupil.pk], organization=school, by=make_confirmer(school))
    return code


def slips_of(organization):
    return reverse("accounts:slips", args=[organization.code])


def claimed(client, code, fact="05/09/2010", **extra):
    return client.post(CLAIM, {"code": code, "fact": fact}, **extra)


def test_a_slip_leads_to_an_own_password_and_to_what_was_written(client, school, pupil):
    client.force_login(make_confirmer(school))
    printed = client.post(slips_of(school), {"people": [pupil.pk]})
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", words_of(printed)).group()
    assert NUMBER not in printed.content.decode()
    assert code.replace("-", "") not in everything_stored()

    person = Client()
    form = person.get(CLAIM, {"ma": code})
    assert form.context["form"]["code"].value() == code
    link = claimed(person, code.lower().replace("-", " ")).url
    page = person.get(link)
    assert "Thạch Khê" in words_of(page)
    assert "********0001" in words_of(page)
    done = person.post(link, NEW, follow=True)

    assert done.request["PATH_INFO"] == reverse("accounts:profile")
    assert messages_of(done)[0].startswith("Đã đặt mật khẩu mới. Lần sau đăng nhập bằng số căn cước.")
    pupil.refresh_from_db()
    assert pupil.user.check_password("mật khẩu mới")
    assert pupil.consent_version
    assert pupil.claim_code.used_at
    verbs = list(Event.objects.filter(subject=pupil.pk).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["give_slip", "open_account", "consent"]
    assert list(events.faults()) == []
    assert claimed(Client(), code).status_code == 200  # used up


@pytest.mark.parametrize("fact", ["05/09/2010", "5-9-2010", "0001"])
def test_the_birth_date_or_the_last_digits_prove_who_one_is(client, slip, fact):
    assert claimed(client, slip, fact).status_code == 302


@pytest.mark.parametrize("fact", ["06/09/2010", "0002", "2010", "", "không nhớ"])
def test_another_fact_does_not(client, slip, fact):
    page = claimed(client, slip, fact)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not User.objects.filter(citizen__isnull=False).exists()


def test_whose_year_alone_is_known_says_the_year(client, school):
    old = make_citizen(board=school, birth_date=None, birth_year=1950)
    [(_citizen, code)] = claiming.give_slips([old.pk], organization=school, by=make_confirmer(school))

    assert claimed(client, code, "1951").status_code == 200
    assert claimed(client, code, "1950").status_code == 302


def test_a_wrong_code_and_a_wrong_fact_say_the_same(client, slip):
    wrong_fact = claimed(client, slip, "01/01/2001")
    wrong_code = claimed(client, "AAAAA-BBBBB")

    said = [page.context["form"].non_field_errors() for page in (wrong_fact, wrong_code)]
    assert said[0]
    assert list(said[0]) == list(said[1])


def test_guessing_is_stopped_from_one_address_and_from_many(client, slip):
    for _ in range(10):
        page = claimed(client, slip, "01/01/2001")
    assert page.status_code == 429
    assert claimed(client, slip).status_code == 429

    ClaimCode.objects.update(failures=0)
    for number in range(MOST_FAILURES):
        claimed(Client(), slip, "01/01/2001", REMOTE_ADDR=f"10.0.0.{number}")
    assert claimed(Client(), slip, REMOTE_ADDR="10.0.1.1").status_code == 200
    stored = everything_stored()
    assert "01/01/2001" not in stored
    assert slip not in stored


def test_the_board_and_the_person_see_that_a_stolen_slip_was_tried_and_is_held(client, school, pupil, slip):
    member = school.appointments.get().user
    for number in range(MOST_FAILURES - 1):
        claimed(Client(), slip, "01/01/2001", REMOTE_ADDR=f"10.0.0.{number}")
    assert not Message.objects.filter(key__startswith="slip_held:").exists()
    claimed(Client(), slip, "01/01/2001", REMOTE_ADDR="10.0.1.1")
    claimed(Client(), slip, "01/01/2001", REMOTE_ADDR="10.0.1.2")

    told = Message.objects.filter(key__startswith="slip_held:").order_by("pk")
    assert [(each.user, each.citizen) for each in told] == [(member, None), (None, pupil)]
    assert Event.objects.filter(verb="hold_slip", subject=pupil.pk).count() == 1
    client.force_login(member)
    assert "Phiếu bị giữ lại" in words_of(client.get(slips_of(school)))
    assert claimed(Client(), slip, REMOTE_ADDR="10.0.1.3").status_code == 200

    client.post(slips_of(school), {"people": [pupil.pk]})

    assert "Phiếu bị giữ lại" not in words_of(client.get(slips_of(school)))


def test_a_slip_ends_with_its_days_and_with_the_next_slip(client, school, pupil, slip):
    with time_machine.travel(days_from_now(91), tick=False):
        assert claimed(client, slip).status_code == 200

    claiming.give_slips([pupil.pk], organization=school, by=make_confirmer(school))
    assert claimed(client, slip).status_code == 200


def test_whoever_has_signed_in_or_gone_is_not_handed_over_by_a_slip(client, school, pupil, slip):
    pupil.user = make_user(password="của tôi")
    pupil.save()
    assert claimed(client, slip).status_code == 200

    Citizen.objects.update(user=None, departed_on=datetime.date(2026, 1, 1))
    assert claimed(client, slip).status_code == 200


def test_who_never_set_a_password_gets_a_second_slip(school, pupil, slip):
    claimed(Client(), slip)
    pupil.refresh_from_db()
    assert pupil.user
    assert not pupil.user.has_usable_password()

    [(citizen, code)] = claiming.give_slips([pupil.pk], organization=school, by=make_confirmer(school))

    assert citizen == pupil
    assert claimed(Client(), code).status_code == 302


def test_whoever_went_away_half_way_goes_on_with_the_same_slip(client, slip):
    claimed(client, slip)

    assert claimed(Client(), slip).status_code == 302
    assert User.objects.filter(citizen__isnull=False).count() == 1


def test_slips_are_printed_for_those_without_account_and_without_slip(client, school, pupil, slip):
    second = make_citizen("Trần Văn Bảy", board=school)
    make_citizen_with_account(password="của tôi", board=school)
    client.force_login(make_confirmer(school))

    page = client.get(slips_of(school))
    assert "2 người trong danh sách chưa có tài khoản, 1 người chưa có phiếu." in words_of(page)
    following = re.search(r'name="following" value="([0-9 ]*)"', page.content.decode())[1]
    client.post(slips_of(school), {"next": "1", "following": following})
    printed = client.post(slips_of(school), {"next": "1", "following": following})  # the second click

    assert [citizen for citizen, _code, _qr in printed.context["slips"]] == [second]
    assert "<svg" in printed.content.decode()
    assert claiming.without_slip(school).count() == 0
    empty = client.post(slips_of(school), {})
    assert empty.context["form"].errors["people"] == ["Đánh dấu ít nhất một người."]


def test_who_keeps_the_list_gives_slips_and_nobody_else(school, pupil):
    commune = school.parent
    officer, member = make_officer(commune), make_confirmer(commune)
    chair, speaker = make_user(), make_user()
    appoint(chair, school, Role.BOARD_CHAIR)
    appoint(speaker, school, Role.REPRESENTATIVE)
    elsewhere = make_officer(make_village(commune=commune))

    may = [user for user in (officer, member, chair, speaker, elsewhere) if claiming.may_keep(user, school)]

    assert may == [officer, chair]
    with pytest.raises(PermissionDenied):
        claiming.give_slips([pupil.pk], organization=school, by=speaker)
    stranger = make_citizen(board=make_village())
    assert claiming.give_slips([stranger.pk], organization=school, by=chair) == []
