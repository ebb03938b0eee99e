"""What a reform of the tree does to people and appointments."""

from django.db.models import Q, QuerySet

from accounts.models import Appointment, Citizen
from accounts.models.citizen import LIST_OF
from organizations.models import Household, Kind, Organization, ReformKind
from organizations.reforms import Carried
from vietnamese import text

# The citizen's field for each kind of place a person can belong to.
FIELD_OF = LIST_OF | {Kind.DISTRICT: "commune"}


def people_at(organization: Organization) -> QuerySet[Citizen]:
    """Everybody who lives, works or learns right there, whoever confirms them."""
    if organization.kind not in FIELD_OF:
        return Citizen.objects.none()
    return Citizen.objects.filter(**{FIELD_OF[organization.kind]: organization})


def waiting_at(organization: Organization) -> QuerySet[Citizen]:
    """Those a closed place still holds: no rule placed them, a person has to."""
    return people_at(organization) if organization.valid_to else Citizen.objects.none()


def carry(carried: Carried) -> None:
    """People and appointments follow the reform; whom no rule places stays, and is listed by waiting_at."""
    if carried.plan.kind == ReformKind.MOVE:
        for source in carried.sources:
            _new_commune(carried.journal, source)
    if not carried.closes_sources:
        return
    for source in carried.sources:
        if carried.only_target:
            settle(carried.journal, people_at(source), source, carried.only_target)
        elif carried.targets:
            _part(carried, source)
    _carry_appointments(carried)


def settle(journal, people: QuerySet[Citizen], source: Organization, target: Organization) -> int:
    """Give people of a closed place what it became for them; a village brings its commune along."""
    keys = list(people.values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(keys), 5000):
        some = Citizen.objects.filter(pk__in=keys[start : start + 5000], **{FIELD_OF[source.kind]: source})
        moved += some.count()
        if target.kind == Kind.VILLAGE:
            journal.update(some, village=target, commune=target.parent)
            _households_follow(journal, source, target, keys[start : start + 5000])
        else:
            journal.update(some, **{FIELD_OF[target.kind]: target})
    return moved


def _households_follow(journal, source, target, keys):
    theirs = Household.objects.filter(village=source, members__in=keys)
    still = Citizen.objects.filter(village=source, household__isnull=False).values("household")
    whole = theirs.exclude(pk__in=still).values("pk")
    journal.update(Household.objects.filter(pk__in=list(whole.values_list("pk", flat=True))), village=target)


def _new_commune(journal, place):
    """Whoever lives in a village that went to another commune lives in that commune now."""
    if place.kind == Kind.VILLAGE:
        elsewhere = Citizen.objects.filter(village=place).exclude(commune=place.parent_id)
        journal.update(elsewhere, commune=place.parent)


def _part(carried, source):
    """A split: the village decides, then the village name as typed, then what a person said of the rest."""
    plan, journal = carried.plan, carried.journal
    if source.kind == Kind.COMMUNE:
        villages = Organization.objects.filter(code__in=plan.children, kind=Kind.VILLAGE)
        for village in villages.order_by("pk"):
            _new_commune(journal, village)
    if plan.texts:
        typed = people_at(source).exclude(village_text="").values_list("village_text", flat=True)
        spellings = {}
        for words in set(typed):
            if key := plan.texts.get(text.fold(words)):
                spellings.setdefault(key, []).append(words)
        for key, words in spellings.items():
            people = people_at(source).filter(village=None, village_text__in=words)
            settle(journal, people, source, carried.targets[key])
    if plan.rest:
        settle(journal, people_at(source), source, carried.targets[plan.rest])


def _carry_appointments(carried):
    """The board's people sit on at what it became; where a split names no place for them their seats end."""
    journal, last_day = carried.journal, carried.last_day
    target = carried.only_target or carried.targets.get(carried.plan.board)
    ended = Q(valid_to__lte=last_day)
    seats = Appointment.objects.filter(organization__in=carried.sources).exclude(ended)
    begun = list(seats.filter(valid_from__lte=last_day).select_related("user").order_by("pk"))
    later = seats.filter(valid_from__gt=last_day)
    if target:
        there = set(
            Appointment.objects.filter(organization=target).exclude(ended).values_list("user", "role")
        )
        rows = []
        for seat in begun:
            if (seat.user_id, seat.role) not in there:
                there.add((seat.user_id, seat.role))
                rows.append(
                    Appointment(
                        user=seat.user,
                        organization=target,
                        role=seat.role,
                        valid_from=carried.day,
                        valid_to=seat.valid_to,
                    )
                )
        journal.create(rows)
        for seat in list(later.order_by("pk")):
            if (seat.user_id, seat.role) not in there:
                there.add((seat.user_id, seat.role))
                journal.update(Appointment.objects.filter(pk=seat.pk), organization=target)
    # What nothing takes never came to be: the body was closed before those seats began.
    journal.delete(later)
    journal.update(Appointment.objects.filter(pk__in=[seat.pk for seat in begun]), valid_to=last_day)
