"""What a citizen answered in the last year before, and taking it over at one press."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from assessments import evidence, withholding, workflow
from assessments.models import Assessment, Evidence, Score
from assessments.models.score import EvidenceKind
from assessments.scoring import Given
from criteria import differences
from criteria.models import Criterion, Level


@dataclass(frozen=True)
class Former:
    """`holds` is whether this year asks the same of it: only then it is taken over."""

    year: int
    score: Score
    evidence: list[Evidence]
    holds: bool
    is_withheld: bool = False

    @property
    def given(self) -> Given:
        """What counted in the end and may be known, else what one gave oneself."""
        if self.is_withheld:
            return self.score.own
        return self.score.own if self.score.final is None else self.score.final


def of(assessment) -> dict[str, Former]:
    """Code of this year's indicator → what was answered to it the last time."""
    before = _before(assessment)
    if before is None:
        return {}
    hidden = bool(withholding.withheld([before]))
    scores = {score.indicator.code: score for score in workflow.scores_of(before)}
    pieces: dict[str, list[Evidence]] = {}
    for piece in before.evidence.exclude(kind=EvidenceKind.NONE).prefetch_related("indicators"):
        for indicator in piece.indicators.all():
            pieces.setdefault(indicator.code, []).append(piece)
    return {
        code: Former(before.campaign.year, scores[was.code], pieces.get(was.code, []), holds, hidden)
        for code, (was, holds) in _twins(before.criteria_set, assessment.criteria_set).items()
        if was.code in scores and scores[was.code].own is not None
    }


def _before(assessment):
    if assessment.is_of_group:
        return None
    answered = Exists(Score.objects.filter(assessment=OuterRef("pk")))
    years = Assessment.objects.filter(
        answered,
        citizen=assessment.citizen_id,
        level=Level.CITIZEN,
        campaign__year__lt=assessment.campaign.year,
    )
    return years.select_related("campaign", "criteria_set").order_by("-campaign__year").first()


def _twins(old, new) -> dict[str, tuple[Criterion, bool]]:
    """Code of a new indicator → the old one, and whether an answer to that is one to this.

    By the code; the forms of other groups, and those renumbered since, by the same words and points.
    """
    if old == new:
        return {each.code: (each, True) for each in new.indicators}
    difference = differences.between(old, new)
    twins = {now.code: (was, True) for was, now in difference.kept}
    twins |= {change.code: (change.old, False) for change in difference.asked_again if change.old}
    by_words = {(each.text, each.maximum): each for each in old.indicators}
    for each in new.indicators:
        same = by_words.get((each.text, each.maximum))
        if same and not twins.get(each.code, (None, False))[1]:
            twins[each.code] = (same, True)
    return twins


@transaction.atomic
def carry_over(assessment, codes, *, by) -> list[str]:
    """Take over answers and evidence of these indicators where they still hold; the codes of what was taken.

    Raises Refused.
    """
    former, rules = of(assessment), assessment.rules()
    taken = [
        code
        for code in codes
        if code in former and former[code].holds and rules.allows(code, former[code].given)
    ]
    workflow.save_scores(assessment, {code: former[code].given for code in taken}, by=by)
    for indicator in assessment.criteria_set.indicators:
        if indicator.code in taken and former[indicator.code].evidence:
            evidence.carry_over(assessment, indicator, former[indicator.code].evidence, by=by)
    return taken
