"""What is hashed, and in which order: the one place where links of the chain and of the seals are made."""

import datetime
import hashlib
import json

from audit.models import Event, Seal


def hash_of(event: Event, *, sequence: int | None = None) -> str:
    """SHA-256 over all that the event says and the hash before it; with a sequence, as if it stood there."""
    return _digest(
        [
            event.stream,
            event.sequence if sequence is None else sequence,
            _moment(event.at),
            event.actor,
            event.subject,
            event.verb,
            event.object_type,
            event.object_id,
            event.old,
            event.new,
            bytes(event.private).hex() if event.private is not None else None,
            event.previous_hash,
        ]
    )


def seal_hash_of(seal: Seal) -> str:
    return _digest(
        [
            seal.day.isoformat(),
            _moment(seal.at),
            seal.streams,
            seal.moved,
            seal.heads_hash,
            seal.previous_hash,
        ]
    )


class HeadsHash:
    """SHA-256 over heads of streams, one line each, in the order of the streams."""

    def __init__(self):
        self._sum = hashlib.sha256()

    def add(self, stream: int, sequence: int, hash: str) -> None:
        self._sum.update(f"{stream} {sequence} {hash}\n".encode())

    @property
    def value(self) -> str:
        return self._sum.hexdigest()


def _digest(told):
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _moment(at):
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
