"""What would make confirmations look unusual to somebody above, by rules the pages print.

Nothing here says that anybody did wrong: a rule finds what is worth a look. The same figures judge a whole
province at night (`found`, which asks the database a fixed number of times, however many boards there are)
and a board's own list before it presses the button (`before`).
"""

import datetime
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import queue
from assessments.models import (
    Assessment,
    BatchRow,
    BoardTally,
    Campaign,
    Flag,
    Outcome,
    RowState,
    Rule,
    StandIn,
    Window,
    WindowStep,
)
from assessments.models.assessment import JUDGED_STATES
from criteria.models import Level
from organizations import paths
from organizations.models import Kind, Organization
from vietnamese import dates, numbers

MANY_AT_ONCE, AT_ONCE = 60, datetime.timedelta(minutes=10)
SAME_FROM, SAME_SHARE = 20, Decimal("0.9")
FAR_FROM, FAR = 20, Decimal("0.3")  # people on either side, and shares that differ by so much
MANY_BOARDS = 3
LATE_FROM, LAST_HOUR = 20, datetime.timedelta(hours=1)
NIGHT_BEGINS, NIGHT_ENDS = 23, 5  # o'clock


def rules() -> list[tuple[Rule, str]]:
    """The rules in words, as the pages show them."""
    far = {"people": FAR_FROM, "points": int(FAR * 100)}
    return [
        (
            Rule.FAST,
            _("Từ %(people)d người trở lên được xác nhận đúng bằng điểm tự chấm trong %(minutes)d phút.")
            % {"people": MANY_AT_ONCE, "minutes": AT_ONCE.total_seconds() // 60},
        ),
        (
            Rule.SAME_TOTAL,
            _("Ban xác nhận từ %(people)d người trở lên, %(share)d%% trở lên cùng một tổng điểm.")
            % {"people": SAME_FROM, "share": int(SAME_SHARE * 100)},
        ),
        (
            Rule.SIBLINGS,
            _("Tỷ lệ đạt khác các ban cùng xã từ %(points)d phần trăm trở lên, mỗi bên từ %(people)d người.")
            % far,
        ),
        (
            Rule.LAST_YEAR,
            _("Tỷ lệ đạt khác năm trước từ %(points)d phần trăm trở lên, mỗi năm từ %(people)d người.") % far,
        ),
        (
            Rule.MANY_BOARDS,
            _("Một người xác nhận cho từ %(boards)d ban trở lên.") % {"boards": MANY_BOARDS},
        ),
        (
            Rule.LAST_HOUR,
            _("Từ %(people)d người trở lên được xác nhận trong giờ cuối trước khi khóa.")
            % {"people": LATE_FROM},
        ),
        (
            Rule.NIGHT,
            _("Từ %(people)d người trở lên của một ban được xác nhận từ %(begins)d giờ đến %(ends)d giờ.")
            % {"people": LATE_FROM, "begins": NIGHT_BEGINS, "ends": NIGHT_ENDS},
        ),
    ]


# --- The rules themselves -------------------------------------------------------------------------


@dataclass(frozen=True)
class Burst:
    begins_at: datetime.datetime
    until: datetime.datetime
    people: int


def bursts(moments: Iterable[tuple[datetime.datetime, int]]) -> list[Burst]:
    """The times in which MANY_AT_ONCE or more fall within AT_ONCE, those that overlap made one.

    `moments` are in order, each with how many there were at it.
    """
    moments = list(moments)
    found: list[tuple[int, int]] = []  # first and last of each
    first = inside = 0
    for last, (at, people) in enumerate(moments):
        inside += people
        while at - moments[first][0] > AT_ONCE:
            inside -= moments[first][1]
            first += 1
        if inside >= MANY_AT_ONCE:
            if found and first <= found[-1][1]:
                found[-1] = found[-1][0], last
            else:
                found.append((first, last))
    return [
        Burst(moments[one][0], moments[last][0], sum(people for _at, people in moments[one : last + 1]))
        for one, last in found
    ]


def most_alike(totals: Counter) -> tuple[Decimal, int] | None:
    """The total that so many share that it is unusual, and how many they are."""
    everybody = sum(totals.values())
    if everybody < SAME_FROM:
        return None
    ((total, alike),) = totals.most_common(1)
    return (total, alike) if alike >= everybody * SAME_SHARE else None


@dataclass(frozen=True)
class Share:
    achieved: int = 0
    judged: int = 0

    def __add__(self, other):
        return Share(self.achieved + other.achieved, self.judged + other.judged)

    def __sub__(self, other):
        return Share(self.achieved - other.achieved, self.judged - other.judged)

    def is_far_from(self, other) -> bool:
        if self.judged < FAR_FROM or other.judged < FAR_FROM:
            return False
        return abs(self.achieved * other.judged - other.achieved * self.judged) >= (
            FAR * self.judged * other.judged
        )

    @property
    def words(self):
        return _("%(share)s đạt (%(achieved)s trên %(judged)s người)") % {
            "share": numbers.percent(self.achieved, self.judged),
            "achieved": numbers.format_integer(self.achieved),
            "judged": numbers.format_integer(self.judged),
        }


def is_night(moment) -> bool:
    hour = timezone.localtime(moment).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


# --- A province at night --------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What a rule found, as a Flag keeps it."""

    rule: Rule
    organization: int
    people: int
    by: int | None = None
    begins_at: datetime.datetime | None = None
    until: datetime.datetime | None = None
    figures: dict = field(default_factory=dict)

    @property
    def key(self) -> str:
        begins = self.begins_at.isoformat() if self.begins_at and self.rule == Rule.FAST else ""
        return f"{self.rule}/{self.organization}/{self.by or ''}/{begins}"


def judged_at(place, campaign) -> QuerySet[Assessment]:
    """The judged records of a province's year; of a board that stands in none, its own."""
    return Assessment.objects.filter(
        Q(province=place) | Q(province=None, board=place),
        campaign=campaign,
        level=Level.CITIZEN,
        state__in=JUDGED_STATES,
    ).order_by()


def found(place: Organization, campaign: Campaign) -> Iterator[Found]:
    """All that is unusual in a province's year."""
    judged = judged_at(place, campaign)
    yield from _fast(judged)
    yield from _same_total(judged)
    yield from _far(place, campaign)
    yield from _many_boards(judged)
    yield from _late(judged, place, campaign)


def _fast(judged):
    as_given = judged.filter(confirmed_total=F("own_total"))
    busy = as_given.values("board", "confirmed_by").annotate(people=Count("pk"))
    busy = busy.filter(people__gte=MANY_AT_ONCE)
    moments = (
        as_given.filter(board__in=busy.values("board"))
        .values_list("board", "confirmed_by", "confirmed_at")
        .annotate(people=Count("pk"))
        .order_by("board", "confirmed_by", "confirmed_at")
    )
    whole = None
    rows = moments.iterator(chunk_size=5000)
    for (board, by), of_member in itertools.groupby(rows, key=lambda row: row[:2]):
        for burst in bursts((at, people) for _board, _by, at, people in of_member):
            whole = _whole_lists(judged) if whole is None else whole
            lists = [
                each
                for each in whole[board, by]
                if each["first"] <= burst.until and each["last"] >= burst.begins_at
            ]
            figures = {
                "in_lists": min(sum(each["people"] for each in lists), burst.people),
                "looked_at": sum(each["looked_at"] for each in lists),
            }
            yield Found(Rule.FAST, board, burst.people, by, burst.begins_at, burst.until, figures)


def _whole_lists(judged):
    """(board, member) → the batches they carried out: when, for how many, of whom how many were looked at."""
    rows = (
        BatchRow.objects.filter(
            assessment__in=judged.values("pk"),
            state=RowState.CONFIRMED,
            assessment__confirmed_by=F("batch__by"),
        )
        .order_by()
        .values("batch", "batch__board", "batch__by")
        .annotate(
            people=Count("pk"),
            looked_at=Count("looked_at"),
            first=Min("assessment__confirmed_at"),
            last=Max("assessment__confirmed_at"),
        )
    )
    by_member = defaultdict(list)
    for row in rows:
        by_member[row["batch__board"], row["batch__by"]].append(row)
    return by_member


def _same_total(judged):
    everybody = (
        judged.exclude(confirmed_total=None)
        .values("board")
        .annotate(people=Count("pk"))
        .filter(people__gte=SAME_FROM)
    )
    sizes = dict(everybody.values_list("board", "people"))
    alike = (
        judged.values_list("board", "confirmed_total")
        .annotate(people=Count("pk"))
        .filter(people__gte=SAME_FROM * SAME_SHARE, confirmed_total__isnull=False)
    )
    for board, total, people in alike:
        rest = sizes.get(board, 0) - people
        if most_alike(Counter({total: people, None: rest})):
            figures = {"total": str(total), "judged": people + rest}
            yield Found(Rule.SAME_TOTAL, board, people, figures=figures)


def _far(place, campaign):
    ours = _shares(place, campaign)
    theirs = _shares(place, _year_before(campaign))
    communes: dict[int, Share] = defaultdict(Share)
    for (commune, _board), share in ours.items():
        communes[commune] += share
    last_year = {board: share for (_commune, board), share in theirs.items()}
    for (commune, board), share in ours.items():
        for rule, other in (
            (Rule.SIBLINGS, communes[commune] - share),
            (Rule.LAST_YEAR, last_year.get(board, Share())),
        ):
            if share.is_far_from(other):
                yield Found(rule, board, share.judged, figures=_two(share, other))


def _year_before(campaign):
    return Campaign.objects.filter(year=campaign.year - 1).first()


def _two(share, other):
    return {"share": [share.achieved, share.judged], "other": [other.achieved, other.judged]}


def _shares(place, campaign, **where) -> dict[tuple[int, int], Share]:
    """(commune, board) → how many of those it judged achieved, as the counters say; of no year, nothing."""
    if campaign is None:
        return {}
    rows = (
        BoardTally.objects.filter(
            province=place, campaign=campaign, level=Level.CITIZEN, state__in=JUDGED_STATES, **where
        )
        .order_by()
        .values_list("commune", "board")
        .annotate(achieved=Sum("count", filter=Q(outcome=Outcome.ACHIEVED), default=0), judged=Sum("count"))
    )
    return {(commune, board): Share(achieved, judged) for commune, board, achieved, judged in rows}


def _many_boards(judged):
    rows = (
        judged.values("confirmed_by")
        .annotate(
            people=Count("pk"),
            boards=Count("board", distinct=True),
            first=Min("board__path"),
            last=Max("board__path"),
        )
        .filter(boards__gte=MANY_BOARDS)
    )
    above = {row["confirmed_by"]: _common(row["first"], row["last"]) for row in rows}
    places = dict(Organization.objects.filter(path__in=above.values()).values_list("path", "pk"))
    stood_in = _stood_in(judged.filter(confirmed_by__in=above)) if above else Counter()
    for row in rows:
        by = row["confirmed_by"]
        figures = {"boards": row["boards"], "stood_in": stood_in[by]}
        yield Found(Rule.MANY_BOARDS, places[above[by]], row["people"], by, figures=figures)


def _stood_in(judged) -> Counter:
    """Person → for how many of the boards they confirmed for they had said that they stand in, and why."""
    confirmed = set(judged.values_list("confirmed_by", "board").distinct())
    people = {by for by, _board in confirmed}
    standing = set(StandIn.objects.filter(by__in=people).values_list("by", "board"))
    return Counter(by for by, _board in confirmed & standing)


def _common(first, last):
    """The path of what stands above both, or is both; all that lie between them are below it too."""
    end = 0
    while end < len(first) and first[end : end + paths.WIDTH] == last[end : end + paths.WIDTH]:
        end += paths.WIDTH
    return first[:end]


def _late(judged, place, campaign):
    last_hour = _last_hour(place, campaign)
    yield from _by_board(Rule.LAST_HOUR, judged.filter(last_hour))
    yield from _by_board(Rule.NIGHT, _at_night(judged.exclude(last_hour)))


def _last_hour(place, campaign) -> Q:
    """Confirmed in the hour before the window closed; where there is no window, nothing is."""
    window = _confirmation(place, campaign)
    if window is None:
        return Q(pk__in=[])
    return Q(confirmed_at__gte=window.closes_at - LAST_HOUR, confirmed_at__lt=window.closes_at)


def _confirmation(province, campaign):
    return Window.objects.in_effect(WindowStep.CONFIRMATION, campaign, Level.CITIZEN, province)


def _at_night(records):
    records = records.annotate(hour=ExtractHour("confirmed_at"))
    return records.filter(Q(hour__gte=NIGHT_BEGINS) | Q(hour__lt=NIGHT_ENDS))


def _by_board(rule, records):
    rows = (
        records.values("board")
        .annotate(people=Count("pk"), first=Min("confirmed_at"), last=Max("confirmed_at"))
        .filter(people__gte=LATE_FROM)
    )
    for row in rows:
        yield Found(rule, row["board"], row["people"], None, row["first"], row["last"])


# --- The records behind it, and the words ---------------------------------------------------------


def records_behind(flag: Flag) -> QuerySet[Assessment]:
    """Exactly those the flag counted, as far as they still stand as they did."""
    place, campaign = flag.reading.place, flag.reading.campaign
    judged = judged_at(place, campaign)
    match flag.rule:
        case Rule.FAST:
            return judged.filter(
                board=flag.organization,
                confirmed_by=flag.by,
                confirmed_total=F("own_total"),
                confirmed_at__range=(flag.begins_at, flag.until),
            )
        case Rule.SAME_TOTAL:
            total = Decimal(flag.figures["total"])
            return judged.filter(board=flag.organization, confirmed_total=total)
        case Rule.MANY_BOARDS:
            return judged.filter(confirmed_by=flag.by)
        case Rule.LAST_HOUR | Rule.NIGHT:
            of_time = judged.filter(board=flag.organization, confirmed_at__range=(flag.begins_at, flag.until))
            last_hour = _last_hour(place, campaign)
            if flag.rule == Rule.LAST_HOUR:
                return of_time.filter(last_hour)
            return _at_night(of_time.exclude(last_hour))
    return judged.filter(board=flag.organization)


def sentence(flag: Flag) -> str:
    """What was found, with its figures."""
    people = numbers.format_integer(flag.people)
    match flag.rule:
        case Rule.FAST:
            return _fast_words(flag, people)
        case Rule.SAME_TOTAL:
            judged = flag.figures["judged"]
            return _(
                "%(people)s trên %(judged)s người (%(share)s) được xác nhận cùng một tổng điểm: %(total)s."
            ) % {
                "people": people,
                "judged": numbers.format_integer(judged),
                "share": numbers.percent(flag.people, judged),
                "total": numbers.format_decimal(Decimal(flag.figures["total"])),
            }
        case Rule.SIBLINGS:
            return siblings_words(*_shares_of(flag))
        case Rule.LAST_YEAR:
            return last_year_words(*_shares_of(flag))
        case Rule.MANY_BOARDS:
            words = _("Một người xác nhận cho %(boards)s ban: %(people)s hồ sơ.")
            words %= {"boards": flag.figures["boards"], "people": people}
            if not flag.figures["stood_in"]:
                return words
            thereof = _("Trong đó %(boards)s ban là xác nhận thay, có ghi lý do.")
            return f"{words} {thereof % {'boards': flag.figures['stood_in']}}"
        case Rule.LAST_HOUR:
            words = _(
                "%(people)s người được xác nhận trong giờ cuối trước khi khóa, từ %(from)s đến %(until)s."
            )
        case _:
            words = _("%(people)s người được xác nhận ban đêm, lần đầu lúc %(from)s, lần cuối lúc %(until)s.")
    return words % {
        "people": people,
        "from": dates.moment_words(flag.begins_at),
        "until": dates.moment_words(flag.until),
    }


def _fast_words(flag, people):
    minutes = max(1, -(-int((flag.until - flag.begins_at).total_seconds()) // 60))
    words = _(
        "%(people)s người được xác nhận đúng bằng điểm tự chấm trong %(minutes)d phút, từ %(from)s."
    ) % {"people": people, "minutes": minutes, "from": dates.moment_words(flag.begins_at)}
    if in_lists := flag.figures["in_lists"]:
        how = _("Trong đó %(people)s người xác nhận cả danh sách, ban đã xem trước %(looked_at)s hồ sơ.")
        told = {
            "people": numbers.format_integer(in_lists),
            "looked_at": numbers.format_integer(flag.figures["looked_at"]),
        }
        return f"{words} {how % told}"
    return f"{words} " + _("Không dùng cách xác nhận cả danh sách.")


def _shares_of(flag):
    return Share(*flag.figures["share"]), Share(*flag.figures["other"])


def siblings_words(share, other):
    return _("%(share)s; các ban khác cùng xã %(other)s.") % {"share": share.words, "other": other.words}


def last_year_words(share, other):
    return _("%(share)s; năm trước %(other)s.") % {"share": share.words, "other": other.words}


# --- A board's own list, before the button --------------------------------------------------------


def before(batch, now) -> list[str]:
    """What would look unusual to somebody above once the board has confirmed what is left of this batch."""
    rows = batch.rows.filter(state=RowState.WAITING)
    counted = rows.aggregate(people=Count("pk"), achieved=Count("pk", filter=Q(outcome=Outcome.ACHIEVED)))
    people = counted["people"]
    if not people:
        return []
    looked_at = batch.rows.filter(looked_at__isnull=False).count()
    return [
        *_at_once(people, looked_at),
        *_alike(batch, rows),
        *_far_then(batch, counted),
        *_late_now(batch, people, now),
    ]


def _at_once(people, looked_at):
    if people >= MANY_AT_ONCE:
        yield _(
            "%(people)s người được xác nhận đúng bằng điểm tự chấm trong ít phút, ban đã xem trước "
            "%(looked_at)s hồ sơ."
        ) % {"people": numbers.format_integer(people), "looked_at": numbers.format_integer(looked_at)}


def _alike(batch, rows):
    judged = queue.records_of(batch.board, batch.campaign).filter(state__in=JUDGED_STATES).order_by()
    totals = Counter(dict(judged.values_list("confirmed_total").annotate(Count("pk"))))
    totals += Counter(dict(rows.order_by().values_list("assessment__own_total").annotate(Count("pk"))))
    totals.pop(None, None)
    if found := most_alike(totals):
        total, alike = found
        yield _("%(alike)s trên %(people)s người của ban cùng một tổng điểm: %(total)s.") % {
            "alike": numbers.format_integer(alike),
            "people": numbers.format_integer(sum(totals.values())),
            "total": numbers.format_decimal(total),
        }


def _far_then(batch, counted):
    board = batch.board
    commune, province = board.within(Kind.COMMUNE) or board, board.within(Kind.PROVINCE) or board
    ours = _shares(province, batch.campaign, commune=commune)
    own = ours.get((commune.pk, board.pk), Share())
    others = sum(ours.values(), Share()) - own
    then = own + Share(counted["achieved"], counted["people"])
    if then.is_far_from(others):
        yield siblings_words(then, others)
    last_year = sum(_shares(province, _year_before(batch.campaign), board=board).values(), Share())
    if then.is_far_from(last_year):
        yield last_year_words(then, last_year)


def _late_now(batch, people, now):
    if people < LATE_FROM:
        return
    window = _confirmation(batch.board.within(Kind.PROVINCE), batch.campaign)
    if window and window.closes_at - LAST_HOUR <= now < window.closes_at:
        words = _("%(people)s người được xác nhận trong giờ cuối trước khi khóa.")
    elif is_night(now):
        words = _("%(people)s người được xác nhận ban đêm.")
    else:
        return
    yield words % {"people": numbers.format_integer(people)}
