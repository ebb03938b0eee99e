"""A citizen asks for confirmed indicators to be looked at again, and another answers."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments import contests, history, notices, scoring, tally, windows
from assessments.models import Assessment, Contest, ContestedScore, State, WindowStep
from assessments.withholding import withheld
from assessments.workflow.steps import (
    Change,
    Refused,
    Stale,
    ask_whose,
    in_words,
    outcome_of,
    result_entry,
    score_entry,
    scores_of,
    step,
    write,
    write_down,
)
from audit import clock, events
from vietnamese import dates


@step
def contest(assessment, reasons: Mapping[str, str], *, by, version=None):
    """Ask once for some confirmed indicators to be looked at again: indicator code → why."""
    ask_whose(assessment, by)
    if assessment.is_of_group:  # no page leads whoever judges groups to a request
        raise Refused(_("Kết quả của nhóm chưa đề nghị xem lại trên cổng được. Hỏi nơi đã xác nhận."))
    now = clock.now()
    reasons = {code: reason.strip() for code, reason in reasons.items() if reason.strip()}
    scores = [score for score in scores_of(assessment) if score.indicator.code in reasons]
    if not reasons or len(scores) != len(reasons):
        raise Refused(_("Ghi lý do ở ít nhất một chỗ cần xem lại."))
    if withheld([assessment]):
        raise Refused(_("Kết quả chưa công bố nên chưa đề nghị xem lại được."))
    if Contest.objects.filter(assessment=assessment).exists():
        raise Refused(_("Hồ sơ này đã được đề nghị xem lại một lần."))
    if assessment.confirmed_at and not contests.is_within_days(assessment, now):
        raise Refused(
            _("Đã hết hạn đề nghị xem lại: hết ngày %(day)s.")
            % {"day": dates.day_words(contests.last_day(assessment))}
        )
    write(assessment, State.CONFIRMED, at=now, step=WindowStep.CONTEST, version=version)
    asked = Contest.objects.create(assessment=assessment, round=assessment.round, at=now, by=by)
    ContestedScore.objects.bulk_create(
        ContestedScore(contest=asked, score=score, reason=reasons[score.indicator.code]) for score in scores
    )
    events.record_many(
        assessment.entry(
            "contest",
            score,
            by=by,
            at=now,
            old=in_words(score.confirmed),
            private={"reason": reasons[score.indicator.code]},
        )
        for score in scores
    )
    notices.tell([assessment], step="contest")


def can_contest(assessment, now) -> bool:
    return (
        assessment.state == State.CONFIRMED
        and not assessment.is_of_group
        and not assessment.is_withheld
        and contests.is_within_days(assessment, now)
        and not Contest.objects.filter(assessment=assessment).exists()
        and windows.is_open(WindowStep.CONTEST, assessment, now)
    )


@step
def review(assessment, given: Mapping[str, Change], *, by, version=None):
    """Look again at every contested indicator: uphold it or give other points, each with a reason.

    What it gives stands beside the own and the board's points; the outcome follows from it.
    """
    now = clock.now()
    asked = Contest.objects.filter(assessment=assessment, round=assessment.round, decided_at=None).first()
    if asked is None:
        raise Refused(_("Hồ sơ này không có đề nghị nào đang chờ xem lại."))
    if not Assessment.objects.for_reviewer(by).filter(pk=assessment.pk).exists():
        raise PermissionDenied
    scores = {score.indicator.code: score for score in scores_of(assessment)}
    _ask_reviewed(assessment, asked, scores, given)
    result = scoring.judge(
        {code: score.confirmed for code, score in scores.items()}
        | {code: change.given for code, change in given.items()},
        assessment.rules(),
    )
    before, counted = history.result_words(assessment), tally.of([assessment])
    entries = [
        score_entry(
            assessment,
            scores[code],
            scores[code].confirmed,
            change.given,
            by,
            now,
            reason=change.reason.strip(),
        )
        for code, change in given.items()
    ]
    windows.hold(assessment, WindowStep.CONFIRMATION)
    write(
        assessment,
        State.CONFIRMED,
        at=now,
        step=WindowStep.CONTEST,
        version=version,
        outcome=outcome_of(result),
        review_total=result.total,
    )
    entries.append(result_entry(assessment, before, history.result_words(assessment), by=by, at=now))
    if not Contest.objects.filter(pk=asked.pk, decided_at=None).update(decided_at=now, decided_by=by):
        raise Stale(_("Đề nghị này vừa được người khác xem lại."))
    for code, change in given.items():
        _keep_review(scores[code], change, by)
    write_down(assessment, by=by, at=now, old=State.CONFIRMED, entries=entries, told="review")
    tally.change(counted, tally.of([assessment]))


def _ask_reviewed(assessment, asked, scores, given):
    contested = set(asked.scores.values_list("score__indicator__code", flat=True))
    rules = assessment.rules()
    for code, change in given.items():
        if code not in contested or not rules.allows(code, change.given):
            raise Refused(rules.refused_words(code))
    for code in scores:
        if code in contested and not (code in given and given[code].reason.strip()):
            raise Refused(_("Ghi kết quả xem lại và lý do ở %(what)s.") % {"what": rules.called(code)})


def _keep_review(score, change, by):
    score.review = change.given
    score.review_reason, score.reviewed_by = change.reason.strip(), by
    score.save(update_fields=["review_points", "review_passed", "review_reason", "reviewed_by"])


def can_review(assessment, user, now) -> bool:
    return (
        contests.waits(assessment)
        and Assessment.objects.for_reviewer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.CONTEST, assessment, now)
    )
