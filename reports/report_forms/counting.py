"""What tables count, each under the path of the unit in whose row it stands. One query a source."""

import datetime
from collections import defaultdict

from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce, Substr

from accounts.models import Citizen, Population
from assessments import helping
from assessments.models import Assessment, Campaign
from criteria.models import Level, Scope
from organizations import paths
from organizations.models import Kind, Organization
from reports import as_at, figures
from reports.figures import CONDITIONS, Figure
from reports.graded import ranks
from reports.report_forms.form import Line
from reports.typed import sums
from vietnamese import dates

RECOGNISED = Q(state="recognised")
# Of which scope the titles of 02/KH are: villages, and the units of communes. 03/KH holds what is above.
SCOPES = {Level.COMMUNITY: Scope.VILLAGE, Level.UNIT: Scope.COMMUNE}


def of_level(asked, level):
    """The records of a title at or below the organization, on the places of their day."""
    return Assessment.objects.filter(campaign=asked.campaign, level=level).at_or_below(asked.organization)


def place(asked):
    """The path of the unit in whose row a record counts; figures.of_unit says the same."""
    if not asked.is_broken_down:
        return Value(asked.organization.path)
    if asked.organization.kind == Kind.CENTRE:
        return Coalesce("province__path", "board__path")
    if asked.organization.kind == Kind.PROVINCE:
        return Coalesce("commune__path", "board__path")
    return F("board__path")


def _counted(records, asked, **counts):
    cells = records.order_by().values(place=place(asked)).annotate(**counts)
    return {cell.pop("place"): cell for cell in cells}


def titles(asked):
    """Of each title: `family_registered`, `family_recognised` and so on."""
    counted = defaultdict(dict)
    for level in Level.values:
        counts = {
            f"{level}_registered": Count("pk"),
            f"{level}_achieved": Count("pk", filter=CONDITIONS[Figure.ACHIEVED]),
            f"{level}_recognised": Count("pk", filter=RECOGNISED),
        }
        records = of_level(asked, level)
        if level in SCOPES:
            records = records.filter(criteria_set__scope=SCOPES[level])
        for place, cell in _counted(records, asked, **counts).items():
            counted[place] |= cell
    return counted


def by_group(asked):
    """Citizens' records: `I_registered`, `I_achieved` … and over all groups `registered`, `achieved`."""
    counts = {"registered": Count("pk"), "achieved": Count("pk", filter=CONDITIONS[Figure.ACHIEVED])}
    cells = (
        of_level(asked, Level.CITIZEN)
        .order_by()
        .values(place=place(asked), group=F("criteria_set__group"))
        .annotate(**counts)
    )
    counted = defaultdict(lambda: defaultdict(int))
    for cell in cells:
        for key in counts:
            counted[cell["place"]][f"{cell['group']}_{key}"] += cell[key]
            counted[cell["place"]][key] += cell[key]
    return counted


def people(asked):
    """Everybody in the list today: `people`."""
    cells = (
        figures.people_of(asked.organization)
        .with_board_path()
        .order_by()
        .values(place=Substr("board_path", 1, asked.length))
        .annotate(people=Count("pk"))
    )
    return {cell["place"]: {"people": cell["people"]} for cell in cells}


def bodies(asked):
    """What stands in the tree today: associations of communes, villages, units, clans."""
    below = Organization.objects.in_force().filter(paths.at_or_below(asked.organization.path))
    kinds = {"communes": Kind.COMMUNE, "tree_villages": Kind.VILLAGE, "tree_units": Kind.UNIT}
    counts = {key: Count("pk", filter=Q(kind=kind)) for key, kind in kinds.items()}
    counts["commune_units"] = Count("pk", filter=Q(kind=Kind.UNIT, parent__kind=Kind.COMMUNE))
    counts["province_units"] = Count("pk", filter=Q(kind=Kind.UNIT, parent__kind=Kind.PROVINCE))
    cells = below.order_by().values(place=Substr("path", 1, asked.length)).annotate(**counts)
    return {cell.pop("place"): cell for cell in cells if any(cell[key] for key in counts)}


def typed(asked):
    """What the communes typed and delivered; of their villages and units nothing."""
    return sums.by_path(asked.organization, asked.campaign, asked.length)


def graded(asked):
    """Communes as communities and units of a province by grade: `community_1`, `unit_failed` and so on."""
    counted = defaultdict(dict)
    scopes = {"community": (Level.COMMUNITY, Scope.COMMUNE), "unit": (Level.UNIT, Scope.PROVINCE)}
    for key, (level, scope) in scopes.items():
        records = of_level(asked, level).filter(criteria_set__scope=scope)
        counts = {
            f"{key}_proposed": Count("pk"),
            f"{key}_failed": Count("pk", filter=CONDITIONS[Figure.NOT_ACHIEVED]),
            f"{key}_in_force": Count("pk", filter=RECOGNISED),
        }
        for path, cell in _counted(records, asked, **counts).items():
            counted[path] |= cell
        where = dict(records.order_by().annotate(where=place(asked)).values_list("pk", "where"))
        for pk, rank in ranks(records):
            name = f"{key}_{rank}"
            counted[where[pk]][name] = counted[where[pk]].get(name, 0) + 1
    return counted


def helped(asked):
    """Of the citizens' records sent: `sent`, `helped`, and `by_helper` confirmed by who filled them in."""
    sent = of_level(asked, Level.CITIZEN).filter(submitted_at__isnull=False)
    return _counted(
        helping.with_help(sent),
        asked,
        sent=Count("pk"),
        helped=Count("pk", filter=Q(has_help=True)),
        by_helper=Count("pk", filter=Q(is_by_helper=True)),
    )


def units_with_shares(asked):
    """A Line a unit at or below the organization: members and learners, and who of them holds the title."""
    units = Organization.objects.in_force().filter(paths.at_or_below(asked.organization.path), kind=Kind.UNIT)
    cells = (
        Citizen.objects.present()
        .filter(unit__in=units.values("pk"))
        .annotate(is_learner=Q(population=Population.LEARNER), holds=figures.holds_title(asked.campaign))
        .order_by()
        .values("unit", "is_learner", "holds")
        .annotate(people=Count("pk"))
    )
    counted = defaultdict(lambda: defaultdict(int))
    for cell in cells:
        key = "learners" if cell["is_learner"] else "members"
        counted[cell["unit"]][key] += cell["people"]
        counted[cell["unit"]][f"{key}_achieved"] += cell["people"] * cell["holds"]
    return [Line(unit.full_name, counted[unit.pk], unit) for unit in units.in_order()]


def moments_of_two_years(asked) -> dict[str, as_at.Moment]:
    """The end of last year and of this, or today, both on the tree of the end of last year."""
    last_day = datetime.date(asked.campaign.year - 1, 12, 31)
    this_day = min(datetime.date(asked.campaign.year, 12, 31), dates.local_day(asked.at))
    return {
        "last": as_at.Moment(last_day, as_at.THEN),
        "this": as_at.Moment(this_day, as_at.YEAR_BEFORE),
    }


def years_of_the_old_tree(asked) -> dict[str, tuple[Campaign | None, as_at.Moment]]:
    return {
        key: (Campaign.objects.filter(year=moment.day.year).first(), moment)
        for key, moment in moments_of_two_years(asked).items()
    }


def two_years_on_the_old_tree(asked) -> list[Line]:
    """The same of the tree of the end of last year: what two_years counts, unit by unit of that day."""
    counted, lines = defaultdict(dict), {}
    for key, (campaign, moment) in years_of_the_old_tree(asked).items():
        summary = asked.summaries.get(key) or as_at.summary(asked.organization, campaign, moment)
        whole = figures.Line(asked.organization, asked.organization.full_name, summary.total)
        for line in summary.units or [whole]:
            lines[line.path] = line
            counted[line.path] |= {
                f"{key}_registered": line.counts.registered,
                f"{key}_achieved": line.counts.achieved,
            }
    ordered = sorted(lines.values(), key=lambda line: line.about.order_in_tables)
    return [Line(one.name, counted[one.path], one.about, one.path) for one in ordered]


def two_years(asked):
    """`this_registered`, `last_achieved` and so on, on the tree of today."""
    counted = defaultdict(dict)
    for key, year in (("last", asked.campaign.year - 1), ("this", asked.campaign.year)):
        campaign = Campaign.objects.filter(year=year).first()
        cells = (
            as_at.on_todays_tree(asked.organization, campaign, Level.CITIZEN)
            .order_by()
            .values(place=Substr("tree_path", 1, asked.length))
            .annotate(
                **{
                    f"{key}_registered": Count("pk"),
                    f"{key}_achieved": Count("pk", filter=CONDITIONS[Figure.ACHIEVED]),
                }
            )
        )
        for cell in cells:
            counted[cell.pop("place")] |= cell
    return counted
