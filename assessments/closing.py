"""Recording that a window has closed, and what becomes of the records nobody confirmed in time.

The lock does not depend on this: every write asks the window. It may run late, twice, on two workers, or be
killed half-way: what is left over is taken up by the next run, and the rows come out the same.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Max

from assessments import evidence, history, notices, on_time, tally, windows, workflow
from assessments.models import Assessment, Extension, Reopening, State, Step, Window, WindowStep
from assessments.models.assessment import JUDGED_STATES
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
    """What one run did: windows recorded now, records per new state or reopened, what could not be closed."""

    recorded: int = 0
    moved: Counter = field(default_factory=Counter)
    reopened: int = 0
    failed: list[str] = field(default_factory=list)


def lock_confirmation(now, year=None) -> Closing:
    """Record the closing of every confirmation window that has ended by now.

    Beat, the command and a starting worker all call it.
    """
    closing = Closing()
    _record_ended_extensions(now, closing)
    for window in ended(now, year).select_related("campaign", "province"):
        try:
            close_window(window, now, closing)
        except Exception:  # one bad window must not keep the others open
            log.exception("the closing of window %s could not be recorded", window.pk)
            closing.failed.append(str(window.province or window))
    _take_up_open_extensions(now, closing)
    return closing


def ended(now, year=None):
    """The confirmation windows that have ended by now, of one year or of all."""
    windows = Window.objects.filter(step=WindowStep.CONFIRMATION, closes_at__lte=now)
    return windows if year is None else windows.filter(campaign__year=year)


def _record_ended_extensions(now, closing):
    """Before the records in their reach are settled: nothing is confirmed by an extension after this."""
    ended = Extension.objects.filter(closed_at=None, closes_at__lte=now)
    for extension in ended.select_related("organization", "assessment__board").order_by("pk"):
        try:
            with transaction.atomic():
                windows.hold_off(extension)
                if not Extension.objects.filter(pk=extension.pk, closed_at=None).update(closed_at=now):
                    continue
                # What was confirmed anew stays so; the others end when they are settled.
                extension.reopenings.filter(ended_at=None, assessment__state__in=JUDGED_STATES).update(
                    ended_at=now
                )
                where = extension.organization or extension.assessment.board
                events.record("closing", extension, at=now, organization=where, new=extension.step)
        except Exception:  # one bad extension must not keep the others open
            log.exception("the end of extension %s could not be recorded", extension.pk)
            closing.failed.append(str(extension))


def _take_up_open_extensions(now, closing):
    """Reopen what an extension reaches and was not reopened when it was made."""
    for extension in Extension.objects.open_at(now).select_related("organization", "approved_by"):
        try:
            closing.reopened += workflow.reopen(extension, at=now)
        except Exception:  # one bad extension must not keep the others closed
            log.exception("extension %s could not be opened", extension.pk)
            closing.failed.append(str(extension))


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
    """Each board that has such records, some hundred looked up at a time: a nation has 200,000.

    Not one by one: a database may have to read all that waits to find the next.
    """
    boards = left.order_by("board").values_list("board", "board__full_name").distinct()
    last = 0
    while some := list(boards.filter(board__gt=last)[:CHUNK]):
        yield from some
        last = some[-1][0]


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
    held = left.select_for_update(of=("self",)).order_by("pk")
    chunk = list(held.select_related("campaign", "board")[:CHUNK])
    before = tally.of(chunk)
    kept = _confirmed_before(chunk)
    locked = _took_effect(chunk, window, extensions, now)
    for assessment in chunk:
        if assessment.pk in kept:
            _restore(assessment, kept[assessment.pk], locked[assessment.pk], now)
            closing.moved[State.CONFIRMED] += 1
    for source, target in BECOMES.items():
        settled = [each for each in chunk if each.state == source]
        Assessment.objects.filter(pk__in=[each.pk for each in settled]).update(
            state=target, closed_from=source, version=F("version") + 1
        )
        for assessment in settled:
            assessment.state, assessment.closed_from = target, source
        Step.objects.bulk_create(
            # The moment it took effect, whenever it came to be written down.
            Step.come_to(assessment, at=locked[assessment.pk])
            for assessment in settled
        )
        events.record_many(workflow.step_entry(assessment, at=now, old=source) for assessment in settled)
        notices.tell(settled)
        if source == State.SUBMITTED and settled:
            notices.tell_of_left(settled[0])
        closing.moved[target] += len(settled)
    Reopening.objects.filter(assessment__in=chunk, ended_at=None).update(ended_at=now)
    tally.change(before, tally.of(chunk))
    return len(chunk)


def _confirmed_before(chunk):
    """Record → what it was before it was reopened, of those that were confirmed; the latest one counts."""
    reopened = Reopening.objects.filter(assessment__in=chunk, ended_at=None, state=State.CONFIRMED)
    return {each.assessment_id: each for each in reopened.order_by("pk")}


def _restore(assessment, reopening, at, now):
    """Confirm again, exactly as before, what was reopened and not confirmed anew."""
    source = assessment.state
    Assessment.objects.filter(pk=assessment.pk).update(
        state=State.CONFIRMED, version=F("version") + 1, **reopening.kept()
    )
    assessment.refresh_from_db()
    evidence.put_back(assessment)
    Step.come_to(assessment, at=at).save()
    events.record_many(
        [
            workflow.result_entry(assessment, "", history.result_words(assessment), at=now),
            workflow.step_entry(assessment, at=now, old=source),
        ]
    )
    notices.tell([assessment], step="restore")


def _took_effect(chunk, window, extensions, now):
    """Record → when it was locked: with its window, or with the last extension that kept it open.

    Never before its own last step, which would be taken for the latest then.
    """
    last = dict(Step.objects.filter(assessment__in=chunk).values_list("assessment").annotate(Max("at")))
    return {
        assessment.pk: max(
            window.closes_at,
            last.get(assessment.pk, window.closes_at),
            *[
                each.closes_at
                for each in extensions
                if each.closes_at <= now and _kept_open(each, assessment)
            ],
        )
        for assessment in chunk
    }


def _kept_open(extension, assessment):
    """Whether the closing waited for it; see AssessmentQuerySet.left_by_closing."""
    steps = {WindowStep.CONFIRMATION, on_time.NEXT_STEP[assessment.state]}
    was_open = extension.opens_at < extension.closes_at  # not ended before it began
    return was_open and extension.step in steps and extension.reaches(assessment)
