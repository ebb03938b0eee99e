"""The sample that is checked again, drawn so that anybody with the published list can draw it too.

The list is a text: a heading, then one line a record, `number,stratum`, the smallest number first. Its digest
is the SHA-256 of exactly these bytes. In each stratum the records stand in the order of the SHA-256 of
`seed:number`; as many as the rules say are taken from the front. `redo` is that and nothing else.

The seed is made after the list is frozen, and published with it before anything is drawn: neither can be
chosen to suit the other, and how often somebody announced a draw stays to be seen.
"""

import gzip
import hashlib
import io
import math
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from heapq import nsmallest

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Message
from assessments import notices
from assessments.models import (
    Assessment,
    BatchRow,
    Draw,
    DrawnRecord,
    DrawState,
    DrawStratum,
    Outcome,
    RowState,
    Stratum,
    Verdict,
)
from assessments.models.assessment import JUDGED_STATES
from assessments.workflow import Refused
from audit import clock, events
from criteria.models import Level
from organizations.models import Kind, Organization

HEADING = "so_ho_so,nhom"
PARTED = "/"  # what parts the words of a stratum
NOWHERE = "-"
FETCHED = 5000
MOST_AT_ONCE = 5000  # records of a list that is written before the answer; a longer one is the worker's
DRAWING_KINDS = [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE]
KINDS = {
    Kind.VILLAGE: "thon",
    Kind.UNIT: "don-vi",
    Kind.COMMUNE: "hoi-xa",
}
OUTCOMES = {Outcome.ACHIEVED: "dat", Outcome.NOT_ACHIEVED: "khong-dat"}
WAYS = {True: "ca-danh-sach", False: "tung-nguoi"}
WORDS = {
    "thon": gettext_lazy("thôn, tổ dân phố"),
    "don-vi": gettext_lazy("đơn vị"),
    "hoi-xa": gettext_lazy("hội xã"),
    "dat": gettext_lazy("đạt"),
    "khong-dat": gettext_lazy("không đạt"),
    "ca-danh-sach": gettext_lazy("xác nhận cả danh sách"),
    "tung-nguoi": gettext_lazy("xác nhận từng người"),
    "tat-ca": gettext_lazy("tất cả"),
    NOWHERE: gettext_lazy("không rõ"),
}
EVERYBODY = "tat-ca"


# --- The rule, without any database ---------------------------------------------------------------


def size(population: int, share: Decimal, least: int, most: int) -> int:
    """How many are drawn from so many: a share rounded up, never under the least nor over the most."""
    return min(population, most, max(least, math.ceil(population * share / 100)))


def rank(seed: str, number: int) -> str:
    """By what a record stands in its stratum."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def lines_of(text: bytes) -> Iterator[tuple[int, str]]:
    """(number, stratum) of each line of a list."""
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8")
    next(lines)
    for line in lines:
        number, _comma, stratum = line.rstrip("\n").partition(",")
        yield int(number), stratum


def redo(text: bytes, seed: str, sizes: Mapping[str, int]) -> dict[str, list[int]]:
    """Stratum → the numbers drawn from it, in the order in which they were."""
    kept: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, stratum in lines_of(text):
        ranked = kept[stratum]
        ranked.append((rank(seed, number), number))
        if len(ranked) > 2 * sizes[stratum] + FETCHED:  # of a list of millions only what may be drawn
            kept[stratum] = nsmallest(sizes[stratum], ranked)
    return {
        stratum: [number for _rank, number in nsmallest(sizes[stratum], ranked)]
        for stratum, ranked in kept.items()
    }


# --- Announcing and drawing -----------------------------------------------------------------------


def may_draw(user, organization) -> bool:
    """The officers of the association itself."""
    return organization.kind in DRAWING_KINDS and user.appointments.as_officer(organization).exists()


def judged(organization, campaign):
    records = Assessment.objects.filter(campaign=campaign, level=Level.CITIZEN, state__in=JUDGED_STATES)
    return records.at_or_below(organization).order_by()


def open_of(organization, campaign) -> Draw | None:
    """The draw that is announced and not drawn yet; until it is, none other is announced."""
    begun = Draw.objects.without_list().filter(organization=organization, campaign=campaign)
    return begun.exclude(state=DrawState.DRAWN).first()


def announce(organization, campaign, *, by, strata, share, least, most) -> Draw:
    """Begin a draw: its rules stand from now on. The list is frozen by `work`.

    Raises Refused where nothing is judged, or another draw waits to be drawn.
    """
    if not may_draw(by, organization):
        raise PermissionDenied
    if not judged(organization, campaign).exists():
        raise nothing_judged()
    draw = by_rules(organization, campaign, strata=strata, share=share, least=least, most=most)
    draw.by, draw.heartbeat_at = by, clock.now()
    try:
        with transaction.atomic():
            draw.save()
    except IntegrityError as error:
        raise Refused(_("Đợt trước đã công bố mà chưa rút mẫu. Rút mẫu đợt ấy rồi lập đợt mới.")) from error
    return draw


def nothing_judged() -> Refused:
    return Refused(_("Chưa có hồ sơ nào đã xác nhận để rút mẫu."))


def by_rules(organization, campaign, *, strata, share, least, most) -> Draw:
    """A draw that nobody has announced."""
    return Draw(
        organization=organization,
        campaign=campaign,
        strata=[str(each) for each in Stratum if each in strata],
        share=share,
        least=least,
        most=most,
    )


def foreseen(draw: Draw) -> dict[str, int]:
    """What a draw by these rules would come to now: how many records, strata, and drawn.

    Raises Refused where nothing has been judged.
    """
    counted: Counter = Counter()
    for *row, people in _judged_of(draw).values_list(*_told_of(draw)).annotate(Count("pk")).order_by():
        counted[_stratum(draw, *row)] += people
    if not counted:
        raise nothing_judged()
    sizes = [size(people, draw.share, draw.least, draw.most) for people in counted.values()]
    return {"records": counted.total(), "strata": len(sizes), "drawn": sum(sizes)}


def start(draw: Draw, *, by) -> bool:
    """Whether this call began to draw: of two clicks one does."""
    if not may_draw(by, draw.organization):
        raise PermissionDenied
    began = draw.go_on([DrawState.ANNOUNCED], DrawState.DRAWING)
    if began:
        Draw.objects.filter(pk=draw.pk).update(drawn_by=by, drawn_at=clock.now())
    return began


def is_long(draw: Draw) -> bool:
    """Whether its work is the worker's."""
    counted = draw.population or judged(draw.organization, draw.campaign)[: MOST_AT_ONCE + 1].count()
    return counted > MOST_AT_ONCE


def work(pk: int) -> None:
    """Do what is left of a draw, in one transaction each. May run twice, and after any death."""
    draw = Draw.objects.select_related("organization", "campaign", "by", "drawn_by").get(pk=pk)
    if draw.state == DrawState.LISTING:
        _freeze(draw)
    elif draw.state == DrawState.DRAWING:
        _draw(draw)


def _freeze(draw):
    text = HEADING.encode() + b"\n"
    text += b"".join(f"{number},{stratum}\n".encode() for number, stratum in _population(draw))
    counted = Counter(stratum for _number, stratum in lines_of(text))
    digest, seed, now = hashlib.sha256(text).hexdigest(), secrets.token_hex(16), clock.now()
    with transaction.atomic():
        frozen = Draw.objects.filter(pk=draw.pk, state=DrawState.LISTING).update(
            packed=gzip.compress(text, mtime=0),
            population=counted.total(),
            digest=digest,
            seed=seed,
            announced_at=now,
            state=DrawState.ANNOUNCED,
        )
        if not frozen:
            return
        DrawStratum.objects.bulk_create(
            [
                DrawStratum(
                    draw=draw,
                    code=code,
                    population=population,
                    size=size(population, draw.share, draw.least, draw.most),
                )
                for code, population in sorted(counted.items())
            ],
            batch_size=500,
        )
        _tell("announce_draw", draw, draw.by, now, rules_in_short(draw), f"{seed} {digest}")


def rules_in_short(draw) -> str:
    """The rules as the record of events holds them."""
    return f"{draw.share}% {draw.least}-{draw.most} {' '.join(draw.strata)}"


def _population(draw) -> Iterator[tuple[int, str]]:
    """(number, stratum) of each judged record, the smallest number first."""
    rows = _judged_of(draw).values_list("pk", *_told_of(draw)).order_by("pk")
    for number, *row in rows.iterator(chunk_size=FETCHED):
        yield number, _stratum(draw, *row)


def _judged_of(draw):
    in_list = BatchRow.objects.filter(
        assessment=OuterRef("pk"), state=RowState.CONFIRMED, batch__by=OuterRef("confirmed_by")
    )
    return judged(draw.organization, draw.campaign).annotate(in_list=Exists(in_list))


def _told_of(draw):
    """The fields a stratum is made of."""
    place = {Kind.CENTRE: "province__code", Kind.PROVINCE: "commune__code"}.get(
        draw.organization.kind, "board__code"
    )
    return place, "board__code", "board__kind", "outcome", "in_list"


def _stratum(draw, place_code, board_code, kind, outcome, in_list):
    words = {
        Stratum.PLACE: place_code or board_code,
        Stratum.KIND: KINDS.get(kind, NOWHERE),
        Stratum.OUTCOME: OUTCOMES.get(outcome, NOWHERE),
        Stratum.WAY: WAYS[in_list],
    }
    return PARTED.join(words[each] for each in draw.strata) or EVERYBODY


def list_of(draw: Draw) -> bytes:
    """The published list, byte for byte as it was frozen."""
    return gzip.decompress(Draw.objects.values_list("packed", flat=True).get(pk=draw.pk))


def _draw(draw):
    parts = {part.code: part for part in draw.parts.all()}
    drawn = redo(list_of(draw), draw.seed, {code: part.size for code, part in parts.items()})
    with transaction.atomic():
        if not Draw.objects.filter(pk=draw.pk, state=DrawState.DRAWING).update(state=DrawState.DRAWN):
            return
        DrawnRecord.objects.bulk_create(
            [
                DrawnRecord(draw=draw, assessment_id=number, stratum=parts[code])
                for code, numbers in drawn.items()
                for number in numbers
            ],
            batch_size=500,
        )
        sample = sample_of(draw)
        told = f"{draw.records.count()} {hashlib.sha256(sample).hexdigest()}"
        _tell("draw_sample", draw, draw.drawn_by, draw.drawn_at, draw.digest, told)


def sample_of(draw: Draw) -> bytes:
    """The sample as a list of the same form."""
    rows = draw.records.order_by("assessment").values_list("assessment", "stratum__code")
    lines = [HEADING, *(f"{number},{code}" for number, code in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def _tell(verb, draw, by, at, old, new):
    events.record(verb, draw, by=by, at=at, organization=draw.organization, old=old, new=new)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Stratum → its words, with the places by name."""
    codes = list(codes)
    words = {word for code in codes for word in code.split(PARTED)} - WORDS.keys()
    found = Organization.objects.filter(code__in=words)
    names = {each.code: each.full_name for each in found} | {word: str(told) for word, told in WORDS.items()}
    return {code: ", ".join(names.get(word, word) for word in code.split(PARTED)) for code in codes}


# --- Checking -------------------------------------------------------------------------------------


def to_check_by(user):
    """The drawn records one may judge: of a draw of one's own association, never one's own, of one's
    household, or what one confirmed oneself."""
    organizations = user.appointments.officers().values("organization")
    free = Assessment.objects.untied_to(user).exclude(confirmed_by=user)
    return DrawnRecord.objects.filter(draw__organization__in=organizations, assessment__in=free.values("pk"))


@transaction.atomic
def check(row: DrawnRecord, *, by, verdict, kind="", reason="") -> None:
    """Write down what a check found; a later one replaces it, and both stay in the record of events.

    `row` is as it was read: who comes second is refused.
    """
    if not to_check_by(by).filter(pk=row.pk).exists():
        raise PermissionDenied
    now = clock.now()
    kind = kind if verdict == Verdict.FINDING else ""
    written = DrawnRecord.objects.filter(pk=row.pk, checked_at=row.checked_at).update(
        verdict=verdict, kind=kind, reason=reason, checked_at=now, checked_by=by
    )
    if not written:
        raise Refused(_("Người khác vừa ghi hồ sơ này. Đọc lại trang rồi ghi nếu còn cần."))
    Message.objects.tell([notices.of_drawn(row, by)])
    events.record(
        "check_drawn",
        row,
        by=by,
        at=now,
        organization=row.draw.organization,
        subject=row.assessment.citizen_id,
        old=row.verdict,
        new=f"{verdict} {kind}".strip(),
        private={"reason": reason} if reason else {},
    )


# --- Findings -------------------------------------------------------------------------------------

FEW = 10  # checked records of which a share says little


def estimate(draw: Draw) -> Decimal | None:
    """The share of wrong records in the whole list, each stratum weighed by its size; None until all of the
    sample is checked."""
    rows = draw.parts.annotate(
        found=Count("records", filter=Q(records__verdict=Verdict.FINDING)),
        unchecked=Count("records", filter=Q(records__verdict="")),
    )
    total = Decimal(0)
    for part in rows:
        if part.unchecked or not part.size:
            return None
        total += Decimal(part.population) * part.found / part.size
    return total / draw.population if draw.is_drawn and draw.population else None
