"""Confirming a whole list: read at one moment, some looked at by chance, then confirmed chunk by chunk."""

import math
import secrets
from random import Random

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments import lanes, queue, windows, workflow
from assessments.models import Assessment, Batch, BatchRow, BatchState, Outcome, RowState, WindowStep
from assessments.workflow import Read, Refused
from audit import clock, events

CHUNK = 300  # records in one transaction
LEAST_LOOKED_AT, MOST_LOOKED_AT, SHARE_LOOKED_AT = 3, 20, 0.05
LOOKED_AT_ONCE = 10  # on one page


def sample_size(ready: int) -> int:
    """How many of so many records are looked at before the others are confirmed with them."""
    return min(ready, MOST_LOOKED_AT, max(LEAST_LOOKED_AT, math.ceil(ready * SHARE_LOOKED_AT)))


def drawn(seed: int, keys: list[int]) -> set[int]:
    """The records that a seed draws: anybody who has both can draw again."""
    return set(Random(seed).sample(sorted(keys), sample_size(len(keys))))  # noqa: S311 - no secret: to be redone


@transaction.atomic
def begin(board, campaign, *, by, query="") -> Batch:
    """Read all that wait at the board and that the member may confirm, as they are now.

    What the same member began here before and did not carry through is given up. Raises Refused where
    nobody waits.
    """
    waiting = queue.WAITING.of(queue.records_of(board, campaign)).for_confirmer(by)
    found = waiting.matching(query) if query else waiting
    records = list(found.select_related("criteria_set", "campaign").order_by("pk"))
    if not records:
        raise Refused(_("Không có ai đang chờ mà bạn xác nhận được."))
    Batch.objects.filter(by=by, board=board, state__in=[BatchState.LOOKING, BatchState.READY]).delete()
    batch = Batch.objects.create(
        board=board, campaign=campaign, by=by, query=query, seed=secrets.randbits(31)
    )
    results = queue.own_results(records)
    to_look = lanes.reasons(records, results)
    looked_at = drawn(batch.seed, [record.pk for record in records if not to_look[record.pk]])
    BatchRow.objects.bulk_create(
        [
            BatchRow(
                batch=batch,
                assessment=record,
                version=record.version,
                outcome=Outcome.ACHIEVED if results[record.pk].achieved else Outcome.NOT_ACHIEVED,
                state=RowState.TO_LOOK if to_look[record.pk] else RowState.WAITING,
                reason=" ".join(to_look[record.pk]),
                is_drawn=record.pk in looked_at,
            )
            for record in records
        ],
        batch_size=500,
    )
    return batch


def to_look_at(batch: Batch) -> list[BatchRow]:
    """The next page of those drawn that nobody has looked at yet."""
    left = batch.rows.filter(is_drawn=True, looked_at=None, state=RowState.WAITING)
    return list(left.order_by("pk")[:LOOKED_AT_ONCE])


@transaction.atomic
def look(batch: Batch, looked_at: list[int], left_out: list[int]) -> None:
    """Note that the member looked at these rows, and takes some of them out to open by themselves.

    When all that were drawn have been looked at, the batch is ready.
    """
    shown = batch.rows.filter(pk__in=looked_at, is_drawn=True, looked_at=None, state=RowState.WAITING)
    shown.update(looked_at=clock.now())
    batch.rows.filter(pk__in=left_out, is_drawn=True, state=RowState.WAITING).update(
        state=RowState.TO_LOOK, reason=_("Bạn để lại xem riêng.")
    )
    if not to_look_at(batch):
        Batch.objects.filter(pk=batch.pk, state=BatchState.LOOKING).update(state=BatchState.READY)


def start(batch: Batch) -> bool:
    """Whether this call began to confirm: of two clicks one does. Raises Refused when it is too late."""
    now = clock.now()
    records = Assessment.objects.filter(pk__in=batch.rows.filter(state=RowState.WAITING).values("assessment"))
    if not records.within_window(WindowStep.CONFIRMATION, now).exists():
        opening = windows.opening_at(WindowStep.CONFIRMATION, batch.campaign, batch.board, now)
        raise Refused(_("Chưa xác nhận ai. %(deadline)s") % {"deadline": windows.sentence(opening, now)})
    return _begin(batch, BatchState.READY, BatchState.RUNNING, "confirm_many", RowState.WAITING)


def start_undo(batch: Batch) -> bool:
    return _begin(batch, BatchState.DONE, BatchState.UNDOING, "undo_many", RowState.CONFIRMED)


@transaction.atomic
def _begin(batch, source, target, verb, rows):
    began = batch.go_on([source], target)
    if began:
        count = batch.rows.filter(state=rows).count()
        events.record(verb, batch, by=batch.by, at=clock.now(), organization=batch.board, new=str(count))
    return began


# --- The work ---------------------------------------------------------------------------------------


def work(pk: int) -> None:
    """Do what is left of a batch, chunk by chunk. May run twice, and after any death."""
    batch = Batch.objects.select_related("by", "board", "campaign").get(pk=pk)
    if batch.state not in Batch.AT_WORK:
        return
    source, take = {
        BatchState.RUNNING: (RowState.WAITING, _confirm_chunk),
        BatchState.UNDOING: (RowState.CONFIRMED, _undo_one),
    }[batch.state]
    while batch.rows.filter(state=source).exists():
        take(batch)
        batch.alive()
    batch.finish()


@transaction.atomic
def _confirm_chunk(batch):
    rows = _next(batch, RowState.WAITING, CHUNK)
    read = {row.assessment_id: Read(row.version, row.outcome) for row in rows}
    skipped = workflow.confirm_as_read(read, by=batch.by)
    for row in rows:
        row.reason = skipped.get(row.assessment_id, "")
        row.state = RowState.SKIPPED if row.reason else RowState.CONFIRMED
    BatchRow.objects.bulk_update([row for row in rows if row.reason], ["state", "reason"])
    confirmed = [row.pk for row in rows if not row.reason]
    BatchRow.objects.filter(pk__in=confirmed).update(state=RowState.CONFIRMED)


@transaction.atomic
def _undo_one(batch):
    rows = _next(batch, RowState.CONFIRMED, 1)
    for row in rows:
        record = Assessment.objects.select_related("campaign", "board", "citizen", "criteria_set").get(
            pk=row.assessment_id
        )
        try:
            workflow.undo(record, by=batch.by, version=row.version + 1)
        except Refused as refusal:
            row.state, row.reason = RowState.KEPT, str(refusal)
        except PermissionDenied:
            row.state, row.reason = RowState.KEPT, _("Bạn không hủy xác nhận hồ sơ này.")
        else:
            row.state = RowState.UNDONE
        row.save(update_fields=["state", "reason"])


def _next(batch, state, count):
    """The next rows, held: two workers take different ones, or the later finds nothing."""
    rows = batch.rows.filter(state=state).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:count])
    return list(rows.filter(pk__in=keys).select_for_update())
