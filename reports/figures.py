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
"""

from collections import defaultdict
from dataclasses import astuple, dataclass
from decimal import Decimal

from django.db.models import Case, CharField, Count, F, FilteredRelation, Q, TextChoices, Value, When
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Citizen
from accounts.models.citizen import GROUP_OF
from assessments.models import Assessment, Outcome, State
from assessments.models.assessment import JUDGED_STATES, NEVER_SENT
from criteria.models import Group, Level
from organizations import paths
from organizations.models import Kind, Organization
from vietnamese import numbers

PLACES_WITH_BOARDS = [Kind.PROVINCE, Kind.COMMUNE, Kind.VILLAGE, Kind.UNIT]
# Whose figures are broken down by what stands directly under them; the others are boards.
BROKEN_DOWN = [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE]


class Figure(TextChoices):
    """What is counted of the records; the value stands in addresses."""

    REGISTERED = "da-dang-ky", gettext_lazy("Đã đăng ký")
    SENT = "da-gui", gettext_lazy("Đã gửi")
    CONFIRMED = "da-xac-nhan", gettext_lazy("Đã xác nhận")
    ACHIEVED = "dat", gettext_lazy("Đạt")
    NOT_ACHIEVED = "khong-dat", gettext_lazy("Không đạt")
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
    """One row of a table: what it is about (an organization, a group), its name, its counts."""

    about: Organization | str
    name: str
    counts: Counts


@dataclass(frozen=True)
class Summary:
    units: list[Line]
    groups: list[Line]
    total: Counts


# --- The rows behind the figures ------------------------------------------------------------------


def records_of(organization, campaign):
    """The citizen records of a year at or below an organization, on the places of their day."""
    return Assessment.objects.filter(campaign=campaign, level=Level.CITIZEN).at_or_below(organization)


def of_unit(organization, unit) -> Q:
    """Which records below an organization stand in the row of one unit of its table."""
    if organization.kind == Kind.CENTRE:
        return Q(province=unit) | Q(province=None, board=unit)
    if organization.kind == Kind.PROVINCE:
        return Q(commune=unit) | Q(commune=None, board=unit)
    return Q(board=unit)


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


def summary(organization, campaign) -> Summary:
    """All figures of a year below an organization; three queries, however many rows there are."""
    counted = [*_count_records(organization, campaign), *_count_people(organization, campaign)]
    by_group = {group.value: Counts() for group in Group}
    for _place_of, group, counts in counted:
        by_group[group] = by_group.get(group, Counts()) + counts
    return Summary(
        units=_unit_lines(organization, counted) if organization.kind in BROKEN_DOWN else [],
        groups=[Line(group, group_name(group), counts) for group, counts in by_group.items()],
        total=sum(by_group.values(), Counts()),
    )


def group_name(group) -> str:
    return str(Group(group).label) if group else _("Không chia nhóm")


def _count_records(organization, campaign) -> list[tuple[int, str, Counts]]:
    """(id of the unit, group, counts)."""
    counts = {figure.name.lower(): Count("pk", filter=condition) for figure, condition in CONDITIONS.items()}
    cells = (
        records_of(organization, campaign)
        .order_by()
        .values(place=_place(organization), group=F("criteria_set__group"))
        .annotate(**counts)
    )
    return [(cell.pop("place"), cell.pop("group"), Counts(**cell)) for cell in cells]


def _place(organization):
    """The unit of the organization's table in whose row a record counts; of_unit says the same."""
    if organization.kind == Kind.CENTRE:
        return Coalesce("province_id", "board_id")
    if organization.kind == Kind.PROVINCE:
        return Coalesce("commune_id", "board_id")
    return F("board_id")


def _count_people(organization, campaign) -> list[tuple[str, str, Counts]]:
    """(path of the unit, group, counts)."""
    one_below = len(organization.path) + paths.WIDTH
    cells = (
        with_group(people_of(organization).with_board_path(), campaign)
        .order_by()
        .values("group", place=Substr("board_path", 1, one_below))
        .annotate(people=Count("pk"))
    )
    return [(cell["place"], cell["group"], Counts(people=cell["people"])) for cell in cells]


def _unit_lines(organization, counted) -> list[Line]:
    """The organization's own board where it has anybody, then what stands under it, by kind and name."""
    by_place = defaultdict(Counts)
    for place, _group, counts in counted:
        by_place[place] += counts
    units = Organization.objects.filter(
        Q(pk__in=[place for place in by_place if isinstance(place, int)])
        | Q(path__in=[place for place in by_place if isinstance(place, str)])
        | Q(pk__in=standing_under(organization).values("pk"))
    )
    return [
        Line(unit, unit_name(unit, organization), by_place[unit.pk] + by_place[unit.path])
        for unit in sorted(units, key=lambda unit: (Kind.values.index(unit.kind), unit.name_sort))
    ]
