"""Size of letters, contrast, dark ground: chosen by buttons, kept in a cookie, never at the price of text."""

import pytest

from portal.display import COOKIE, Display
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.urls")]

HELP = "/huong-dan/"


def choose(client, page=HELP, **choice):
    return client.post("/hien-thi/", choice, headers={"referer": f"http://testserver{page}"})


def html_tag(client, page=HELP):
    text = client.get(page).content.decode()
    return text[text.index("<html") : text.index(">", text.index("<html")) + 1]


@pytest.mark.feature("J3")
@pytest.mark.parametrize(
    ("choice", "attribute"),
    [
        ({"size": "large"}, 'data-size="large"'),
        ({"size": "small"}, 'data-size="small"'),
        ({"contrast": "high"}, 'data-contrast="high"'),
        ({"theme": "dark"}, 'data-bs-theme="dark"'),
        ({"theme": "light"}, 'data-bs-theme="light"'),
    ],
)
def test_a_choice_is_remembered_on_every_page(client, choice, attribute):
    response = choose(client, **choice)

    assert (response.status_code, response.url) == (302, HELP)
    assert html_tag(client) == f'<html lang="vi" {attribute}>'
    assert html_tag(client, "/") == f'<html lang="vi" {attribute}>'


def test_without_a_choice_the_device_decides(client):
    assert html_tag(client) == '<html lang="vi">'


def test_choices_add_up_and_each_can_be_taken_back(client):
    choose(client, size="large")
    choose(client, contrast="high")
    assert html_tag(client) == '<html lang="vi" data-contrast="high" data-size="large">'

    choose(client, size="normal")
    assert html_tag(client) == '<html lang="vi" data-contrast="high">'

    choose(client, contrast="normal")
    assert html_tag(client) == '<html lang="vi">'


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [
        *(
            (cookie, "")
            for cookie in ("", "size", "size-huge", 'size-"><script>', "....", "colour-red", "-", "é-è")
        ),
        ("theme-dark.size", ' data-bs-theme="dark"'),
    ],
)
def test_a_spoilt_cookie_is_read_as_far_as_it_makes_sense(client, cookie, attribute):
    client.cookies[COOKIE] = cookie

    assert html_tag(client) == f'<html lang="vi"{attribute}>'


def test_an_unknown_choice_changes_nothing(client):
    choose(client, size="huge", theme="pink", lang="en")

    assert html_tag(client) == '<html lang="vi">'


def test_the_buttons_say_which_is_pressed():
    pressed = [
        (b.name, b.value) for b in Display(size="large", contrast="high", theme="dark").buttons() if b.pressed
    ]

    assert pressed == [("size", "large"), ("contrast", "normal"), ("theme", "light")]


def test_who_has_not_chosen_is_offered_the_other_ground_than_the_device_shows():
    themes = [button for button in Display().buttons() if button.name == "theme"]

    assert [(b.device, b.value, b.pressed) for b in themes] == [
        ("light", "dark", False),
        ("dark", "light", True),
    ]


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/huong-dan/", "http://testserver//evil.example/", "javascript:alert(1)"],
)
def test_it_never_leads_to_another_place(client, referer):
    response = client.post("/hien-thi/", {"size": "large"}, headers={"referer": referer} if referer else {})

    assert (response.status_code, response.url) == (302, "/")


def test_it_comes_back_to_the_same_page_of_a_list(client):
    page = "/huong-dan/?page=3&name=hoa"

    assert choose(client, page=page, size="large").url == page


def test_it_takes_only_a_press_of_a_button(client):
    assert client.get("/hien-thi/").status_code == 405


def test_larger_letters_in_the_middle_of_a_form_lose_nothing_typed(client):
    client.force_login(make_user())

    choose(client, page="/to-khai/", size="large", full_name="Nguyễn Thị Hoa", reason="Ảnh mờ", password1="x")

    page = client.get("/to-khai/")
    assert page.context["form"]["full_name"].value() == "Nguyễn Thị Hoa"
    assert "Đây là những gì bạn vừa gõ, chưa được lưu." in page.content.decode()
    client.post("/to-khai/", {"full_name": "Nguyễn Thị Hoa"})
    assert client.get("/to-khai/").context["form"]["full_name"].value() is None


def test_larger_letters_on_a_page_without_a_form_park_nothing(client):
    client.force_login(make_user())

    choose(client, page="/to-khai/", size="large")

    assert "parked" not in client.session
