"""Done but for the last step: filled in and not sent, or gone through by the board and not confirmed."""

from django.db.models import Exists, OuterRef, Q

from assessments.models import BatchRow, BatchState, Lowering, RowState, Score, State, Step
from criteria.models import Criterion
from vietnamese import dates


def filled() -> Q:
    """Drafts in which nothing is missing but that they are sent; a returned one, once it was worked on."""
    given = Score.objects.filter(
        Q(own_points__isnull=False) | Q(own_passed__isnull=False),
        assessment=OuterRef(OuterRef("pk")),
        round=OuterRef(OuterRef("round")),
        indicator=OuterRef("pk"),
    )
    asked = Criterion.objects.filter(criteria_set=OuterRef("criteria_set"), parent__isnull=False)
    untouched = Step.objects.filter(
        assessment=OuterRef("pk"), state=State.RETURNED, at__gte=OuterRef("saved_at")
    )
    is_draft = Q(state=State.REGISTERED) | Q(state=State.RETURNED) & ~Exists(untouched)
    return is_draft & ~Exists(asked.exclude(Exists(given)))


def graded() -> Q:
    """What waits, though a member of the board gave its points, or went through it in a list.

    A second member has to agree, or somebody to confirm.
    """
    rows = BatchRow.objects.filter(
        Q(batch__state=BatchState.READY) | Q(batch__state=BatchState.LOOKING, looked_at__isnull=False),
        assessment=OuterRef("pk"),
        version=OuterRef("version"),
        state=RowState.WAITING,
    )
    lowered = Lowering.objects.waiting().filter(assessment=OuterRef("pk"))
    return Q(state=State.SUBMITTED) & (Exists(rows) | Exists(lowered))


def is_at_risk(campaign, now) -> bool:
    """Whether the day has come from which what is not sent may miss the lock."""
    return dates.local_day(now) >= campaign.risk_day
