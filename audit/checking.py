"""Checking the whole record by a worker, with its progress in a row.

A task may be lost, come twice, or die half-way: the sweep (`take_up`) sends it again, and it goes on where it
had come to.
"""

import secrets
from datetime import timedelta

from django.utils import timezone

from audit import clock, verification
from audit.models import Check, CheckState, Event
from audit.verification import Position

DEAD_AFTER = timedelta(minutes=2)
MOST_KEPT = 500  # faults named in the row; the command names all


def ask(by=None) -> tuple[Check, bool]:
    """A check to be made, and whether it is a new one: where one is under way, it is that one."""
    running = Check.objects.filter(state__in=[CheckState.QUEUED, CheckState.RUNNING]).first()
    if running:
        return running, False
    return Check.objects.create(asked_at=clock.now(), asked_by=by, expected=Event.objects.count()), True


def run(pk: int) -> None:
    """Check on from where an earlier run left off. Does nothing when another run has it or it is done."""
    claim = secrets.token_hex(8)
    claimed = Check.objects.filter(pk=pk, state=CheckState.QUEUED).update(
        state=CheckState.RUNNING, claim=claim, heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    check = Check.objects.get(pk=pk)
    at = Position(check.stream, check.sequence, check.sequence_hash, check.read)
    for found in verification.pieces(at):
        if not _keep(check, at, found):
            return
    Check.objects.filter(pk=pk, claim=claim).update(state=CheckState.DONE, finished_at=clock.now())


def _keep(check, at, found):
    """Write down how far it is; whether the check is still one's own."""
    room = max(0, MOST_KEPT - check.found)
    check.found += len(found)
    check.faults += "".join(f"{fault}\n" for fault in found[:room])
    return Check.objects.filter(pk=check.pk, claim=check.claim, state=CheckState.RUNNING).update(
        heartbeat_at=timezone.now(),
        stream=at.stream,
        sequence=at.sequence,
        sequence_hash=at.hash,
        read=at.read,
        found=check.found,
        faults=check.faults,
    )


def take_up() -> list[Check]:
    """Give back what died; return the checks that have to be sent (again)."""
    dead = timezone.now() - DEAD_AFTER
    Check.objects.filter(state=CheckState.RUNNING, heartbeat_at__lt=dead).update(state=CheckState.QUEUED)
    return list(Check.objects.filter(state=CheckState.QUEUED))
