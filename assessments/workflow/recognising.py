"""What a decision on titles does to the records it is over, and what the end of a title does to one."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.db.models import F
from django.utils.translation import gettext as _

from assessments import notices, tally
from assessments.models import Assessment, Outcome, State, Step
from assessments.workflow.steps import Refused, step
from audit import events

CHUNK = 1000


@step
def recognise(records: Iterable[int], *, by, at, issuer, words="") -> None:
    """Let every record be recognised, or none; `words` tell the holders by which decision."""
    records, before, after = iter(records), Counter(), Counter()
    while keys := list(islice(records, CHUNK)):
        found = _hold(keys)
        before.update(tally.of(found))
        Assessment.objects.filter(pk__in=keys).update(state=State.RECOGNISED, version=F("version") + 1)
        for record in found:
            record.state, record.version = State.RECOGNISED, record.version + 1
        _write_down(found, State.CONFIRMED, by=by, at=at, issuer=issuer, reason=words)
        after.update(tally.of(found))
    tally.change(before, after)


def _hold(keys):
    held = Assessment.objects.filter(pk__in=keys, state=State.CONFIRMED, outcome=Outcome.ACHIEVED)
    held = held.select_for_update(of=("self",)).select_related(
        "campaign", "board", "organization", "household", "citizen", "criteria_set"
    )
    found = list(held.order_by("pk"))
    if len(found) != len(keys):
        raise Refused(_("Có hồ sơ vừa thay đổi nên chưa ghi được. Mở lại trang để xem là hồ sơ nào."))
    return found


@step
def end_recognition(assessment, *, by, at, issuer, reason) -> None:
    """Let a record be what it was before it was recognised: its title was revoked."""
    held = Assessment.objects.select_for_update(of=("self",))
    record = held.select_related("campaign", "board").get(pk=assessment.pk)
    before = tally.of([record])
    changed = Assessment.objects.filter(pk=record.pk, state=State.RECOGNISED).update(
        state=State.CONFIRMED, version=F("version") + 1
    )
    if not changed:
        raise Refused(_("Danh hiệu này không còn được công nhận."))
    record.state, record.version = State.CONFIRMED, record.version + 1
    _write_down([record], State.RECOGNISED, by=by, at=at, issuer=issuer, reason=reason)
    tally.change(before, tally.of([record]))


def _write_down(records, source, *, by, at, issuer, reason):
    Step.objects.bulk_create(
        [Step.come_to(record, at=at, by=by, reason=reason) for record in records], batch_size=500
    )
    events.record_many(
        events.Entry(
            "step",
            record,
            at=at,
            by=by,
            organization=issuer,
            subject=record.citizen_id,
            old=source,
            new=record.state,
            private={"reason": reason} if reason and source == State.RECOGNISED else {},
        )
        for record in records
    )
    notices.tell(records, reason=reason, step="" if source == State.CONFIRMED else "revoked")
