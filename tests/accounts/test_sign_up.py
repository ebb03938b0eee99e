import datetime
import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import guesses, registration
from accounts.forms import earliest_birth
from accounts.models import Citizen, Guessing, User
from accounts.registration import HELD, TAKEN
from audit import clock
from organizations.models import Succession
from tests.accounts.stored import everything_stored
from tests.factories import (
    days_from_now,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_officer,
    make_province,
    make_unit,
    make_village,
)
from tests.pages import messages_of
from vietnamese import dates

pytestmark = pytest.mark.django_db

NUMBER = "042160000001"
WHO = {
    "full_name": "Nguyễn Thị Hoa",
    "birth_date": "5/9/1960",
    "gender": "female",
    "identity_number": "042 160 000 001",
    "phone": "0912 345 678",
    "email": "",
}
LAST = {"password1": "học suốt đời", "password2": "học suốt đời", "consent": "on"}


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))


def post(client, name, data, follow=False):
    return client.post(reverse(f"accounts:{name}"), data, follow=follow)


def say_who(client, **changed):
    return post(client, "sign_up", WHO | changed)


def come_to_home(client, **who):
    say_who(client, **who)
    post(client, "sign_up_commune", {"commune": "thach khe"})


def come_to_check(client, **home):
    come_to_home(client)
    return post(client, "sign_up_home", {"village": "", "unit": "", "population": "villager"} | home)


def draft_on(client, name):
    """The hidden field of a page."""
    page = client.get(reverse(f"accounts:{name}")).content.decode()
    return re.search(r'name="draft" value="([^"]+)"', page)[1]


def error_of(response, field):
    return " ".join(response.context["form"].errors.get(field, []))


def terms_of(response):
    return {row["term"]: row["value"] for row in response.context["rows"]}


# --- The way through ------------------------------------------------------------------------------


@pytest.mark.feature("A1")
def test_a_person_opens_an_account_with_a_telephone_and_no_mail(client, commune):
    village = make_village("Đông Hải", commune=commune)

    assert say_who(client).url == reverse("accounts:sign_up_commune")
    found = post(client, "sign_up_commune", {"commune": "thach khe"})
    assert found.url == reverse("accounts:sign_up_home")
    homed = post(client, "sign_up_home", {"village": "thon dong hai", "unit": "", "population": "villager"})
    assert homed.url == reverse("accounts:sign_up_check")
    check = client.get(homed.url)
    assert check.context["board"] == "ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh"
    assert terms_of(check)["Số căn cước"] == "********0001"
    done = post(client, "sign_up_check", LAST, follow=True)

    citizen = Citizen.objects.get()
    assert done.redirect_chain[0] == (reverse("portal:home"), 302)
    assert done.context["user"] == citizen.user
    assert messages_of(done) == [f"Đã mở tài khoản. Nơi xác nhận điểm của bạn: {check.context['board']}."]
    assert (citizen.village, citizen.phone, citizen.birth_date) == (
        village,
        "+84912345678",
        datetime.date(1960, 9, 5),
    )
    assert client.session.get("sign_up") is None


@pytest.mark.feature("A1")
def test_a_mail_address_alone_is_enough(client, commune):
    assert say_who(client, phone="", email="Hoa@Example.vn").status_code == 302


def test_going_back_shows_what_was_typed(client, commune):
    come_to_check(client, village="Xóm Mới", unit="", population="worker")
    post(client, "sign_up_home", {"village": "giu-Xóm Mới", "unit": "", "population": "worker"})

    who = client.get(reverse("accounts:sign_up")).context["form"]
    assert {name: who[name].value() for name in WHO} == WHO
    commune_form = client.get(reverse("accounts:sign_up_commune")).context["form"]
    assert commune_form["commune"].value() == "Xã Thạch Khê, tỉnh Hà Tĩnh"
    home = client.get(reverse("accounts:sign_up_home")).context["form"]
    assert (home["village"].value(), home["population"].value()) == ("Xóm Mới", "worker")


def test_back_leads_to_what_a_sent_form_was_answered_with(client, commune):
    """Chromium shows an error of its own where such an answer may not be kept. What is read is not kept."""
    say_who(client)

    read = client.get(reverse("accounts:sign_up_commune"))
    answered = post(client, "sign_up_commune", {"commune": "thach"})

    assert "no-store" in read["Cache-Control"]
    assert (answered.status_code, answered["Cache-Control"]) == (200, "private, no-cache")


@pytest.mark.parametrize(
    ("name", "data", "leads_to"),
    [
        ("sign_up_commune", {"commune": "thach khe"}, "sign_up"),
        ("sign_up_home", {"village": "", "unit": "", "population": "worker"}, "sign_up"),
        ("sign_up_check", LAST, "sign_up"),
    ],
)
def test_no_page_can_be_skipped(client, commune, name, data, leads_to):
    assert client.get(reverse(f"accounts:{name}")).url == reverse(f"accounts:{leads_to}")
    assert post(client, name, data).url == reverse(f"accounts:{leads_to}")
    assert not User.objects.exists()


def test_the_last_page_leads_to_the_first_that_is_not_answered(client, commune):
    say_who(client)
    assert client.get(reverse("accounts:sign_up_check")).url == reverse("accounts:sign_up_commune")
    post(client, "sign_up_commune", {"commune": "thach khe"})
    assert client.get(reverse("accounts:sign_up_check")).url == reverse("accounts:sign_up_home")


def test_another_commune_asks_for_the_village_again(client, commune):
    make_commune("Thạch Lạc", province=commune.parent)
    come_to_check(client)
    post(client, "sign_up_commune", {"commune": "Thạch Lạc"})

    assert client.get(reverse("accounts:sign_up_check")).url == reverse("accounts:sign_up_home")


def test_what_was_typed_late_is_not_lost_when_the_session_has_ended(client, commune):
    late = post(client, "sign_up_commune", {"commune": "thach khe"}, follow=True)

    assert messages_of(late) == ["Cổng không còn giữ những gì bạn gõ ở bước trước. Hãy làm lại từ bước này."]
    say_who(client)
    form = client.get(reverse("accounts:sign_up_commune")).context["form"]
    assert form["commune"].value() == "thach khe"


@pytest.mark.parametrize("name", ["sign_up", "sign_up_commune", "sign_up_home", "sign_up_check"])
@pytest.mark.parametrize("make", [make_citizen_with_account, None])
def test_who_is_signed_in_has_no_account_to_open(client, name, make):
    client.force_login(make().user if make else make_officer(make_commune()))

    assert client.get(reverse(f"accounts:{name}")).url == reverse("portal:home")


# --- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("full_name", "", "Chưa gõ họ và tên. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa."),
        (
            "birth_date",
            "31/02/1960",
            "Tháng 2 năm 1960 không có ngày 31. Gõ lại ngày sinh, ví dụ 05/09/1960.",
        ),
        ("gender", "", "Chọn giới tính."),
        ("gender", "khác", "Chọn Nữ hoặc Nam."),
        ("identity_number", "", "Chưa gõ số căn cước. Gõ 12 chữ số in trên thẻ căn cước."),
        (
            "identity_number",
            "0421600001",
            "Số căn cước có 12 chữ số, bạn mới gõ 10. Gõ đủ 12 chữ số in trên thẻ căn cước.",
        ),
        (
            "identity_number",
            "04216000000I",
            "Số căn cước chỉ gồm chữ số, bạn gõ có “I”. Gõ 12 chữ số in trên thẻ căn cước.",
        ),
        ("phone", "", "Cần số điện thoại hoặc e-mail. Gõ một trong hai."),
        (
            "phone",
            "0212",
            "Số điện thoại di động có 10 chữ số, số cố định có 11; bạn gõ 4. Gõ lại, ví dụ 0912 345 678.",
        ),
        ("email", "hoa", "Địa chỉ e-mail có đúng một dấu @. Gõ lại, ví dụ nguyenthihoa@gmail.com."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(client, field, typed, said):
    response = say_who(client, **{field: typed})

    assert response.status_code == 200
    assert error_of(response, field) == said
    assert response.context["form"][field].value() == typed
    others = {name: response.context["form"][name].value() for name in WHO if name != field}
    assert others == {name: value for name, value in WHO.items() if name != field}
    assert said in response.content.decode()


def test_nobody_was_born_tomorrow_or_more_than_120_years_ago(client):
    today, earliest, day = clock.today(), earliest_birth(), datetime.timedelta(days=1)
    tomorrow, too_old = today + day, earliest - day

    assert error_of(say_who(client, birth_date=dates.day_words(tomorrow)), "birth_date") == (
        f"Ngày sinh không thể sau ngày {dates.day_words(today)}, bạn gõ {dates.day_words(tomorrow)}. "
        "Gõ lại ngày sinh, ví dụ 05/09/1960."
    )
    assert error_of(say_who(client, birth_date=dates.day_words(too_old)), "birth_date") == (
        f"Ngày sinh không thể trước ngày {dates.day_words(earliest)}, bạn gõ {dates.day_words(too_old)}. "
        "Gõ lại ngày sinh, ví dụ 05/09/1960."
    )
    assert earliest.year == today.year - 120


def test_a_missing_telephone_is_said_together_with_the_other_faults(client):
    response = say_who(client, full_name="", phone="")

    assert set(response.context["form"].errors) == {"full_name", "phone"}


def test_a_doubt_asks_to_look_once_more_and_then_passes(client):
    typed = {"full_name": "Nguyeexn Thị Hoa", "birth_date": "5/9/1961"}
    asked = say_who(client, **typed)

    assert asked.context["doubts"] == [
        "Trong họ và tên có chữ “Nguyeexn”, như là gõ mà chưa thành dấu. Hãy bật bộ gõ tiếng Việt rồi gõ "
        "lại; nếu đã đúng thì cứ để vậy.",
        "Số căn cước thường là của người sinh năm 1960, bạn gõ năm sinh 1961. "
        "Hãy xem lại hai ô này; nếu đã đúng thì cứ để vậy.",
    ]
    assert not asked.context["form"].errors
    assert client.get(reverse("accounts:sign_up_commune")).status_code == 302
    assert say_who(client, **typed).url == reverse("accounts:sign_up_commune")


def test_another_doubt_is_asked_again(client):
    say_who(client, birth_date="5/9/1961")

    assert say_who(client, birth_date="5/9/1962").context["doubts"]


@pytest.mark.parametrize("make", [make_citizen, make_citizen_with_account])
def test_a_taken_number_says_how_to_claim_and_shows_nothing_of_its_holder(client, make):
    holder = make("Đặng Thị Bí Mật", identity_number=NUMBER, phone="+84987654321", email="bimat@example.vn")

    response = say_who(client)

    page = response.content.decode()
    assert error_of(response, "identity_number") == str(TAKEN)
    assert str(TAKEN) in page
    for secret in ("Bí Mật", "4321", "bimat", holder.village.name, holder.commune.name):
        assert secret not in page
    assert client.get(reverse("accounts:sign_up_commune")).status_code == 302


def test_who_tries_numbers_is_held_with_the_network_for_a_while_and_loses_nothing(time_machine):
    time_machine.move_to(clock.now())
    here, elsewhere = Client(REMOTE_ADDR="2001:db8:1:2::1"), Client(REMOTE_ADDR="2001:db8:1:3::1")
    neighbour = Client(REMOTE_ADDR="2001:db8:1:2:ffff::9")
    make_citizen(identity_number=NUMBER)
    for _each in range(guesses.MOST[guesses.NUMBERS]):
        assert error_of(say_who(here), "identity_number") == str(TAKEN)

    for number in (NUMBER, "042160000002"):
        held = say_who(neighbour, identity_number=number)
        assert error_of(held, "identity_number") == str(HELD)
        assert held.context["form"]["full_name"].value() == WHO["full_name"]
    assert error_of(say_who(elsewhere), "identity_number") == str(TAKEN)
    assert not Guessing.objects.filter(network__contains="2001").exists()

    time_machine.shift(guesses.HELD_FOR)
    assert say_who(here, identity_number="042160000002").url == reverse("accounts:sign_up_commune")
    guesses.forget()
    assert not Guessing.objects.exists()


# --- Where ----------------------------------------------------------------------------------------


@pytest.fixture
def at_commune(client):
    say_who(client)
    return client


def offer_of(response, field):
    return response.context["form"].offers[field]


def test_several_communes_of_one_name_are_a_list_with_their_provinces(at_commune):
    of_nghe_an = make_commune("Tân An", province=make_province("Nghệ An"))
    make_commune("Tân An", province=make_province("Tây Ninh"))

    response = post(at_commune, "sign_up_commune", {"commune": "tan an"})

    offer = offer_of(response, "commune")
    assert offer.heading == "2 nơi khớp với “tan an”"
    assert [(choice.name, choice.hint) for choice in offer.choices] == [
        ("Xã Tân An", "Tỉnh Nghệ An"),
        ("Xã Tân An", "Tỉnh Tây Ninh"),
    ]
    assert not response.context["form"].errors
    chosen = post(
        at_commune, "sign_up_commune", {"commune": offer.choices[0].value, "commune_typed": "tan an"}
    )
    assert chosen.url == reverse("accounts:sign_up_home")
    home = at_commune.get(chosen.url)
    assert home.context["commune_words"] == "Xã Tân An, tỉnh Nghệ An"
    assert offer.choices[0].value == f"chon-{of_nghe_an.pk}"


def test_a_part_of_a_name_is_asked_about_and_never_taken(at_commune):
    place = make_commune("Đình Phong", province=make_province("Cao Bằng"))

    response = post(at_commune, "sign_up_commune", {"commune": "Đình Ph"})

    assert [choice.value for choice in offer_of(response, "commune").choices] == [f"chon-{place.pk}"]


def test_an_old_name_offers_the_commune_of_today(at_commune):
    place = make_commune("Thạch Khê", province=make_province("Hà Tĩnh"))
    old = make_commune("Đỉnh Bàn", province=place.parent, valid_to=days_from_now(-1).date())
    Succession.objects.create(old=old, new=place)

    offer = offer_of(post(at_commune, "sign_up_commune", {"commune": "Đỉnh Bàn"}), "commune")

    assert [(choice.name, choice.hint) for choice in offer.choices] == [
        ("Xã Thạch Khê", "Tỉnh Hà Tĩnh, gồm xã Đỉnh Bàn cũ")
    ]


def test_communes_of_the_province_of_birth_are_offered_first(at_commune):
    make_commune("Tân An", province=make_province("Gia Lai"))
    make_commune("Tân An", province=make_province("Hà Tĩnh", code="42"))

    offer = offer_of(post(at_commune, "sign_up_commune", {"commune": "tan an"}), "commune")

    assert [choice.hint for choice in offer.choices] == ["Tỉnh Hà Tĩnh", "Tỉnh Gia Lai"]


def test_more_than_twenty_communes_ask_for_the_province_too(at_commune):
    province = make_province()
    for number in range(21):
        make_commune(f"Tân Tiến {number}", province=province)

    offer = offer_of(post(at_commune, "sign_up_commune", {"commune": "tan tien"}), "commune")

    assert len(offer.choices) == 20
    assert offer.hint == "Đây là 20 nơi đầu. Không thấy nơi của bạn thì tìm lại, gõ thêm tên tỉnh."


def test_a_list_without_a_choice_is_shown_again_with_the_reason(at_commune):
    make_commune("Tân An", province=make_province("Nghệ An"))
    make_commune("Tân An", province=make_province("Tây Ninh"))

    response = post(at_commune, "sign_up_commune", {"commune_typed": "tan an"})

    assert error_of(response, "commune") == "Chọn một dòng trong danh sách, hoặc tìm tên khác."
    assert len(offer_of(response, "commune").choices) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Chưa có tên xã, phường. Gõ tên, ví dụ Thạch Khê."),
        (
            "zzz",
            "Không có xã, phường nào tên “zzz”. Xem lại cách viết, hoặc gõ thêm tên tỉnh.",
        ),
        ("chon-999999", "Nơi này không còn trong danh sách. Gõ tên rồi tìm lại."),
        ("chon-", "Nơi này không còn trong danh sách. Gõ tên rồi tìm lại."),
        ("chon-99999999999999999999999999", "Nơi này không còn trong danh sách. Gõ tên rồi tìm lại."),
    ],
)
def test_a_commune_that_is_not_there(at_commune, typed, said):
    for number in range(21):
        make_commune(f"Tân Tiến {number}")

    assert error_of(post(at_commune, "sign_up_commune", {"commune": typed}), "commune") == said


def test_only_a_commune_in_force_can_be_chosen(at_commune, commune):
    village = make_village(commune=commune)
    closed = make_commune("Thạch Hải", province=commune.parent, valid_to=days_from_now(-1).date())

    for place in (village, closed, commune.parent):
        response = post(at_commune, "sign_up_commune", {"commune": f"chon-{place.pk}"})
        assert error_of(response, "commune") == "Nơi này không còn trong danh sách. Gõ tên rồi tìm lại."


@pytest.fixture
def at_home(client, commune):
    come_to_home(client)
    return client


def test_a_village_and_a_unit_that_are_in_no_list_are_kept_as_typed(at_home, commune):
    typed = {"village": "Xóm Mới", "unit": "Xưởng mộc", "population": "worker"}

    offered = post(at_home, "sign_up_home", typed)
    choices = {name: offer_of(offered, name).choices[-1] for name in ("village", "unit")}
    assert [(choice.value, choice.name) for choice in choices.values()] == [
        ("giu-Xóm Mới", "Giữ tên đã gõ: “Xóm Mới”"),
        ("giu-Xưởng mộc", "Giữ tên đã gõ: “Xưởng mộc”"),
    ]
    kept = {name: choice.value for name, choice in choices.items()}
    assert post(at_home, "sign_up_home", {"population": "worker"} | kept).status_code == 302
    post(at_home, "sign_up_check", LAST)

    citizen = Citizen.objects.get()
    assert (citizen.village_text, citizen.unit_text, citizen.board) == ("Xóm Mới", "Xưởng mộc", commune)


def test_the_typed_name_stands_before_villages_that_are_nothing_like_it(at_home, commune):
    village = make_village("Bắc Hải", commune=commune)

    offer = offer_of(
        post(at_home, "sign_up_home", {"village": "Xóm Mới", "unit": "", "population": "worker"}), "village"
    )

    assert [choice.value for choice in offer.choices] == ["giu-Xóm Mới", f"chon-{village.pk}"]
    assert offer.hint == "Giữ tên đã gõ, hoặc chọn trong những thôn, tổ dân phố có trong danh sách."


def test_a_kept_name_is_not_asked_for_again(at_home):
    answers = {"village": "giu-Xóm Mới", "unit": "", "population": "worker"}
    post(at_home, "sign_up_home", answers)

    assert post(at_home, "sign_up_home", answers | {"village": "Xóm Mới"}).status_code == 302


def test_a_part_of_a_village_s_name_may_be_another_village(at_home, commune):
    village = make_village("Bắc Hải", commune=commune)

    offered = post(at_home, "sign_up_home", {"village": "Hải", "unit": "", "population": "worker"})

    assert [choice.value for choice in offer_of(offered, "village").choices] == [
        f"chon-{village.pk}",
        "giu-Hải",
    ]


def test_a_choice_stays_while_the_other_is_still_open(at_home, commune):
    village = make_village("Bắc Hải", commune=commune)
    answers = {
        "village": f"chon-{village.pk}",
        "village_typed": "hai",
        "unit": "Xưởng mộc",
        "population": "worker",
    }

    response = post(at_home, "sign_up_home", answers)

    assert [choice.checked for choice in offer_of(response, "village").choices] == [True, False]
    assert response.context["form"]["population"].value() == "worker"


def test_a_place_of_another_commune_is_no_answer(at_home):
    elsewhere = make_village(commune=make_commune("Thạch Hạ"))

    response = post(
        at_home, "sign_up_home", {"village": f"chon-{elsewhere.pk}", "unit": "", "population": "worker"}
    )

    assert error_of(response, "village") == "Nơi này không còn trong danh sách. Gõ tên rồi tìm lại."


def test_the_work_is_one_of_four(at_home):
    response = post(at_home, "sign_up_home", {"village": "", "unit": "", "population": "vua"})

    assert error_of(response, "population") == "Chọn một việc trong danh sách."


def test_who_leaves_the_work_out_is_taken_for_a_villager(at_home):
    response = at_home.get(reverse("accounts:sign_up_home"))
    assert response.context["form"]["population"].value() == "villager"

    assert post(at_home, "sign_up_home", {"village": "", "unit": ""}).url == reverse("accounts:sign_up_check")
    assert "Nông dân" in str(terms_of(at_home.get(reverse("accounts:sign_up_check"))))


def test_the_last_page_names_the_board_and_why(at_home, commune):
    unit = make_unit("Trường THPT Lý Tự Trọng", parent=commune.parent)
    make_village("Đông Hải", commune=commune)
    home = {"village": "Đông Hải", "unit": "", "population": "learner"}

    for changed, board in [
        ({}, "ban khuyến học thôn Đông Hải, xã Thạch Khê, tỉnh Hà Tĩnh"),
        ({"unit": unit.name}, "ban khuyến học Trường THPT Lý Tự Trọng, tỉnh Hà Tĩnh"),
        ({"village": ""}, "hội khuyến học xã Thạch Khê, tỉnh Hà Tĩnh"),
    ]:
        post(at_home, "sign_up_home", home | changed)
        check = at_home.get(reverse("accounts:sign_up_check"))
        assert check.context["board"] == board
        assert f"<strong>{board}</strong>" in check.content.decode()
    assert "Tiêu chí gợi ý: Nhóm IV: học sinh, sinh viên, học viên" in terms_of(check)["Công việc"]


@pytest.mark.parametrize(
    ("home", "why"),
    [
        (
            {"village": "Đông Hải", "unit": "giu-Xưởng mộc"},
            "Vì đó là nơi bạn ở, và nơi làm việc, học tập bạn gõ (“Xưởng mộc”) chưa được xếp vào danh sách.",
        ),
        ({"village": "Đông Hải"}, "Vì đó là nơi bạn ở, và bạn không chọn nơi làm việc, học tập."),
        ({"village": "giu-Xóm Mới"}, "Vì nơi bạn gõ chưa được xếp vào danh sách."),
        ({}, "Vì bạn chưa chọn thôn, nơi làm việc hay nơi học nào trong danh sách."),
    ],
)
def test_the_last_page_says_why_that_board(at_home, commune, home, why):
    make_village("Đông Hải", commune=commune)
    post(at_home, "sign_up_home", {"village": "", "unit": "", "population": "worker"} | home)

    assert why in at_home.get(reverse("accounts:sign_up_check")).content.decode()


def test_a_place_that_closes_before_the_end_is_asked_for_again(at_home, commune):
    village = make_village("Đông Hải", commune=commune)
    post(at_home, "sign_up_home", {"village": "Đông Hải", "unit": "", "population": "learner"})
    village.valid_to = days_from_now(-1).date()
    village.save(update_fields=["valid_to"])

    assert post(at_home, "sign_up_check", LAST).url == reverse("accounts:sign_up_home")


# --- The last page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "changed", "said"),
    [
        ("password1", {"password1": ""}, "Chưa có mật khẩu. Đặt một mật khẩu ít nhất 8 ký tự."),
        ("password1", {"password1": "ngắn"}, "Mật khẩu này ngắn quá. Cần ít nhất 8 ký tự."),
        ("password1", {"password1": "abc"}, "Mật khẩu này ngắn quá. Cần ít nhất 8 ký tự."),
        ("password1", {"password1": "20011960"}, "Mật khẩu này chỉ có chữ số. Thêm vài chữ cái."),
        ("password2", {"password2": "học suốt đờ"}, "Hai lần gõ mật khẩu chưa giống nhau. Gõ lại cả hai."),
        (
            "consent",
            {"consent": ""},
            "Đánh dấu vào ô này nếu bạn đồng ý. Chưa đồng ý thì chưa mở được tài khoản.",
        ),
    ],
)
def test_the_last_page_says_what_is_missing_and_keeps_the_rest(client, commune, field, changed, said):
    come_to_check(client)

    response = post(client, "sign_up_check", LAST | changed)

    assert error_of(response, field) == said
    assert terms_of(response)["Họ và tên"] == "Nguyễn Thị Hoa"
    assert not User.objects.exists()


def test_consent_is_not_ticked_beforehand(client, commune):
    come_to_check(client)

    page = client.get(reverse("accounts:sign_up_check"))

    assert page.context["form"]["consent"].value() is None
    assert "checked" not in page.content.decode()


def test_pressing_twice_opens_one_account(client, commune):
    come_to_check(client)
    second = Client()  # the second press leaves with the session as it was before the first
    session = second.session
    session.update(dict(client.session))
    session.save()

    post(client, "sign_up_check", LAST)
    response = post(second, "sign_up_check", LAST)

    assert response.url == reverse("portal:home")
    assert second.session["_auth_user_id"] == str(User.objects.get().pk)
    assert Citizen.objects.count() == 1


def test_pressing_again_when_the_first_press_has_ended_the_session_leads_home_too(client, commune):
    come_to_check(client)
    last = LAST | {"draft": draft_on(client, "sign_up_check")}
    post(client, "sign_up_check", last)

    second = Client()
    response = post(second, "sign_up_check", last)

    assert response.url == reverse("portal:home")
    assert second.session["_auth_user_id"] == str(User.objects.get().pk)


def test_a_page_from_the_history_opens_no_account_without_its_password(client, commune):
    come_to_check(client)
    last = LAST | {"draft": draft_on(client, "sign_up_check")}
    post(client, "sign_up_check", last)
    other = {"password1": "mật khẩu khác", "password2": "mật khẩu khác"}

    second = Client()
    response = post(second, "sign_up_check", last | other)

    assert error_of(response, "__all__") == str(TAKEN)
    assert "_auth_user_id" not in second.session


def test_a_page_from_the_history_serves_the_next_person(client, commune):
    come_to_check(client)
    draft = draft_on(client, "sign_up")
    post(client, "sign_up_check", LAST)
    next_one = Client()

    post(next_one, "sign_up", WHO | {"full_name": "Lê An", "identity_number": "042060000002", "draft": draft})
    post(next_one, "sign_up", WHO | {"full_name": "Lê An", "identity_number": "042060000002"})
    post(next_one, "sign_up_commune", {"commune": "thach khe"})
    post(next_one, "sign_up_home", {"village": "", "unit": "", "population": "villager"})
    post(next_one, "sign_up_check", LAST)

    assert Citizen.objects.count() == User.objects.count() == 2


def test_nothing_typed_is_lost_when_the_session_goes(client, commune):
    village = make_village("Đông Hải", commune=commune)
    say_who(client)
    draft = draft_on(client, "sign_up_commune")
    client.cookies.clear()
    assert post(client, "sign_up_commune", {"commune": "thach khe", "draft": draft}).url == reverse(
        "accounts:sign_up_home"
    )
    draft = draft_on(client, "sign_up_home")
    client.cookies.clear()
    post(client, "sign_up_home", {"village": "Đông Hải", "unit": "", "population": "worker", "draft": draft})
    draft = draft_on(client, "sign_up_check")
    client.cookies.clear()
    post(client, "sign_up_check", LAST | {"draft": draft})

    citizen = Citizen.objects.get()
    assert (citizen.full_name, citizen.village, citizen.phone) == (WHO["full_name"], village, "+84912345678")


def test_nothing_typed_is_lost_when_all_cookies_go(commune):
    browser = Client(enforce_csrf_checks=True)
    filled = Client()
    say_who(filled)
    page = reverse("accounts:sign_up_commune")
    typed = {"commune": "thach khe", "draft": draft_on(filled, "sign_up_commune")}

    browser.post(page, typed, headers={"Referer": f"http://testserver{page}"})
    again = browser.get(page)

    assert again.context["form"]["commune"].value() == "thach khe"
    browser.cookies.clear()
    sent = {"draft": again.context["draft"], "commune": "thach khe"}
    browser.handler.enforce_csrf_checks = False
    assert browser.post(page, sent).url == reverse("accounts:sign_up_home")


def test_the_slower_of_two_who_sign_up_with_one_number_reads_the_same_message(client, commune):
    come_to_check(client)
    make_citizen("Đặng Thị Bí Mật", identity_number=NUMBER)

    response = post(client, "sign_up_check", LAST)

    assert response.status_code == 200
    assert error_of(response, "__all__") == str(TAKEN)
    assert "Bí Mật" not in response.content.decode()
    assert not User.objects.exists()


def test_the_identity_number_is_nowhere_in_full_but_in_its_own_field(client, commune, caplog):
    caplog.set_level(logging.DEBUG)
    pages = []
    say_who(client)
    for name, data in [
        ("sign_up_commune", {"commune": "thach khe"}),
        ("sign_up_home", {"village": "", "unit": "", "population": "villager"}),
        ("sign_up_check", LAST | {"password2": ""}),
    ]:
        pages += [client.get(reverse(f"accounts:{name}")), post(client, name, data)]
    stored_in_mid_form = everything_stored()
    pages += [post(client, "sign_up_check", LAST, follow=True)]
    pages += [client.get(reverse(f"accounts:{name}")) for name in ("profile", "inbox", "profile_home")]

    said = "".join(page.content.decode() + getattr(page, "url", "") for page in pages)
    assert "********0001" in said
    for spelling in (NUMBER, WHO["identity_number"]):
        assert spelling not in said
        assert spelling not in stored_in_mid_form
        assert spelling not in everything_stored()
        assert spelling not in caplog.text


def test_every_page_keeps_what_was_typed_when_the_display_is_changed(client, commune):
    for name, typed in [
        ("sign_up", WHO),
        ("sign_up_commune", {"commune": "tan an"}),
        (
            "sign_up_home",
            {"village": "giu-Xóm Mới", "village_typed": "Xóm Mới", "unit": "", "population": "worker"},
        ),
    ]:
        page = reverse(f"accounts:{name}")
        client.post(
            reverse("portal:display"),
            typed | {"size": "large"},
            headers={"Referer": f"http://testserver{page}"},
        )
        form = client.get(page).context["form"]
        shown = {field: form[field].value() for field in typed if field in form.fields}
        assert shown == {field: value for field, value in typed.items() if field in form.fields} | (
            {"village": "Xóm Mới"} if name == "sign_up_home" else {}
        )
        if name == "sign_up":
            say_who(client)
        else:
            post(client, "sign_up_commune", {"commune": "thach khe"})


@pytest.mark.parametrize("count", [1, 12])
def test_the_pages_cost_the_same_for_one_place_as_for_twelve(
    client, commune, django_assert_max_num_queries, count
):
    for number in range(count):
        make_village(f"Thôn {number}", commune=commune)
        make_unit(f"Trường số {number}", parent=commune)
    come_to_home(client)

    with django_assert_max_num_queries(16):
        post(client, "sign_up_home", {"village": "thon", "unit": "truong", "population": "worker"})


def test_a_fault_of_the_database_leaves_nothing_behind(client, commune, monkeypatch):
    come_to_check(client)

    def fail(citizen):
        raise RuntimeError("the welcome could not be written")

    monkeypatch.setattr(registration, "_welcome", fail)
    with pytest.raises(RuntimeError):
        post(client, "sign_up_check", LAST)

    assert not User.objects.exists()
    assert not Citizen.objects.exists()


def test_the_pages_answer_who_only_asks_whether_they_are_there(client):
    assert client.head(reverse("accounts:sign_up")).status_code == 200
    assert client.put(reverse("accounts:sign_up")).status_code == 405
