"""Who could not be reached stands on a list of the board until somebody reads, is reached, or is visited."""

import datetime
import functools

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Message
from audit.models import Event, Look
from delivery import sending, unreached
from delivery.gateways import Mail
from delivery.models import Channel, Delivery
from tests.at_once import at_once
from tests.delivery.companies import Company, tell
from tests.factories import (
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_village,
)
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I4")]
NOON = datetime.datetime.fromisoformat("2026-11-20T12:00:00+07:00")
WRONG = "+84900000000"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "company"
    folder.mkdir()
    return Company(folder, wrong=(WRONG,))


@pytest.fixture
def village():
    return make_village("Đông Hải", make_commune("Thạch Khê"))


@pytest.fixture
def by(client, village):
    by = make_confirmer(village)
    client.force_login(by)
    return by


def sweep(company):
    return sending.sweep({Channel.SMS: company})


def page(village, query=""):
    return reverse("delivery:unreached", args=[village.code]) + query


def listed(client, village):
    return [one.citizen.full_name for one in client.get(page(village)).context["people"]]


def test_the_board_sees_whom_nothing_reached_why_and_what_to_do(client, village, by, company):
    tell(make_citizen("Cụ Tư", board=village, phone=""))
    tell(make_citizen("Bà Năm", board=village, phone="+842393851234"))
    tell(make_citizen("Ông Ba", board=village, phone=WRONG), subject="Hồ sơ năm 2026 bị trả lại để sửa")
    tell(make_citizen("Người khác", phone=""))
    tell(make_citizen("Nhận được", board=village))
    tell(make_citizen("Tin thường", board=village, phone=""), key="transfer:1:1")
    sweep(company)

    shown = client.get(page(village))

    assert {one.citizen.full_name: one.why for one in shown.context["people"]} == {
        "Ông Ba": "Số di động này không nhận được tin",
        "Bà Năm": "Không có số di động, e-mail để gửi tin",
        "Cụ Tư": "Chưa có số điện thoại và e-mail",
    }
    words = words_of(shown)
    assert "3 người cần được gọi điện hoặc gặp" in words
    assert "Gọi 0900 000 000" in words
    assert "Đến gặp" in words
    assert "Hồ sơ năm 2026 bị trả lại để sửa" in words
    assert Look.objects.filter(viewer=by.pk).exists()


def test_who_was_told_in_person_leaves_the_list_with_the_name_of_who_did(client, village, by, company):
    old = make_citizen("Cụ Tư", board=village, phone="")
    tell(old)
    tell(old, subject="Tin nữa")
    tell(make_citizen("Bà Năm", board=village, phone=""))
    sweep(company)

    first = client.post(page(village), {"people": [old.pk]}, follow=True)
    second = client.post(page(village), {"people": [old.pk]}, follow=True)

    assert messages_of(first) == ["Đã ghi: 1 người được báo trực tiếp."]
    assert messages_of(second) == ["Chưa ghi ai. Đánh dấu người bạn đã gọi hoặc gặp, rồi bấm lại."]
    assert listed(client, village) == ["Bà Năm"]
    assert set(Delivery.objects.filter(citizen=old).values_list("told_by", flat=True)) == {by.pk}
    assert list(Event.objects.filter(verb="tell").values_list("subject", "actor")) == [(old.pk, by.pk)]


def test_who_reads_it_or_is_reached_later_leaves_the_list(client, village, by, company, at_noon):
    reader = make_citizen_with_account("Đọc trên cổng", board=village, phone=WRONG)
    reached = make_citizen("Đổi số", board=village, phone=WRONG)
    tell(reader)
    tell(reached)
    sweep(company)
    assert listed(client, village) == ["Đọc trên cổng", "Đổi số"]

    Message.objects.for_user(reader.user).mark_read()
    type(reached).objects.filter(pk=reached.pk).update(phone="+84912345678")
    at_noon.move_to(NOON + datetime.timedelta(hours=1))
    tell(reached)
    sweep(company)

    assert listed(client, village) == []
    assert "Không có ai cần được gọi điện" in words_of(client.get(page(village)))


def test_what_came_by_one_way_needs_no_visit(client, village, by, company, mailoutbox):
    tell(make_citizen("Có e-mail", board=village, phone=WRONG, email="a@example.com"))
    sending.sweep({Channel.SMS: company, Channel.EMAIL: Mail()})

    assert len(mailoutbox) == 1
    assert listed(client, village) == []


def test_what_may_still_come_by_another_way_needs_no_visit_yet(client, village, by, company, tmp_path):
    tell(make_citizen("Có e-mail", board=village, phone=WRONG, email="a@example.com"))
    sending.sweep({Channel.SMS: company, Channel.EMAIL: Company(tmp_path, case="down")})

    assert listed(client, village) == []
    Delivery.objects.filter(channel=Channel.EMAIL).update(state="failed", why="gave_up", next_at=None)
    assert listed(client, village) == ["Có e-mail"]


def test_the_commune_sees_those_of_its_villages(client, village, company):
    client.force_login(make_officer(village.parent))
    tell(make_citizen("Cụ Tư", board=village, phone=""))
    sweep(company)

    assert listed(client, village.parent) == listed(client, village) == ["Cụ Tư"]


def test_of_two_members_at_once_one_notes_it(shared_database, village, company):
    old = make_citizen("Cụ Tư", board=village, phone="")
    tell(old)
    sweep(company)
    members = [make_confirmer(village, name) for name in ("Mai", "Lan")]

    note = functools.partial(unreached.told, [old.pk], organization=village)
    assert sorted(at_once(*[functools.partial(note, by=by) for by in members])) == [0, 1]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_as_for_twenty(
    client, village, by, company, count, django_assert_max_num_queries
):
    for _ in range(count):
        tell(make_citizen("Cụ Tư", board=village, phone=""))
    sweep(company)

    with django_assert_max_num_queries(18):
        assert len(client.get(page(village)).context["people"]) == count
