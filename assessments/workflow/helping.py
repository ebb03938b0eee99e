"""Filling in for somebody who asked, in one's own name; and what that person says to it."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Citizen, Message
from assessments import notices, windows
from assessments.models import Assessment, Ending, Helping, State, WindowStep
from assessments.workflow.citizen import can_write, register_for, withdrawal_step
from assessments.workflow.steps import Refused, ask_whose, asked_back, copy_own, move, scores_of, step
from audit import clock, events
from criteria.models import Level

SENT = [State.SUBMITTED, State.RETURNED]


@step
def begin_helping(citizen, campaign, *, asked, reason, group, by) -> Helping:
    """Begin to fill in for a person, registering them where they are not; the one that is open, where one is.

    The person is told at once.
    """
    if not may_help(by, citizen):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(_("Ghi vì sao người ấy cần giúp."))
    assessment = Assessment.objects.filter(citizen=citizen, campaign=campaign, level=Level.CITIZEN).first()
    if assessment is None:
        assessment = register_for(citizen, campaign, group=group, by=by)
    if standing := Helping.objects.open().filter(assessment=assessment, helper=by).first():
        return standing
    if why := why_not_help(assessment, by):
        raise Refused(why)
    now = clock.now()
    try:
        with transaction.atomic():
            helping = Helping.objects.create(
                assessment=assessment,
                helper=by,
                board=citizen.board,
                asked=asked,
                reason=reason.strip(),
                began_at=now,
            )
    except IntegrityError:  # the second click was faster
        return Helping.objects.open().get(assessment=assessment, helper=by)
    _record("help", helping, by, now, new=asked, private={"reason": reason.strip()})
    Message.objects.tell([notices.of_help_begun(helping)])
    return helping


def may_help(user, citizen) -> bool:
    """Whether one sits on the person's board, or was named by it to help; never oneself."""
    return Citizen.objects.who_may_be_helped_by(user).filter(pk=citizen.pk).exists()


def why_not_help(assessment, user) -> str:
    """Why nobody, or not this one, fills in the record now; empty when they may."""
    if Helping.objects.filter(assessment=assessment, helper=user, ending=Ending.REFUSED).exists():
        return _("Người này đã nói không nhờ bạn điền hồ sơ này.")
    if not assessment.is_draft:
        return _("Hồ sơ này đang ở tình trạng “%(state)s” nên không điền giúp được nữa.") % {
            "state": assessment.state_words
        }
    if not can_write(assessment):
        return _("Đã hết thời gian điền hồ sơ này.")
    return ""


@step
def stop_helping(helping, *, by):
    """Leave off, by who helps. A second click finds it left."""
    if helping.helper_id != by.pk:
        raise PermissionDenied
    now = clock.now()
    if _end(helping, Ending.STOPPED, now):
        _record("stop_help", helping, by, now)
        Message.objects.tell([notices.of_help_stopped(helping)])


@step
def take_over(assessment, *, by):
    """Go on alone, by the person: nobody fills in for them any more."""
    ask_whose(assessment, by)
    now = clock.now()
    for helping in Helping.objects.open().filter(assessment=assessment).order_by("pk"):
        if _end(helping, Ending.TAKEN_OVER, now):
            _record("take_over_help", helping, by, now)
            Message.objects.tell([notices.of_help_taken_over(helping)])


@step
def refuse_help(helping, *, by, words="") -> bool:
    """Say that one never asked. What the helper sent is not sent any more, while nobody has judged it.

    Board and association are told. Returns whether the record is back to not sent.
    """
    assessment = helping.assessment
    ask_whose(assessment, by)
    now = clock.now()
    refused = Helping.objects.filter(pk=helping.pk).exclude(ending=Ending.REFUSED)
    ended_at = helping.ended_at or now
    if not refused.update(ending=Ending.REFUSED, ended_at=ended_at, words=words.strip()):
        return False
    helping.refresh_from_db()
    assessment.refresh_from_db()
    was_sent_back = _take_back(assessment, helping, by, now)
    _record("refuse_help", helping, by, now, private={"words": helping.words} if helping.words else {})
    Message.objects.tell(notices.of_help_refused(helping, was_sent_back=was_sent_back))
    return was_sent_back


def _take_back(assessment, helping, by, now):
    last_sent = assessment.steps.filter(state=State.SUBMITTED).first()
    if assessment.state not in SENT or last_sent.by_id != helping.helper_id:
        return False
    steps = [withdrawal_step(assessment), WindowStep.CONFIRMATION]
    open_step = next((each for each in steps if windows.is_open(each, assessment, now)), None)
    if open_step is None:
        return False
    # What a board returned in part is open as a whole again: nothing of it was the person's own.
    last_round = list(scores_of(assessment)) if asked_back(assessment) else []
    following = {"round": assessment.round + 1} if last_round else {}
    move(
        assessment,
        assessment.state,
        State.REGISTERED,
        by=by,
        at=now,
        step=open_step,
        reason=_("Không nhờ điền giúp."),
        told="refused",
        submitted_at=None,
        **following,
    )
    copy_own(assessment, last_round, assessment.round)
    return True


def can_refuse(helping) -> bool:
    """What the button asks: any help in which something was written, or that goes on."""
    return helping.ending != Ending.REFUSED and bool(helping.wrote_at or helping.ended_at is None)


def _end(helping, ending, now):
    changed = Helping.objects.open().filter(pk=helping.pk).update(ended_at=now, ending=ending)
    helping.refresh_from_db()
    return changed


def _record(verb, helping, by, now, **values):
    events.record_many([helping.assessment.entry(verb, helping, by=by, at=now, **values)])
