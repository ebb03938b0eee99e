"""What is a group's alone: who registers it, and the bodies its record passes before there is a result."""

import logging

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments import chain, shares, tally, windows
from assessments.models import Answer, Assessment, ReviewStep, State, WindowStep
from assessments.models.assessment import DRAFT_STATES
from assessments.workflow.steps import (
    Refused,
    ask_confirmer,
    keep_computed,
    move,
    places_of,
    step,
    write_down,
)
from audit import clock
from criteria.models import CriteriaSet
from organizations import boards
from organizations.models import Household
from vietnamese import dates

log = logging.getLogger(__name__)


@step
def register_group(subject, level, campaign, *, by):
    """The group's one record of the year for a title; the existing one when there is one already.

    Who may register which group is the caller's question: a representative, or for a household its village.
    """
    whose = chain.whose(subject)
    existing = Assessment.objects.filter(**whose, campaign=campaign, level=level).first()
    if existing:
        return existing
    now = clock.now()
    if why := why_not_register_group(subject, level, campaign, now):
        raise Refused(why)
    first = chain.links(level, chain.scope_of(level, subject), subject)[0]
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                **whose,
                level=level,
                campaign=campaign,
                criteria_set=criteria_of_group(subject, level, now),
                registered_at=now,
                saved_at=now,
                **places_of(chain.place_of(subject)) | {"board": first.body},
            )
    except IntegrityError:  # the second click was faster
        return Assessment.objects.get(**whose, campaign=campaign, level=level)
    keep_computed(assessment)
    write_down(assessment, by=by, at=now)
    tally.change(tally.NOTHING, tally.of([assessment]))
    return assessment


def why_not_register_group(subject, level, campaign, now) -> str:
    """Why the group cannot be registered for a title now; empty when it can."""
    year = {"year": campaign.year}
    way = chain.links(level, chain.scope_of(level, subject), subject)
    if not way:
        return _("Chưa đặt nơi xét danh hiệu này. Hỏi hội khuyến học cấp trên.")
    board = way[0].body
    if not windows.is_open_for_board(WindowStep.REGISTRATION, campaign, board, now, level):
        return _("Không trong thời gian đăng ký danh hiệu này năm %(year)s.") % year
    over = windows.confirmation_over(campaign, board, now, level=level)
    if over is not None:
        return _("Không đăng ký năm %(year)s được nữa: đã hết hạn xét, khóa lúc %(until)s.") % (
            year | {"until": dates.until_words(over.closes_at)}
        )
    if criteria_of_group(subject, level, now) is None:
        return _("Chưa có bộ tiêu chí cho danh hiệu này. Hỏi hội khuyến học cấp trên.")
    return ""


def criteria_of_group(subject, level, now) -> CriteriaSet | None:
    """The set in force for the title in the scope the group is judged in."""
    scope = chain.scope_of(level, subject)
    sets = CriteriaSet.objects.in_force(level, dates.local_day(now), scope=scope)
    return sets.order_by("-valid_from", "-version").first()


@step
def send_on(assessment, *, by, reason="", version=None):
    """Pass what was checked on to the next body of the chain, which begins to wait now."""
    ask_confirmer(assessment, by)
    link = chain.following(assessment)
    if link is None:
        raise Refused(_("Không còn cấp nào ở trên: nơi này xác nhận kết quả."))
    windows.hold(assessment, WindowStep.CONFIRMATION)
    _pass_to(link, assessment, Answer.SENT_ON, by=by, reason=reason.strip(), version=version)


@step
def pass_over(assessment):
    """Pass a record on from a link of the chain that has ended, to whatever comes after it today.

    Where nothing comes after, it stays for the body to answer.
    """
    link = chain.following(assessment)
    if link is None or assessment.stage_id in {each.stage.pk for each in chain.of(assessment)}:
        return
    _pass_to(link, assessment, Answer.PASSED_OVER, by=None, reason="", version=None)


def pass_over_ended() -> int:
    """Every night: send on what lies with a link of the chain that has ended; how many records moved."""
    ended = Assessment.objects.filter(state=State.SUBMITTED, stage__valid_to__lt=clock.today())
    moved = 0
    for assessment in ended.select_related(
        "campaign", "board", "stage", "household__village", "organization"
    ):
        before = assessment.stage_id
        try:
            pass_over(assessment)
        except Refused as refusal:
            log.warning("record %s stays with an ended link: %s", assessment.pk, refusal)
        moved += assessment.stage_id != before
    return moved


def _pass_to(link, assessment, answer, *, by, reason, version):
    now = clock.now()
    keep_answer(assessment, answer, by=by, at=now, reason=reason)
    move(
        assessment,
        State.SUBMITTED,
        State.SUBMITTED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        reason=reason,
        told="sent_on",
        board=link.body,
        stage=link.stage,
    )


def keep_answer(assessment, answer, *, by, at, reason=""):
    """What the body it lies with answered. Before the record moves."""
    came = chain.came_at(assessment)
    ReviewStep.objects.create(
        assessment=assessment,
        stage=assessment.stage,
        body=assessment.board,
        round=assessment.round,
        came_at=came,
        seen_at=chain.seen_at(assessment, came),
        answer=answer,
        reason=reason,
        by=by,
        at=at,
    )


@step
def recount_people(subject):
    """After a change of a group's people: its shares, and what they give the drafts among its records."""
    shares.recount_of(subject)
    drafts = Assessment.objects.filter(**chain.whose(subject), state__in=DRAFT_STATES)
    for draft in drafts.select_related("campaign", "criteria_set", "household", "organization"):
        keep_computed(draft)


def ask_last(assessment):
    """Refuse a result where another body of the chain is to see the record first."""
    link = chain.following(assessment)
    if link is not None:
        raise Refused(
            _("Nơi này thẩm tra rồi chuyển lên %(next)s, chưa xác nhận kết quả.")
            % {"next": boards.name_of(link.body)}
        )


def speaks_for(user, subject) -> bool:
    """Whether the user is the head of the household, or represents the organization or sits on its board."""
    if isinstance(subject, Household):
        return subject.headships.in_office().filter(citizen__user=user).exists()
    return subject.appointments.speaking().filter(user=user).exists()
