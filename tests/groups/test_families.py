"""Who heads a household and what clan it belongs to, as the pages change it."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Citizen, Headship, Message, Role
from audit import clock
from audit.models import Event
from organizations.models import Household
from tests.factories import (
    appoint,
    make_citizen,
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmer,
    make_head,
    make_household,
    make_user,
    make_village,
    open_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A17")]


@pytest.fixture
def village():
    return make_village(commune=make_commune())


@pytest.fixture
def head(village):
    return make_head(make_household(village))


@pytest.fixture
def other(head):
    return make_citizen_with_account("Nguyễn Thị Bình", board=head.village, household=head.household)


def page_of(household):
    return reverse("groups:village_household", args=[household.village.code, household.pk])


def clan_of(household):
    return Household.objects.get(pk=household.pk).clan


def subjects_of(user):
    return [each.subject for each in Message.objects.for_user(user)]


# --- The head -------------------------------------------------------------------------------------


def test_a_village_board_names_another_head_and_the_one_before_ends_that_day(client, village, head, other):
    open_campaign()
    client.force_login(make_confirmer(village))
    assert page_of(head.household) in client.get(reverse("groups:village", args=[village.code])).text
    for _click in range(2):
        answer = client.post(page_of(head.household), {"citizen": other.pk}, follow=True)
    assert "Nguyễn Thị Bình là người đại diện" in answer.text
    assert "Nguyễn Văn An: từ ngày 01/01/2024" in answer.text
    assert Headship.objects.in_office().get().citizen == other
    yesterday = clock.today() - datetime.timedelta(days=1)
    assert Headship.objects.get(citizen=head).valid_to == yesterday
    event = Event.objects.get(verb="headship")
    assert (event.old, event.new) == (str(head.pk), str(other.pk))
    assert subjects_of(head.user) == ["Nguyễn Thị Bình là người đại diện của Hộ ông An"]
    assert subjects_of(other.user) == ["Bạn được ghi là người đại diện của Hộ ông An"]
    own = reverse("groups:household", args=[head.household.pk])
    client.force_login(head.user)
    assert client.get(own).status_code == 404
    client.force_login(other.user)
    assert client.get(own).status_code == 200


def test_a_head_named_and_changed_on_one_day_leaves_the_last_alone(client, village, other):
    client.force_login(make_confirmer(village))
    third = make_citizen("Nguyễn Văn Cả", board=village, household=other.household)
    for citizen in (other, third):
        client.post(page_of(other.household), {"citizen": citizen.pk})
    assert Headship.objects.in_office().get().citizen == third
    assert Event.objects.filter(verb="headship").count() == 2


def test_only_a_grown_up_who_lives_there_can_be_named(client, village, head):
    child = make_citizen(board=village, household=head.household, birth_date=datetime.date(2015, 1, 1))
    gone = make_citizen(board=village, household=head.household, departed_on=clock.today())
    client.force_login(make_confirmer(village))
    for citizen in (child, gone, make_citizen(board=village)):
        assert "không còn ở trong hộ" in client.post(page_of(head.household), {"citizen": citizen.pk}).text
    assert "Chọn một người" in client.post(page_of(head.household)).text
    assert Headship.objects.get().citizen == head
    foreign = make_village("Nam Hải", commune=village.parent)
    url = reverse("groups:village_household", args=[foreign.code, head.household.pk])
    assert client.get(url).status_code == 404


def test_where_the_head_left_the_portal_another_takes_it_on_or_is_named(client, village, head, other):
    client.force_login(other.user)
    assert "Tôi là người đại diện" not in client.get(reverse("groups:mine")).text
    Citizen.objects.filter(pk=head.pk).update(departed_on=clock.today())
    client.force_login(make_confirmer(village))
    assert "đã ra khỏi danh sách" in client.get(page_of(head.household)).text
    client.force_login(other.user)
    client.post(reverse("groups:mine"))
    assert Headship.objects.in_office().get().citizen == other


# --- The clan -------------------------------------------------------------------------------------


@pytest.fixture
def clan(village):
    return make_clan(commune=village.parent)


@pytest.fixture
def elder(clan):
    elder = make_user("Nguyễn Văn Thọ")
    appoint(elder, clan, Role.REPRESENTATIVE)
    return elder


def test_a_head_joins_a_clan_of_the_commune_and_leaves_it_and_its_elder_is_told(client, head, clan, elder):
    here = reverse("groups:household_clan", args=[head.household.pk])
    client.force_login(head.user)
    far = make_clan("Dòng họ Lê", commune=make_commune("Nam Đàn"))
    assert "không còn trong xã" in client.post(here, {"act": "join", "clan": far.pk}).text
    for _click in range(2):
        answer = client.post(here, {"act": "join", "clan": clan.pk}, follow=True)
    assert "Hộ của bạn thuộc Dòng họ Nguyễn Đông Hải" in answer.text
    assert clan_of(head.household) == clan
    for _click in range(2):
        client.post(here, {"act": "leave"})
    assert clan_of(head.household) is None
    assert len(subjects_of(elder)) == 2
    assert subjects_of(head.user) == []
    assert set(Event.objects.values_list("verb", flat=True)) >= {"clan", "clan_left"}
    assert Event.objects.filter(verb__in=["clan", "clan_left"]).count() == 2


def test_the_elder_puts_a_household_in_by_its_head_and_takes_it_out_and_the_head_is_told(
    client, head, clan, elder
):
    here = reverse("groups:clan_households", args=[clan.code])
    client.force_login(elder)
    typed = {"act": "join", "full_name": "nguyễn văn an", "birth_year": head.birth_year}
    nobody = client.post(here, typed | {"full_name": "Nguyễn Văn Không"}).text
    assert "Không tìm được đúng một hộ" in nobody
    assert "Nguyễn Văn Không" in nobody
    assert "Hộ ông An" in client.post(here, typed, follow=True).text
    assert clan_of(head.household) == clan
    client.post(here, {"act": "leave", "ho": head.household.pk})
    assert clan_of(head.household) is None
    assert len(subjects_of(head.user)) == 2
    assert subjects_of(elder) == []


def test_a_household_of_one_clan_is_not_taken_by_another(client, head, clan, elder):
    mine = make_clan("Dòng họ Trần", commune=clan.parent)
    head.household.clan = mine
    head.household.save()
    client.force_login(elder)
    typed = {"act": "join", "full_name": "Nguyễn Văn An", "birth_year": head.birth_year}
    page = client.post(reverse("groups:clan_households", args=[clan.code]), typed).text
    assert "đã thuộc một dòng họ khác" in page
    client.post(
        reverse("groups:clan_households", args=[clan.code]), {"act": "leave", "ho": head.household.pk}
    )
    assert clan_of(head.household) == mine
