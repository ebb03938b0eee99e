"""Recording that a window has closed, and what becomes of the records nobody confirmed in time.

The lock does not depend on this: every write asks the window. It may run late, twice, on two workers, or be
killed half-way: what is left over is taken up by the next run, and the rows come out the same.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from assessments import notices, tally
from assessments.models import Assessment, Extension, State, Step, Window, WindowStep
from audit import events

log = logging.getLogger(__name__)
CHUNK = 500

# What a record becomes when the confirmation of its year has ended. "Unconfirmed" is never a silent failure
# of the person: the board did nothing in time.
BECOMES = {
    State.REGISTERED: State.UNSENT,
    State.SUBMITTED: State.UNCONFIRMED,
    State.RETURNED: State.UNCONFIRMED,
}


@dataclass
class Closing:
    """What one run did: windows recorded now, records per new state, what could not be closed."""

    recorded: int = 0
    moved: Counter = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)


def lock_confirmation(now, year=None) -> Closing:
    """Record the closing of every confirmation window that has ended by now.

    Beat, the command and a starting worker all call it.
    """
    closing = Closing()
    for window in ended(now, year).select_related("campaign", "province"):
        try:
            close_window(window, now, closing)
        except Exception:  # one bad window must not keep the others open
            log.exception("the closing of window %s could not be recorded", window.pk)
            closing.failed.append(str(window.province or window))
    return closing


def ended(now, year=None):
    """The confirmation windows that have ended by now, of one year or of all."""
    windows = Window.objects.filter(step=WindowStep.CONFIRMATION, closes_at__lte=now)
    return windows if year is None else windows.filter(campaign__year=year)


def close_window(window, now, closing):
    """Record the closing of one window at or after its end, then settle its records board by board."""
    with transaction.atomic():
        # Waits for confirmations already being written: on PostgreSQL they share a lock on this row.
        held = Window.objects.select_for_update().get(pk=window.pk)
        if held.closes_at > now:  # lengthened since it was read
            return
        if held.closed_at is None:
            Window.objects.filter(pk=held.pk).update(closed_at=now)
            events.record("closing", held, at=now, organization=held.province, new=str(held.campaign.year))
            closing.recorded += 1
    left = _left_open(window, now)
    extensions = list(
        Extension.objects.filter(campaign=window.campaign, level=window.level).select_related("organization")
    )
    for board, name in _boards(left):
        try:
            while _settle(window, extensions, left.filter(board=board), now, closing):
                pass
        except Exception:  # one bad board must not keep the others open
            log.exception("the closing of %s could not settle board %s", window.pk, board)
            closing.failed.append(name)


def _boards(left):
    """Board after board that has such records, each looked up when its turn comes: a nation has 200,000."""
    last = 0
    boards = left.order_by("board").values_list("board", "board__full_name")
    while board := boards.filter(board__gt=last).first():
        yield board
        last = board[0]


def _left_open(window, now):
    """The window's records that are still open, but for those which an extension keeps open."""
    left = Assessment.objects.filter(campaign=window.campaign, level=window.level).left_by_closing(now)
    if window.province:
        left = left.filter(province=window.province)
    else:
        own = Window.objects.filter(
            step=window.step, campaign=window.campaign, level=window.level, province__isnull=False
        )
        left = left.exclude(province__in=own.values("province"))
    return left


@transaction.atomic
def _settle(window, extensions, left, now, closing):
    """Settle one chunk; return how many records it held."""
    chunk = list(left.select_for_update(of=("self",)).select_related("campaign", "board")[:CHUNK])
    before = tally.of(chunk)
    for source, target in BECOMES.items():
        settled = [assessment for assessment in chunk if assessment.state == source]
        Assessment.objects.filter(pk__in=[each.pk for each in settled]).update(
            state=target, closed_from=source, version=F("version") + 1
        )
        for assessment in settled:
            assessment.state, assessment.closed_from = target, source
        Step.objects.bulk_create(
            # The moment it took effect, whenever it came to be written down.
            Step.come_to(assessment, at=_took_effect(assessment, window, extensions, now))
            for assessment in settled
        )
        events.record_many(assessment.entry("step", at=now, old=source, new=target) for assessment in settled)
        notices.tell(settled)
        closing.moved[target] += len(settled)
    tally.change(before, tally.of(chunk))
    return len(chunk)


def _took_effect(assessment, window, extensions, now):
    """When the record was locked: with its window, or with the last extension that kept it open."""
    ends = [each.closes_at for each in extensions if each.closes_at <= now and each.reaches(assessment)]
    return max([window.closes_at, *ends])
