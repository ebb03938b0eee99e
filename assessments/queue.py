"""A board's list: what lies on which shelf, how fast it empties, and who may take up a record. Reads only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Count, F, Min, Q
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Appointment, User
from assessments import helping, lowerings, on_time, pace, scoring, unsent
from assessments.models import Assessment, Evidence, Lowering, Outcome, Score, State
from assessments.models.assessment import JUDGED_STATES, NEVER_SENT
from assessments.models.score import EvidenceKind
from assessments.scoring import Result
from criteria.models import CriteriaSet, Level
from organizations import boards
from organizations.models import Kind, Organization

BOARD_KINDS = [Kind.UNIT, Kind.VILLAGE, Kind.COMMUNE]  # see Citizen.board
MOST_NAMED = 3


# --- Shelves --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    """A part of the list, in the order of one moment of its records."""

    name: str
    label: str | Promise
    holds: Q
    moment: str
    moment_label: str | Promise
    is_judged: bool = False

    def of(self, records):
        return records.filter(self.holds)

    def in_order(self, records, *, by_name):
        return records.by_name() if by_name else records.order_by(self.moment, "pk")


SENT = ("submitted_at", gettext_lazy("Ngày gửi"))
REGISTERED = ("registered_at", gettext_lazy("Ngày đăng ký"))
CONFIRMED = ("confirmed_at", gettext_lazy("Ngày xác nhận"))
WAITING = Shelf("waiting", gettext_lazy("Chờ xác nhận"), Q(state=State.SUBMITTED), *SENT)
# Where each record lies once.
PARTS = [
    WAITING,
    Shelf(
        "returned",
        gettext_lazy("Bị trả lại"),
        Q(state=State.RETURNED) | Q(closed_from=State.RETURNED),
        *SENT,
    ),
    Shelf("unsent", gettext_lazy("Chưa gửi"), Q(state__in=NEVER_SENT), *REGISTERED),
    Shelf(
        "achieved",
        gettext_lazy("Đã xác nhận: đạt"),
        Q(state__in=JUDGED_STATES, outcome=Outcome.ACHIEVED),
        *CONFIRMED,
        is_judged=True,
    ),
    Shelf(
        "not_achieved",
        gettext_lazy("Đã xác nhận: không đạt"),
        Q(state__in=JUDGED_STATES, outcome=Outcome.NOT_ACHIEVED),
        *CONFIRMED,
        is_judged=True,
    ),
    Shelf("unconfirmed", gettext_lazy("Ban chưa xác nhận"), Q(closed_from=State.SUBMITTED), *SENT),
]
# What is confirmed lies here too, while somebody is to look at it again.
CONTESTED = Shelf(
    "contested",
    gettext_lazy("Đề nghị xem lại"),
    Q(
        state=State.CONFIRMED,
        contest__isnull=False,
        contest__decided_at=None,
        contest__round=F("round"),
    ),
    "contest__at",
    gettext_lazy("Ngày đề nghị"),
    is_judged=True,
)
# Of what waits or was never sent: where only the last step is missing.
ALL_BUT_SENT = Shelf(
    "all_but_sent",
    gettext_lazy("Đã chấm, chưa gửi"),
    unsent.filled() | unsent.graded(),
    "saved_at",
    gettext_lazy("Ngày lưu"),
)
SHELVES = [*PARTS, ALL_BUT_SENT, CONTESTED]
# What somebody still has to do something about.
LEFT = ["waiting", "returned", "unsent"]


@dataclass(frozen=True)
class Counts:
    """How many lie on each shelf, and since when the longest has lain there."""

    by_shelf: dict[str, int]
    since: dict[str, datetime]

    @property
    def waiting_since(self) -> datetime | None:
        return self.since[WAITING.name]

    @property
    def all_but_sent(self):
        return self.by_shelf[ALL_BUT_SENT.name]

    @property
    def left(self) -> list[tuple[Shelf, int, datetime]]:
        """What is left by state: how many, and since when; what has lain longest comes first."""
        found = [
            (shelf, self.by_shelf[shelf.name], self.since[shelf.name])
            for shelf in PARTS
            if shelf.name in LEFT and self.by_shelf[shelf.name]
        ]
        return sorted(found, key=lambda each: each[2])

    @property
    def waiting(self):
        return self.by_shelf[WAITING.name]

    @property
    def unconfirmed(self):
        return self.by_shelf["unconfirmed"]

    @property
    def confirmed(self):
        return self.by_shelf["achieved"] + self.by_shelf["not_achieved"]

    @property
    def sent(self):
        """As reports.figures counts it: all that were sent once, returned ones too."""
        return sum(self.by_shelf[part.name] for part in PARTS) - self.by_shelf["unsent"]


def records_of(board, campaign):
    return Assessment.objects.filter(board=board, campaign=campaign, level=Level.CITIZEN)


def counts(records) -> Counts:
    on_shelves = {shelf.name: Count("pk", filter=shelf.holds) for shelf in SHELVES}
    begun = {f"{shelf.name}_since": Min(shelf.moment, filter=shelf.holds) for shelf in PARTS}
    counted = records.aggregate(**on_shelves, **begun)
    since = {shelf.name: counted.pop(f"{shelf.name}_since") for shelf in PARTS}
    return Counts(counted, since)


def pace_of(records, waiting, opening, now) -> pace.Pace:
    """The pace of a board whose confirmation is open."""
    confirmed = records.filter(confirmed_at__gt=pace.since(opening.opens_at, now), confirmed_at__lte=now)
    return pace.of(waiting, confirmed.count(), opening.opens_at, opening.closes_at, now)


# --- Boards and their members ---------------------------------------------------------------------


def seats_on_boards():
    """The seats of today from which records are confirmed: an officer's of a commune or unit among them."""
    return Appointment.objects.confirming().filter(organization__kind__in=BOARD_KINDS)


def boards_of(user):
    """The boards the user sits on, whose records lie there to be confirmed."""
    seats = seats_on_boards().filter(user=user)
    return Organization.objects.filter(pk__in=seats.values("organization")).in_order()


def boards_seen_by(user):
    """Those at or below the bodies the user sits on."""
    seats = Appointment.objects.seats_of(user)
    bodies = Organization.objects.filter(pk__in=seats.values("organization"))
    return Organization.objects.at_or_below(bodies).filter(kind__in=BOARD_KINDS)


def waiting_by_board(bodies, campaign) -> dict[int, int]:
    """Board → how many wait there."""
    waiting = WAITING.of(Assessment.objects.filter(board__in=bodies, campaign=campaign, level=Level.CITIZEN))
    return dict(waiting.order_by().values_list("board").annotate(Count("pk")))


def members_by_board(bodies) -> dict[int, list[User]]:
    """Board → who may sign in and confirms there today."""
    members = defaultdict(list)
    seats = Appointment.objects.filled().filter(organization__in=bodies)
    for seat in seats.select_related("user__citizen").order_by("user__full_name", "pk"):
        if seat.user not in members[seat.organization_id]:
            members[seat.organization_id].append(seat.user)
    return members


def is_tied(member, assessment) -> bool:
    """Whether it is the own record, or of the own household or group: Assessment.untied_to in Python."""
    if assessment.is_of_group:
        return not Assessment.objects.filter(pk=assessment.pk).untied_to(member).exists()
    own, citizen = getattr(member, "citizen", None), assessment.citizen
    if own is None:
        return False
    share_household = own.household_id is not None and own.household_id == citizen.household_id
    return own.pk == citizen.pk or share_household


def who_instead(assessment, user, members, filled_in=frozenset()) -> str:
    """For a member who is tied to the record or filled it in: that it is so, and who confirms instead.

    `filled_in` are those who filled it in for the person.
    """
    if assessment.is_of_group:
        tie = _("Bạn thuộc nhóm này.")
    elif assessment.citizen.user_id == user.pk:
        tie = _("Đây là hồ sơ của bạn.")
    elif is_tied(user, assessment):
        tie = _("Người này cùng hộ với bạn.")
    else:
        tie = _("Bạn đã điền giúp hồ sơ này.")
    able = [
        str(member) for member in members if member.pk not in filled_in and not is_tied(member, assessment)
    ]
    if not able:
        return f"{tie} " + _("Ban chưa có ai khác xác nhận được. Báo hội khuyến học xã để cử thêm người.")
    names = ", ".join(able[:MOST_NAMED])
    if len(able) > MOST_NAMED:
        names = _("%(names)s hoặc người khác của ban") % {"names": names}
    return f"{tie} " + _("Người xác nhận: %(names)s.") % {"names": names}


def seconds(assessment, by) -> list[User]:
    """The others of the board who may judge the record: who could agree to points below the own ones."""
    members = members_by_board([assessment.board_id])[assessment.board_id]
    aside = {by.pk} | helping.who_filled_in([assessment])[assessment.pk]
    return [member for member in members if member.pk not in aside and not is_tied(member, assessment)]


def who_confirms(assessment, user) -> str:
    """For somebody who may look at the record and not confirm it: who does. Empty for those who may."""
    if Assessment.objects.for_confirmer(user).filter(pk=assessment.pk).exists():
        return ""
    members = members_by_board([assessment.board_id])[assessment.board_id]
    if user in members:
        return who_instead(assessment, user, members, helping.who_filled_in([assessment])[assessment.pk])
    return capfirst(
        _("%(board)s xác nhận hồ sơ này. Bạn xem được, không xác nhận thay.")
        % {"board": boards.name_of(assessment.board)}
    )


def next_waiting(assessment, user, *, leave=False):
    """The one who has waited longest at the same board and whom the user may confirm.

    Not who waits for another to agree with this user. Where this one is left as it is, the one after it.
    """
    waiting = WAITING.of(records_of(assessment.board, assessment.campaign)).for_confirmer(user)
    waiting = waiting.exclude(pk__in=Lowering.objects.waiting().filter(decided_by=user).values("assessment"))
    others = waiting.exclude(pk=assessment.pk).select_related("citizen").oldest_first()
    if leave:
        at = assessment.submitted_at
        following = others.filter(Q(submitted_at=at, pk__gt=assessment.pk) | Q(submitted_at__gt=at))
        return following.first() or others.first()
    return others.first()


# --- Rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What the list says of one record; `note` is why this user does not confirm it.

    `second` is that one member judged it and another is to agree.
    """

    assessment: Assessment
    result: Result
    evidenced: int
    last_year: Assessment | None
    may_confirm: bool
    note: str
    moment: datetime | None
    on_time: str
    second: str = ""

    @property
    def passed(self) -> int:
        """Of indicators that are judged: how many one calls passed."""
        return len(self.assessment.rules().maxima) - len(self.result.under_floor)

    @property
    def asked(self) -> int:
        return len(self.assessment.rules().maxima)


def rows(assessments, user, shelf=WAITING) -> list[Row]:
    """One row a record; the number of queries does not grow with them."""
    results = own_results(assessments)
    evidenced = indicators_with_evidence(assessments)
    last_year = last_years_of(assessments)
    free = set(
        Assessment.objects.for_confirmer(user)
        .filter(pk__in=[assessment.pk for assessment in assessments])
        .values_list("pk", flat=True)
    )
    members = members_by_board({assessment.board_id for assessment in assessments})
    filled_in = helping.who_filled_in(assessments)
    told = on_time.of(assessments)
    lowered = lowerings.waiting_of(assessments) if shelf == WAITING else {}
    return [
        Row(
            assessment,
            results[assessment.pk],
            evidenced.get(assessment.pk, 0),
            last_year.get(assessment.citizen_id),
            may_confirm=assessment.pk in free,
            note=""
            if assessment.pk in free or user not in members[assessment.board_id]
            else who_instead(assessment, user, members[assessment.board_id], filled_in[assessment.pk]),
            moment=attrgetter(shelf.moment.replace("__", "."))(assessment),
            on_time=told[assessment.pk],
            second=lowered[assessment.pk].waits_words if assessment.pk in lowered else "",
        )
        for assessment in assessments
    ]


def own_results(assessments) -> dict[int, Result]:
    """What each record comes to with its own points."""
    sets = CriteriaSet.objects.in_bulk({assessment.criteria_set_id for assessment in assessments})
    given = defaultdict(dict)
    scores = Score.objects.filter(
        assessment__in=assessments,
        round=F("assessment__round"),
        indicator__criteria_set=F("assessment__criteria_set"),
    )
    for score in scores.select_related("indicator"):
        given[score.assessment_id][score.indicator.code] = score.own
    for assessment in assessments:
        # One object a set: its indicators are read once.
        assessment.criteria_set = sets[assessment.criteria_set_id]
    return {
        assessment.pk: scoring.judge(given[assessment.pk], assessment.rules()) for assessment in assessments
    }


def last_years_of(assessments) -> dict[int, Assessment]:
    """Citizen → the judged record of the year before."""
    if not assessments:
        return {}
    judged = Assessment.objects.filter(
        citizen__in=[assessment.citizen_id for assessment in assessments],
        campaign__year=assessments[0].campaign.year - 1,
        level=assessments[0].level,
        state__in=JUDGED_STATES,
    )
    return {
        assessment.citizen_id: assessment for assessment in judged.select_related("campaign", "criteria_set")
    }


def indicators_with_evidence(assessments) -> dict[int, int]:
    """How many have something to look at: why there is nothing is read, but not counted."""
    linked = Evidence.indicators.through.objects.filter(
        evidence__assessment__in=assessments,
        criterion__criteria_set=F("evidence__assessment__criteria_set"),
    ).exclude(evidence__kind=EvidenceKind.NONE)
    return dict(linked.values_list("evidence__assessment").annotate(Count("criterion", distinct=True)))
