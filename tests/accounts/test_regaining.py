import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import officers, regaining
from accounts.models import Citizen, Message, Role, User
from accounts.registration import CONSENT_VERSION
from audit import clock, events
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
    make_user,
    make_village,
)
from tests.pages import messages_of

pytestmark = pytest.mark.django_db

NUMBER = "042160000001"
REASON = "Quên mật khẩu, đã xem thẻ căn cước."
NEW = {"password1": "mật khẩu mới", "password2": "mật khẩu mới"}


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", code="18604")


@pytest.fixture
def citizen(commune):
    return make_citizen_with_account(
        board=make_village(commune=commune),
        identity_number=NUMBER,
        password="mật khẩu cũ",
        consent_version=CONSENT_VERSION,
    )


@pytest.fixture
def officer(client, commune):
    officer = make_officer(commune)
    client.force_login(officer)
    return officer


def address(organization):
    return reverse("accounts:hand_over", args=[organization.code])


def given(citizen, commune, by=None):
    return regaining.hand_over(citizen, organization=commune, reason=REASON, by=by or make_officer(commune))


def answers(citizen, **changed):
    return {"identity_number": NUMBER, "person": citizen.pk, "reason": REASON, "save": "1"} | changed


def test_an_officer_finds_the_person_and_gets_a_slip_with_a_link_that_works_once(
    client, commune, officer, citizen
):
    found = client.post(address(commune), {"identity_number": "042 160 000 001"})
    assert found.context["form"]["person"].value() == citizen.pk
    slip = client.post(address(commune), answers(citizen))
    link = slip.context["address"]
    assert link in slip.content.decode()
    assert NUMBER not in slip.content.decode()

    person = Client()
    done = person.post(link, NEW, follow=True)

    assert done.context["user"] == citizen.user
    assert messages_of(done) == ["Đã đặt mật khẩu mới. Lần sau đăng nhập bằng số căn cước."]
    citizen.user.refresh_from_db()
    assert citizen.user.check_password(NEW["password1"])
    assert Client().get(link).status_code == 410
    assert Client().post(link, NEW).status_code == 410


def test_a_person_without_a_number_is_found_by_name_and_year(client, commune, officer):
    own = make_citizen(
        "Lê Thị Ánh", board=commune, identity_number=None, birth_date=datetime.date(1950, 1, 2)
    )
    make_citizen("Lê Thị Ánh", board=commune, birth_date=datetime.date(1951, 1, 2))
    make_citizen("Lê Thị Ánh", board=make_commune(), birth_date=datetime.date(1950, 1, 2))

    form = client.post(address(commune), {"full_name": "le thi anh", "birth_year": "1950"}).context["form"]

    assert [pk for pk, _words in form.fields["person"].choices] == [own.pk]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({}, "identity_number", "Gõ số căn cước, hoặc họ tên cùng năm sinh."),
        ({"full_name": "Hoa"}, "identity_number", "Gõ số căn cước, hoặc họ tên cùng năm sinh."),
        (
            {"full_name": "Hoa", "birth_year": "60"},
            "birth_year",
            "Gõ năm sinh bằng bốn chữ số, ví dụ 1960.",
        ),
        (
            {"identity_number": "042160000009"},
            "__all__",
            "Không tìm thấy ai như vậy trong Xã Thạch Khê. Xem lại số hoặc tên; người giữ việc ở hội "
            "cấp trên thì do cấp trên cấp lại.",
        ),
        ({"identity_number": NUMBER, "save": "1"}, "person", "Chọn một người."),
        ({"identity_number": NUMBER, "save": "1"}, "reason", "Ghi lý do cấp lại."),
        (
            {"identity_number": NUMBER, "save": "1", "person": "999999"},
            "person",
            "Người này không còn trong danh sách. Chọn lại.",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_given(client, commune, officer, citizen, typed, field, said):
    response = client.post(address(commune), typed)

    assert response.context["form"].errors[field] == [said]
    assert said in response.content.decode()
    assert not Event.objects.exists()


def test_it_is_recorded_who_gave_it_and_why_and_the_person_is_told(commune, citizen):
    officer = make_officer(commune, "Lê Văn Bình")

    given(citizen, commune, officer)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject, event.object_id, event.stream) == (
        "hand_over",
        officer.pk,
        citizen.pk,
        citizen.user_id,
        commune.pk,
    )
    assert events.private_of(event) == {"reason": REASON}
    assert list(events.faults()) == []
    assert REASON not in everything_stored().replace(Message.objects.get().body, "")
    assert Message.objects.get().body == (
        "Lê Văn Bình, hội khuyến học xã Thạch Khê, đã cấp đường dẫn để bạn đặt mật khẩu mới. "
        f"Lý do ghi lại: “{REASON}”. Nếu bạn không nhờ việc này, hãy đổi mật khẩu và báo hội khuyến học cấp "
        "trên."
    )


def test_the_old_password_is_good_until_the_link_is_used_and_ends_the_link(client, commune, citizen):
    link = given(citizen, commune)

    citizen.user.refresh_from_db()
    assert citizen.user.check_password("mật khẩu cũ")
    client.post(reverse("accounts:sign_in"), {"username": NUMBER, "password": "mật khẩu cũ"})

    assert Client().get(link).status_code == 410


def test_the_link_ends_after_three_days(client, commune, citizen):
    link = given(citizen, commune)

    with time_machine.travel(days_from_now(3.1)):
        assert client.get(link).status_code == 410
    assert client.get(link).status_code == 200


def test_of_two_who_hold_the_link_one_wins(commune, citizen):
    first, second = User.objects.get(pk=citizen.user_id), User.objects.get(pk=citizen.user_id)
    regaining.take_back(first, password="mật khẩu một")

    with pytest.raises(officers.LinkUsed):
        regaining.take_back(second, password="mật khẩu hai")


def test_a_person_who_was_entered_without_an_account_gets_one_and_agrees(client, commune):
    citizen = make_citizen(board=commune)
    link = given(citizen, commune)

    assert client.post(link, NEW).context["form"].errors.keys() == {"consent"}
    client.post(link, NEW | {"consent": "on"})

    citizen = Citizen.objects.get()
    assert citizen.user.check_password(NEW["password1"])
    assert (citizen.consent_version, citizen.consented_at is None) == (CONSENT_VERSION, False)
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "open_account",
        "hand_over",
        "password",
        "consent",
    ]


def test_two_slips_for_one_person_are_one_account(commune):
    citizen = make_citizen(board=commune)

    given(citizen, commune)
    given(citizen, commune)  # still without the account, as the page before held it

    assert Citizen.objects.filter(user__isnull=False).count() == 1
    assert Event.objects.filter(verb="open_account").count() == 1


def test_who_may_open_the_page(client, commune, citizen):
    people = [
        (make_officer(commune), 200),
        (make_officer(commune.parent), 403),  # its own page serves it
        (make_confirmer(commune), 403),
        (make_confirmer(citizen.village), 404),
        (make_officer(make_commune()), 404),
        (make_user(), 404),
    ]

    for user, status in people:
        client.force_login(user)
        assert client.get(address(commune)).status_code == status, user
        assert client.post(address(commune), answers(citizen)).status_code == status, user
    client.force_login(make_officer(commune.parent))
    assert client.post(address(commune.parent), answers(citizen)).status_code == 200


@pytest.mark.parametrize(
    "set_apart",
    [
        lambda user, commune: appoint(user, commune.parent),
        lambda user, commune: appoint(user, make_commune()),
        lambda user, commune: User.objects.filter(pk=user.pk).update(is_staff=True),
        lambda user, commune: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user, commune: Citizen.objects.filter(user=user).update(commune=make_commune()),
    ],
)
def test_nobody_above_or_elsewhere_is_within_reach(client, commune, officer, citizen, set_apart):
    set_apart(citizen.user, commune)

    assert "__all__" in client.post(address(commune), answers(citizen)).context["form"].errors
    with pytest.raises(PermissionDenied):
        given(citizen, commune, officer)


def test_who_acts_below_is_within_reach(commune, citizen):
    appoint(citizen.user, citizen.village)

    assert given(citizen, commune)


@pytest.mark.parametrize("other", ["first_sign_in", "regain"])
def test_a_link_of_another_kind_opens_nothing(client, commune, citizen, other):
    paths = {"regain": officers.first_sign_in_path(citizen.user), "first_sign_in": given(citizen, commune)}
    *_rest, uid, token, _end = paths[other].split("/")

    assert client.get(reverse(f"accounts:{other}", args=[uid, token])).status_code == 410


def test_the_sign_in_page_says_where_a_forgotten_password_is_replaced(client):
    asked = reverse("accounts:ask_recovery")
    assert f'href="{asked}"' in client.get(reverse("accounts:sign_in")).content.decode()
    assert "thẻ căn cước đến hội khuyến học xã" in client.get(asked).content.decode()


def test_the_officer_finds_the_page_from_the_own_organization(client, commune, officer):
    assert address(commune) in client.get(commune.get_absolute_url()).content.decode()
    client.force_login(make_confirmer(commune))
    assert address(commune) not in client.get(commune.get_absolute_url()).content.decode()


def test_who_is_to_act_elsewhere_from_next_month_is_beyond_reach_already(commune, citizen):
    appoint(citizen.user, commune.parent, Role.OFFICER, valid_from=clock.today() + datetime.timedelta(30))

    with pytest.raises(PermissionDenied):
        given(citizen, commune)
