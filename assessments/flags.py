"""Reading a province's year for what looks unusual, and what officers wrote about what was found."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments import outliers
from assessments.models import BoardTally, Campaign, Flag, Reading, ReadingState, Rule
from assessments.outliers import Found
from assessments.workflow import Refused
from audit import clock, events
from criteria.models import Level
from organizations import oversight
from organizations.models import Organization

# --- Reading --------------------------------------------------------------------------------------


def due(now) -> list[Reading]:
    """One reading for each province of this year with records, and of the year before until spring."""
    campaigns = [each for each in Campaign.objects.until(now)[:2] if now.year - each.year <= _still(now)]
    tallied = BoardTally.objects.filter(campaign__in=campaigns, level=Level.CITIZEN).order_by()
    pairs = sorted(tallied.values_list("campaign", "province").distinct())
    return [reading_of(place, campaign) for campaign, place in pairs]


def _still(now) -> int:
    return 1 if now.month <= 3 else 0


def reading_of(place: Organization | int, campaign: Campaign | int) -> Reading:
    place, campaign = getattr(place, "pk", place), getattr(campaign, "pk", campaign)
    return Reading.objects.get_or_create(place_id=place, campaign_id=campaign)[0]


def start(reading: Reading) -> bool:
    """Whether this call began it: of two clicks one does."""
    return reading.go_on([ReadingState.DONE], ReadingState.RUNNING)


def work(pk: int) -> None:
    """Read, and write what was found in one transaction: run twice, or after any death, it says the same."""
    reading = Reading.objects.select_related("place", "campaign").get(pk=pk)
    if reading.state != ReadingState.RUNNING:
        return
    now = clock.now()
    found = {each.key: each for each in outliers.found(reading.place, reading.campaign)}
    with transaction.atomic():
        Reading.objects.select_for_update(no_key=True).get(pk=pk)
        _keep(reading, found, now)
        Reading.objects.filter(pk=pk).update(read_at=now)
        reading.finish()


def _keep(reading, found: dict[str, Found], now) -> None:
    known = {flag.key: flag for flag in reading.flags.all()}
    # What an officer wrote about stays to be read, even where its records were put right since.
    gone = [flag.pk for key, flag in known.items() if key not in found and flag.reviewed_at is None]
    Flag.objects.filter(pk__in=gone).delete()
    new = [
        Flag(reading=reading, key=key, found_at=now, **_fields(each))
        for key, each in found.items()
        if key not in known
    ]
    Flag.objects.bulk_create(new, batch_size=500)
    changed = []
    for key, each in found.items():
        flag, fields = known.get(key), _fields(each)
        if flag and any(getattr(flag, name) != value for name, value in fields.items()):
            for name, value in (fields | UNREVIEWED).items():
                setattr(flag, name, value)
            changed.append(flag)
    Flag.objects.bulk_update(changed, [*_CHANGING, *UNREVIEWED], batch_size=500)


UNREVIEWED: dict = {"reviewed_at": None, "reviewed_by_id": None, "note": ""}
_CHANGING = ["begins_at", "until", "people", "figures"]


def _fields(found: Found) -> dict:
    return {
        "rule": found.rule,
        "organization_id": found.organization,
        "by_id": found.by,
        "begins_at": found.begins_at,
        "until": found.until,
        "people": found.people,
        "figures": found.figures,
    }


# --- Looking into one -----------------------------------------------------------------------------


def may_review(flag: Flag, user) -> bool:
    """Officers above the board, never its own members; of what one did at several boards, those they
    stand under, and never that one."""
    place = flag.organization
    if flag.rule == Rule.MANY_BOARDS:
        return flag.by_id != user.pk and oversight.is_at_or_above(user, place)
    sits_there = user.appointments.confirming().filter(organization=place).exists()
    return not sits_there and oversight.is_above(user, place)


@transaction.atomic
def review(flag: Flag, *, by, note: str) -> None:
    """Note that an officer looked into it. Of two who press together the first one's words stay."""
    if not may_review(flag, by):
        raise PermissionDenied
    now = clock.now()
    open_as_read = Flag.objects.to_review().filter(pk=flag.pk, people=flag.people, figures=flag.figures)
    if not open_as_read.update(reviewed_at=now, reviewed_by=by, note=note):
        raise Refused(_("Người khác vừa ghi hoặc số liệu vừa đổi. Đọc lại trang rồi ghi nếu còn cần."))
    told = {"at": now, "organization": flag.organization, "new": flag.key, "private": {"note": note}}
    events.record("review_flag", flag, by=by, **told)
