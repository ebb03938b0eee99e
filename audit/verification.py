"""Checking that the record is what was written, and naming each place where it is not.

It reads in pieces, holds nobody up and needs little memory: what is appended meanwhile is no fault. Where it
stands it can leave off and be taken up again.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from audit import chain
from audit.models import Event, Seal, SealedHead, StreamHead
from vietnamese import dates

CHUNK = 1000  # events at a time
RANGE = 500  # streams whose heads are in memory at a time
MOST_SUSPECTS = 200  # of a stream, compared with each other to tell whether they were swapped


@dataclass
class Position:
    """All streams before `stream` are checked, and that one up to `sequence`."""

    stream: int | None = None
    sequence: int = 0
    hash: str = ""
    read: int = 0


def faults() -> Iterator[str]:
    """One line for each place where the record is not what was written."""
    for found in pieces(Position()):
        yield from found


def pieces(at: Position) -> Iterator[list[str]]:
    """Check on from a position, which moves along, and tell what each piece held. The seals come last."""
    while True:
        last = _end_of_range(at)
        yield from _check_range(at, last)
        if last is None:
            break
        at.stream, at.sequence, at.hash = last + 1, 0, ""
    yield list(_seal_faults())


def _from(at, last, field="stream"):
    condition = Q() if at.stream is None else Q(**{f"{field}__gte": at.stream})
    return condition if last is None else condition & Q(**{f"{field}__lte": last})


def _end_of_range(at):
    """The last stream of the next range; None when it reaches to the end, streams without a head included."""
    heads = StreamHead.objects.filter(_from(at, None)).order_by("stream")
    return heads.values_list("stream", flat=True)[RANGE - 1 : RANGE].first()


def _check_range(at, last):
    # Before the events: all that the heads tell of stands when they are read, and more may.
    heads = {head.stream: head for head in StreamHead.objects.filter(_from(at, last))}
    sealed = defaultdict(dict)
    for each in SealedHead.objects.filter(_from(at, last)):
        sealed[each.stream][each.sequence] = each
    told_of = deque(sorted({*heads, *sealed}))
    link = _Link(at.stream, heads.get(at.stream), sealed[at.stream], at) if at.sequence else None
    here, found = replace(at), []

    def turn_to(stream):
        """Take leave of the stream read so far, and name those of which nothing is left before the next."""
        if link:
            yield from link.end()
        while told_of and (stream is None or told_of[0] < stream):
            missing = told_of.popleft()
            if link is None or missing != link.stream:
                yield from _all_missing(missing, heads, sealed)

    while True:
        piece = _next_piece(here, last)
        for event in piece:
            if link is None or link.stream != event.stream:
                found += turn_to(event.stream)
                link = _Link(event.stream, heads.get(event.stream), sealed[event.stream], at)
            found += link.follow(event)
            here.stream, here.sequence, here.hash = event.stream, event.sequence, event.hash
        here.read += len(piece)
        if len(piece) < CHUNK:
            break
        if not link.suspects:  # else they are still to be compared with what follows
            _move(at, here)
            yield found
            found = []
    found += turn_to(None)
    _move(at, here)
    yield found


def _move(at, here):
    at.stream, at.sequence, at.hash, at.read = here.stream, here.sequence, here.hash, here.read


def _next_piece(at, last):
    """The events that follow a position, of its own stream and then of others: each a range of the index."""
    if not at.sequence:
        return list(Event.objects.filter(_from(at, last)).order_by("stream", "sequence")[:CHUNK])
    of_stream = Event.objects.filter(stream=at.stream, sequence__gt=at.sequence).order_by("sequence")
    piece = list(of_stream[:CHUNK])
    others = Event.objects.filter(_from(at, last), stream__gt=at.stream).order_by("stream", "sequence")
    return piece + list(others[: CHUNK - len(piece)])


def _all_missing(stream, heads, sealed):
    head = heads.get(stream)
    count = max(head.sequence if head else 0, *sealed[stream], 0)
    return (
        [_("Chuỗi %(stream)d: cả %(count)d việc bị xóa.") % {"stream": stream, "count": count}]
        if count
        else []
    )


class _Link:
    """One stream as it is read, from its beginning or from where the last reading left off."""

    def __init__(self, stream, head, sealed, at):
        self.stream, self.head, self.sealed = stream, head, sealed
        goes_on = at.stream == stream and at.sequence
        self.sequence, self.hash = (at.sequence, at.hash) if goes_on else (0, "")
        self.suspects = []  # (event, by how many places it seems to have moved)
        self.last_is_suspect = False
        self.is_rewritten = False
        self.drift = 0  # by how many places the end moved, as told of already

    def follow(self, event) -> Iterator[str]:
        if event.sequence < 1:
            yield self._say(event, _("bị chèn vào"))
            return
        if event.sequence > self.sequence + 1:
            yield self._removed(self.sequence + 1, event.sequence - 1)
            self.last_is_suspect = True  # nothing stands before it that it could follow
        if chain.hash_of(event) != event.hash:
            self._suspect(event)
        else:
            if event.previous_hash != self.hash and not self.last_is_suspect:
                yield self._say(event, _("không nối với việc trước nó: việc trước bị thay hoặc bị chèn vào"))
            yield from self._compare_with_seal(event)
            self.last_is_suspect = False
        self.sequence, self.hash = event.sequence, event.hash

    def _suspect(self, event):
        moved = next(
            (by for by in (1, -1) if chain.hash_of(event, sequence=event.sequence - by) == event.hash), 0
        )
        goes_on = self.suspects and self.last_is_suspect and moved and self.suspects[-1][1] == moved
        if not goes_on and len(self.suspects) < MOST_SUSPECTS:
            self.suspects.append((event, moved))
        self.last_is_suspect = True

    def _compare_with_seal(self, event):
        sealed = self.sealed.pop(event.sequence, None)
        if sealed and sealed.hash != event.hash and not self.is_rewritten:
            self.is_rewritten = True
            yield self._say(event, self._after_seal(sealed))

    def _after_seal(self, sealed):
        return _("bị viết lại sau khi niêm phong ngày %(day)s") % {"day": dates.day_words(sealed.day)}

    def end(self) -> Iterator[str]:
        yield from self._name_suspects()
        if self.head is None:
            yield _("Chuỗi %(stream)d: thiếu đầu chuỗi.") % {"stream": self.stream}
        else:
            yield from self._compare_with_head()
        gone = [each for sequence, each in sorted(self.sealed.items()) if sequence > self.sequence]
        if gone and (self.head is None or self.head.sequence < gone[0].sequence):
            yield _("Chuỗi %(stream)d, việc số %(sequence)d: bị xóa sau khi niêm phong ngày %(day)s.") % {
                "stream": self.stream,
                "sequence": gone[0].sequence,
                "day": dates.day_words(gone[0].day),
            }

    def _compare_with_head(self):
        head = self.head
        if self.drift and self.sequence == head.sequence + self.drift:
            return
        if self.sequence > head.sequence:  # perhaps appended since the head was read
            head = StreamHead.objects.filter(pk=self.stream).first() or head
            if self.sequence > head.sequence:
                yield self._put_in(head.sequence + 1, self.sequence)
        elif self.sequence < head.sequence:
            yield self._removed(self.sequence + 1, head.sequence)
        elif self.hash != head.hash and not self.last_is_suspect:
            yield _("Chuỗi %(stream)d, việc số %(sequence)d: không khớp với đầu chuỗi, đã bị thay.") % {
                "stream": self.stream,
                "sequence": self.sequence,
            }

    def _name_suspects(self):
        """Two in each other's place were swapped; a run that moved tells of one put in or removed."""
        events = {event.sequence: event for event, _moved in self.suspects}
        home = {
            here: there
            for here in events
            for there in events
            if here != there and chain.hash_of(events[here], sequence=there) == events[here].hash
        }
        for event, moved in self.suspects:
            there = home.get(event.sequence)
            if there is not None and home.get(there) == event.sequence:
                if event.sequence < there:
                    yield _("Chuỗi %(stream)d, việc số %(one)d và việc số %(other)d: bị đổi chỗ.") % {
                        "stream": self.stream,
                        "one": event.sequence,
                        "other": there,
                    }
            elif moved == 1:
                self.drift += 1
                yield self._put_in(event.sequence - 1, event.sequence - 1)
            elif moved == -1:
                self.drift -= 1
                yield self._removed(event.sequence, event.sequence)
            else:
                yield self._say(event, _("bị sửa sau khi ghi"))

    def _say(self, event, what):
        return _("Chuỗi %(stream)d, việc số %(sequence)d: %(what)s.") % {
            "stream": self.stream,
            "sequence": event.sequence,
            "what": what,
        }

    def _removed(self, first, last):
        return self._range_said(first, last, _("bị xóa"))

    def _put_in(self, first, last):
        return self._range_said(first, last, _("bị chèn vào"))

    def _range_said(self, first, last, what):
        if first == last:
            words = _("Chuỗi %(stream)d, việc số %(first)d: %(what)s.")
        else:
            words = _("Chuỗi %(stream)d, từ việc số %(first)d đến việc số %(last)d: %(what)s.")
        return words % {"stream": self.stream, "first": first, "last": last, "what": what}


def _seal_faults():
    previous = ""
    days = set()
    for seal in Seal.objects.order_by("day").iterator():
        days.add(seal.day)
        if chain.seal_hash_of(seal) != seal.hash:
            yield _of_seal(seal.day, _("bị sửa"))
        elif seal.previous_hash != previous:
            yield _of_seal(seal.day, _("không nối với dấu trước nó: có dấu bị xóa hoặc bị chèn vào"))
        if _heads_hash(seal.day) != seal.heads_hash:
            yield _of_seal(seal.day, _("các đầu chuỗi đã niêm phong bị sửa"))
        previous = seal.hash
    for day in SealedHead.objects.order_by("day").values_list("day", flat=True).distinct():
        if day not in days:
            yield _of_seal(day, _("bị xóa"))


def _heads_hash(day):
    heads_hash = chain.HeadsHash()
    heads = SealedHead.objects.filter(day=day).order_by("stream")
    for told in heads.values_list("stream", "sequence", "hash").iterator(chunk_size=CHUNK):
        heads_hash.add(*told)
    return heads_hash.value


def _of_seal(day, what):
    return _("Dấu niêm phong ngày %(day)s: %(what)s.") % {"day": dates.day_words(day), "what": what}
