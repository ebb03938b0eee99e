import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import lookers, seeing_as
from accounts.models import Message, Role, User
from audit import events
from audit.models import Event, Look, Sight
from organizations.models import SupportLine
from tests.factories import (
    appoint,
    days_from_now,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
)
from tests.pages import messages_of, words_of
from tests.rights.test_matrix import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C6")]
NUMBER = "042160000001"
REASON = "Bà gọi hỏi vì không thấy nút Gửi hồ sơ."
HOME = reverse("portal:home")


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def commune(village):
    return village.parent


@pytest.fixture
def citizen(village):
    return make_citizen_with_account(
        board=village, identity_number=NUMBER, email="hoa@example.com", full_name="Nguyễn Thị Hoa"
    )


@pytest.fixture
def officer(client, commune):
    officer = make_officer(commune, "Lê Văn Bình")
    client.force_login(officer)
    return officer


def begin(client, commune, account=NUMBER, **typed):
    page = reverse("accounts:see_as", args=[commune.code])
    return client.post(page, {"account": account, "reason": REASON} | typed)


def test_an_officer_sees_what_the_person_sees_under_a_banner_with_the_way_back(
    client, officer, commune, citizen
):
    record = make_submitted_assessment(citizen=citizen)
    own = reverse("assessments:detail", args=[record.pk])
    assert client.get(own).status_code == 404

    begin(client, commune)
    page = client.get(own)

    assert page.status_code == 200
    assert page.context["user"] == citizen.user
    assert "Lê Văn Bình đang xem như Nguyễn Thị Hoa thấy, chỉ đọc, đến" in words_of(page)
    back = client.post(reverse("accounts:see_as_end"))
    assert back.url == commune.get_absolute_url()
    assert client.get(own).status_code == 404
    assert client.get(reverse("accounts:profile")).context["user"] == officer


def test_the_person_is_told_who_looked_and_why(client, officer, commune, citizen):
    begin(client, commune)
    client.post(reverse("accounts:see_as_end"))

    first, last = Event.objects.order_by("pk")
    assert (first.verb, first.actor, first.object_id, first.subject, first.stream) == (
        "see_as",
        officer.pk,
        citizen.user_id,
        citizen.pk,
        commune.pk,
    )
    assert events.private_of(first) == {"reason": REASON}
    assert (last.verb, last.actor) == ("end_see_as", officer.pk)
    assert REASON in Message.objects.get(user=citizen.user).body
    person = Client()
    person.force_login(citizen.user)
    read = words_of(person.get(reverse("accounts:profile_looks")))
    assert "Hội khuyến học xã Thạch Khê (Lê Văn Bình) xem cổng như bạn thấy, chỉ đọc, trong 15 phút." in read


@pytest.mark.long_on_sqlite
def test_nothing_can_be_done_at_any_address(client, officer, commune, citizen):
    begin(client, commune)
    names = sorted({name for name, takes in addresses() if not takes and not name.startswith("admin:")})
    for name in names:
        if name in seeing_as.OWN_STEPS | {"health", "live"}:  # the last two know nobody
            continue
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(reverse(name)).status_code == 403, name
    record = make_submitted_assessment(citizen=citizen)
    assert client.post(reverse("assessments:withdraw", args=[record.pk])).status_code == 403
    told = "Việc vừa bấm là của Nguyễn Thị Hoa, bạn không làm thay được. Không có gì được lưu."
    assert told in words_of(client.post(reverse("accounts:profile_contact"), {"phone": "0987654321"}))
    citizen.refresh_from_db()
    assert citizen.phone == "+84912345678"
    assert not Event.objects.filter(verb__in=["contact", "withdraw"]).exists()


def test_numbers_of_the_person_stay_masked(client, officer, commune, citizen):
    begin(client, commune)

    read = words_of(client.get(reverse("accounts:profile")))

    for own in (NUMBER, "0912 345 678", "hoa@example.com"):
        assert own not in read
    assert "*0001" in read
    assert client.get(reverse("accounts:profile_contact")).status_code == 403


def test_it_ends_after_fifteen_minutes(client, officer, commune, citizen):
    begin(client, commune)

    with time_machine.travel(days_from_now(0) + datetime.timedelta(minutes=14)):
        assert client.get(reverse("accounts:profile")).context["user"] == citizen.user
    with time_machine.travel(days_from_now(0) + datetime.timedelta(minutes=16)):
        page = client.get(reverse("accounts:profile"), follow=True)

    assert page.context["user"] == officer
    assert messages_of(page) == ["Đã thôi xem cùng. Bạn trở lại tài khoản của mình."]


def test_it_ends_when_a_right_is_lost(client, officer, commune, citizen):
    begin(client, commune)
    appoint(citizen.user, commune, Role.OFFICER)

    assert client.get(reverse("accounts:profile"), follow=True).context["user"] == officer


def test_signing_out_is_done_as_oneself(client, officer, commune, citizen):
    begin(client, commune)

    client.post(reverse("accounts:sign_out"))

    assert client.get(reverse("accounts:profile")).status_code == 302


def test_nobody_starts_with_the_eyes_of_a_third(client, officer, commune, citizen, village):
    below = make_officer(commune)
    begin(client, commune)

    assert client.get(reverse("accounts:see_as", args=[commune.code])).status_code == 404
    assert begin(client, commune, account=below.username).status_code == 403


def test_looks_at_others_through_those_eyes_are_told_as_the_officers(client, officer, commune, village):
    record = make_submitted_assessment(board=village)
    member = make_confirmer(village, username="ban-thon")
    begin(client, commune, account="ban-thon")

    client.get(reverse("assessments:board_detail", args=[record.pk]))

    look = Look.objects.get(sight=Sight.RECORD)
    assert (look.viewer, look.organization) == (officer.pk, commune.pk)
    assert member.pk != look.viewer
    told = lookers.sentences([look])[0].text
    assert told == "Hội khuyến học xã Thạch Khê (Lê Văn Bình) xem hồ sơ của bạn."


@pytest.mark.parametrize(
    "set_apart",
    [
        lambda user, commune: appoint(user, commune, Role.OFFICER),
        lambda user, commune: appoint(user, commune),
        lambda user, commune: appoint(user, commune.parent),
        lambda user, commune: appoint(user, make_commune()),
        lambda user, commune: appoint(user, make_village(commune=make_commune())),
        lambda user, commune: User.objects.filter(pk=user.pk).update(is_staff=True),
        lambda user, commune: User.objects.filter(pk=user.pk).update(is_superuser=True),
        lambda user, commune: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user, commune: user.citizen.__class__.objects.filter(user=user).update(commune=make_commune()),
    ],
)
def test_nobody_looks_up_sideways_or_out_of_the_own_subtree(
    client, officer, commune, citizen, village, set_apart
):
    set_apart(citizen.user, commune)

    asked = begin(client, commune)

    assert asked.context["form"].errors["account"][0].startswith("Không thấy ai như vậy trong Xã Thạch Khê.")
    assert seeing_as.SESSION_KEY not in client.session
    assert not Event.objects.exists()


def test_who_helps_a_unit_elsewhere_is_out_of_reach(client):
    home, far = make_province(), make_province("Nghệ An")
    commune = make_commune(province=home)
    helper = make_officer(commune, username="giup-xa")
    client.force_login(make_officer(home))
    assert seeing_as.within_sight(home).contains(helper)

    SupportLine.objects.create(
        unit=make_unit(parent=far), supporter=commune, valid_from=datetime.date(2026, 1, 1)
    )

    assert not seeing_as.within_sight(home).contains(helper)


def test_a_person_without_more_than_a_seat_below_is_found_by_account_name(client, officer, commune, village):
    member = make_confirmer(village, username="ban-thon")

    begin(client, commune, account="ban-thon")

    assert client.get(reverse("accounts:profile")).context["user"] == member


def test_without_a_reason_it_does_not_begin(client, officer, commune, citizen):
    asked = begin(client, commune, reason=" ")

    assert asked.context["form"].errors["reason"] == ["Ghi lý do."]
    assert not Event.objects.exists()


def test_only_officers_of_the_association_look(client, commune, citizen, village):
    for user, status in [
        (make_officer(commune.parent), 403),
        (make_confirmer(commune), 403),
        (make_confirmer(village), 404),
        (make_user(), 404),
    ]:
        client.force_login(user)
        assert begin(client, commune).status_code == status
