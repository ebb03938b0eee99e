"""A draft comes into force by two people of the centre, and by nobody alone."""

import datetime
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments import workflow
from assessments.models import State
from audit import clock
from audit.models import Event
from criteria.models import CriteriaSet, Group, Status
from criteria.publishing import Refused
from revising import carrying, drafting, publishing, tasks
from revising.models import Carrying, CarryingState
from tests.criteria.versions import say
from tests.factories import (
    load_criteria,
    make_campaign,
    make_centre,
    make_confirmed_assessment,
    make_officer,
    make_scored_assessment,
    moment,
    open_campaign,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D1")]


@pytest.fixture
def centre():
    load_criteria()
    return make_centre()


@pytest.fixture
def drafter(centre):
    return make_officer(centre, "Lê Văn Bình")


@pytest.fixture
def second(centre):
    return make_officer(centre, "Hoàng Thị Yến")


@pytest.fixture
def old(centre):
    return CriteriaSet.objects.get(group=Group.I)


@pytest.fixture
def draft(old, drafter):
    made = drafting.copy(old, by=drafter)
    say(made, "I.1.1", text="Đọc sách mỗi ngày")
    return made


def test_a_second_person_publishes_what_the_first_asked_for(old, draft, drafter, second):
    publishing.ask(draft, by=drafter)
    publishing.publish(draft, by=second)

    old.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.status, draft.drafted_by, draft.published_by) == (Status.PUBLISHED, drafter.pk, second.pk)
    assert old.valid_to == clock.today() - datetime.timedelta(days=1)
    assert workflow.criteria_set_for(Group.I, clock.now()) == draft
    assert publishing.in_force_before(draft) == old
    told = list(Event.objects.filter(verb__in=["draft", "ask_publish", "publish"]).order_by("pk"))
    assert [(each.verb, each.actor) for each in told if each.actor] == [
        ("draft", drafter.pk),
        ("ask_publish", drafter.pk),
        ("publish", second.pk),
    ]


def test_nobody_publishes_alone(draft, drafter, second):
    with pytest.raises(Refused, match="Chưa ai đề nghị"):
        publishing.publish(draft, by=second)
    publishing.ask(draft, by=second)
    for alone in (drafter, second):
        with pytest.raises(Refused, match="không tự ban hành được"):
            publishing.publish(draft, by=alone)


def test_what_was_edited_after_it_was_asked_for_has_to_be_asked_for_again(draft, drafter, second):
    publishing.ask(draft, by=drafter)
    CriteriaSet.objects.filter(pk=draft.pk).update(revision=2)
    draft.refresh_from_db()

    with pytest.raises(Refused, match="Chưa ai đề nghị"):
        publishing.publish(draft, by=second)


@pytest.mark.parametrize(
    ("alone", "rule"),
    [
        ("drafter", "published_by_another_than_the_drafter"),
        ("asker", "another than the publisher asked"),
        ("nobody", "another than the publisher asked"),
        ("unasked", "another than the publisher asked"),
    ],
)
def test_the_database_refuses_one_person_alone(alone, rule, old, draft, drafter, second):
    CriteriaSet.objects.filter(pk=old.pk).update(
        status=Status.RETIRED
    )  # so that nothing else stands in the way
    if alone != "unasked":
        publishing.ask(draft, by=second)
    by = {"drafter": drafter.pk, "asker": second.pk, "nobody": None, "unasked": second.pk}[alone]

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        CriteriaSet.objects.filter(pk=draft.pk).update(
            status=Status.PUBLISHED, published_by=by, published_at=clock.now()
        )

    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_the_page_refuses_the_drafter_and_leaves_the_draft(client, draft, drafter):
    publishing.ask(draft, by=drafter)
    client.force_login(drafter)

    page = client.get(reverse("revising:detail", args=[draft.pk]))
    answer = client.post(reverse("revising:publish", args=[draft.pk]), {"revision": 1}, follow=True)

    assert '<button class="btn btn-primary">Ban hành' not in page.content.decode()
    assert "Người soạn và người đề nghị không tự ban hành được" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


# --- What it does to records ----------------------------------------------------------------------


@pytest.fixture
def amid_a_year():
    """Any day but the last of a year: what begins tomorrow is of the same one."""
    with time_machine.travel(moment(clock.today().year + 1, 6, 1, 9), tick=False):
        yield


@pytest.mark.usefixtures("amid_a_year")
def test_open_records_are_carried_from_the_day_on_which_it_is_in_force(old, drafter, second):
    campaign = open_campaign()
    records = [make_scored_assessment(campaign=campaign) for _ in range(3)]
    draft = drafting.copy(old, by=drafter)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    CriteriaSet.objects.filter(pk=draft.pk).update(valid_from=tomorrow)
    draft.refresh_from_db()
    publishing.ask(draft, by=drafter)
    publishing.publish(draft, by=second)

    assert carrying.begin(clock.now()) == []
    with time_machine.travel(clock.now() + datetime.timedelta(days=1), tick=False):
        (begun,) = carrying.begin(clock.now())
        carrying.work(begun.pk)
        assert carrying.begin(clock.now()) == []
        assert carrying.words(Carrying.objects.get(), clock.now()) == "Đã chuyển 3 hồ sơ, còn 0."

    assert {reload(record).criteria_set_id for record in records} == {draft.pk}
    assert Carrying.objects.get().state == CarryingState.DONE


def test_carrying_that_died_is_taken_up_and_carries_the_rest(old, draft, drafter, second, monkeypatch):
    campaign = open_campaign()
    records = [make_scored_assessment(campaign=campaign) for _ in range(3)]
    publishing.ask(draft, by=drafter)
    publishing.publish(draft, by=second)
    workflow.carry_to_version([records[0].pk], old, draft)

    tasks.take_up()
    carrying.work(Carrying.objects.get().pk)

    assert {reload(record).criteria_set_id for record in records} == {draft.pk}
    assert Carrying.objects.get().carried == 2


@pytest.mark.feature("D2")
def test_the_page_of_a_result_of_2024_stays_the_same_to_the_byte(client, old, drafter, second):
    with time_machine.travel(moment(2024, 11, 20, 9), tick=False):
        record = make_confirmed_assessment(campaign=make_campaign(2024))
    client.force_login(record.citizen.user)

    def page():
        with time_machine.travel(moment(2026, 11, 20, 9), tick=False):
            content = client.get(record.get_absolute_url()).content.decode()
        return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", content)

    before = page()
    draft = drafting.copy(old, by=drafter)
    for line in draft.criteria.filter(parent__isnull=False):
        say(draft, line.code, text=f"Khác hẳn {line.code}", maximum=20)
    CriteriaSet.objects.filter(pk=draft.pk).update(
        pass_mark=190, total=None, valid_from=moment(2026, 1, 1).date()
    )
    draft.refresh_from_db()
    publishing.ask(draft, by=drafter)
    publishing.publish(draft, by=second)

    assert page() == before
    assert reload(record).state == State.CONFIRMED
    with pytest.raises(IntegrityError), transaction.atomic():
        say(draft, "I.1.1", text="Sửa lén")
