"""Many records of one board confirmed with their own points: the step of each, taken set by set."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from assessments import notices, tally, windows
from assessments.models import Assessment, Score, State, Step, WindowStep
from assessments.workflow.steps import Stale, refusal, step, step_entry
from audit import clock, events


@dataclass(frozen=True)
class Read:
    """A record as the board read it: its version, and what its own points came to."""

    version: int
    outcome: str


@step
def confirm_as_read(read: Mapping[int, Read], *, by) -> dict[int, str]:
    """Confirm every record that still is as it was read; of the others, record → why not.

    All are of one board and year.
    """
    now = clock.now()
    records = Assessment.objects.filter(pk__in=read)
    first = records.order_by("pk").first()
    if first is None:
        return {}
    windows.hold(first, WindowStep.CONFIRMATION)
    held = records.select_for_update(of=("self",)).select_related("campaign", "board", "citizen")
    held = list(held.order_by("pk"))
    allowed = set(records.for_confirmer(by).values_list("pk", flat=True))
    waiting = records.filter(state=State.SUBMITTED).within_window(WindowStep.CONFIRMATION, now)
    waiting = set(waiting.values_list("pk", flat=True))
    chosen, skipped = [], {}
    for record in held:
        if record.pk not in allowed:
            skipped[record.pk] = _("Bạn không xác nhận hồ sơ này.")
        elif record.pk in waiting and record.version == read[record.pk].version:
            chosen.append(record)
        else:
            skipped[record.pk] = str(
                refusal(record, [State.SUBMITTED], WindowStep.CONFIRMATION, read[record.pk].version, now)
            )
    if chosen:
        _confirm(chosen, read, by, now)
    return skipped


def _confirm(records, read, by, now):
    before = tally.of(records)
    by_outcome = defaultdict(list)
    for record in records:
        by_outcome[read[record.pk].outcome].append(record.pk)
    for outcome, keys in sorted(by_outcome.items()):
        changed = (
            Assessment.objects.filter(pk__in=keys, state=State.SUBMITTED)
            .within_window(WindowStep.CONFIRMATION, now)
            .update(
                state=State.CONFIRMED,
                outcome=outcome,
                confirmed_total=F("own_total"),
                confirmed_at=now,
                confirmed_by=by,
                version=F("version") + 1,
            )
        )
        if changed != len(keys):  # held as they are, they cannot have changed
            raise Stale(_("Hồ sơ vừa thay đổi nên chưa ghi được. Mở lại trang rồi làm lại."))
    Score.objects.filter(
        assessment__in=[record.pk for record in records],
        round=F("assessment__round"),
        indicator__criteria_set=F("assessment__criteria_set"),
    ).update(confirmed_points=F("own_points"), confirmed_passed=F("own_passed"))
    for record in records:
        record.state, record.outcome = State.CONFIRMED, read[record.pk].outcome
        record.confirmed_total, record.confirmed_at, record.confirmed_by = record.own_total, now, by
        record.version += 1
    Step.objects.bulk_create([Step.come_to(record, at=now, by=by) for record in records], batch_size=500)
    events.record_many(step_entry(record, by=by, at=now, old=State.SUBMITTED) for record in records)
    notices.tell(records)
    tally.change(before, tally.of(records))
