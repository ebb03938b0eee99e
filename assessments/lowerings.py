"""Points below the own ones, which two members of a board decide where it has two. Reads only."""

from assessments.models import Lowering
from assessments.scoring import Given


def waiting(assessment) -> Lowering | None:
    """What one member has given and nobody has agreed to yet."""
    return waiting_of([assessment]).get(assessment.pk)


def waiting_of(assessments) -> dict[int, Lowering]:
    found = Lowering.objects.waiting().filter(assessment__in=assessments)
    return {each.assessment_id: each for each in found.select_related("decided_by")}


def decided(assessment):
    """Who gave first what the record is confirmed with, where two did."""
    agreed = Lowering.objects.filter(assessment=assessment, agreed_at=assessment.confirmed_at)
    return agreed.values_list("decided_by", flat=True) if assessment.confirmed_at else ()


def given_by(lowering) -> dict[str, tuple[Given, str]]:
    """Indicator code → what it gives instead of the own, and why."""
    return {
        each.score.indicator.code: (each.given, each.reason)
        for each in lowering.scores.select_related("score__indicator")
    }


def gives(lowering) -> dict[str, Given]:
    return {code: given for code, (given, _reason) in given_by(lowering).items()}
