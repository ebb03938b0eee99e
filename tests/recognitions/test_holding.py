"""The page of somebody's titles, and the link under which they show it."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from audit import clock
from audit.models import Event
from criteria.models import Level
from portal.context_processors import titles_held
from recognitions import revoking
from recognitions.models import SharedPage
from tests.factories import (
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_head,
    make_household,
    make_officer,
    make_recognition,
    make_user,
    make_village,
)
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H3")]


@pytest.fixture
def holder():
    return make_citizen_with_account("Nguyễn Thị Hoa", board=make_village())


def titles(client, citizen):
    client.force_login(citizen.user)
    return words_of(client.get(reverse("recognitions:mine")))


def shared_address(client):
    client.post(reverse("recognitions:share"))
    return reverse("recognitions:shared", args=[SharedPage.objects.get(withdrawn_at=None).key])


def test_somebody_sees_the_own_titles_by_year_and_nobody_elses(client, holder):
    own = make_recognition(make_confirmed_assessment(citizen=holder))
    other = make_citizen_with_account("Trần Văn Bình", board=make_village())
    make_recognition(make_confirmed_assessment(citizen=other))

    words = titles(client, holder)

    assert f"Năm {own.decision.campaign.year}" in words
    assert own.decision.number in words
    assert "Chưa ai kiểm tra" in words
    assert "Trần Văn Bình" not in words


def test_the_start_page_shows_the_titles_in_force(client, holder):
    held = make_recognition(
        make_confirmed_assessment(citizen=holder), valid_until=clock.today() + datetime.timedelta(days=9)
    )
    client.force_login(holder.user)

    assert f"Danh hiệu đang giữ Công dân học tập Năm {held.decision.campaign}" in words_of(
        client.get(reverse("assessments:mine"))
    )
    with time_machine.travel(clock.now() + datetime.timedelta(days=10)):
        assert titles_held(holder.user) == []


def test_a_shared_link_shows_titles_without_codes_until_it_is_withdrawn(client, holder):
    own = make_recognition(make_confirmed_assessment(citizen=holder))
    client.force_login(holder.user)
    address = shared_address(client)
    assert shared_address(client) == address  # a second press makes no second one
    assert address in client.get(reverse("recognitions:mine")).content.decode()

    client.logout()
    shown = client.get(address)
    assert "Danh hiệu của Nguyễn Thị Hoa" in words_of(shown)
    assert own.decision.number in words_of(shown)
    assert own.code not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    revoking.reissue(
        own, by=make_officer(own.decision.issuer), holder_name="Y Bhăm Êban", place_name="", reason="Sai."
    )
    corrected = words_of(client.get(address))
    assert "Danh hiệu của Y Bhăm Êban" in corrected
    assert corrected.count(own.decision.number) == 1

    client.force_login(holder.user)
    for _press in range(2):
        client.post(reverse("recognitions:withdraw"))
    assert client.get(address).status_code == 404
    assert shared_address(client) != address
    verbs = list(Event.objects.filter(verb__contains="titles").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["share_titles", "withdraw_shared_titles", "share_titles"]


def test_whoever_has_no_account_as_a_citizen_shares_nothing(client):
    client.force_login(make_user())

    assert client.post(reverse("recognitions:share")).status_code == 404
    assert client.get(reverse("recognitions:shared", args=["nothing"])).status_code == 404


def test_who_speaks_for_a_group_finds_its_titles_too(client):
    household = make_household(make_village())
    head = make_head(household)
    record = make_confirmed_group_assessment(Level.FAMILY, household, by=head.user)
    recognition = make_recognition(record)

    words = titles(client, head)

    assert "Gia đình học tập" in words
    assert recognition.holder_name in words
    assert client.get(reverse("recognitions:download", args=[recognition.pk])).status_code == 200
