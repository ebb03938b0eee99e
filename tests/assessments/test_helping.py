"""Somebody fills in for a person who asked: in the own name, told, and as the person says."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Message, Role
from assessments import evidence, helping, history, queue, workflow
from assessments.models import Asked, Assessment, Ending, Helping, Score, State, WindowStep
from audit import clock
from audit.models import Event
from criteria.models import Group
from tests.factories import (
    appoint,
    closed_window,
    full_marks,
    load_criteria,
    make_citizen,
    make_citizen_with_account,
    make_confirmer,
    make_household,
    make_officer,
    make_user,
    make_village,
    open_campaign,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A14")]


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def campaign():
    load_criteria()
    return open_campaign()


@pytest.fixture
def member(village):
    return make_confirmer(village)


@pytest.fixture
def person(village):
    return make_citizen_with_account(board=village)


def name_helper(village, full_name="Lê Thị Thu"):
    user = make_user(full_name)
    appoint(user, village, Role.HELPER, valid_to=clock.today() + datetime.timedelta(days=30))
    return user


def begin(person, campaign, by, **what):
    given = {"asked": Asked.IN_PERSON, "reason": "Mắt kém", "group": Group.I}
    return workflow.begin_helping(person, campaign, by=by, **given | what)


def sent_for(person, campaign, by):
    helping = begin(person, campaign, by)
    record = helping.assessment
    workflow.save_scores(record, full_marks(record), by=by)
    workflow.submit(record, by=by)
    helping.refresh_from_db()
    return helping


def messages_of(person):
    return list(Message.objects.filter(citizen=person).order_by("pk"))


@pytest.mark.parametrize("whose", ["of the board", "named"])
def test_who_sits_on_the_board_or_was_named_by_it_registers_fills_in_and_sends(
    person, campaign, village, member, whose
):
    by = member if whose == "of the board" else name_helper(village)

    helping = sent_for(person, campaign, by)

    record = reload(helping.assessment)
    assert record.state == State.SUBMITTED
    assert {step.by for step in record.steps.all()} == {by}
    assert {score.helped_by for score in record.scores.all()} == {by}
    about = Event.objects.filter(subject=person.pk)
    assert {event.actor for event in about} == {by.pk}
    assert {event.verb for event in about} >= {"help", "step", "score"}
    assert (helping.ending, helping.asked, helping.reason) == (Ending.SENT, Asked.IN_PERSON, "Mắt kém")
    assert helping.wrote_at
    assert helping.board == village
    begun, sent = messages_of(person)
    assert by.full_name in begun.subject
    assert "Mắt kém" in begun.body
    assert "Tôi không nhờ" in begun.body
    assert by.full_name in sent.subject
    assert record.receipt_number in sent.body
    told = " ".join(each.text for each in history.of(record))
    assert f"{by} điền giúp và gửi hồ sơ." in told
    assert f"{by} đăng ký danh hiệu giúp." in told


def test_nobody_else_helps_and_nobody_helps_themselves(person, campaign, village, member):
    elsewhere = make_confirmer(make_village("Tây Hải"))
    above = make_officer(village.parent)
    gone = name_helper(village)
    gone.appointments.update(
        valid_from=clock.today() - datetime.timedelta(days=9),
        valid_to=clock.today() - datetime.timedelta(days=1),
    )
    appoint(person.user, village)
    for user in (elsewhere, above, gone, make_user(), person.user):
        with pytest.raises(PermissionDenied):
            begin(person, campaign, user)
    assert not Helping.objects.exists()
    assert not Assessment.objects.exists()


def test_nobody_writes_without_having_said_for_whom_and_why(person, campaign, member):
    record = begin(person, campaign, make_confirmer(person.village)).assessment
    indicator = record.criteria_set.indicators[0]
    writing = [
        lambda: workflow.save_scores(record, full_marks(record), by=member),
        lambda: workflow.change_group(record, group=Group.III, by=member),
        lambda: workflow.submit(record, by=member),
        lambda: workflow.withdraw(record, by=member),
        lambda: evidence.add(record, [indicator], by=member, text="Giấy khen."),
        lambda: workflow.register(make_citizen(board=person.village), campaign, group=Group.I, by=member),
    ]
    for write in writing:
        with pytest.raises(PermissionDenied):
            write()
    with pytest.raises(workflow.Refused, match="vì sao"):
        begin(person, campaign, member, reason=" ")


def test_a_second_click_begins_nothing_twice(person, campaign, member):
    assert begin(person, campaign, member) == begin(person, campaign, member)
    assert len(messages_of(person)) == 1


def test_who_leaves_off_or_whose_time_is_over_writes_no_more(person, campaign, village, member):
    helping = begin(person, campaign, member)
    workflow.stop_helping(helping, by=member)
    workflow.stop_helping(helping, by=member)
    named = name_helper(village)
    record = begin(person, campaign, named).assessment
    named.appointments.all().delete()
    for user in (member, named):
        with pytest.raises(PermissionDenied):
            workflow.save_scores(record, full_marks(record), by=user)
    assert sum("thôi điền giúp" in message.subject for message in messages_of(person)) == 1


def test_the_person_goes_on_alone_and_puts_right_what_was_filled_in(person, campaign, member):
    record = begin(person, campaign, member).assessment
    workflow.save_scores(record, full_marks(record), by=member)

    workflow.take_over(record, by=person.user)

    with pytest.raises(PermissionDenied):
        workflow.save_scores(reload(record), full_marks(record, 5), by=member)
    first = record.criteria_set.indicators[0]
    record = reload(record)
    workflow.save_scores(record, {first.code: full_marks(record, 5)[first.code]}, by=person.user)
    assert Score.objects.get(assessment=record, indicator=first).helped_by is None
    assert Score.objects.filter(assessment=record, helped_by=member).count() == 9
    workflow.submit(record, by=person.user)
    assert Message.objects.filter(user=member, key__startswith="help_taken_over:").count() == 1
    assert "điền giúp" not in messages_of(person)[-1].subject
    with pytest.raises(PermissionDenied):
        workflow.take_over(record, by=member)


def test_who_says_it_was_not_asked_for_has_the_record_back_and_all_are_told(
    person, campaign, village, member
):
    officer, named = make_officer(village.parent), name_helper(village)
    helping = sent_for(person, campaign, named)

    assert workflow.refuse_help(helping, by=person.user, words="Tôi không biết bà ấy.")
    assert not workflow.refuse_help(helping, by=person.user)

    record = reload(helping.assessment)
    assert (record.state, record.submitted_at) == (State.REGISTERED, None)
    for user in (member, officer, named):
        (told,) = Message.objects.filter(user=user, key__startswith="help_refused:")
        assert named.full_name in told.body
        assert "Tôi không biết bà ấy." in told.body
    assert "trở lại chưa gửi" in messages_of(person)[-1].subject
    assert "nói không nhờ ai điền giúp" in history.of(record)[0].text
    with pytest.raises(workflow.Refused, match="không nhờ bạn"):
        begin(person, campaign, named)
    assert not Helping.objects.that_count().exists()


def test_what_was_returned_in_part_is_wholly_open_again_when_refused(person, campaign, member):
    helping = sent_for(person, campaign, member)
    record, other = helping.assessment, make_confirmer(person.village)
    code = record.criteria_set.indicators[0].code
    workflow.send_back(record, by=other, reason="Sửa.", only={code: "Thiếu giấy."})

    assert workflow.refuse_help(helping, by=person.user)

    record = reload(record)
    workflow.save_scores(record, full_marks(record, 6), by=person.user)
    workflow.submit(record, by=person.user)
    assert record.own_total == 60


def test_what_is_judged_or_was_sent_by_the_person_stays_when_refused(person, campaign, member):
    helping = sent_for(person, campaign, member)
    record = helping.assessment
    workflow.withdraw(record, by=person.user)
    workflow.submit(record, by=person.user)
    assert not workflow.refuse_help(helping, by=person.user)
    assert reload(record).state == State.SUBMITTED

    other = make_citizen_with_account(board=person.village)
    helping = sent_for(other, campaign, member)
    workflow.confirm(helping.assessment, by=make_confirmer(person.village))
    assert not workflow.refuse_help(helping, by=other.user)
    assert reload(helping.assessment).state == State.CONFIRMED
    assert Message.objects.filter(user=member, key__startswith="help_refused:").count() == 2


def test_who_filled_it_in_leaves_the_confirming_to_another_of_the_board(person, campaign, member):
    record = sent_for(person, campaign, member).assessment
    other = make_confirmer(person.village, "Phạm Văn Tư")

    with pytest.raises(PermissionDenied):
        workflow.confirm(record, by=member)
    assert workflow.confirm_as_read({record.pk: workflow.Read(record.version, "achieved")}, by=member)
    said = queue.who_confirms(record, member)
    assert "Bạn đã điền giúp hồ sơ này." in said
    assert "Phạm Văn Tư" in said
    judged = {"state": State.CONFIRMED, "outcome": "achieved", "confirmed_at": clock.now()}
    with pytest.raises(IntegrityError, match="filled in"), transaction.atomic():
        Assessment.objects.filter(pk=record.pk).update(**judged, confirmed_by=member)

    workflow.confirm(record, by=other)

    assert helping.share(Assessment.objects.all()) == helping.Share(1, 1, 0)


def test_where_the_board_has_nobody_else_it_is_confirmed_and_marked(person, campaign, member):
    household = make_household(person.village)
    person.household = household
    person.save()
    appoint(make_citizen_with_account(board=person.village, household=household).user, person.village)
    record = sent_for(person, campaign, member).assessment

    workflow.confirm(record, by=member)

    found = helping.share(Assessment.objects.all())
    assert found == helping.Share(1, 1, 1)


def test_one_who_filled_in_is_no_second_for_fewer_points(person, campaign, member):
    record = sent_for(person, campaign, member).assessment
    other = make_confirmer(person.village)
    code = record.criteria_set.indicators[0].code
    change = workflow.Change(full_marks(record, 5)[code], "Thiếu giấy.")

    workflow.confirm(record, by=other, changes={code: change})

    assert reload(record).state == State.CONFIRMED


def test_nothing_is_filled_in_after_the_time_for_it(person, village, member):
    load_criteria()
    campaign = open_campaign(**{WindowStep.REGISTRATION: closed_window()})
    with pytest.raises(workflow.Refused, match="hết hạn đăng ký"):
        begin(person, campaign, member)
    assert not Helping.objects.exists()
