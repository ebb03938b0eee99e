"""A record that lies with the wrong board is passed on, or the association above is asked to."""

import pytest
from django.urls import reverse

from accounts.models import Citizen, Message
from assessments import workflow
from assessments.models import State
from audit.events import private_of_many
from audit.models import Event
from tests.factories import (
    make_confirmed_assessment,
    make_confirmer,
    make_household,
    make_officer,
    make_submitted_assessment,
    make_village,
    reload,
)
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B6")]

WHY = "Cô ấy đã về thôn Liên Thanh từ tháng 6."


@pytest.fixture
def assessment():
    return make_submitted_assessment()


@pytest.fixture
def member(assessment, client):
    user = make_confirmer(assessment.board)
    client.force_login(user)
    return user


def page_of(assessment):
    return reverse("assessments:stray", args=[assessment.pk])


def test_from_the_record_the_person_is_moved_with_the_record_and_all_are_told(client, assessment, member):
    target = make_village("Liên Thanh", commune=assessment.commune)
    there = make_confirmer(target)
    record = client.get(reverse("assessments:board_detail", args=[assessment.pk]))
    assert page_of(assessment) in record.content.decode()
    page = client.get(page_of(assessment)).content.decode()
    move = f"{reverse('people:move', args=[assessment.board.code])}?people={assessment.citizen_id}"
    assert move in page

    client.post(move, {"target": target.pk, "reason": WHY})

    assert reload(assessment).board == target
    assert WHY in Message.objects.get(citizen=assessment.citizen, key__startswith="transfer").body
    assert WHY in Message.objects.get(user=there).body


def test_the_association_above_and_the_person_are_told_once_with_the_reason(client, assessment, member):
    officer = make_officer(assessment.commune)
    for _click in range(2):
        answer = client.post(page_of(assessment), {"reason": WHY})

    assert "Đã báo hội khuyến học xã Thạch Khê" in messages_of(answer)[0]
    to_officer = Message.objects.get(user=officer)
    assert (WHY in to_officer.body, to_officer.link) == (
        True,
        reverse("people:person", args=[assessment.board.code, assessment.citizen_id]),
    )
    assert WHY in Message.objects.get(citizen=assessment.citizen, key__startswith="stray").body
    event = Event.objects.get(verb="stray")
    assert (event.actor, event.subject) == (member.pk, assessment.citizen_id)
    assert next(iter(private_of_many([event])))["reason"] == WHY
    assert reload(assessment).state == State.SUBMITTED
    record = client.get(reverse("assessments:board_detail", args=[assessment.pk])).content.decode()
    assert "người này có lẽ thuộc nơi khác" in record
    assert page_of(assessment) not in record
    client.force_login(officer)
    assert client.get(to_officer.link).status_code == 200


def test_where_the_commune_has_nobody_the_province_is_asked(client, assessment, member):
    officer = make_officer(assessment.province)
    client.post(page_of(assessment), {"reason": WHY})

    assert Message.objects.filter(user=officer).exists()


def test_without_a_reason_it_is_asked_for_beside_its_field(client, assessment, member):
    make_officer(assessment.commune)
    response = client.post(page_of(assessment), {"reason": " "})

    assert "Ghi lý do: vì sao" in words_of(response)
    assert not Event.objects.filter(verb="stray").exists()


def test_where_nobody_acts_above_the_page_offers_no_such_thing(client, assessment, member):
    assert "Báo hội" not in words_of(client.get(page_of(assessment)))
    with pytest.raises(workflow.Refused):
        workflow.report_stray(assessment, by=member, reason=WHY)


def test_what_is_confirmed_stays_where_it_was_confirmed(client):
    record = make_confirmed_assessment()
    make_officer(record.commune)
    client.force_login(record.confirmed_by)
    client.post(page_of(record), {"reason": WHY})

    assert not Message.objects.filter(key__startswith="stray").exists()


def test_nobody_passes_on_the_record_of_the_own_household(client, assessment, member):
    household = make_household(assessment.board)
    Citizen.objects.filter(pk=assessment.citizen_id).update(household=household)
    Citizen.objects.create(
        full_name="Trần Thị Mai",
        user=member,
        birth_date=assessment.citizen.birth_date,
        gender="female",
        village=assessment.board,
        commune=assessment.commune,
        household=household,
    )

    assert client.get(page_of(assessment)).status_code == 403
