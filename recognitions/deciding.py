"""The decision comes back: number, day and signer are written down, and the recognitions exist."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import workflow
from audit import clock, events
from recognitions.models import Decision, DecisionState, Recognition
from vietnamese import text

CHUNK = 1000


def words_of(decision) -> str:
    """'Quyết định số 12/QĐ-HKH ngày 15/01/2027 của hội khuyến học xã Thạch Khê.'"""
    return _("%(decision)s của %(issuer)s.") % {
        "decision": decision,
        "issuer": text.lower_first(decision.issuer_name),
    }


@transaction.atomic
def recognise(pk: int) -> None:
    """All recognitions of a decision whose number is written down, or none; done twice they are the same."""
    decision = (
        Decision.objects.select_for_update(of=("self",)).select_related("issuer", "campaign").get(pk=pk)
    )
    if decision.state != DecisionState.DECIDING:
        return
    now = clock.now()
    proposed = decision.nominations.proposed().order_by("pk")
    made = (
        Recognition(
            decision=decision,
            assessment_id=each.assessment_id,
            holder_name=each.holder_name,
            place_name=each.place_name,
            valid_from=decision.decided_on,
            valid_until=decision.valid_until,
            recognised_at=now,
        )
        for each in proposed.iterator(chunk_size=CHUNK)
    )
    Recognition.objects.bulk_create(made, batch_size=CHUNK)
    events.record(
        "recognise",
        decision,
        by=decision.decided_by,
        at=now,
        organization=decision.issuer,
        old=str(decision.nominated),
        new=words_of(decision),
    )
    # The counters of the boards are changed in there: other locks come before.
    decision.nominations.filter(is_open=True).update(is_open=False)
    Decision.objects.filter(pk=pk).update(state=DecisionState.DECIDED)
    workflow.recognise(
        decision.nominations.proposed()
        .order_by("assessment")
        .values_list("assessment", flat=True)
        .iterator(),
        by=decision.decided_by,
        at=now,
        issuer=decision.issuer,
        words=words_of(decision),
    )
