import pytest
from django.urls import reverse

from accounts.changes import change_home
from accounts.models import Population
from accounts.places import Home
from audit import events
from audit.models import Event
from tests.factories import (
    appoint,
    days_from_now,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_user,
    make_village,
)
from tests.pages import messages_of
from vietnamese import dates

pytestmark = pytest.mark.django_db

PASSWORD = "học suốt đời"
PAGES = ["profile", "profile_contact", "profile_commune", "profile_home", "profile_password", "inbox"]


@pytest.fixture
def citizen():
    commune = make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))
    return make_citizen_with_account(
        board=make_village("Đông Hải", commune=commune), password=PASSWORD, identity_number="042160000001"
    )


@pytest.fixture
def signed_in(client, citizen):
    client.force_login(citizen.user)
    return client


def get(client, name):
    return client.get(reverse(f"accounts:{name}"))


def post(client, name, data, follow=True):
    return client.post(reverse(f"accounts:{name}"), data, follow=follow)


def verbs():
    return list(Event.objects.values_list("verb", flat=True))


def test_the_profile_shows_what_is_kept_and_masks_the_identity_number(signed_in, citizen):
    response = get(signed_in, "profile")

    shown = {row["term"]: row["value"] for row in response.context["rows"]}
    assert shown["Họ và tên"] == "Nguyễn Thị Hoa"
    assert shown["Số căn cước"] == "********0001"
    assert shown["Số điện thoại"] == "0912 345 678"
    assert response.context["board"] == "ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh"
    assert "042160000001" not in response.content.decode()


def test_the_profile_of_a_person_from_a_roster_needs_neither_day_nor_number(signed_in, citizen):
    citizen.birth_date, citizen.identity_number = None, None
    citizen.save()

    shown = {row["term"]: row["value"] for row in get(signed_in, "profile").context["rows"]}

    assert (shown["Ngày sinh"], shown["Số căn cước"]) == ("1960", "Chưa có")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_account_is_open_to_strangers(client, name):
    page = reverse(f"accounts:{name}")

    assert client.get(page).url == f"{reverse('accounts:sign_in')}?next={page}"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("make", [make_officer, make_confirmer])
def test_officers_without_a_citizen_break_no_page(client, name, make):
    client.force_login(make(make_province()))
    changes_a_citizen = name in ("profile_contact", "profile_commune", "profile_home")

    assert get(client, name).status_code == (404 if changes_a_citizen else 200)


def test_the_profile_says_what_one_is_appointed_to(signed_in, citizen):
    appoint(citizen.user, make_unit("Trường THPT Lý Tự Trọng"), valid_to=days_from_now(1).date())
    appoint(citizen.user, citizen.commune, valid_to=days_from_now(-1).date())

    until = dates.day_words(days_from_now(1).date())
    assert get(signed_in, "profile").context["seats"] == [
        f"Thành viên ban khuyến học Trường THPT Lý Tự Trọng, từ 01/01/2024 đến hết {until}"
    ]


# --- Telephone and mail ---------------------------------------------------------------------------


def test_telephone_and_mail_are_changed_with_an_event(signed_in, citizen):
    response = post(signed_in, "profile_contact", {"phone": "0987 654 321", "email": "Hoa@Example.vn"})

    citizen.refresh_from_db()
    assert (citizen.phone, citizen.email) == ("+84987654321", "hoa@example.vn")
    assert messages_of(response) == ["Đã lưu số điện thoại và e-mail."]
    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject) == ("contact", citizen.user.pk, citizen.pk)
    assert events.private_of(event) == {
        "old_phone": "+84912345678",
        "old_email": "",
        "phone": "+84987654321",
        "email": "hoa@example.vn",
    }


def test_one_of_telephone_and_mail_stays(signed_in, citizen):
    response = post(signed_in, "profile_contact", {"phone": "", "email": ""})

    assert response.context["form"].errors == {"phone": ["Cần số điện thoại hoặc e-mail. Gõ một trong hai."]}
    assert verbs() == []


# --- Home and work --------------------------------------------------------------------------------


def test_the_page_begins_with_how_it_is_now(signed_in, citizen):
    form = get(signed_in, "profile_home").context["form"]

    assert {name: form[name].value() for name in form.fields} == {
        "village": "Thôn Đông Hải",
        "unit": "",
        "population": "villager",
    }


def test_another_place_of_work_makes_another_board_and_the_page_says_so(signed_in, citizen):
    unit = make_unit("Trường THPT Lý Tự Trọng", parent=citizen.commune.parent)
    answers = {"village": "Thôn Đông Hải", "unit": "Trường THPT Lý Tự Trọng", "population": "official"}

    response = post(signed_in, "profile_home", answers)

    citizen.refresh_from_db()
    assert (citizen.board, citizen.population) == (unit, Population.OFFICIAL)
    assert messages_of(response) == [
        "Đã lưu. Từ nay nơi xác nhận điểm của bạn là ban khuyến học Trường THPT Lý Tự Trọng, tỉnh Hà Tĩnh. "
        "Hồ sơ chưa gửi sẽ do nơi này xác nhận; hồ sơ đã gửi vẫn ở nơi cũ."
    ]
    event = Event.objects.get()
    assert (event.verb, event.old, event.new) == ("home", citizen.village.code, unit.code)


def test_the_same_board_is_said_to_stay(signed_in, citizen):
    answers = {"village": "Thôn Đông Hải", "unit": "", "population": "worker"}

    assert messages_of(post(signed_in, "profile_home", answers)) == [
        "Đã lưu. Nơi xác nhận điểm của bạn vẫn là ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh."
    ]


def test_a_move_to_another_commune_asks_for_the_village_there(signed_in, citizen):
    there = make_commune("Thạch Lạc", province=citizen.commune.parent)

    moved = post(signed_in, "profile_commune", {"commune": "thach lac"})
    assert moved.redirect_chain == [(reverse("accounts:profile_home"), 302)]
    assert moved.context["commune_words"] == "Xã Thạch Lạc, tỉnh Hà Tĩnh"
    assert moved.context["form"]["village"].value() == ""
    citizen.refresh_from_db()
    assert citizen.commune.name == "Thạch Khê"  # nothing is saved in between
    post(signed_in, "profile_home", {"village": "giu-Xóm Mới", "unit": "", "population": "villager"})

    citizen.refresh_from_db()
    assert (citizen.commune, citizen.village, citizen.village_text) == (there, None, "Xóm Mới")


def test_a_name_kept_before_is_not_asked_for_again(signed_in, citizen):
    citizen.village, citizen.village_text = None, "Xóm Mới"
    citizen.save()

    post(signed_in, "profile_home", {"village": "Xóm Mới", "unit": "", "population": "worker"})

    citizen.refresh_from_db()
    assert (citizen.village_text, citizen.population) == ("Xóm Mới", Population.WORKER)


def test_a_change_of_home_says_whether_the_board_is_another():
    citizen = make_citizen_with_account(board=make_village())
    other = make_village("Bắc Hải", commune=citizen.commune)
    home = Home.of(citizen)

    assert change_home(citizen, home, by=citizen.user) is False
    assert change_home(citizen, Home(citizen.commune, other, population="villager"), by=citizen.user) is True
    assert list(events.faults()) == []


# --- Password -------------------------------------------------------------------------------------


def test_a_new_password_keeps_this_session_and_leaves_an_event(signed_in, citizen):
    answers = {"old_password": PASSWORD, "password1": "học nữa học mãi", "password2": "học nữa học mãi"}

    response = post(signed_in, "profile_password", answers)

    citizen.user.refresh_from_db()
    assert citizen.user.check_password("học nữa học mãi")
    assert response.context["user"] == citizen.user
    assert messages_of(response) == ["Đã đổi mật khẩu. Các máy khác phải đăng nhập lại."]
    assert verbs() == ["password"]


def test_the_password_in_use_has_to_be_known(signed_in, citizen):
    answers = {"old_password": "sai", "password1": "học nữa học mãi", "password2": "học nữa học mãi"}

    response = post(signed_in, "profile_password", answers)

    assert response.context["form"].errors == {"old_password": ["Đây không phải mật khẩu đang dùng. Gõ lại."]}
    citizen.user.refresh_from_db()
    assert citizen.user.check_password(PASSWORD)


def test_an_officer_changes_the_password_too(client):
    officer = make_user(password=PASSWORD)
    client.force_login(officer)
    answers = {"old_password": PASSWORD, "password1": "học nữa học mãi", "password2": "học nữa học mãi"}

    assert messages_of(post(client, "profile_password", answers)) == [
        "Đã đổi mật khẩu. Các máy khác phải đăng nhập lại."
    ]


# --- Nothing typed is lost ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("profile_contact", {"phone": "0987 654 321", "email": ""}, {"phone": "0987 654 321"}),
        ("profile_commune", {"commune": "thach lac"}, {"commune": "thach lac"}),
        (
            "profile_home",
            {
                "village": "giu-Xóm Mới",
                "village_typed": "Xóm Mới",
                "unit": "Xưởng mộc",
                "population": "worker",
            },
            {"village": "Xóm Mới", "unit": "Xưởng mộc", "population": "worker"},
        ),
    ],
)
def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    client, citizen, name, typed, shown
):
    page = reverse(f"accounts:{name}")

    sent = client.post(page, typed, headers={"Referer": f"http://testserver{page}"})
    back = client.post(
        sent.url, {"username": "042160000001", "password": PASSWORD, "next": page}, follow=True
    )

    assert back.redirect_chain == [(page, 302)]
    form = back.context["form"]
    assert {field: form[field].value() for field in shown} == shown
    citizen.refresh_from_db()
    assert (citizen.phone, citizen.village_text) == ("+84912345678", "")
