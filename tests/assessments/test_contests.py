"""A citizen contests points; somebody else looks again."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Message
from assessments import closing, contests, history, workflow
from assessments.models import Asked, Assessment, Contest, Helping, Outcome, Score, State, WindowStep
from assessments.workflow import Change
from audit import clock
from audit.models import Event
from criteria.models import Group
from tests.factories import (
    appoint,
    closed_window,
    make_assessment,
    make_campaign,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_contested_assessment,
    make_extension,
    make_household,
    make_officer,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    moment,
    open_campaign,
    reload,
)

pytestmark = pytest.mark.django_db
WHY = {"I.2.1": "Tôi có giấy chứng nhận."}


def lowered(**fields):
    """Confirmed with 76 points, not achieved: the board gave 4 of 8 on I.2.1."""
    assessment = make_submitted_assessment(**fields)
    workflow.confirm(
        assessment,
        by=make_confirmer(assessment.board),
        changes={"I.2.1": Change(Decimal(4), "Chưa có giấy.")},
    )
    return assessment


def contested(**fields):
    assessment = lowered(**fields)
    workflow.contest(assessment, WHY, by=assessment.citizen.user)
    return assessment


# --- Contesting -----------------------------------------------------------------------------------


@pytest.mark.feature("A11")
def test_the_citizen_contests_single_indicators_each_with_a_reason():
    assessment = contested()

    asked = contests.of(assessment)
    assert [(each.score.indicator.code, each.reason) for each in asked.scores.all()] == [
        ("I.2.1", WHY["I.2.1"])
    ]
    assert (assessment.state, assessment.outcome) == (State.CONFIRMED, Outcome.NOT_ACHIEVED)
    assert Event.objects.get(verb="contest").old == "4"
    assert Message.objects.latest("pk").subject.startswith("Đã nhận đề nghị xem lại")
    assert history.of(assessment)[0].text == "Nguyễn Thị Hoa đề nghị xem lại điểm."


def test_a_record_is_contested_once():
    assessment = contested()

    with pytest.raises(workflow.Refused, match="một lần"):
        workflow.contest(assessment, {"I.1.1": "Cả chỗ này nữa."}, by=assessment.citizen.user)
    assert not workflow.can_contest(assessment, clock.now())


@pytest.mark.parametrize("reasons", [{}, {"I.2.1": "  "}, {"IV.9": "Không có chỉ số này."}])
def test_contesting_needs_a_reason_at_an_indicator_of_the_form(reasons):
    assessment = make_confirmed_assessment()

    with pytest.raises(workflow.Refused, match="Ghi lý do"):
        workflow.contest(assessment, reasons, by=assessment.citizen.user)


def test_only_the_citizen_contests():
    assessment = make_confirmed_assessment()

    for user in (make_user(), assessment.confirmed_by, make_officer(assessment.commune)):
        with pytest.raises(PermissionDenied):
            workflow.contest(assessment, WHY, by=user)
    assert not Contest.objects.exists()


@pytest.mark.feature("A11")
@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        (moment(2026, 11, 30, 23, 59, 59, 999999), True),
        (moment(2026, 12, 1), False),
    ],
)
def test_there_are_ten_days_after_the_confirmation(at, allowed):
    with time_machine.travel(moment(2026, 11, 20, 15), tick=False):
        assessment = make_confirmed_assessment(campaign=make_campaign(2026))

    with time_machine.travel(at, tick=False):
        assert workflow.can_contest(assessment, clock.now()) is allowed
        if allowed:
            workflow.contest(assessment, WHY, by=assessment.citizen.user)
        else:
            with pytest.raises(workflow.Refused, match=r"hết ngày 30/11/2026"):
                workflow.contest(assessment, WHY, by=assessment.citizen.user)


def test_how_many_days_is_the_years_own():
    assessment = make_confirmed_assessment()
    assessment.campaign.contest_days = 3
    later = assessment.confirmed_at + datetime.timedelta(days=4)

    assert not contests.is_within_days(assessment, later)


@pytest.mark.feature("A11", "E4")
@pytest.mark.parametrize("target", ["record", "commune"])
def test_an_extension_of_contesting_opens_it_after_the_days_are_over(target):
    with time_machine.travel(moment(2026, 11, 20, 15), tick=False):
        assessment = make_confirmed_assessment(campaign=make_campaign(2026))
    with time_machine.travel(moment(2026, 12, 5, 8), tick=False):
        elsewhere = make_village("Tây Hải")
        ends = {"closes_at": moment(2026, 12, 11)}
        make_extension(WindowStep.CONTEST, campaign=assessment.campaign, organization=elsewhere, **ends)
        assert not workflow.can_contest(assessment, clock.now())

        where = {"assessment": assessment} if target == "record" else {"organization": assessment.commune}
        make_extension(WindowStep.CONTEST, campaign=assessment.campaign, **where, **ends)

        assert workflow.can_contest(assessment, clock.now())
        assert contests.until_words(assessment) == "hết ngày 10/12/2026 (thứ Năm)"
        workflow.contest(assessment, WHY, by=assessment.citizen.user)
        assert contests.waits(assessment)


def test_nothing_is_contested_outside_the_window():
    assessment = make_confirmed_assessment()
    open_campaign(contest=closed_window())

    with pytest.raises(workflow.Refused, match="Đã hết hạn đề nghị xem lại"):
        workflow.contest(assessment, WHY, by=assessment.citizen.user)


# --- Who looks again ------------------------------------------------------------------------------


def may_review(assessment, user):
    return Assessment.objects.for_reviewer(user).filter(pk=assessment.pk).exists()


@pytest.mark.feature("A11")
def test_another_member_of_the_board_looks_again_and_not_the_one_who_decided():
    assessment = contested()
    other = make_confirmer(assessment.board, "Phạm Văn Dũng")

    assert may_review(assessment, other)
    assert not may_review(assessment, assessment.confirmed_by)
    assert not may_review(assessment, make_officer(assessment.commune))
    assert "người khác của ban khuyến học thôn Đông Hải" in contests.who_reviews(assessment)
    with pytest.raises(PermissionDenied):
        workflow.review(assessment, {"I.2.1": Change(Decimal(8), "Đúng.")}, by=assessment.confirmed_by)


@pytest.mark.feature("A11")
def test_where_the_board_has_nobody_else_the_commune_or_the_province_looks_again():
    assessment = contested()

    assert may_review(assessment, make_officer(assessment.commune))
    assert may_review(assessment, make_officer(assessment.province))
    assert not may_review(assessment, make_officer(assessment.province.parent))
    assert not may_review(assessment, make_confirmer(make_village(commune=assessment.commune)))
    assert contests.who_reviews(assessment) == "hội khuyến học xã Thạch Khê"


def test_a_member_of_the_household_is_nobody_else():
    assessment = contested()
    household = make_household(village=assessment.board)
    assessment.citizen.household = household
    assessment.citizen.save()
    relative = make_citizen_with_account(household=household)
    appoint(relative.user, assessment.board)

    assert not may_review(assessment, relative.user)
    assert may_review(assessment, make_officer(assessment.commune))
    assert contests.who_reviews(reload(assessment)) == "hội khuyến học xã Thạch Khê"


@pytest.mark.feature("A11", "A14")
def test_who_filled_it_in_looks_again_only_where_there_is_nobody_else_at_the_board_or_above():
    assessment = contested()
    filler = make_confirmer(assessment.board, "Phạm Văn Dũng")
    Helping.objects.create(
        assessment=assessment,
        helper=filler,
        board=assessment.board,
        asked=Asked.IN_PERSON,
        reason="Mắt kém",
        began_at=clock.now(),
        wrote_at=clock.now(),
    )
    assert may_review(assessment, filler)
    asked = Contest.objects.filter(assessment=assessment)
    assert asked.update(decided_at=clock.now(), decided_by=filler)
    asked.update(decided_at=None, decided_by=None)

    officer = make_officer(assessment.commune)
    assert not may_review(assessment, filler)
    assert may_review(assessment, officer)
    assert contests.who_reviews(assessment) == "hội khuyến học xã Thạch Khê"

    other = make_confirmer(assessment.board, "Lê Thị Thu")
    assert may_review(assessment, other)
    assert not may_review(assessment, filler)
    assert not may_review(assessment, officer)
    with pytest.raises(IntegrityError, match="filled in"), transaction.atomic():
        asked.update(decided_at=clock.now(), decided_by=filler)


def test_the_citizen_and_somebody_who_cannot_sign_in_are_nobody_else():
    assessment = contested()
    appoint(assessment.citizen.user, assessment.board)
    make_confirmer(assessment.board, is_active=False)

    assert not may_review(assessment, assessment.citizen.user)
    assert may_review(assessment, make_officer(assessment.commune))


def test_for_a_unit_under_the_province_the_province_looks_again():
    board = make_unit(parent=make_village().parent.parent)
    assessment = contested(board=board)

    assert may_review(assessment, make_officer(board.parent))
    assert contests.who_reviews(assessment) == "hội khuyến học tỉnh Hà Tĩnh"


# --- Looking again --------------------------------------------------------------------------------


@pytest.mark.feature("A11", "A12")
def test_new_points_stand_beside_the_own_and_the_boards_and_the_outcome_follows():
    assessment = contested()
    reviewer = make_confirmer(assessment.board, "Phạm Văn Dũng")
    first = assessment.confirmed_by

    workflow.review(assessment, {"I.2.1": Change(Decimal(8), "Giấy hợp lệ.")}, by=reviewer)

    score = Score.objects.get(assessment=assessment, indicator__code="I.2.1")
    assert (score.own, score.confirmed, score.review, score.final) == (8, 4, 8, 8)
    assert (score.reason, score.changed_by) == ("Chưa có giấy.", first)
    assert (score.review_reason, score.reviewed_by) == ("Giấy hợp lệ.", reviewer)
    assert (assessment.outcome, assessment.confirmed_total, assessment.review_total) == (
        Outcome.ACHIEVED,
        76,
        80,
    )
    assert assessment.confirmed_by == first
    untouched = Score.objects.get(assessment=assessment, indicator__code="I.1.1")
    assert (untouched.review, untouched.final) == (None, 8)


@pytest.mark.feature("A11")
def test_looking_again_leaves_a_step_events_and_a_notice():
    assessment = contested()
    reviewer = make_confirmer(assessment.board, "Phạm Văn Dũng")
    workflow.review(assessment, {"I.2.1": Change(Decimal(8), "Giấy hợp lệ.")}, by=reviewer)

    assert assessment.steps.first().outcome == Outcome.ACHIEVED
    told = Event.objects.filter(actor=reviewer.pk).order_by("sequence").values_list("verb", "old", "new")
    assert list(told) == [
        ("score", "4", "8"),
        ("result", "Không đạt, 76 điểm", "Đạt, 80 điểm"),
        ("step", "confirmed", "confirmed"),
    ]
    message = Message.objects.latest("pk")
    assert "theo đề nghị của bạn" in message.subject
    assert message.body == "Kết quả: Đạt, 80 điểm."
    assert history.of(assessment)[0].text == "Phạm Văn Dũng xem lại theo đề nghị: Đạt, 80 điểm."


@pytest.mark.feature("A12")
def test_what_is_upheld_is_written_down_with_its_reason_too():
    assessment = contested()
    reviewer = make_confirmer(assessment.board)

    workflow.review(assessment, {"I.2.1": Change(Decimal(4), "Giấy của năm trước.")}, by=reviewer)

    score = Score.objects.get(assessment=assessment, indicator__code="I.2.1")
    assert (score.confirmed, score.review, score.review_reason) == (4, 4, "Giấy của năm trước.")
    assert assessment.outcome == Outcome.NOT_ACHIEVED
    assert contests.of(assessment).decided_by == reviewer


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Ghi kết quả xem lại và lý do"),
        ({"I.2.1": Change(Decimal(8), " ")}, "Ghi kết quả xem lại và lý do"),
        ({"I.2.1": Change(Decimal(11), "x")}, "thang điểm"),
        ({"I.2.1": Change(Decimal(8), "x"), "I.1.1": Change(Decimal(9), "x")}, "thang điểm"),
    ],
)
def test_every_contested_indicator_is_answered_and_no_other(given, said):
    assessment = contested()

    with pytest.raises(workflow.Refused, match=said):
        workflow.review(assessment, given, by=make_confirmer(assessment.board))
    assert reload(assessment).review_total is None


def test_looking_again_happens_once():
    assessment = contested()
    reviewer = make_confirmer(assessment.board)
    answer = {"I.2.1": Change(Decimal(8), "Giấy hợp lệ.")}
    workflow.review(assessment, answer, by=reviewer)

    with pytest.raises(workflow.Refused, match="không có đề nghị"):
        workflow.review(assessment, answer, by=reviewer)


def test_of_two_who_look_again_together_one_is_told():
    assessment = contested()
    one, two = (make_confirmer(assessment.board) for _ in range(2))
    mine, yours = reload(assessment), reload(assessment)
    workflow.review(mine, {"I.2.1": Change(Decimal(8), "Đúng.")}, by=one)

    with pytest.raises(workflow.Refused):
        workflow.review(yours, {"I.2.1": Change(Decimal(5), "Sai.")}, by=two)
    assert reload(assessment).review_total == 80


@pytest.mark.feature("D5")
def test_what_is_judged_without_points_is_looked_at_again_too():
    assessment = make_scored_assessment(group=Group.IV)
    workflow.submit(assessment, by=assessment.citizen.user)
    code = assessment.criteria_set.indicators[0].code
    workflow.confirm(
        assessment, by=make_confirmer(assessment.board), changes={code: Change(False, "Chưa thấy.")}
    )
    workflow.contest(assessment, {code: "Có ảnh."}, by=assessment.citizen.user)

    workflow.review(assessment, {code: Change(True, "Đã thấy.")}, by=make_confirmer(assessment.board))

    assert (assessment.outcome, assessment.review_total) == (Outcome.ACHIEVED, None)
    assert Score.objects.get(assessment=assessment, indicator__code=code).final is True


def test_after_the_closing_nothing_is_looked_at_again_and_the_result_stands():
    with time_machine.travel(moment(2026, 12, 28), tick=False):
        assessment = contested(campaign=make_campaign(2026))
        reviewer = make_confirmer(assessment.board)
    with time_machine.travel(moment(2027, 1, 1), tick=False):
        closing.lock_confirmation(clock.now())
        with pytest.raises(workflow.Refused, match="Đã hết hạn đề nghị xem lại"):
            workflow.review(assessment, {"I.2.1": Change(Decimal(8), "Đúng.")}, by=reviewer)

    assert (reload(assessment).outcome, reload(assessment).final_total) == (Outcome.NOT_ACHIEVED, 76)


# --- What the database refuses --------------------------------------------------------------------


def test_the_database_refuses_that_the_first_looks_again():
    assessment = contested()

    for user in (assessment.confirmed_by, assessment.citizen.user):
        with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
            Contest.objects.update(decided_at=clock.now(), decided_by=user)


def test_the_database_refuses_a_review_without_a_reason():
    assessment = make_contested_assessment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(assessment=assessment).update(reviewed_by=make_user())


def test_a_record_nobody_has_judged_has_no_review():
    assessment = make_assessment()

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(review_total=80)
