"""What a board does with the records that wait for it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils.translation import gettext as _

from assessments import contests, history, lowerings, notices, queue, scoring, windows
from assessments.models import Answer, Assessment, LoweredScore, Lowering, ReturnedScore, State, WindowStep
from assessments.workflow.groups import ask_last, keep_answer
from assessments.workflow.steps import (
    UNJUDGED,
    Change,
    Refused,
    ask_allowed,
    ask_confirmer,
    copy_own,
    in_words,
    keep_computed,
    move,
    outcome_of,
    own_scores,
    refusal,
    result_entry,
    score_entry,
    scores_of,
    step,
    write,
)
from audit import clock, events


@step
def confirm(assessment, *, by, version=None, changes: Mapping[str, Change] | None = None):
    """Confirm the own points, or what the board gives instead, and with it the outcome.

    Where that comes to less than the own points and the board has another who may judge the record, it
    waits until another gives the same.
    """
    ask_confirmer(assessment, by)
    if assessment.is_of_group:
        ask_last(assessment)
    now = clock.now()
    rules = assessment.rules()
    own = own_scores(assessment)
    changes = real_changes(changes or {}, own, rules)
    computed = keep_computed(assessment, as_confirmed=True)
    given = own | computed | {code: change.given for code, change in changes.items()}
    result = scoring.judge(given, rules)
    lowering = lowerings.waiting(assessment) if changes else None
    is_same = lowering is not None and lowerings.gives(lowering) == {
        code: change.given for code, change in changes.items()
    }
    agrees = is_same and lowering.decided_by_id != by.pk
    windows.hold(assessment, WindowStep.CONFIRMATION)
    if scoring.lowers(given, own | computed) and not agrees and queue.seconds(assessment, by):
        if not is_same:
            _keep_lowering(assessment, changes, result, by, now, version)
        return
    entries = [
        score_entry(
            assessment,
            score,
            score.own,
            changes[score.indicator.code].given,
            by,
            now,
            reason=changes[score.indicator.code].reason.strip(),
        )
        for score in scores_of(assessment).filter(indicator__code__in=changes)
    ]
    if agrees:
        lowering.agreed_by, lowering.agreed_at = by, now
        lowering.save(update_fields=["agreed_by", "agreed_at"])
    if assessment.is_of_group:
        keep_answer(assessment, Answer.RECOGNISED, by=by, at=now)
    move(
        assessment,
        State.SUBMITTED,
        State.CONFIRMED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        outcome=outcome_of(result),
        confirmed_total=result.total,
        confirmed_at=now,
        confirmed_by=by,
        reason=lowering.words if agrees else "",
        entries=entries,
    )
    _keep_confirmed(assessment, changes, lowering.decided_by if agrees else by)


def _keep_lowering(assessment, changes, result, by, now, version):
    """Keep what one member gives until another agrees, in the place of what waited before."""
    write(assessment, State.SUBMITTED, at=now, step=WindowStep.CONFIRMATION, version=version)
    Lowering.objects.filter(assessment=assessment, round=assessment.round, agreed_at=None).delete()
    lowering = Lowering.objects.create(
        assessment=assessment,
        board=assessment.board,
        round=assessment.round,
        outcome=outcome_of(result),
        total=result.total,
        decided_by=by,
        decided_at=now,
    )
    changed = list(scores_of(assessment).filter(indicator__code__in=changes))
    LoweredScore.objects.bulk_create(
        LoweredScore(
            lowering=lowering,
            score=score,
            given=changes[score.indicator.code].given,
            reason=changes[score.indicator.code].reason.strip(),
        )
        for score in changed
    )
    events.record_many(
        assessment.entry(
            "lowering",
            score,
            by=by,
            at=now,
            old=in_words(score.own),
            new=in_words(changes[score.indicator.code].given),
            private={"reason": changes[score.indicator.code].reason.strip()},
        )
        for score in changed
    )
    notices.tell_of_lowering(lowering, queue.seconds(assessment, by))


def real_changes(changes, own, rules):
    """Those that differ from the own points. Each needs a reason and a value the set allows."""
    real = {code: change for code, change in changes.items() if change.given != own.get(code)}
    for code, change in real.items():
        if not change.reason.strip():
            raise Refused(_("Ghi lý do thay đổi ở %(what)s.") % {"what": rules.called(code)})
        ask_allowed(rules, code, change.given)
    return real


def _keep_confirmed(assessment, changes, by):
    scores = scores_of(assessment)
    entered = scores.exclude(indicator__code__in=assessment.rules().computed)
    entered.update(confirmed_points=F("own_points"), confirmed_passed=F("own_passed"))
    for score in scores.filter(indicator__code__in=changes):
        change = changes[score.indicator.code]
        score.confirmed = change.given
        score.reason, score.changed_by = change.reason.strip(), by
        score.save(update_fields=["confirmed_points", "confirmed_passed", "reason", "changed_by"])


@step
def send_back(assessment, *, by, reason, version=None, only: Mapping[str, str] | None = None):
    """Return the record to the citizen with a reason; a new round of scores begins as a copy of the last.

    With `only`, indicator code → why, these alone may be changed; the others stand.
    """
    ask_confirmer(assessment, by)
    if not reason.strip():
        raise Refused(_("Ghi lý do trả lại, để người gửi biết cần sửa gì."))
    now, only = clock.now(), only or {}
    last_round = list(scores_of(assessment))
    if not (only.keys() <= {score.indicator.code for score in last_round} and all(only.values())):
        raise Refused(_("Chọn lại chỗ cần trả lại, mỗi chỗ với một lý do."))
    windows.hold(assessment, WindowStep.CONFIRMATION)
    if assessment.is_of_group:
        keep_answer(assessment, Answer.SENT_BACK, by=by, at=now, reason=reason.strip())
    move(
        assessment,
        State.SUBMITTED,
        State.RETURNED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        reason=reason.strip(),
        round=F("round") + 1,
    )
    copy_own(assessment, last_round, assessment.round)
    ReturnedScore.objects.bulk_create(
        ReturnedScore(score=score, reason=only[score.indicator.code])
        for score in scores_of(assessment).filter(indicator__code__in=only)
    )


def confirm_many(chosen, *, by):
    """Confirm several with their own points: (assessment, version read) pairs, each a transaction of its own.

    Returns the confirmed ones, and the skipped ones with the reason.
    """
    return _each(confirm, chosen, by, _("Bạn không xác nhận hồ sơ này."))


def undo_many(chosen, *, by):
    """Take back several confirmations, as confirm_many made them."""
    return _each(undo, chosen, by, _("Bạn không hủy xác nhận hồ sơ này."))


def _each(take, chosen, by, not_allowed):
    done, skipped = [], []
    for assessment, version in chosen:
        try:
            take(assessment, by=by, version=version)
        except Refused as refusal:
            skipped.append((assessment, str(refusal)))
        except PermissionDenied:
            skipped.append((assessment, not_allowed))
        else:
            done.append(assessment)
    return done, skipped


@step
def undo(assessment, *, by, version=None):
    """Take back a confirmation with all that came of it, while the time in which it was given still runs."""
    ask_confirmer(assessment, by)
    now = clock.now()
    if why := why_not_undo(assessment, now):
        raise Refused(why)
    entries = [
        score_entry(assessment, score, score.confirmed, score.own, by, now, reason=score.reason)
        for score in scores_of(assessment).exclude(changed_by=None)
    ]
    if assessment.outcome:
        entries.append(result_entry(assessment, history.result_words(assessment), "", by=by, at=now))
    windows.hold(assessment, WindowStep.CONFIRMATION)
    move(
        assessment,
        State.CONFIRMED,
        State.SUBMITTED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        among=Assessment.objects.confirmed_in_time_still_running(now).uncontested(),
        **UNJUDGED,
        entries=entries,
        told="undo",
    )
    scores_of(assessment).update(confirmed_points=None, confirmed_passed=None, reason="", changed_by=None)


def why_not_undo(assessment, now) -> str:
    """Why a confirmed record cannot go back to waiting, beyond what the window says; empty when it can."""
    if assessment.state != State.CONFIRMED:
        return ""
    if contests.of(assessment):
        return _("Người này đã đề nghị xem lại nên không hủy xác nhận được.")
    in_time = Assessment.objects.confirmed_in_time_still_running(now).filter(pk=assessment.pk)
    if windows.is_open(WindowStep.CONFIRMATION, assessment, now) and not in_time.exists():
        return _("Hồ sơ này đã được xác nhận trong hạn trước, nay không hủy được.")
    return ""


def can_undo(assessment, user, now) -> bool:
    return (
        assessment.state == State.CONFIRMED
        and Assessment.objects.for_confirmer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.CONFIRMATION, assessment, now)
        and not why_not_undo(assessment, now)
    )


def ask_unchanged(assessment, version):
    """Refuse where a record is no longer as the board read it, before what it typed is judged by that."""
    if assessment.version != version:
        raise refusal(assessment, [State.SUBMITTED], WindowStep.CONFIRMATION, version, clock.now())


def can_confirm(assessment, user) -> bool:
    """Who, from which state and when, in one: what the button asks."""
    return (
        assessment.state == State.SUBMITTED
        and Assessment.objects.for_confirmer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.CONFIRMATION, assessment, clock.now())
    )
