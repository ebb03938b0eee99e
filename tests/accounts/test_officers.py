import datetime
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import officers
from accounts.models import Appointment, Role, User
from audit import clock
from audit.models import Event
from tests.factories import days_from_now, make_commune, make_province, make_user
from tests.pages import messages_of
from vietnamese import dates

pytestmark = pytest.mark.django_db

ANSWERS = {
    "full_name": "Lê Văn Bình",
    "username": "binh.le",
    "password1": "học suốt đời",
    "password2": "học suốt đời",
}


def create_officer(organization="42", role="officer", **options):
    out = StringIO()
    call_command(
        "create_officer", organization=organization, role=role, stdout=out, stderr=StringIO(), **options
    )
    return out.getvalue().strip()


@pytest.fixture
def link():
    make_province("Hà Tĩnh", code="42")
    return create_officer(full_name="Lê Văn Bình").removeprefix("http://127.0.0.1:8000")


def test_the_command_appoints_somebody_and_prints_a_link(settings):
    province = make_province("Hà Tĩnh", code="42")

    printed = create_officer(full_name="Lê Văn Bình")

    appointment = Appointment.objects.get()
    officer = appointment.user
    assert (appointment.organization, appointment.role) == (province, Role.OFFICER)
    assert appointment.valid_from == clock.today()
    assert (officer.full_name, officer.has_usable_password()) == ("Lê Văn Bình", False)
    assert printed.startswith("http://127.0.0.1:8000/dang-nhap/lan-dau/")
    assert [(event.verb, event.stream, event.new) for event in Event.objects.order_by("sequence")] == [
        ("open_account", province.pk, ""),
        ("appoint", province.pk, "officer"),
    ]


def test_the_link_names_the_address_the_portal_is_reached_at(settings):
    make_province("Hà Tĩnh", code="42")
    settings.CSRF_TRUSTED_ORIGINS = ["https://danhhieu.example.vn"]

    assert create_officer().startswith("https://danhhieu.example.vn/dang-nhap/lan-dau/")


@pytest.mark.parametrize("closed", [True, False])
def test_an_organization_that_is_not_there_is_an_error(closed):
    if closed:
        make_commune(code="18073", valid_to=days_from_now(-1).date())

    with pytest.raises(CommandError, match="Không có tổ chức nào đang hoạt động mang mã 18073"):
        create_officer("18073")
    assert not User.objects.exists()


def test_an_unknown_role_is_an_error():
    make_province("Hà Tĩnh", code="42")

    with pytest.raises(CommandError, match="king"):
        create_officer(role="king")


def test_a_role_that_the_organization_has_not_is_an_error():
    make_province("Hà Tĩnh", code="42")

    with pytest.raises(CommandError, match="Chọn: officer"):
        create_officer(role="board_chair")
    assert not User.objects.exists()


def test_the_officer_sets_name_and_password_and_is_signed_in(client, link):
    page = client.get(link)
    assert page.context["form"]["full_name"].value() == "Lê Văn Bình"
    assert page.context["seats"] == [
        f"Cán bộ hội khuyến học tỉnh Hà Tĩnh, từ {dates.day_words(clock.today())}"
    ]

    response = client.post(link, ANSWERS, follow=True)

    officer = User.objects.get()
    assert response.context["user"] == officer
    assert (officer.username, officer.check_password("học suốt đời")) == ("binh.le", True)
    assert messages_of(response) == ["Tài khoản đã sẵn sàng. Lần sau đăng nhập bằng tên tài khoản vừa đặt."]
    assert Event.objects.last().verb == "password"


def test_the_link_is_good_once(client, link):
    client.post(link, ANSWERS)

    for response in (client.get(link), client.post(link, ANSWERS | {"username": "another"})):
        assert response.status_code == 410
        assert "Đường dẫn không còn dùng được" in response.content.decode()
    assert User.objects.get().username == "binh.le"


def test_of_two_who_hold_the_link_one_wins(link):
    first, second = User.objects.get(), User.objects.get()
    officers.take_over(first, username="first", full_name="Một", password="học suốt đời")

    with pytest.raises(officers.LinkUsed):
        officers.take_over(second, username="second", full_name="Hai", password="học suốt đời")
    assert User.objects.get().username == "first"


def test_the_link_expires(client, settings):
    make_province("Hà Tĩnh", code="42")
    with time_machine.travel(datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=3, hours=1)):
        link = create_officer().removeprefix("http://127.0.0.1:8000")

    assert client.get(link).status_code == 410


@pytest.mark.parametrize("broken", ["x", "đ", "MQ/abc-def"])
def test_a_made_up_link_opens_nothing(client, link, broken):
    start = "/dang-nhap/lan-dau/"

    assert client.get(link[:-2] + "zz/").status_code == 410
    assert client.get(f"{start}{broken}/" if "/" in broken else f"{start}{broken}/token/").status_code == 410


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        (
            {"username": "0912345678"},
            "username",
            "Tên tài khoản cần có chữ, không dùng số điện thoại hay số căn cước.",
        ),
        ({"username": "lê bình"}, "username", "Chỉ dùng chữ, số và các dấu . - _ @ +"),
        ({"username": "MAI"}, "username", "Đã có người dùng tên tài khoản này. Chọn tên khác."),
        ({"password1": "12345678"}, "password1", None),
        ({"full_name": ""}, "full_name", "Chưa gõ họ và tên. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa."),
    ],
)
def test_what_is_wrong_with_the_first_sign_in_is_said_beside_the_field(client, link, changed, field, said):
    make_user(username="mai")

    response = client.post(link, ANSWERS | changed)

    errors = response.context["form"].errors
    assert set(errors) == {field}
    if said:
        assert errors[field] == [said]
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    "name", ["042.200.000.001", "0912-345-678", "+84_912_345_678", "042200@000001", "0-4-2"]
)
def test_a_number_is_no_account_name_however_it_is_written(name):
    with pytest.raises(ValidationError, match="Tên tài khoản cần có chữ"):
        User(username=name, full_name="Lê Văn Bình", password="x").full_clean()

    User(username=f"{name}.a", full_name="Lê Văn Bình", password="x").full_clean()


def test_the_page_needs_no_session_and_is_not_kept_by_the_browser(client, link):
    assert "no-store" in client.get(link)["Cache-Control"]
    assert client.get(reverse("accounts:sign_in")).status_code == 200
