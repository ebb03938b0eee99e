"""How many registered, sent, were confirmed, achieved at or below an organization, by unit and by group.

What is counted under which word is said once, in CONDITIONS: tables count by it and lists filter by it, so a
number and the rows behind it cannot differ.

- *People*: everybody who is in the portal's list today, on the place of today, under the group of this year's
  record, else under the suggested one.
- *Registered*: every record of the year, whatever its state. Records count on the places of their day: where
  people moved away since, there are more records than people, and no share of the people.
- *Sent*: those that reached the board at least once. One that was returned stays sent.
- *Confirmed*: those a board has judged, recognised ones included; each is *achieved* or *not achieved*.
- *Unconfirmed*: sent, but the year closed before a board had judged. Never counted as not achieved.
- *Returned*: with the citizen to be put right, also when the year closed on it.

A population is a person's of today, of a record too. The titles of groups stand apart from the citizens': of
each the same figures, and in the place of people whatever may hold it.
"""

from collections import defaultdict
from dataclasses import astuple, dataclass, field
from decimal import Decimal

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Citizen, Population
from accounts.models.citizen import GROUP_OF
from assessments import helping
from assessments.models import Assessment, BoardOutlook, Outcome, State
from assessments.models.assessment import JUDGED_STATES, NEVER_SENT
from assessments.outlook import Cause
from criteria.models import Group, Level, Scope
from organizations import paths
from organizations.models import Household, Kind, Organization, Type
from reports.moments import one_moment
from vietnamese import numbers

PLACES_WITH_BOARDS = [Kind.PROVINCE, Kind.COMMUNE, Kind.VILLAGE, Kind.UNIT]
# Whose figures are broken down by what stands directly under them; the others are boards.
BROKEN_DOWN = [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE]
UNIT_TYPES = [Type.AGENCY, Type.SCHOOL, Type.ENTERPRISE, Type.ARMED_FORCE, Type.COOPERATIVE, Type.OTHER]
# What confirms somebody: a unit by its type, else a village, else an association itself.
PLACE_TYPES = {
    **{each.value: each.label for each in UNIT_TYPES},
    Kind.VILLAGE.value: gettext_lazy("Thôn, tổ dân phố"),
    Kind.COMMUNE.value: gettext_lazy("Hội xác nhận trực tiếp"),
}


class Figure(TextChoices):
    """What is counted of the records; the value stands in addresses."""

    REGISTERED = "da-dang-ky", gettext_lazy("Đã đăng ký")
    SENT = "da-gui", gettext_lazy("Đã gửi")
    CONFIRMED = "da-xac-nhan", gettext_lazy("Đã xác nhận")
    ACHIEVED = "dat", gettext_lazy("Đạt")
    NOT_ACHIEVED = "khong-dat", gettext_lazy("Không đạt")
    RECOGNISED = "da-cong-nhan", gettext_lazy("Đã công nhận")
    UNCONFIRMED = "ban-chua-xac-nhan", gettext_lazy("Ban chưa xác nhận")
    WAITING = "cho-xac-nhan", gettext_lazy("Chờ ban xác nhận")
    RETURNED = "bi-tra-lai", gettext_lazy("Bị trả lại")
    NOT_SENT = "chua-gui", gettext_lazy("Chưa gửi")


CONDITIONS = {
    Figure.REGISTERED: Q(),
    Figure.SENT: ~Q(state__in=NEVER_SENT),
    Figure.CONFIRMED: Q(state__in=JUDGED_STATES),
    Figure.ACHIEVED: Q(state__in=JUDGED_STATES, outcome=Outcome.ACHIEVED),
    Figure.NOT_ACHIEVED: Q(state__in=JUDGED_STATES, outcome=Outcome.NOT_ACHIEVED),
    Figure.RECOGNISED: Q(state=State.RECOGNISED),
    Figure.UNCONFIRMED: Q(closed_from=State.SUBMITTED),
    Figure.WAITING: Q(state=State.SUBMITTED),
    Figure.RETURNED: Q(state=State.RETURNED) | Q(closed_from=State.RETURNED),
    Figure.NOT_SENT: Q(state__in=NEVER_SENT),
}
# The six that part the registered ones without rest.
PARTS = [
    Figure.ACHIEVED,
    Figure.NOT_ACHIEVED,
    Figure.WAITING,
    Figure.RETURNED,
    Figure.NOT_SENT,
    Figure.UNCONFIRMED,
]


ADULTS = "adults"


def populations(whom) -> list[str]:
    """Which are meant: one of them, or the adults, which here are all but pupils and students."""
    if whom == ADULTS:
        return [each for each in Population.values if each != Population.LEARNER]
    return [whom]


@dataclass(frozen=True)
class Rate:
    """A part of a named whole; the heading over it names the whole."""

    part: int
    whole: int

    @property
    def share(self) -> Decimal | None:
        return numbers.share(self.part, self.whole)

    def __str__(self):
        return numbers.percent(self.part, self.whole)


@dataclass(frozen=True)
class Counts:
    """People, and a count for each Figure under its name."""

    people: int = 0
    registered: int = 0
    sent: int = 0
    confirmed: int = 0
    achieved: int = 0
    not_achieved: int = 0
    recognised: int = 0
    unconfirmed: int = 0
    waiting: int = 0
    returned: int = 0
    not_sent: int = 0

    def __add__(self, other):
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def some_moved(self) -> bool:
        """Whether more registered here than live here now."""
        return self.registered > self.people

    def of(self, figure) -> int:
        return getattr(self, figure.name.lower())

    def rate_of_people(self, figure) -> Rate:
        return Rate(self.of(figure), self.people)

    def rate_of_registered(self, figure) -> Rate:
        return Rate(self.of(figure), self.registered)


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is about (an organization, a group), its name, its counts.

    `path` is where that stood in the tree of another day.
    """

    about: Organization | str
    name: str
    counts: Counts
    path: str = ""


@dataclass(frozen=True)
class Risk:
    """Boards whose people will not all make it for one cause, and how many people that is by estimate."""

    cause: Cause
    boards: int
    people: int


@dataclass(frozen=True)
class Summary:
    units: list[Line]
    groups: list[Line]
    total: Counts
    populations: list[Line] = field(default_factory=list)
    place_types: list[Line] = field(default_factory=list)
    levels: list[Line] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    criteria_sets: list[int] = field(default_factory=list)
    helped: helping.Share | None = None


# --- The rows behind the figures ------------------------------------------------------------------


def records_of(organization, campaign, level=Level.CITIZEN):
    """The records of a year and title at or below an organization, on the places of their day."""
    return Assessment.objects.filter(campaign=campaign, level=level).at_or_below(organization)


def with_place_type(records):
    """Annotate what confirms each, as a key of PLACE_TYPES."""
    return records.annotate(
        place_type=Case(
            When(board__kind=Kind.UNIT, board__type__in=UNIT_TYPES, then=F("board__type")),
            When(board__kind=Kind.UNIT, then=Value(Type.OTHER.value)),
            When(board__kind=Kind.VILLAGE, then=Value(Kind.VILLAGE.value)),
            default=Value(Kind.COMMUNE.value),
            output_field=CharField(),
        )
    )


def people_with_place_type(people):
    """The same of people: who confirms each today."""
    return people.annotate(
        place_type=Case(
            When(unit__type__in=UNIT_TYPES, then=F("unit__type")),
            When(unit__isnull=False, then=Value(Type.OTHER.value)),
            When(village__isnull=False, then=Value(Kind.VILLAGE.value)),
            default=Value(Kind.COMMUNE.value),
            output_field=CharField(),
        )
    )


def subjects_of(organization, level, scope=""):
    """Whatever may hold the title of a group at or below an organization: households, or bodies in force.

    Of communities and units all villages and units, or those that one scope of the title is for.
    """
    if level == Level.FAMILY:
        return Household.objects.filter(paths.at_or_below(organization.path, "village__path"))
    bodies = Organization.objects.in_force().filter(paths.at_or_below(organization.path))
    if level == Level.COMMUNITY:
        return bodies.filter(kind=Kind.COMMUNE if scope == Scope.COMMUNE else Kind.VILLAGE)
    if level == Level.UNIT:
        parents = {Scope.COMMUNE: Kind.COMMUNE, Scope.PROVINCE: Kind.PROVINCE}
        units = bodies.filter(kind=Kind.UNIT)
        return units.filter(parent__kind=parents[scope]) if scope in parents else units
    return bodies.filter(kind=Kind.CLAN)


def subjects_directly_under(bodies, organization):
    """The organization itself and what stands beside its communes (or provinces)."""
    beside = Q(pk=organization.pk) | (Q(parent=organization) & ~Q(kind__in=BROKEN_DOWN))
    return bodies.filter(beside)


def of_unit(organization, unit) -> Q:
    """Which records below an organization stand in the row of one unit of its table."""
    if organization.kind == Kind.CENTRE:
        return Q(province=unit) | Q(province=None, board=unit)
    if organization.kind == Kind.PROVINCE:
        return Q(commune=unit) | Q(commune=None, board=unit)
    return Q(board=unit)


def directly_under(organization) -> Q:
    """Which records of a province are in no commune, and of the nation in no province."""
    return Q(province=None) if organization.kind == Kind.CENTRE else Q(commune=None)


def people_directly_under(organization):
    """The people whom the organization itself or a unit beside its communes (or provinces) confirms."""
    beside = Organization.objects.filter(Q(pk=organization.pk) | Q(parent=organization))
    return Citizen.objects.of_boards(beside.exclude(kind__in=BROKEN_DOWN, parent=organization))


def people_of(organization):
    """Everybody in the list today whose board is the organization or stands below it."""
    if organization.kind == Kind.CENTRE:
        return Citizen.objects.present()
    below = Organization.objects.filter(paths.at_or_below(organization.path)).values("pk")
    return Citizen.objects.of_boards(below)


def people_of_unit(organization, unit):
    """The people in the row of one unit of an organization's table."""
    if unit == organization:
        return Citizen.objects.of_boards([organization])
    return people_of(unit)


def holds_title(campaign) -> Exists:
    """Of people: whom a board of whatever place confirmed as having achieved it in the year."""
    held = Assessment.objects.filter(CONDITIONS[Figure.ACHIEVED], campaign=campaign, level=Level.CITIZEN)
    return Exists(held.filter(citizen=OuterRef("pk")))


def with_group(people, campaign):
    """Annotate the group each counts under: of this year's record, else the suggested one."""
    suggested = Case(
        *(When(population=population, then=Value(group.value)) for population, group in GROUP_OF.items()),
        output_field=CharField(),
    )
    record = FilteredRelation(
        "assessments", condition=Q(assessments__campaign=campaign, assessments__level=Level.CITIZEN)
    )
    return people.annotate(record=record, group=Coalesce("record__criteria_set__group", suggested))


def units_of(organization, campaign):
    """The rows of an organization's table: its own board, what stands under it today, what records name."""
    named = records_of(organization, campaign).order_by().values(place=_place(organization)).distinct()
    return Organization.objects.filter(
        Q(pk=organization.pk) | Q(pk__in=standing_under(organization).values("pk")) | Q(pk__in=named)
    ).in_order()


def standing_under(organization):
    """What stands directly under it today and has, or oversees, boards."""
    return Organization.objects.in_force().filter(parent=organization, kind__in=PLACES_WITH_BOARDS)


def unit_name(unit, organization) -> str:
    """Its own board is a row like the others, for the people whom no unit or village confirms."""
    if unit == organization:
        return _("%(name)s, xác nhận trực tiếp") % {"name": unit.full_name}
    return unit.full_name


# --- Counting -------------------------------------------------------------------------------------


@one_moment()
def summary(organization, campaign) -> Summary:
    """All figures of a year below an organization; as many queries however many rows there are."""
    counted = [*_count_records(organization, campaign), *_count_people(organization, campaign)]
    total = sum((each.counts for each in counted), Counts())
    groups = _sums(counted, "group", Group.values)
    populations = _sums(counted, "population", Population.values)
    place_types = _sums(counted, "place_type", [])
    return Summary(
        units=_unit_lines(organization, counted) if organization.kind in BROKEN_DOWN else [],
        groups=[Line(group, group_name(group), counts) for group, counts in groups.items()],
        total=total,
        populations=[Line(each, str(Population(each).label), counts) for each, counts in populations.items()],
        place_types=[
            Line(each, str(name), place_types[each])
            for each, name in PLACE_TYPES.items()
            if each in place_types
        ],
        levels=_levels(organization, campaign, total),
        risks=_risks(organization, campaign),
        helped=helping.share(records_of(organization, campaign)),
        criteria_sets=sorted({each.criteria_set for each in counted if each.criteria_set}),
    )


def _sums(counted, of, keys) -> dict[str, Counts]:
    """The cells summed by one of their names, those of `keys` first even where they are empty."""
    sums = defaultdict(Counts, {key: Counts() for key in keys})
    for each in counted:
        sums[getattr(each, of)] += each.counts
    return dict(sums)


def _levels(organization, campaign, citizens) -> list[Line]:
    """The five titles, of each whoever may hold it in the place of people."""
    groups = Assessment.objects.filter(campaign=campaign).exclude(level=Level.CITIZEN)
    cells = groups.at_or_below(organization).order_by().values("level").annotate(**_EACH_FIGURE)
    counts = {cell.pop("level"): Counts(**cell) for cell in cells}
    lines = [Line(Level.CITIZEN.value, str(Level.CITIZEN.label), citizens)]
    for level in Level:
        if level != Level.CITIZEN:
            subjects = Counts(people=subjects_of(organization, level).count())
            lines.append(Line(level.value, str(level.label), counts.get(level, Counts()) + subjects))
    return lines


def _risks(organization, campaign) -> list[Risk]:
    """By cause, as worked out each hour."""
    below = BoardOutlook.objects.filter(campaign=campaign).below(organization).exclude(cause=Cause.NONE)
    counted = below.order_by().values_list("cause").annotate(Count("pk"), Sum("missing"))
    found = {cause: Risk(Cause(cause), boards, people) for cause, boards, people in counted}
    return [found[cause] for cause in Cause if cause in found]


def group_name(group) -> str:
    return str(Group(group).label) if group else _("Không chia nhóm")


@dataclass(frozen=True)
class Cell:
    """Records or people that have these in common. `place` is the id of a unit, of people its path."""

    place: int | str
    group: str
    population: str
    place_type: str
    criteria_set: int | None
    counts: Counts


_EACH_FIGURE = {
    figure.name.lower(): Count("pk", filter=condition) for figure, condition in CONDITIONS.items()
}


def _count_records(organization, campaign) -> list[Cell]:
    cells = (
        with_place_type(records_of(organization, campaign))
        .order_by()
        .values(
            "place_type",
            "criteria_set",
            place=_place(organization),
            group=F("criteria_set__group"),
            population=F("citizen__population"),
        )
        .annotate(**_EACH_FIGURE)
    )
    return [_cell(cell) for cell in cells]


def _cell(found) -> Cell:
    common = {name: found.pop(name) for name in ("place", "group", "population", "place_type")}
    return Cell(**common, criteria_set=found.pop("criteria_set", None), counts=Counts(**found))


def _place(organization):
    """The unit of the organization's table in whose row a record counts; of_unit says the same."""
    if organization.kind == Kind.CENTRE:
        return Coalesce("province_id", "board_id")
    if organization.kind == Kind.PROVINCE:
        return Coalesce("commune_id", "board_id")
    return F("board_id")


def _count_people(organization, campaign) -> list[Cell]:
    one_below = len(organization.path) + paths.WIDTH
    cells = (
        people_with_place_type(with_group(people_of(organization).with_board_path(), campaign))
        .order_by()
        .values("group", "population", "place_type", place=Substr("board_path", 1, one_below))
        .annotate(people=Count("pk"))
    )
    return [_cell(cell) for cell in cells]


def _unit_lines(organization, counted) -> list[Line]:
    """The organization's own board where it has anybody, then what stands under it, by kind and name."""
    by_place = defaultdict(Counts, _sums(counted, "place", []))
    units = Organization.objects.filter(
        Q(pk__in=[place for place in by_place if isinstance(place, int)])
        | Q(path__in=[place for place in by_place if isinstance(place, str)])
        | Q(pk__in=standing_under(organization).values("pk"))
    )
    return [
        Line(unit, unit_name(unit, organization), by_place[unit.pk] + by_place[unit.path])
        for unit in sorted(units, key=lambda unit: unit.order_in_tables)
    ]
