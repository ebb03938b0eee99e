"""What an extension opens again."""

from django.db.models import F, Max
from django.utils.translation import gettext as _

from assessments import history, notices, tally
from assessments.models import Assessment, Evidence, Reopening, State, Step
from assessments.workflow.steps import UNJUDGED, copy_own, result_entry, scores_of, step, step_entry
from audit import clock, events

CHUNK = 500


def reopen(extension, *, by=None, at=None) -> int:
    """Open again what was closed in the reach of an extension that is open now; return how many.

    Each goes back to the state it was closed from; a single confirmed record waits again, in a new round of
    scores. When the extension ends, the closing puts each back. Beat calls this once a minute for every open
    extension, so one that opens later, or whose first run was killed, is seen to as well.
    """
    now, reopened = at or clock.now(), 0
    if not extension.is_open(now):
        return 0
    while count := _reopen_some(extension, by or extension.approved_by, now):
        reopened += count
    return reopened


@step
def _reopen_some(extension, by, now):
    """Reopen one chunk; return how many."""
    closed = Assessment.objects.closed_in_reach(extension).select_for_update(of=("self",))
    chunk = list(closed.select_related("campaign", "board", "criteria_set").order_by("pk")[:CHUNK])
    counted = tally.of(chunk)
    before = [Reopening.of(assessment, extension, by=by, at=now) for assessment in chunk]
    Reopening.objects.bulk_create(before)
    reason = _("Mở lại theo quyết định %(number)s: %(reason)s") % {
        "number": extension.decision_number,
        "reason": extension.reason,
    }
    numbers_of = [assessment.pk for assessment in chunk if assessment.state != State.CONFIRMED]
    Assessment.objects.filter(pk__in=numbers_of).update(
        state=F("closed_from"), closed_from="", version=F("version") + 1
    )
    entries = []
    for assessment in chunk:
        if assessment.state == State.CONFIRMED:
            entries.append(result_entry(assessment, history.result_words(assessment), "", by=by, at=now))
            _begin_anew(assessment)
    was = {kept.assessment_id: kept.state for kept in before}
    chunk = list(
        Assessment.objects.filter(pk__in=was).select_related("campaign", "board", "citizen").order_by("pk")
    )
    Step.objects.bulk_create(Step.come_to(each, at=now, by=by, reason=reason) for each in chunk)
    entries += [step_entry(each, by=by, at=now, old=was[each.pk], reason=reason) for each in chunk]
    events.record_many(entries)
    notices.tell(chunk, reason=reason, step="reopen")
    tally.change(counted, tally.of(chunk))
    return len(chunk)


def _begin_anew(assessment):
    """Let a confirmed record wait again on a copy of its own points; what was confirmed stays as it is."""
    last_round = list(scores_of(assessment))
    # An earlier reopening may have left rounds behind that count no more.
    following = assessment.scores.aggregate(last=Max("round"))["last"] + 1
    Assessment.objects.filter(pk=assessment.pk).update(
        state=State.SUBMITTED, round=following, version=F("version") + 1, **UNJUDGED
    )
    copy_own(assessment, last_round, following)
    # What an earlier reopening took away does not stand behind the confirmation of today.
    Evidence.dropped_from.through.objects.filter(evidence__assessment=assessment).delete()
