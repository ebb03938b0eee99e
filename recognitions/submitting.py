"""The minutes go up as a submission to who signs the decision."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import clock
from recognitions import minutes
from recognitions.models import Decision, DecisionState
from recognitions.refusals import RefusedAt


@transaction.atomic
def submit(decision, *, number, on, to, by) -> None:
    """Write down by which number, when and to whom it was submitted; once more to correct it."""
    held = minutes.hold(decision.pk, [DecisionState.MINUTED, DecisionState.SUBMITTED], by)
    if not held.nominated:
        raise RefusedAt(None, _("Không ai được đề nghị nên không có gì để trình. Biên bản đã ký là đủ."))
    minutes.ask_day(
        held, on, field="submission_on", not_before=held.minutes_on, what=_("ngày ghi trên biên bản")
    )
    old = f"{held.submission_number} {held.submission_on:%d/%m/%Y}" if held.submission_on else ""
    Decision.objects.filter(pk=held.pk).update(
        state=DecisionState.SUBMITTED,
        submission_number=number,
        submission_on=on,
        submission_to=to,
        submitted_by=by,
        submitted_at=held.submitted_at or clock.now(),
    )
    minutes.record(held, "submit_decision", by=by, old=old, new=f"{number} {on:%d/%m/%Y}")
