import datetime

import pytest

from accounts import registration
from accounts.models import Citizen, Gender, Message, Population, User
from accounts.places import Home
from accounts.registration import CONSENT_VERSION, CONSENTS, NumberTaken, open_account
from audit.events import faults
from audit.models import Event
from tests.accounts.stored import everything_stored
from tests.factories import make_citizen, make_identity_number, make_village

pytestmark = pytest.mark.django_db


def person(**fields):
    return {
        "full_name": "Nguyễn Thị Hoa",
        "birth_date": datetime.date(1960, 9, 5),
        "gender": Gender.FEMALE,
        "identity_number": "042160000001",
        "phone": "+84912345678",
        "email": "",
    } | fields


def make_home(**fields):
    village = make_village()
    return Home(village.parent, village, **({"population": Population.VILLAGER} | fields))


@pytest.mark.feature("A1")
def test_an_account_is_a_user_a_citizen_their_events_and_a_welcome():
    home = make_home(unit_text="Xưởng mộc")

    user = open_account(person(), home, password="học suốt đời")

    citizen = user.citizen
    assert (citizen.full_name, citizen.board, citizen.unit_text) == (
        "Nguyễn Thị Hoa",
        home.village,
        "Xưởng mộc",
    )
    assert citizen.identity_number == "042160000001"
    assert (citizen.consent_version, citizen.consented_at) == (CONSENT_VERSION, user.date_joined)
    assert user.check_password("học suốt đời")
    assert list(Event.objects.order_by("sequence").values_list("verb", "actor", "subject", "stream")) == [
        ("open_account", user.pk, citizen.pk, home.village.pk),
        ("consent", user.pk, citizen.pk, home.village.pk),
    ]
    assert list(faults()) == []
    assert Message.objects.for_user(user).get().subject == "Chào mừng bạn đến với cổng danh hiệu học tập"


@pytest.mark.parametrize("with_account", [True, False])
def test_one_identity_number_is_one_citizen(with_account):
    holder = make_citizen(identity_number="042160000001")
    if with_account:
        holder.user = User.objects.create(full_name="Người có tài khoản")
        holder.save()
    before = (User.objects.count(), Citizen.objects.count(), Event.objects.count(), Message.objects.count())

    with pytest.raises(NumberTaken):
        open_account(person(), make_home(), password="học suốt đời")

    after = (User.objects.count(), Citizen.objects.count(), Event.objects.count(), Message.objects.count())
    assert after == before


def test_another_fault_of_the_database_is_not_called_a_taken_number():
    first = open_account(person(), make_home(), password="học suốt đời")
    second = person(identity_number=make_identity_number())

    with pytest.raises(Exception, match=r"(?i)unique"):
        open_account(second, make_home(), password="học suốt đời", username=first.username)


def test_the_account_name_says_nothing_of_its_holder():
    user = open_account(person(), make_home(), password="học suốt đời")

    assert user.username.startswith("cd-")
    assert not any(character in user.username for character in "01")


def test_no_table_holds_the_identity_number_in_clear():
    open_account(person(), make_home(), password="học suốt đời")

    stored = everything_stored()

    assert "Nguyễn Thị Hoa" in stored
    assert "042160000001" not in stored


def test_a_changed_text_of_consent_is_a_new_version():
    texts = {version: str(text) for version, text in CONSENTS.items()}

    assert texts == {
        "2026-1": "Tôi đồng ý để cổng lưu và dùng các thông tin trên vào việc đăng ký, xác nhận và báo cáo "
        "danh hiệu học tập của tôi.",
    }
    assert list(CONSENTS)[-1] == CONSENT_VERSION


def test_what_is_said_of_a_taken_number_tells_nothing_of_its_holder():
    assert str(registration.TAKEN) == (
        "Số căn cước này đã có trên cổng. Nếu bạn đã mở tài khoản, hãy đăng nhập bằng số này. "
        "Nếu được trao phiếu có mã, hãy nhận tài khoản bằng phiếu. "
        "Nếu chưa, hoặc quên mật khẩu, hãy mang thẻ căn cước đến hội khuyến học xã, phường nơi bạn ở. "
        "Hội giúp bạn nhận tài khoản."
    )
