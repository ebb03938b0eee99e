"""Open records on a later version of their form: carried there, and looked at by whom they are of.

A record that lies with its board stays on the version it was sent on, until it comes back to its citizen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Exists, F, Max, OuterRef
from django.utils.translation import gettext as _

from assessments import notices, scoring, tally
from assessments.models import (
    Assessment,
    CriteriaMove,
    Evidence,
    Reopening,
    ReturnedScore,
    Score,
    Step,
)
from assessments.scoring import Given
from assessments.workflow.citizen import save_scores, set_own_total
from assessments.workflow.steps import Refused, step, unseen_move
from audit import clock, events
from criteria import differences
from vietnamese import dates


def left_on(old, new, now):
    """The records on one version that go on to another: those with a citizen who can still write and send.

    Of a year in which the new version is in force. What an extension opened again is judged by the text of
    its own closing.
    """
    open_ones = Assessment.objects.filter(criteria_set=old, campaign__year__gte=new.valid_from.year)
    return open_ones.writable(now).exclude(Exists(Reopening.objects.filter(assessment=OuterRef("pk"))))


@step
def carry_to_version(keys: Iterable[int], old, new) -> int:
    """Bring open records from one version of their form to another; how many of them went.

    The answers to what says the same stand under the same code; those of before are kept on the old form.
    """
    now = clock.now()
    held = left_on(old, new, now).filter(pk__in=keys).select_for_update(of=("self",))
    records = list(
        held.select_related("campaign", "board", "citizen", "household", "organization").order_by("pk")
    )
    if not records:
        return 0
    difference = differences.between(old, new)
    before = tally.of(records)
    carried = _carry_scores(records, difference, new, now)
    _carry_evidence(records, old, new)
    rules = {hard: new.rules(in_hard_area=hard) for hard in (False, True)}
    for record in records:
        record.criteria_set = new
        record.own_total = scoring.judge(carried[record.pk], rules[record.in_hard_area]).total
        record.version += 1
    Assessment.objects.bulk_update(records, ["criteria_set", "own_total", "version"], batch_size=500)
    for record in records:
        if record.is_of_group:  # the new version may ask for other shares of its people
            set_own_total(record)
    # No state changes, but the figures of a day count by the form that the step names.
    latest = Step.objects.filter(assessment__in=[record.pk for record in records]).order_by()
    latest = latest.values("assessment").annotate(last=Max("pk")).values_list("last", flat=True)
    Step.objects.filter(pk__in=list(latest)).update(criteria_set=new)
    _note(records, difference, old, new, now)
    events.record_many(
        record.entry("criteria", at=now, old=str(old.version), new=str(new.version)) for record in records
    )
    if difference.touches_people:
        notices.tell_of_criteria(records, new, len(difference.asked_again))
    tally.change(before, tally.of(records))
    return len(records)


def _carry_scores(records, difference, new, now):
    """Record → what stands on the new form, by code; written there with what the board had asked for."""
    kept = {was.pk: criterion for was, criterion in difference.kept}
    again = {change.old.pk: change.new for change in difference.asked_again if change.old}
    added = [change.new for change in difference.asked_again if change.old is None]
    scores = Score.objects.filter(
        assessment__in=[record.pk for record in records],
        round=F("assessment__round"),
        indicator__in=[*kept, *again],
    ).select_related("returned", "indicator")
    rounds = {record.pk: record.round for record in records}
    given, rows, asked = defaultdict(dict), [], defaultdict(dict)
    for score in scores:
        target = kept.get(score.indicator_id) or again[score.indicator_id]
        if score.indicator_id in kept:
            given[score.assessment_id][target.code] = score.own
            rows.append(_empty(score.assessment_id, target, rounds, score))
        if hasattr(score, "returned"):
            asked[score.assessment_id][target.pk] = score.returned.reason
    why = _("Tiêu chí đã đổi từ ngày %(day)s.") % {"day": dates.day_words(new.valid_from)}
    for record in asked:  # where the board asked for some only, what changed is open beside it
        for criterion in [*again.values(), *added]:
            rows.append(_empty(record, criterion, rounds))
            asked[record].setdefault(criterion.pk, why)
    Score.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    if asked:
        present = Score.objects.filter(
            assessment__in=list(asked), round=F("assessment__round"), indicator__criteria_set=new
        )
        ReturnedScore.objects.bulk_create(
            [
                ReturnedScore(score=score, reason=asked[score.assessment_id][score.indicator_id])
                for score in present
                if score.indicator_id in asked[score.assessment_id]
            ],
            ignore_conflicts=True,
        )
    return given


def _empty(record, criterion, rounds, said=None):
    """A score of the present round, with what another said where it still holds."""
    given = {"own": said.own, "helped_by_id": said.helped_by_id} if said else {}
    return Score(assessment_id=record, indicator=criterion, round=rounds[record], **given)


def _carry_evidence(records, old, new):
    """What stood behind an indicator stands behind that of the same code too."""
    at = Evidence.indicators.through
    codes = dict(new.criteria.filter(parent__isnull=False).values_list("code", "pk"))
    pieces = at.objects.filter(
        evidence__assessment__in=[record.pk for record in records], criterion__criteria_set=old
    )
    at.objects.bulk_create(
        [
            at(evidence_id=piece, criterion_id=codes[code])
            for piece, code in pieces.values_list("evidence", "criterion__code")
            if code in codes
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def _note(records, difference, old, new, now):
    unseen = CriteriaMove.objects.filter(
        assessment__in=[record.pk for record in records], to_set=old, looked_at=None
    )
    went_along = set(unseen.values_list("assessment", flat=True))
    unseen.update(to_set=new, at=now)
    CriteriaMove.objects.bulk_create(
        [
            CriteriaMove(
                assessment=record,
                from_set=old,
                to_set=new,
                at=now,
                looked_at=None if difference.touches_people else now,
            )
            for record in records
            if record.pk not in went_along
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


@step
def look_at_criteria(assessment, given: Mapping[str, Given], *, by, version=None):
    """Keep the answers to what changed, and that its person looked at it: the record can be sent again.

    Raises Refused where something of it has no answer.
    """
    move = unseen_move(assessment)
    if move is None:
        return
    asked = differences.between(move.from_set, move.to_set).asked_again
    if missing := [change.new for change in asked if given.get(change.code) is None]:
        raise Refused(_("Còn %(what)s chưa trả lời.") % {"what": missing[0].called})
    save_scores(assessment, {change.code: given[change.code] for change in asked}, by=by, version=version)
    now = clock.now()
    CriteriaMove.objects.filter(pk=move.pk, looked_at=None).update(looked_at=now)
    events.record_many([assessment.entry("criteria_seen", by=by, at=now, new=str(move.to_set.version))])
