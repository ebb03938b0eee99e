"""The year of a province as it stood when its confirmation was closed, in a signed file that never changes.

Lines of JSON: a head, a line for each record in the order of their numbers, and an end with the sum over all
lines before it. What changes afterwards goes into further files, which hold the differing records alone. The
same rows give the same bytes. A worker writes; how far it is stands in the Snapshot's row.
"""

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Step, Window, WindowStep
from audit import clock, events, sealing
from audit.models import Event
from criteria.models import Level
from organizations.models import FormerName
from reports import lists, proof
from reports.models import JobState, Snapshot
from reports.moments import one_moment
from reports.pulse import Lost, Pulse

log = logging.getLogger(__name__)
CHUNK = 2000
TOLD = 5
DEAD_AFTER = timedelta(minutes=2)  # after the first attempt, and twice as long after each that follows
MOST_ATTEMPTS = 8
TELL_FROM = 3  # attempts on which somebody should look


def folder() -> Path:
    path = settings.DATA_DIR / "snapshots"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(snapshot: Snapshot) -> Path:
    return folder() / snapshot.file_name


# --- When -----------------------------------------------------------------------------------------


def plan(now, *, addenda=False) -> list[Snapshot]:
    """Note what has to be written: years that are closed and settled, and what changed since their file."""
    of_citizens = Window.objects.filter(step=WindowStep.CONFIRMATION, level=Level.CITIZEN)
    for window in of_citizens.filter(closed_at__isnull=False):
        for province in _provinces_of(window):
            _plan_one(window, province, now, addenda)
    _give_back_dead()
    if addenda:  # what was given up has one more attempt each night
        Snapshot.objects.filter(state=JobState.FAILED).update(
            state=JobState.QUEUED, attempts=MOST_ATTEMPTS - 1
        )
    return list(Snapshot.objects.filter(state=JobState.QUEUED))


def _give_back_dead():
    """Let what failed or died be tried again, ever later, and give it up in the end."""
    for snapshot in Snapshot.objects.filter(state=JobState.RUNNING):
        if timezone.now() - snapshot.heartbeat_at > DEAD_AFTER * 2 ** max(snapshot.attempts - 1, 0):
            is_last = snapshot.attempts >= MOST_ATTEMPTS
            Snapshot.objects.filter(pk=snapshot.pk, claim=snapshot.claim, state=JobState.RUNNING).update(
                state=JobState.FAILED if is_last else JobState.QUEUED
            )


def failing_words() -> str:
    """Which file could not be written several times already; empty when none."""
    failing = Snapshot.objects.exclude(state=JobState.DONE).filter(attempts__gte=TELL_FROM)
    return " ".join(
        _("Tệp chốt năm %(year)s, %(province)s: chưa ghi được sau %(attempts)s lần thử.")
        % {"year": each.campaign, "province": each.province.full_name, "attempts": each.attempts}
        for each in failing.select_related("campaign", "province")[:TOLD]
    )


def _provinces_of(window):
    if window.province_id:
        return [window.province_id]
    records = Assessment.objects.filter(campaign=window.campaign, level=window.level, province__isnull=False)
    own = Window.objects.filter(
        step=window.step, campaign=window.campaign, level=window.level, province__isnull=False
    )
    records = records.exclude(province__in=own.values("province"))
    return records.order_by().values_list("province", flat=True).distinct()


def _plan_one(window, province, now, addenda):
    key = {"campaign": window.campaign, "level": window.level, "province_id": province}
    last = Snapshot.objects.filter(**key).order_by("-number").first()
    if last is None:
        is_due = not Assessment.objects.filter(**key).left_by_closing(now).exists()
    else:
        stepped = Step.objects.filter(
            assessment__campaign=window.campaign,
            assessment__level=window.level,
            assessment__province=province,
            at__gt=last.as_of,
        )
        is_due = addenda and last.state == JobState.DONE and stepped.exists()
    if is_due:
        number = last.number + 1 if last else 0
        Snapshot.objects.bulk_create(
            [Snapshot(**key, number=number, as_of=clock.now())], ignore_conflicts=True
        )


# --- Writing --------------------------------------------------------------------------------------


def run(pk: int) -> None:
    """Write a queued snapshot. Does nothing when another run has it or it is written."""
    claim = secrets.token_hex(8)
    claimed = Snapshot.objects.filter(pk=pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        claim=claim,
        heartbeat_at=timezone.now(),
        rows=0,
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return
    snapshot = Snapshot.objects.select_related("campaign", "province").get(pk=pk)
    part = folder() / f"{snapshot.file_name}.{claim}.part"
    try:
        _note_seal(snapshot)
        with part.open("wb") as file, Pulse(_held(snapshot), timezone.now) as pulse:
            snapshot.checksum, snapshot.rows = _write(file, snapshot, pulse.counted)
            file.flush()
            os.fsync(file.fileno())
        _finish(snapshot, part)
    except Lost:
        log.warning("snapshot %s was taken over by another run", snapshot)
    finally:
        part.unlink(missing_ok=True)


def _note_seal(snapshot):
    """The newest seal is printed in the file, and kept, so that the file can be made again."""
    seal = sealing.newest()
    snapshot.seal = f"{seal.day} {seal.hash}" if seal else ""
    before = snapshot.before()
    snapshot.previous = before.checksum if before else ""
    snapshot.as_of = clock.now()
    Snapshot.objects.filter(pk=snapshot.pk).update(
        seal=snapshot.seal, previous=snapshot.previous, as_of=snapshot.as_of
    )


def _held(snapshot):
    return Snapshot.objects.filter(pk=snapshot.pk, claim=snapshot.claim, state=JobState.RUNNING)


def _finish(snapshot, part):
    signature = signing_key().sign(bytes.fromhex(snapshot.checksum)).hex()
    with transaction.atomic():
        held = _held(snapshot).update(
            state=JobState.DONE,
            rows=snapshot.rows,
            checksum=snapshot.checksum,
            signature=signature,
            public_key=public_key(),
            finished_at=clock.now(),
        )
        if not held:
            raise Lost
        os.replace(part, path_of(snapshot))
        path_of(snapshot).chmod(0o400)
        events.record(
            "snapshot",
            snapshot,
            at=clock.now(),
            organization=snapshot.province,
            old=_signed_words(snapshot.number, public_key()),
            new=snapshot.checksum,
        )


@one_moment()
def _write(file, snapshot, counted=iter) -> tuple[str, int]:
    """The sum over the whole file, and how many records stand in it."""
    whole, count = hashlib.sha256(), 0
    known = _known_before(snapshot)
    for line in _lines(snapshot, known, counted):
        count += 1
        whole.update(line)
        file.write(line)
    end = _line({"end": True, "records": count - 1, "sha256": whole.hexdigest()})
    whole.update(end)
    file.write(end)
    return whole.hexdigest(), count - 1


def _lines(snapshot, known, counted):
    yield _line(
        {
            "format": 1,
            "year": snapshot.campaign.year,
            "level": snapshot.level,
            "province": snapshot.province.code_on(snapshot.closing_day),
            "number": snapshot.number,
            "as_of": _moment(snapshot.as_of),
            "seal": snapshot.seal,
            "previous": snapshot.previous,
        }
    )
    for pk, line in counted(record_lines(snapshot)):
        if known.get(pk) != _short(line):
            yield line


def record_lines(snapshot) -> Iterator[tuple[int, bytes]]:
    """Every record of the year and province as a line, as it stands today.

    Its places are called as on the closing day, so that no later reform changes the line.
    """
    day = snapshot.closing_day
    former = FormerName.objects.filter(valid_to__gte=day).order_by("-valid_to")
    called = dict(former.values_list("organization", "full_name"))
    records = Assessment.objects.filter(
        campaign=snapshot.campaign, level=snapshot.level, province=snapshot.province
    ).select_related("citizen", "household", "organization", "board", "commune", "criteria_set")
    last = 0
    while chunk := list(records.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for record in chunk:
            yield record.pk, _line(_told(record, day, called))
        last = chunk[-1].pk


def _told(record, day, called):
    """What the list of the province shows of a record, the identity number masked; no telephone."""
    citizen = record.citizen
    return {
        "record": record.pk,
        "receipt": record.receipt_number or "",
        "name": str(record.subject),
        "birth": str(citizen.birth) if citizen else "",
        "gender": citizen.gender if citizen else "",
        "identity": citizen.masked_identity_number if citizen else "",
        "board": record.board.code_on(day),
        "board_name": called.get(record.board_id, record.board.full_name),
        "commune": record.commune.code_on(day) if record.commune else "",
        "group": record.group,
        "criteria": record.criteria_set_id,
        "own_total": _points(lists.own_total(record)),
        "confirmed_total": _points(record.confirmed_total),
        "state": record.state,
        "closed_from": record.closed_from,
        "outcome": record.outcome,
        "submitted_at": _moment(record.submitted_at),
        "confirmed_at": _moment(record.confirmed_at),
    }


def _known_before(snapshot) -> dict[int, bytes]:
    """Of each record the line by which it stands in the files before this one, in few bytes."""
    known = {}
    for before in snapshot.of_same_year().filter(number__lt=snapshot.number).order_by("number"):
        known |= _known_in(before)
    return known


def _known_in(snapshot):
    with path_of(snapshot).open("rb") as file:
        return {told["record"]: _short(line) for line in file if "record" in (told := json.loads(line))}


def _short(line):
    return hashlib.sha256(line).digest()[:12]


def _line(told):
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _moment(at):
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def _points(points):
    return "" if points is None else f"{points.normalize():f}"


# --- Checking -------------------------------------------------------------------------------------


def signing_key() -> Ed25519PrivateKey:
    return proof.key_for("snapshots")


def public_key() -> str:
    """What anyone checks a signature of today with: Ed25519 over the SHA-256 of the file."""
    return signing_key().public_key().public_bytes_raw().hex()


def _signed_words(number, key):
    """What the event of a file holds besides its sum: which file it is, and the key it was signed with."""
    return f"{number} {key}"


def _is_in_the_record(snapshot):
    """Whether the event of its writing tells of this key and sum: who writes rows writes no past event."""
    return Event.objects.filter(
        verb="snapshot",
        object_type=Snapshot._meta.label_lower,
        object_id=snapshot.pk,
        old=_signed_words(snapshot.number, snapshot.public_key),
        new=snapshot.checksum,
    ).exists()


def is_intact(snapshot: Snapshot) -> bool:
    """Whether the file is the one that was signed, by the key of then."""
    try:
        with path_of(snapshot).open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").digest()
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(snapshot.public_key or public_key()))
        key.verify(bytes.fromhex(snapshot.signature), checksum)
    except (OSError, ValueError, InvalidSignature):
        return False
    # Files of before keys were kept are those of the key that signs today.
    return checksum.hex() == snapshot.checksum and (not snapshot.public_key or _is_in_the_record(snapshot))


@one_moment()
def differing(snapshot: Snapshot) -> list[int]:
    """The records that stand otherwise today than in this file and those before it."""
    known = _known_before(snapshot) | _known_in(snapshot)
    today = {pk: _short(line) for pk, line in record_lines(snapshot)}
    return sorted(pk for pk in known.keys() | today.keys() if known.get(pk) != today.get(pk))


def made_again_is_the_same(snapshot: Snapshot) -> bool:
    """Write the file once more from the rows of today and compare it byte by byte."""
    again = folder() / f"{snapshot.file_name}.{secrets.token_hex(8)}.part"
    try:
        with again.open("wb") as file:
            _write(file, snapshot)
        with again.open("rb") as one, path_of(snapshot).open("rb") as other:
            return all(left == right for left, right in zip(one, other, strict=True))
    except ValueError:  # one is longer
        return False
    finally:
        again.unlink(missing_ok=True)
