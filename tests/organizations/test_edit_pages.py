"""What is written of an organization on pages of the portal: contact, new ones below, levels of the tree."""

import datetime

import pytest
from django.urls import reverse

from audit import clock
from audit.models import Event
from organizations.models import Kind, Organization, TreeLevel
from tests.factories import (
    make_centre,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_village,
)
from tests.pages import messages_of, words_of
from vietnamese.dates import day_words

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F1")]
CONTACT = {"phone": "0239 3855 123", "email": "Hoi@example.vn", "address": "Số 1 đường Chính"}


def page(name, organization):
    return reverse(f"organizations:{name}", args=[organization.code])


def errors_of(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


# --- Contact --------------------------------------------------------------------------------------


def test_a_board_writes_how_it_is_reached(client):
    village = make_village()
    client.force_login(make_confirmer(village))

    done = client.post(page("contact", village), CONTACT)

    village.refresh_from_db()
    assert (village.phone, village.email, village.address) == (
        "0239 3855 123",
        "hoi@example.vn",
        "Số 1 đường Chính",
    )
    assert messages_of(done) == ["Đã lưu cách liên hệ."]
    event = Event.objects.get()
    assert (event.verb, event.stream, event.new) == ("contact", village.pk, "phone, email, address")


def test_only_those_above_say_what_is_a_hard_area(client):
    village = make_village()
    for user, said in [(make_confirmer(village), False), (make_officer(village.parent), True)]:
        client.force_login(user)
        client.post(page("contact", village), CONTACT | {"is_hard_area": "on"})
        village.refresh_from_db()
        assert village.is_hard_area == said


def test_a_contact_that_cannot_be_read_changes_nothing(client):
    village = make_village()
    client.force_login(make_confirmer(village))

    asked = client.post(page("contact", village), {"email": "hoi"})

    assert list(errors_of(asked)) == ["email"]
    assert not Event.objects.exists()


def test_saving_the_same_again_tells_nothing(client):
    village = make_village()
    client.force_login(make_confirmer(village))

    client.post(page("contact", village), {})

    assert not Event.objects.exists()


# --- A new one below ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "name", "kind", "full_name"),
    [
        ("village:thon", "Bắc Hải", Kind.VILLAGE, "Thôn Bắc Hải"),
        ("unit:school", "Trường Tiểu học Thạch Khê", Kind.UNIT, "Trường Tiểu học Thạch Khê"),
        ("unit:agency", "Trạm Y tế", Kind.UNIT, "Trạm Y tế"),
        ("unit:enterprise", "Công ty Lúa Vàng", Kind.UNIT, "Công ty Lúa Vàng"),
        ("unit:armed_force", "Công an xã", Kind.UNIT, "Công an xã"),
        ("unit:cooperative", "Hợp tác xã Muối", Kind.UNIT, "Hợp tác xã Muối"),
        ("clan:", "Dòng họ Nguyễn Huy", Kind.CLAN, "Dòng họ Nguyễn Huy"),
    ],
)
def test_a_commune_adds_villages_units_of_every_type_and_clans(client, what, name, kind, full_name):
    commune = make_commune(code="18604")
    client.force_login(make_officer(commune))

    done = client.post(page("add", commune), {"what": what, "name": name})

    new = Organization.objects.get(parent=commune)
    assert (new.kind, new.full_name, new.valid_from) == (kind, full_name, clock.today())
    assert done.url == new.get_absolute_url()
    assert new.placements.count() == 1
    assert Event.objects.get().verb == "found"


def test_a_province_adds_what_stands_directly_under_it_and_no_village(client):
    province = make_province(code="42")
    client.force_login(make_officer(province))

    asked = client.post(page("add", province), {"what": "village:thon", "name": "Bắc Hải"})
    client.post(page("add", province), {"what": "unit:agency", "name": "Sở Giáo dục"})

    assert list(errors_of(asked)) == ["what"]
    assert Organization.objects.get(parent=province).full_name == "Sở Giáo dục"


def test_a_name_that_stands_there_is_not_added_twice_but_another_accent_is(client):
    commune = make_commune()
    make_village("Đông Hải", commune)
    client.force_login(make_officer(commune))

    same = client.post(page("add", commune), {"what": "village:thon", "name": "đông hải"})
    client.post(page("add", commune), {"what": "village:thon", "name": "Đồng Hải"})

    assert errors_of(same) == {"name": ["Đã có Thôn Đông Hải ở đây."]}
    assert Organization.objects.filter(parent=commune).count() == 2


def test_nothing_is_added_on_a_level_that_ended(client):
    commune = make_commune()
    ended = {"valid_to": clock.today() - datetime.timedelta(days=1)}
    TreeLevel.objects.update_or_create(kind=Kind.CLAN, defaults=ended)
    client.force_login(make_officer(commune))

    asked = client.post(page("add", commune), {"what": "clan:", "name": "Dòng họ Lê"})

    assert errors_of(asked) == {"what": ["Cấp này không còn dùng, không lập mới được."]}
    assert not Organization.objects.filter(parent=commune).exists()


# --- Levels ---------------------------------------------------------------------------------------


@pytest.mark.feature("F8")
def test_the_centre_says_until_when_a_level_exists(client):
    client.force_login(make_officer(make_centre()))
    levels = reverse("organizations:levels")
    today = clock.today()

    for ends in (day_words(today), ""):
        done = client.post(levels, {"kind": "district", "valid_to": ends, "legal_basis": "72/2025/QH15"})
        assert messages_of(done)[-1] == "Đã lưu cấp huyện, quận (đã bỏ từ 01/07/2025)."

    assert TreeLevel.objects.get(kind="district").valid_to is None
    assert list(Event.objects.order_by("pk").values_list("old", "new")) == [
        ("72/2025/QH15", f"district ..{today}"),
        ("72/2025/QH15", "district .."),
    ]


def test_days_turned_round_are_said_beside_the_field(client):
    client.force_login(make_officer(make_centre()))
    before = list(TreeLevel.objects.values())

    asked = client.post(
        reverse("organizations:levels"),
        {
            "kind": "clan",
            "valid_from": "02/01/2026",
            "valid_to": "01/01/2026",
            "legal_basis": "Quyết định 1",
        },
    )

    assert errors_of(asked) == {"valid_to": ["Ngày cuối phải từ ngày bắt đầu trở đi."]}
    assert list(TreeLevel.objects.values()) == before


def test_only_the_centre_sets_levels(client):
    province = make_province()
    make_unit(parent=province)
    for user in (make_officer(province), make_confirmer(make_centre())):
        client.force_login(user)
        assert client.get(reverse("organizations:levels")).status_code == 403
    client.force_login(make_officer(make_centre()))
    assert "Tỉnh, thành phố – – 1" in words_of(client.get(reverse("organizations:levels")))
