"""Writing the chained record of what was done, in the transaction of the change itself."""

import datetime
import json
import os
import pwd
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models, transaction

from audit import bulk, encryption
from audit.chain import hash_of as hash_of
from audit.models import VALUE_LENGTH, Event, PersonKey, StreamHead
from audit.verification import faults as faults

PORTAL = 0  # the stream of what no organization does, and the key of private words of no person
KEY_PURPOSE = "audit.personkey"
CHUNK = 1000
MANY = 200  # events that are written past the models
# What is told and changes no row of any figure or list.
QUIET = "export export_full read_number password see_as end_see_as give_slip nudge snapshot".split()


@dataclass(frozen=True)
class Entry:
    """One event to be. `subject` is the citizen concerned, under whose key `private` is sealed."""

    verb: str
    object: models.Model
    at: datetime.datetime
    by: models.Model | None = None
    organization: models.Model | None = None
    subject: int | None = None
    old: str = ""
    new: str = ""
    private: dict[str, str] = field(default_factory=dict)


def record(verb: str, obj: models.Model, **what) -> None:
    """Write one event; `what` are the other fields of Entry."""
    record_many([Entry(verb, obj, **what)])


def changes() -> int:
    """How many changes of anything that is counted or listed were told of so far.

    By the heads and not by the last key: a change is seen here with its head, whichever was begun first.
    """
    return (
        StreamHead.objects.aggregate(changes=models.Sum(models.F("sequence") - models.F("quiet")))["changes"]
        or 0
    )


def operator() -> dict[str, str]:
    """Private words on who acts by a command, where nobody has signed in: the operating system's account."""
    number = os.getuid()
    try:
        return {"operator": pwd.getpwuid(number).pw_name}
    except KeyError:  # a container may run under a number without a name
        return {"operator": str(number)}


@transaction.atomic
def record_many(entries: Iterable[Entry]) -> None:
    """Append the entries to their streams in the given order.

    All heads are held before any key is made, both in one order, so that no two writers wait for each other.
    A step that tells several things therefore calls this once.
    """
    streams = defaultdict(list)
    for entry in entries:
        streams[entry.organization.pk if entry.organization else PORTAL].append(entry)
    heads = [_hold(stream) for stream in sorted(streams)]
    everyone = [entry for of_stream in streams.values() for entry in of_stream]
    keys = _person_keys({_key_of(entry) for entry in everyone if entry.private})
    rows = [row for head in heads for row in _append(head, streams[head.stream], keys)]
    if len(rows) < MANY:
        Event.objects.bulk_create(rows)
    else:
        bulk.append(rows)


def _hold(stream):
    StreamHead.objects.get_or_create(stream=stream)
    return StreamHead.objects.select_for_update().get(stream=stream)


def _append(head, entries, keys):
    rows = []
    for entry in entries:
        row = Event(
            stream=head.stream,
            sequence=head.sequence + 1,
            at=entry.at,
            actor=entry.by.pk if entry.by else None,
            subject=entry.subject,
            verb=entry.verb,
            object_type=entry.object._meta.label_lower,
            object_id=entry.object.pk,
            old=entry.old[:VALUE_LENGTH],
            new=entry.new[:VALUE_LENGTH],
            private=_seal(entry, keys),
            previous_hash=head.hash,
        )
        row.hash = hash_of(row)
        head.sequence, head.hash = row.sequence, row.hash
        head.quiet += entry.verb in QUIET
        rows.append(row)
    head.save(update_fields=["sequence", "hash", "quiet"])
    return rows


def _key_of(told: Entry | Event) -> int:
    """Whose key seals the private words: the person's, or the portal's own where they are of nobody."""
    return PORTAL if told.subject is None else told.subject


def _person_keys(subjects: set[int]) -> dict[int, AESGCM]:
    keys = {}
    wanted = sorted(subjects)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        known = set(PersonKey.objects.filter(pk__in=chunk).values_list("pk", flat=True))
        PersonKey.objects.bulk_create(
            [
                PersonKey(subject=subject, wrapped=encryption.seal(os.urandom(32).hex(), KEY_PURPOSE))
                for subject in chunk
                if subject not in known
            ],
            ignore_conflicts=True,
        )
        for key in PersonKey.objects.filter(pk__in=chunk):
            keys[key.pk] = _cipher(key)
    return keys


def _cipher(key: PersonKey) -> AESGCM:
    return AESGCM(bytes.fromhex(encryption.open_sealed(key.wrapped, KEY_PURPOSE)))


def _seal(entry, keys):
    if not entry.private:
        return None
    nonce = os.urandom(encryption.NONCE_BYTES)
    text = json.dumps(entry.private, ensure_ascii=False).encode()
    return nonce + keys[_key_of(entry)].encrypt(nonce, text, b"")


def private_of(event: Event) -> dict[str, str]:
    """What the event says of its person; empty when nothing was said or the person's key was erased."""
    (said,) = private_of_many([event])
    return said


def private_of_many(told: list[Event]) -> list[dict[str, str]]:
    """The same for several, in their order, in one query."""
    keys = PersonKey.objects.in_bulk({_key_of(event) for event in told if event.private is not None})
    ciphers = {pk: _cipher(key) for pk, key in keys.items()}
    return [_opened(event, ciphers.get(_key_of(event))) for event in told]


def _opened(event, cipher):
    if event.private is None or cipher is None:
        return {}
    sealed = bytes(event.private)
    nonce, ciphertext = sealed[: encryption.NONCE_BYTES], sealed[encryption.NONCE_BYTES :]
    return json.loads(cipher.decrypt(nonce, ciphertext, b""))
