"""The groups a person speaks for, and the bodies through which group records pass. Reads only."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Appointment, Headship, Member
from assessments import withholding, workflow
from assessments.models import Assessment, State
from audit import clock
from criteria.models import Level
from organizations.models import Household, Kind, Organization

# What title a place of the tree earns as a group.
LEVEL_OF = {
    Kind.CLAN: Level.CLAN,
    Kind.VILLAGE: Level.COMMUNITY,
    Kind.COMMUNE: Level.COMMUNITY,
    Kind.PROVINCE: Level.COMMUNITY,
    Kind.UNIT: Level.UNIT,
}
GROUP_LEVELS = [Level.FAMILY, Level.CLAN, Level.COMMUNITY, Level.UNIT]
GROWN_UP = 18


@dataclass(frozen=True)
class Group:
    """A group and its title; `record` is that of the year, `why_not` why it cannot be registered now."""

    subject: Household | Organization
    record: Assessment | None = None
    why_not: str = ""

    @property
    def level(self) -> Level:
        return level_of(self.subject)

    @property
    def url(self) -> str:
        return url_of(self.subject)


def level_of(subject) -> Level:
    return Level.FAMILY if isinstance(subject, Household) else LEVEL_OF[subject.kind]


def url_of(subject, page="") -> str:
    """The page of a group, or that of its members."""
    name = "household" if isinstance(subject, Household) else "organization"
    key = subject.pk if isinstance(subject, Household) else subject.code
    return reverse(f"groups:{name}{page}", args=[key])


def households_of(user):
    heads = Headship.objects.in_office().filter(citizen__user=user)
    return Household.objects.filter(pk__in=heads.values("household")).select_related("village", "clan")


def organizations_of(user):
    seats = Appointment.objects.speaking().filter(user=user)
    found = Organization.objects.in_force().filter(pk__in=seats.values("organization"), kind__in=LEVEL_OF)
    return found.in_order()


def groups_of(user, campaign, now) -> list[Group]:
    """Those the user speaks for, each with its record of the year."""
    subjects = [*households_of(user).order_by("name", "pk"), *organizations_of(user)]
    records = Assessment.objects.of_groups().written_by(user).filter(campaign=campaign)
    by_subject = {
        (each.household_id, each.organization_id): each
        for each in withholding.covered(records.select_related("criteria_set", "board", "campaign"))
    }
    return [_group(subject, by_subject, campaign, now) for subject in subjects]


def _group(subject, by_subject, campaign, now):
    key = (subject.pk, None) if isinstance(subject, Household) else (None, subject.pk)
    record = by_subject.get(key)
    if record is not None or campaign is None:
        return Group(subject, record)
    return Group(subject, None, workflow.why_not_register_group(subject, level_of(subject), campaign, now))


def is_grown_up(citizen) -> bool:
    return clock.today().year - citizen.birth_year >= GROWN_UP


def headless_household_of(user) -> Household | None:
    """The household of a grown-up for which nobody speaks: there is no head, or the head left the portal."""
    citizen = getattr(user, "citizen", None)
    if citizen is None or citizen.household_id is None or not is_grown_up(citizen):
        return None
    heads = Headship.objects.in_office().filter(household=citizen.household_id)
    if heads.filter(citizen__departed_on=None).exists():
        return None
    return citizen.household


def memberships_of(user):
    return Member.objects.present().filter(citizen__user=user).select_related("household", "organization")


def bodies_of(user):
    """The bodies the user sits on, to which records of groups come."""
    seats = Appointment.objects.seats_of(user)
    return Organization.objects.in_force().filter(pk__in=seats.values("organization")).in_order()


def waiting_at(bodies, campaign):
    """What lies with the bodies to be answered."""
    return Assessment.objects.of_groups().filter(board__in=bodies, campaign=campaign, state=State.SUBMITTED)
