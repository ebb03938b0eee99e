"""Who has not registered, over the list of the year's day, and reminding them."""

import datetime
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Citizen, Message
from assessments import workflow
from assessments.models import Campaign, WindowStep
from audit import clock
from audit.models import Event, Look
from criteria.models import Group
from people import freezing, moves, nudges
from people.models import Nudge, NudgeKind, TransferKind
from tests.at_once import at_once
from tests.factories import (
    closed_window,
    load_criteria,
    make_assessment,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_unit,
    open_campaign,
)
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B11")]


@pytest.fixture
def school():
    open_campaign()
    return make_unit("THCS Thạch Khê", parent=make_commune("Thạch Khê"))


@pytest.fixture
def by(client, school):
    by = make_confirmer(school)
    client.force_login(by)
    return by


def page(school, query=""):
    return reverse("people:unregistered", args=[school.code]) + query


def press(client, school, query="", **typed):
    return client.post(page(school, query), typed, follow=True)


def reminded():
    return sorted(Nudge.objects.values_list("citizen__full_name", "kind"))


def test_one_click_reminds_all_with_an_account_and_a_second_nobody(client, school, by):
    for name in ("An", "Bình", "Chi"):
        make_citizen_with_account(name, board=school)
    make_assessment(citizen=make_citizen_with_account("Đã đăng ký", board=school), campaign=campaign())
    make_citizen("Không tài khoản", board=school)

    assert "Gửi lời nhắc cho 3 người" in words_of(client.get(page(school)))
    first = press(client, school, message=1)
    second = press(client, school, message=1)

    assert messages_of(first) == ["Đã gửi lời nhắc cho 3 người."]
    assert messages_of(second) == ["Không gửi cho ai: họ đã đăng ký, hoặc vừa được nhắc."]
    assert reminded() == [("An", "message"), ("Bình", "message"), ("Chi", "message")]
    told = Message.objects.filter(key__startswith="nudge")
    assert sorted(told.values_list("citizen__full_name", flat=True)) == ["An", "Bình", "Chi"]
    assert [event.new for event in Event.objects.filter(verb="nudge")] == ["message 3"]
    assert "Không còn ai có tài khoản để nhắn" in words_of(second)


def campaign():
    return Campaign.objects.get()


def test_only_those_found_are_reminded_and_again_after_a_week(client, school, by):
    for name in ("Nguyễn Văn An", "Trần Thị Bình"):
        make_citizen_with_account(name, board=school)
    press(client, school, "?ten=binh", message=1)
    assert reminded() == [("Trần Thị Bình", "message")]
    with time_machine.travel(clock.now() + nudges.NOT_AGAIN_FOR + datetime.timedelta(minutes=1)):
        client.force_login(by)
        press(client, school, message=1)
    assert [name for name, _kind in reminded()] == ["Nguyễn Văn An", "Trần Thị Bình", "Trần Thị Bình"]


def test_those_without_an_account_are_listed_to_be_called(client, school, by):
    make_citizen_with_account("Có tài khoản", board=school)
    old = make_citizen("Cụ Tư", board=school, phone="+84912345678")
    shown = client.get(page(school, "?xem=khong&in=1"))
    assert [citizen.full_name for citizen in shown.context["page"]] == ["Cụ Tư"]
    assert "0912 345 678" in words_of(shown)
    assert Look.objects.filter(viewer=by.pk).exists()

    press(client, school, "?xem=khong", called=1, people=[old.pk])
    press(client, school, "?xem=khong", called=1, people=[old.pk])

    assert reminded() == [("Cụ Tư", "call")]
    assert not Message.objects.filter(key__startswith="nudge").exists()
    assert "gọi điện, gặp" in words_of(client.get(page(school)))
    nobody = press(client, school, called=1)
    assert messages_of(nobody) == ["Chưa ghi ai. Đánh dấu người bạn đã gọi, rồi bấm lại."]


def test_nobody_of_another_board_is_reminded(client, school, by):
    other = make_citizen_with_account("Của xã", board=school.parent)
    press(client, school, message=1)
    press(client, school, called=1, people=[other.pk])
    assert nudges.remind([other.pk], NudgeKind.MESSAGE, organization=school, campaign=campaign(), by=by) == 0
    assert reminded() == []


def test_nobody_is_reminded_of_what_is_over(client, school, by):
    campaign().windows.filter(step=WindowStep.REGISTRATION).update(
        **dict(zip(["opens_at", "closes_at"], closed_window(), strict=True))
    )
    make_citizen_with_account("An", board=school)
    shown = words_of(client.get(page(school)))
    assert "Lúc này không đăng ký được." in shown
    assert "Gửi lời nhắc" not in shown
    press(client, school, message=1)
    assert reminded() == []


def test_the_rate_is_of_the_list_of_the_day_and_who_left_is_told_beside(client, school, by):
    year = campaign()
    Campaign.objects.update(listed_on=clock.today() - datetime.timedelta(days=1))
    before = clock.now() - datetime.timedelta(days=5)
    people = [make_citizen_with_account(name, board=school, added_at=before) for name in "ABCDE"]
    make_assessment(citizen=people[0], campaign=year)
    assert "chưa được chốt" in words_of(client.get(page(school)))
    freezing.freeze(clock.now())
    step = {"organization": school, "reason": "Theo giấy báo", "by": by}
    moves.depart([people[1].pk], TransferKind.DIED, clock.today(), **step)
    moves.move([people[2].pk], make_unit("THPT Khác", parent=school.parent), **step)
    make_citizen("Mới", board=school)

    shown = words_of(client.get(page(school)))

    assert "3 người trong danh sách hôm nay chưa đăng ký." in shown
    assert "Đã đăng ký: 1 trên 5 người trong danh sách ngày" in shown
    assert "1 người chuyển sang nơi khác; 1 người rời danh sách (1 đã mất); 1 người mới đến." in shown


def test_the_page_asks_no_more_for_more_people(client, school, by, django_assert_num_queries):
    make_citizen_with_account(board=school)
    client.get(page(school))
    with CaptureQueriesContext(connection) as asked:
        client.get(page(school))
    for _each in range(30):
        make_citizen_with_account(board=school)
    with django_assert_num_queries(len(asked)):
        client.get(page(school))


def test_a_thousand_are_reminded_in_few_steps(school, by, django_assert_max_num_queries):
    accounts = [make_citizen_with_account(board=school).pk for _each in range(30)]
    nudges.CHUNK, whole = 10, nudges.CHUNK
    try:
        with django_assert_max_num_queries(60):
            count = nudges.remind(
                accounts, NudgeKind.MESSAGE, organization=school, campaign=campaign(), by=by
            )
    finally:
        nudges.CHUNK = whole
    assert count == 30


def remind(people, school, by):
    return nudges.remind(people, NudgeKind.MESSAGE, organization=school, campaign=campaign(), by=by)


def register(citizen):
    workflow.register(citizen, campaign(), group=Group.I, by=citizen.user)
    return "registered"


def test_of_clicks_at_once_one_tells_and_who_registers_meanwhile_is_told_before_or_never(shared_database):
    open_campaign()
    load_criteria()
    school = make_unit(parent=make_commune())
    by = make_confirmer(school)
    people = [make_citizen_with_account(board=school) for _each in range(12)]
    keys = [citizen.pk for citizen in people]
    told = at_once(*[partial(remind, keys, school, by)] * 3, partial(register, people[5]))
    assert sum(told[:3]) in (11, 12)
    assert Message.objects.filter(key__startswith="nudge").count() == sum(told[:3])
    assert Nudge.objects.count() == sum(told[:3])
    assert Citizen.objects.filter(nudges__isnull=False).distinct().count() == sum(told[:3])
