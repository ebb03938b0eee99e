"""The lists of people as they stood when the year's day began, kept a row each: of them rates are counted.

Written chunk by chunk by who comes first, and again by whoever comes after a death. Late or early, it is the
same: whoever came, moved or went since the day stands where the first step since says they were. The
households, villages and units of the day follow, of which the shares of groups are counted.
"""

import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Citizen
from assessments.models import Campaign, FrozenList, Listed, ListedGroup
from audit.models import Event
from organizations.models import Household, Kind, Organization
from people.models import GONE, Moved
from vietnamese import dates

CHUNK = 2000
# What was begun before the day may be written a little into it.
SETTLED = datetime.timedelta(minutes=5)


def freeze(now) -> None:
    """Write down the lists of this year, once their day has come."""
    campaign = Campaign.objects.filter(year=dates.local_day(now).year).first()
    if campaign is None or now < dates.day_begins(campaign.list_day) + SETTLED:
        return
    FrozenList.objects.get_or_create(campaign=campaign)
    for freeze_chunk in (_freeze_chunk, _freeze_groups):
        while freeze_chunk(campaign, now):
            pass


@transaction.atomic
def _freeze_chunk(campaign, now):
    """Whether there may be more."""
    frozen = FrozenList.objects.select_for_update().get(campaign=campaign)
    if frozen.done_at:
        return False
    fields = ["pk", "unit", "village", "commune", "departed_on", "added_at"]
    people = list(Citizen.objects.filter(pk__gt=frozen.up_to).order_by("pk").values_list(*fields)[:CHUNK])
    if people:
        start = dates.day_begins(campaign.list_day)
        before = boards_before(frozen.up_to, people[-1][0], start)
        rows = []
        for pk, unit, village, commune, departed_on, added_at in people:
            if added_at and added_at >= start:
                continue
            now_at = None if departed_on else unit or village or commune
            if board := before.get(pk, now_at):
                rows.append(Listed(campaign=campaign, citizen_id=pk, board_id=board))
        Listed.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
        frozen.up_to = people[-1][0]
    else:
        frozen.done_at = now
    frozen.save(update_fields=["up_to", "done_at"])
    return bool(people)


@transaction.atomic
def _freeze_groups(campaign, now):
    """Whether there may be more: the households first, then the villages and units."""
    frozen = FrozenList.objects.select_for_update().get(campaign=campaign)
    if frozen.groups_done_at:
        return False
    rows = []
    if keys := _next(Household.objects, frozen.households_up_to):
        rows = _households(keys, dates.day_begins(campaign.list_day))
        frozen.households_up_to = keys[-1]
    elif keys := _next(Organization.objects.filter(kind__in=[Kind.VILLAGE, Kind.UNIT]), frozen.places_up_to):
        there = Organization.objects.in_force(campaign.list_day).filter(pk__in=keys)
        rows = [ListedGroup(organization=place) for place in there]
        frozen.places_up_to = keys[-1]
    else:
        frozen.groups_done_at = now
    for row in rows:
        row.campaign = campaign
    ListedGroup.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    frozen.save(update_fields=["households_up_to", "places_up_to", "groups_done_at"])
    return bool(keys)


def _next(among, after):
    return list(among.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _households(keys, start):
    """But for those put in since. Whom a reform moved since stands where it went, and counts there anyhow."""
    new = Event.objects.filter(object_type=Household._meta.label_lower, verb="household", at__gte=start)
    new = set(new.filter(object_id__gte=keys[0], object_id__lte=keys[-1]).values_list("object_id", flat=True))
    there = Household.objects.filter(pk__in=keys).values_list("pk", "village", "clan")
    return [
        ListedGroup(household_id=pk, organization_id=village, clan_id=clan)
        for pk, village, clan in there
        if pk not in new
    ]


def boards_before(after: int, up_to: int, start: datetime.datetime) -> dict[int, int | None]:
    """Of the people with these keys who were moved, went or came since: the board before the first such step.

    None for who was on no list.
    """
    first = {}
    for _at, citizen, board in sorted(
        [*_transfers(after, up_to, start), *_told(after, up_to, start)], key=lambda step: step[0]
    ):
        first.setdefault(citizen, board)
    return first


def _among(after, up_to):
    return Moved.objects.filter(citizen__gt=after, citizen__lte=up_to)


def _transfers(after, up_to, start):
    steps = _among(after, up_to).filter(Q(transfer__at__gte=start) | Q(transfer__undone_at__gte=start))
    for citizen, source, target, at, undone_at in steps.values_list(
        "citizen", "source", "target", "transfer__at", "transfer__undone_at"
    ):
        if at >= start:
            yield at, citizen, source
        else:
            yield undone_at, citizen, target


def _told(after, up_to, start):
    """What the people wrote of their home themselves, and what the commune placed for them."""
    steps = Event.objects.filter(
        subject__gt=after, subject__lte=up_to, at__gte=start, verb__in=["home", "place"]
    )
    steps = list(steps.exclude(old="").values_list("at", "subject", "old"))
    codes = {code for _at, _citizen, code in steps}
    boards = dict(Organization.objects.filter(code__in=codes).values_list("code", "pk"))
    was_gone = Q(transfer__undone_at=None) | Q(transfer__undone_at__gte=start)
    gone = _among(after, up_to).filter(was_gone, transfer__kind__in=GONE, transfer__at__lt=start, target=None)
    away = set(gone.values_list("citizen", flat=True)) if steps else set()
    for at, citizen, code in steps:
        if code in boards:
            yield at, citizen, None if citizen in away else boards[code]
