"""Points below the own ones: where the board has two who may judge, both must say so."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Message
from assessments import batches, closing, lanes, lowerings, queue, workflow
from assessments.models import Assessment, Batch, Contest, Lowering, Outcome, State
from assessments.workflow import Change
from audit import clock
from audit.models import Event
from criteria.models import Group
from tests.factories import (
    appoint,
    make_campaign,
    make_citizen_with_account,
    make_confirmer,
    make_household,
    make_submitted_assessment,
    make_user,
    moment,
    reload,
    state_of,
)
from tests.pages import html_of, main_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B5", "B6")]

LOWER = {"I.1.1": Change(Decimal(5), "Giấy ghi 3 buổi.")}
HIGHER = {"I.1.1": Change(Decimal(9), "Có thêm giấy khen.")}


@pytest.fixture
def assessment():
    return make_submitted_assessment()


@pytest.fixture
def first(assessment):
    return make_confirmer(assessment.board, "Trần Thị Mai")


@pytest.fixture
def second(assessment):
    return make_confirmer(assessment.board, "Lê Văn Bình")


@pytest.fixture
def lowered(assessment, first, second):
    workflow.confirm(assessment, by=first, changes=LOWER, version=assessment.version)
    return reload(assessment)


def page_of(assessment):
    return reverse("assessments:board_detail", args=[assessment.pk])


def press(client, assessment, act="confirm", **typed):
    form = client.get(page_of(assessment)).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {form[name].html_initial_name: data[name] for name in data if name.startswith("score-")}
    typed = {name.replace("_", "-", 1): text for name, text in typed.items()}
    return client.post(page_of(assessment), data | typed | {"act": act}, follow=True)


# --- Who ------------------------------------------------------------------------------------------


def test_a_board_of_one_lowers_at_once(assessment, first):
    workflow.confirm(assessment, by=first, changes=LOWER)

    assert (state_of(assessment), reload(assessment).confirmed_total) == (State.CONFIRMED, 77)
    assert not Lowering.objects.exists()


@pytest.mark.parametrize(
    "who", ["of the household", "the citizen", "not any more", "barred", "of another board"]
)
def test_somebody_who_may_not_judge_the_record_is_no_second(assessment, first, who):
    village = assessment.board
    if who == "of the household":
        household = make_household(village)
        type(assessment.citizen).objects.filter(pk=assessment.citizen_id).update(household=household)
        appoint(make_citizen_with_account(board=village, household=household).user, village)
    elif who == "the citizen":
        appoint(assessment.citizen.user, village)
    elif who == "not any more":
        yesterday = clock.today() - datetime.timedelta(days=1)
        appoint(make_user(), village, valid_to=yesterday)
    elif who == "barred":
        make_confirmer(village, is_active=False)
    else:
        make_confirmer(village.parent)

    workflow.confirm(reload(assessment), by=first, changes=LOWER)

    assert state_of(assessment) == State.CONFIRMED


def test_what_does_not_lower_the_total_one_confirms_alone(assessment, first, second):
    workflow.confirm(assessment, by=first, changes=HIGHER | {"I.1.2": Change(Decimal(7), "Thiếu giấy.")})

    assert (state_of(assessment), reload(assessment).confirmed_total) == (State.CONFIRMED, 80)


def test_of_what_is_judged_without_points_less_passed_is_lower():
    record = make_submitted_assessment(group=Group.IV)
    first, second = make_confirmer(record.board), make_confirmer(record.board)
    code = record.criteria_set.indicators[0].code
    workflow.confirm(record, by=first, changes={code: Change(False, "Chưa có minh chứng.")})
    assert state_of(record) == State.SUBMITTED

    workflow.confirm(reload(record), by=second, changes={code: Change(False, "Chưa có minh chứng.")})
    assert (state_of(record), reload(record).outcome) == (State.CONFIRMED, Outcome.NOT_ACHIEVED)


# --- The first, then the second -------------------------------------------------------------------


def test_the_first_is_kept_with_points_reason_and_an_event_and_the_record_waits(lowered, first):
    kept = lowerings.waiting(lowered)

    assert (lowered.state, lowered.confirmed_total, lowered.version) == (State.SUBMITTED, None, 4)
    assert (kept.decided_by, kept.total, kept.outcome) == (first, 77, Outcome.NOT_ACHIEVED)
    assert lowerings.given_by(kept) == {"I.1.1": (5, "Giấy ghi 3 buổi.")}
    event = Event.objects.get(verb="lowering")
    assert (event.actor, event.old, event.new) == (first.pk, "8", "5")
    assert [each.assessment for each in Lowering.objects.waiting()] == [lowered]


def test_the_other_is_told_and_nobody_else(lowered, first, second):
    told = Message.objects.filter(subject__contains="thành viên thứ hai")

    assert [message.user for message in told] == [second]
    assert not Message.objects.filter(citizen=lowered.citizen, key__startswith="confirmed").exists()


def test_another_agrees_and_both_names_stand_there(client, lowered, first, second):
    workflow.confirm(lowered, by=second, changes=LOWER, version=lowered.version)

    lowered = reload(lowered)
    score = lowered.scores.get(indicator__code="I.1.1")
    assert (lowered.state, lowered.confirmed_total, lowered.confirmed_by) == (State.CONFIRMED, 77, second)
    assert (score.confirmed, score.changed_by, score.reason) == (5, first, "Giấy ghi 3 buổi.")
    assert Lowering.objects.get().agreed_by == second
    client.force_login(lowered.citizen.user)
    page = words_of(client.get(lowered.get_absolute_url()))
    assert "Trần Thị Mai chấm lúc" in page
    assert "Lê Văn Bình đồng ý." in page


def test_agreeing_with_ones_own_is_no_agreement(lowered, first):
    workflow.confirm(lowered, by=first, changes=LOWER, version=lowered.version)

    assert state_of(lowered) == State.SUBMITTED
    assert Event.objects.filter(verb="lowering").count() == 1


def test_another_lowering_takes_the_place_of_the_first_and_waits_for_another(lowered, first, second):
    other = {"I.1.1": Change(Decimal(6), "Giấy ghi 4 buổi.")}
    workflow.confirm(lowered, by=second, changes=other, version=lowered.version)
    assert (state_of(lowered), lowerings.waiting(reload(lowered)).decided_by) == (State.SUBMITTED, second)

    workflow.confirm(reload(lowered), by=first, changes=other)
    assert (state_of(lowered), reload(lowered).confirmed_total) == (State.CONFIRMED, 78)


@pytest.mark.parametrize("by", ["first", "second"])
def test_the_own_points_or_more_one_confirms_in_its_place(request, lowered, by):
    workflow.confirm(lowered, by=request.getfixturevalue(by))

    assert (state_of(lowered), reload(lowered).confirmed_total) == (State.CONFIRMED, 80)
    assert not Lowering.objects.waiting().exists()


def test_the_second_who_read_it_before_the_first_decided_is_told(lowered, second):
    with pytest.raises(workflow.Stale):
        workflow.confirm(reload(lowered), by=second, changes=LOWER, version=lowered.version - 1)

    assert state_of(lowered) == State.SUBMITTED


# --- What comes between ---------------------------------------------------------------------------


def test_sent_back_and_sent_again_nothing_waits_for_a_second(lowered, second):
    workflow.send_back(lowered, by=second, reason="Bổ sung giấy.")
    workflow.submit(reload(lowered), by=lowered.citizen.user)

    assert not Lowering.objects.waiting().exists()


def test_undone_it_waits_anew_for_two(lowered, first, second):
    workflow.confirm(lowered, by=second, changes=LOWER)
    workflow.undo(reload(lowered), by=second)
    assert (state_of(lowered), lowerings.waiting(reload(lowered))) == (State.SUBMITTED, None)

    workflow.confirm(reload(lowered), by=second, changes=LOWER)
    assert state_of(lowered) == State.SUBMITTED
    workflow.confirm(reload(lowered), by=first, changes=LOWER)
    assert state_of(lowered) == State.CONFIRMED


def test_when_the_other_is_gone_the_one_who_is_left_confirms(lowered, first, second):
    second.is_active = False
    second.save()
    workflow.confirm(lowered, by=first, changes=LOWER)

    assert (state_of(lowered), reload(lowered).confirmed_by) == (State.CONFIRMED, first)


def test_the_closing_finds_it_as_it_finds_all_that_wait():
    with time_machine.travel(moment(2026, 12, 20), tick=False):
        record = make_submitted_assessment(campaign=make_campaign(2026))
        first, second = make_confirmer(record.board), make_confirmer(record.board)
        workflow.confirm(record, by=first, changes=LOWER)

    with time_machine.travel(moment(2027, 1, 1), tick=False):
        closing.lock_confirmation(clock.now())
        record = reload(record)
        assert (record.state, record.closed_from) == (State.UNCONFIRMED, State.SUBMITTED)
        assert not Lowering.objects.waiting().exists()
        with pytest.raises(workflow.Refused):
            workflow.confirm(record, by=second, changes=LOWER)


def test_in_the_list_it_is_looked_at_by_itself_and_no_batch_confirms_it(client, lowered, second):
    other = make_submitted_assessment(board=lowered.board, campaign=lowered.campaign)
    assert lanes.reasons([lowered, other], queue.own_results([lowered, other]))[lowered.pk][0].startswith(
        "Trần Thị Mai đã chấm thấp hơn"
    )
    made = batches.begin(lowered.board, lowered.campaign, by=second)
    assert made.rows.get(assessment=lowered).state == "to_look"

    client.force_login(second)
    chosen = {"person": [lowered.pk, other.pk]}
    preview = client.get(reverse("assessments:board_batch"), chosen)
    assert [row.assessment for row, _without in preview.context["ready"]] == [other]
    page = client.get(reverse("assessments:board_queue"))
    assert "chờ thành viên thứ hai" in words_of(page)
    assert f'name="person" value="{other.pk}"' in html_of(page)
    assert f'name="person" value="{lowered.pk}"' not in html_of(page)
    assert Batch.objects.count() == 1


def test_whoever_decided_first_does_not_look_again(lowered, first, second):
    workflow.confirm(lowered, by=second, changes=LOWER)
    workflow.contest(reload(lowered), {"I.1.1": "Tôi có giấy."}, by=lowered.citizen.user)
    above = make_confirmer(lowered.commune)
    record = reload(lowered)

    assert not workflow.can_review(record, first, clock.now())
    assert not workflow.can_review(record, second, clock.now())
    assert workflow.can_review(record, above, clock.now())
    contest = Contest.objects.filter(assessment=record)
    with pytest.raises(IntegrityError), transaction.atomic():
        contest.update(decided_by=first, decided_at=clock.now())


# --- What the database refuses --------------------------------------------------------------------


def judged(by, total=77):
    return {
        "state": State.CONFIRMED,
        "outcome": Outcome.NOT_ACHIEVED,
        "confirmed_total": total,
        "confirmed_at": clock.now(),
        "confirmed_by": by,
    }


def test_the_database_refuses_one_of_two_who_lowers_alone(assessment, first, second):
    rows = Assessment.objects.filter(pk=assessment.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**judged(first))

    assert rows.update(**judged(first, total=80)) == 1


def test_the_database_lets_one_lower_who_is_alone(assessment, first):
    make_confirmer(assessment.board, is_active=False)
    assert Assessment.objects.filter(pk=assessment.pk).update(**judged(first)) == 1


def test_the_database_refuses_other_points_than_were_agreed_to(lowered, second):
    at = clock.now()
    Lowering.objects.update(agreed_by=second, agreed_at=at)
    rows = Assessment.objects.filter(pk=lowered.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**judged(second, total=70) | {"confirmed_at": at})

    assert rows.update(**judged(second) | {"confirmed_at": at}) == 1


def test_the_database_refuses_an_agreement_with_oneself(lowered, first):
    with pytest.raises(IntegrityError), transaction.atomic():
        Lowering.objects.update(agreed_by=first, agreed_at=clock.now())


# --- The page -------------------------------------------------------------------------------------


def test_the_page_says_who_has_to_agree_before_and_after(client, assessment, first, second):
    client.force_login(first)
    assert "một thành viên khác của ban đồng ý: Lê Văn Bình" in words_of(client.get(page_of(assessment)))

    answer = words_of(press(client, assessment, **{"score_I.1.1": "5", "reason_I.1.1": "Giấy ghi 3 buổi."}))
    assert "Một thành viên khác của ban đồng ý thì mới có hiệu lực" in answer
    assert "Bạn đã chấm" in answer
    assert "Trần Thị Mai chấm thấp hơn điểm tự chấm" in answer
    client.force_login(assessment.citizen.user)
    assert "Giấy ghi 3 buổi." not in words_of(client.get(assessment.get_absolute_url()))


def test_the_second_finds_the_points_filled_in_and_agrees_with_one_press(client, lowered, first, second):
    client.force_login(second)
    page = words_of(client.get(page_of(lowered)))
    assert "Trần Thị Mai đã chấm" in page
    assert "phải có một thành viên khác" not in page
    answer = words_of(press(client, lowered))

    assert state_of(lowered) == State.CONFIRMED
    assert "Đã xác nhận hồ sơ" in answer
    assert reload(lowered).scores.get(indicator__code="I.1.1").confirmed == 5


def test_a_second_click_of_the_first_is_no_fault(client, assessment, first, second):
    client.force_login(first)
    form = client.get(page_of(assessment)).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {form[name].html_initial_name: data[name] for name in data if name.startswith("score-")}
    data |= {"score-I.1.1": "5", "reason-I.1.1": "Giấy ghi 3 buổi.", "act": "confirm"}
    for _click in range(2):
        answer = client.post(page_of(assessment), data, follow=True)

    assert 'role="alert"' not in main_of(answer)
    assert Event.objects.filter(verb="lowering").count() == 1
