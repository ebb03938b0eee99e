"""The daily seal over the heads of all streams."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from audit import chain, clock
from audit.models import Seal, SealedHead, StreamHead

CHUNK = 1000


def seal_yesterday() -> Seal:
    """What beat calls after midnight. What was missed is made up for: a seal covers all that stood before."""
    return seal(clock.today() - datetime.timedelta(days=1))


def seal(day: datetime.date) -> Seal:
    """Seal a day, once: of two who do it at the same time one wins, and both get the same seal."""
    try:
        with transaction.atomic():
            return Seal.objects.filter(day=day).first() or _make(day)
    except IntegrityError:
        return Seal.objects.get(day=day)


def newest() -> Seal | None:
    return Seal.objects.first()


def _make(day):
    before = Seal.objects.first()
    if before and before.day > day:
        raise ValueError(f"{before.day} is sealed already")
    heads_hash, moved = chain.HeadsHash(), []
    for head in _moved_heads():
        heads_hash.add(head.stream, head.sequence, head.hash)
        moved.append(SealedHead(day=day, stream=head.stream, sequence=head.sequence, hash=head.hash))
    SealedHead.objects.bulk_create(moved, batch_size=CHUNK)
    made = Seal(
        day=day,
        at=clock.now(),
        streams=StreamHead.objects.count(),
        moved=len(moved),
        heads_hash=heads_hash.value,
        previous_hash=before.hash if before else "",
    )
    made.hash = chain.seal_hash_of(made)
    made.save(force_insert=True)
    return made


def _moved_heads():
    """In one reading: every event they tell of has been committed."""
    sealed = SealedHead.objects.filter(stream=OuterRef("stream"), sequence=OuterRef("sequence"))
    moved = StreamHead.objects.filter(~Exists(sealed), sequence__gt=0)
    return moved.order_by("stream").iterator(chunk_size=CHUNK)
