"""Figures of a year as they stood on a day, on the tree of that day or on the tree of today.

The state of a record on a day is that of its last step until then; where it lay comes from the dated places
in the tree and from what reforms wrote down. On the tree of today a closed unit counts where it went: what a
split left unplaced counts under what stands above all its parts, so both structures have one total.
"""

import datetime
from dataclasses import dataclass

from django import forms
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, FormerPlace, LaterPlace, Outcome, State, Step
from assessments.models.assessment import JUDGED_STATES
from audit import clock
from criteria.models import Group, Level
from organizations import paths
from organizations.models import FormerName, Kind, Organization, Placement
from reports import figures
from reports.figures import Counts, Figure, Line, Summary
from reports.moments import one_moment
from vietnamese.dates import day_words
from vietnamese.fields import DayField

DAY, STRUCTURE, PLACE = "tai-ngay", "cau-truc", "noi"
THEN, NOW, YEAR_BEFORE = "ngay-ay", "hien-nay", "nam-truoc"
STRUCTURES = [
    (THEN, gettext_lazy("Đơn vị của ngày ấy")),
    (NOW, gettext_lazy("Đơn vị hiện nay")),
    (YEAR_BEFORE, gettext_lazy("Đơn vị cuối năm trước năm ấy")),
]
EARLIEST = datetime.date(1900, 1, 1)  # long before there was anything to count
SUMMED = [Kind.CENTRE, Kind.PROVINCE, Kind.DISTRICT, Kind.COMMUNE]


@dataclass(frozen=True)
class Moment:
    """The day the figures are of, and the day whose tree they stand on."""

    day: datetime.date
    structure: str = THEN

    @property
    def tree_day(self) -> datetime.date:
        if self.structure == YEAR_BEFORE:
            return datetime.date(self.day.year - 1, 12, 31)
        return clock.today() if self.structure == NOW else self.day

    @property
    def words(self) -> str:
        structure = dict(STRUCTURES)[self.structure]
        return _("Tại hết ngày %(day)s. %(structure)s.") % {
            "day": day_words(self.day),
            "structure": structure,
        }

    @property
    def key(self) -> str:
        """As a sheet names it."""
        return f"{self.day.isoformat()} {self.structure}"

    @classmethod
    def from_key(cls, key):
        day, structure = key.split()
        return cls(datetime.date.fromisoformat(day), structure)

    @property
    def query(self) -> dict[str, str]:
        return {DAY: day_words(self.day), STRUCTURE: self.structure}


class MomentForm(forms.Form):
    """The names of the fields stand in addresses."""

    def __init__(self, data=None):
        super().__init__(data)
        self.fields[DAY] = DayField(label=gettext_lazy("Tại ngày"), earliest=EARLIEST, latest=clock.today)
        self.fields[STRUCTURE] = forms.ChoiceField(
            label=gettext_lazy("Cấu trúc"), choices=STRUCTURES, required=False
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    @property
    def moment(self) -> Moment | None:
        if not self.is_valid():
            return None
        return Moment(self.cleaned_data[DAY], self.cleaned_data[STRUCTURE] or THEN)


def usual(campaign) -> Moment:
    """The end of the year, or today while it runs, on the tree of today."""
    return Moment(min(datetime.date(campaign.year, 12, 31), clock.today()), NOW)


# --- Counting -------------------------------------------------------------------------------------


@one_moment()
def summary(organization: Organization, campaign, moment: Moment) -> Summary:
    """The figures without people: who was in the list on a past day is not kept."""
    roots = roots_of(organization, moment)
    records = records_on(campaign, moment).filter(near(roots, moment))
    cells = [cell for root in roots for cell in _count(records, root, len(roots) == 1)]
    by_group = {group.value: Counts() for group in Group}
    by_place = {}
    for path, group, counts in cells:
        by_group[group] = by_group.get(group, Counts()) + counts
        by_place[path] = by_place.get(path, Counts()) + counts
    return Summary(
        units=_lines(by_place, roots, moment) if organization.kind in SUMMED else [],
        groups=[Line(group, figures.group_name(group), counts) for group, counts in by_group.items()],
        total=sum(by_group.values(), Counts()),
    )


def existed(organization: Organization, moment: Moment) -> bool:
    return bool(roots_of(organization, moment))


def on_day(day):
    """The placements of a day, as conditions of a filter."""
    return Q(valid_to=None) | Q(valid_to__gte=day), Q(valid_from__lte=day)


def roots_of(organization, moment) -> list[str]:
    """Where it stood in that tree; before it was founded, where those stood that became it."""
    if moment.structure == NOW:
        return [organization.path]
    there = Placement.objects.filter(*on_day(moment.tree_day))
    own = there.filter(organization=organization)
    came_from = there.filter(organization__heir=organization, organization__kind=organization.kind)
    return list((own if own.exists() else came_from).order_by("path").values_list("path", flat=True))


def records_on(campaign, moment):
    """Annotate state, outcome, closed_from and group of the day, and the path in the tree asked for."""
    end = timezone.make_aware(
        datetime.datetime.combine(moment.day + datetime.timedelta(days=1), datetime.time.min),
        timezone.get_default_timezone(),
    )
    steps = Step.objects.filter(assessment=OuterRef("pk"), at__lt=end).order_by("-at", "-pk")
    sent = steps.filter(state__in=[State.SUBMITTED, State.RETURNED])
    lay = FormerPlace.objects.filter(assessment=OuterRef("pk"), valid_to__gte=moment.tree_day)
    records = Assessment.objects.filter(campaign=campaign, level=Level.CITIZEN, registered_at__lt=end)
    return records.annotate(
        former_board=Subquery(lay.order_by("valid_to", "pk").values("board")[:1]),
        state_then=Subquery(steps.values("state")[:1]),
        outcome_then=Subquery(steps.values("outcome")[:1]),
        group_then=Subquery(steps.values("criteria_set__group")[:1]),
        sent_then=Coalesce(Subquery(sent.values("state")[:1]), Value("")),
        tree_path=path_now() if moment.structure == NOW else _path_on(moment.tree_day),
    ).exclude(state_then=None)


def on_todays_tree(organization, campaign, level):
    """The records of a year whose places are at or below the organization today."""
    records = Assessment.objects.filter(campaign=campaign, level=level).annotate(tree_path=path_now())
    return records.filter(paths.at_or_below(organization.path, "tree_path"))


def path_now():
    return Coalesce(
        "later_place__board__heir__path", "later_place__board__path", "board__heir__path", "board__path"
    )


def _path_on(day):
    return Coalesce(
        _placed(day, "former_board"),
        _placed(day, "board"),
        _placed(day, "later_place__board"),
        _placed(day, "board__heir"),
        path_now(),
    )


def _placed(day, board):
    """The path on a day of the organization that a field of the record names."""
    there = Placement.objects.filter(*on_day(day), organization=OuterRef(board))
    return Subquery(there.values("path")[:1])


def below(roots, column="path") -> Q:
    """At or below any of the roots."""
    found = Q(pk__in=[])
    for root in roots:
        found |= paths.at_or_below(root, column)
    return found


def near(roots, moment) -> Q:
    """Every record that may lie below one of the roots, found by indexes; which do, its tree path says.

    Else the figures of a commune would work out where every record of the nation lay.
    """
    if any(len(root) <= paths.WIDTH for root in roots):
        return Q()
    on_the_day = Placement.objects.filter(below(roots), *on_day(moment.tree_day))
    today = Organization.objects.filter(below(roots))
    bodies = {*on_the_day.values_list("organization", flat=True), *today.values_list("pk", flat=True)}
    bodies |= set(Organization.objects.filter(heir__in=bodies).values_list("pk", flat=True))
    former = FormerPlace.objects.filter(board__in=bodies).values("assessment")
    later = LaterPlace.objects.filter(board__in=bodies).values("assessment")
    return Q(board__in=bodies) | Q(pk__in=former) | Q(pk__in=later)


LEFT_RETURNED = Q(state_then=State.UNCONFIRMED, sent_then=State.RETURNED)
# What counts_of says, as conditions on what records_on annotates.
CONDITIONS = {
    Figure.REGISTERED: Q(),
    Figure.SENT: ~Q(state_then__in=figures.NEVER_SENT),
    Figure.CONFIRMED: Q(state_then__in=JUDGED_STATES),
    Figure.ACHIEVED: Q(state_then__in=JUDGED_STATES, outcome_then=Outcome.ACHIEVED),
    Figure.NOT_ACHIEVED: Q(state_then__in=JUDGED_STATES, outcome_then=Outcome.NOT_ACHIEVED),
    Figure.RECOGNISED: Q(state_then=State.RECOGNISED),
    Figure.UNCONFIRMED: Q(state_then=State.UNCONFIRMED) & ~LEFT_RETURNED,
    Figure.WAITING: Q(state_then=State.SUBMITTED),
    Figure.RETURNED: Q(state_then=State.RETURNED) | LEFT_RETURNED,
    Figure.NOT_SENT: Q(state_then__in=figures.NEVER_SENT),
}


def in_row(path, roots) -> Q:
    """The records of one row of the table; those of no unit below are a row of their own."""
    return Q(tree_path=path) if roots == [path] else paths.at_or_below(path, "tree_path")


def _count(records, root, one_below):
    """(path of the unit, group, counts) below one root."""
    there = records.filter(paths.at_or_below(root, "tree_path"))
    length = len(root) + paths.WIDTH if one_below else len(root)
    cells = (
        there.order_by()
        .values("state_then", "outcome_then", "sent_then", "group_then", place=Substr("tree_path", 1, length))
        .annotate(count=Count("pk"))
    )
    for cell in cells:
        counts = counts_of(cell["state_then"], cell["outcome_then"], cell["sent_then"], cell["count"])
        yield cell["place"], cell["group_then"], counts


def counts_of(state, outcome, last_sent, count) -> Counts:
    """What figures.CONDITIONS says, of records in one state; `last_sent` is what a closing found."""
    is_left = state == State.UNCONFIRMED
    judged = state in JUDGED_STATES
    returned = state == State.RETURNED or (is_left and last_sent == State.RETURNED)
    return Counts(
        registered=count,
        sent=count * (state not in figures.NEVER_SENT),
        confirmed=count * judged,
        achieved=count * (judged and outcome == Outcome.ACHIEVED),
        not_achieved=count * (judged and outcome == Outcome.NOT_ACHIEVED),
        recognised=count * (state == State.RECOGNISED),
        unconfirmed=count * (is_left and not returned),
        waiting=count * (state == State.SUBMITTED),
        returned=count * returned,
        not_sent=count * (state in figures.NEVER_SENT),
    )


def _lines(by_place, roots, moment):
    units = units_at(by_place, moment)
    names = _names(units, moment)
    lines = []
    for path, counts in by_place.items():
        unit, name = units[path], names[path]
        if len(roots) == 1 and path == roots[0]:
            name = _("%(name)s, không thuộc đơn vị nào bên dưới") % {"name": name}
        lines.append(Line(unit, name, counts, path))
    return sorted(lines, key=lambda line: line.about.order_in_tables)


def units_at(by_place, moment) -> dict[str, Organization]:
    """The unit at each of these paths of the tree."""
    units = {one.path: one for one in Organization.objects.filter(path__in=list(by_place))}
    if moment.structure == NOW:
        return units
    there = Placement.objects.filter(*on_day(moment.tree_day), path__in=list(by_place))
    return units | {place.path: place.organization for place in there.select_related("organization")}


def names_at(where, moment) -> dict[str, str]:
    """What the unit at each of these paths was called on the day of the tree."""
    return _names(units_at(where, moment), moment)


def _names(units, moment):
    """What each was called on the day of the tree."""
    former = FormerName.objects.filter(
        organization__in=[unit.pk for unit in units.values()], valid_to__gte=moment.tree_day
    ).order_by("-valid_to")
    then = {one.organization_id: one.full_name for one in former}
    return {path: then.get(unit.pk, unit.full_name) for path, unit in units.items()}
