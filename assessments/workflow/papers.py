"""What two members of a board type in after the lock from paper of before it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from assessments import history, notices, papers, scoring, windows
from assessments.models import Assessment, Paper, PaperScore, State, WindowStep
from assessments.workflow.board import real_changes
from assessments.workflow.steps import (
    Change,
    Refused,
    ask_confirmer,
    move,
    outcome_of,
    own_scores,
    score_entry,
    scores_of,
    step,
    write,
)
from audit import clock, events
from vietnamese import dates


@step
def type_paper(assessment, changes: Mapping[str, Change], *, dated_on, by, version=None) -> Paper:
    """Type in what a sheet of before the lock gives; it counts when another member has signed it."""
    ask_confirmer(assessment, by)
    if fault := papers.fault(assessment, dated_on):
        raise Refused(fault)
    now = clock.now()
    rules = assessment.rules()
    own = own_scores(assessment)
    changes = real_changes(changes, own, rules)
    given = own | {code: change.given for code, change in changes.items()}
    result = scoring.judge(given, rules)
    windows.hold(assessment, WindowStep.PAPER)
    write(
        assessment,
        State.UNCONFIRMED,
        at=now,
        step=WindowStep.PAPER,
        version=version,
        among=Assessment.objects.awaiting_paper(),
    )
    paper = Paper.objects.create(
        assessment=assessment,
        round=assessment.round,
        dated_at=dates.day_begins(dated_on),
        outcome=outcome_of(result),
        total=result.total,
        typed_by=by,
        typed_at=now,
    )
    PaperScore.objects.bulk_create(
        PaperScore(
            paper=paper,
            score=score,
            given=given[score.indicator.code],
            reason=changes[score.indicator.code].reason.strip() if score.indicator.code in changes else "",
        )
        for score in scores_of(assessment)
    )
    said = f"{paper.day_words}: {history.judged_words(paper.outcome, paper.total)}"
    events.record_many([assessment.entry("paper", paper, by=by, at=now, new=said)])
    notices.tell_of_paper(paper)
    return paper


@step
def sign_paper(assessment, *, by, version=None):
    """Confirm by the sheet that another member has typed in."""
    ask_confirmer(assessment, by)
    paper = papers.waiting(assessment)
    if paper is None:
        raise Refused(_("Hồ sơ này không có phiếu giấy nào chờ xác nhận."))
    if paper.typed_by_id == by.pk:
        raise Refused(_("Bạn đã nhập phiếu này. Thành viên khác của ban xem lại và xác nhận."))
    now = clock.now()
    said = list(paper.scores.select_related("score__indicator"))
    entries = [
        score_entry(assessment, each.score, each.score.own, each.given, by, now, reason=each.reason)
        for each in said
        if each.reason
    ]
    windows.hold(assessment, WindowStep.PAPER)
    Paper.objects.filter(pk=paper.pk, signed_at=None).update(signed_by=by, signed_at=now)
    paper.refresh_from_db()
    move(
        assessment,
        State.UNCONFIRMED,
        State.CONFIRMED,
        by=by,
        at=now,
        step=WindowStep.PAPER,
        version=version,
        among=Assessment.objects.awaiting_paper(),
        closed_from="",
        outcome=paper.outcome,
        confirmed_total=paper.total,
        confirmed_at=now,
        confirmed_by=by,
        reason=paper.words,
        entries=entries,
        told="paper",
    )
    for each in said:
        each.score.confirmed, each.score.reason = each.given, each.reason
        each.score.changed_by = paper.typed_by if each.reason else None
        each.score.save(update_fields=["confirmed_points", "confirmed_passed", "reason", "changed_by"])


def can_type_paper(assessment, user, now) -> bool:
    """Who, from which state and when, in one: what the page asks."""
    return (
        assessment.closed_from == State.SUBMITTED
        and Assessment.objects.for_confirmer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.PAPER, assessment, now)
    )
