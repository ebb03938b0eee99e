"""When the person of a record learns its result: when it is confirmed, or, where the province says so, when
the minutes over it are signed (withholding.py says of which records not yet).
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from assessments import notices
from assessments.models import Assessment, Campaign, ResultHold, State
from assessments.models.assessment import JUDGED_STATES
from assessments.workflow.steps import Refused
from audit import clock, events
from organizations.models import Kind

CHUNK = 1000


# --- What a province says -------------------------------------------------------------------------


def is_held(province, campaign) -> bool:
    return ResultHold.objects.standing().filter(province=province, campaign=campaign).exists()


def why_not_hold(province, campaign) -> str:
    """Why results cannot be held back any more; empty where they can. What somebody has read stays read."""
    judged = Assessment.objects.filter(campaign=campaign, province=province, state__in=JUDGED_STATES)
    if judged.exists():
        return _("Năm %(year)s đã có người được xác nhận và đã xem kết quả, nên không giữ lại được nữa.") % {
            "year": campaign
        }
    return ""


@transaction.atomic
def hold(province, campaign, *, by) -> None:
    """Hold the results of a year back; a second click changes nothing."""
    _ask_officer(province, by)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if is_held(province, campaign):
        return
    if why := why_not_hold(province, campaign):
        raise Refused(why)
    held = ResultHold.objects.create(province=province, campaign=campaign, by=by, at=clock.now())
    events.record("hold_results", held, by=by, at=held.at, organization=province, new=str(campaign))


@transaction.atomic
def end_hold(province, campaign, *, by) -> None:
    """Let everybody see what is confirmed, from now on at once; a sweep sends the notices."""
    _ask_officer(province, by)
    held = ResultHold.objects.standing().filter(province=province, campaign=campaign).first()
    if held is None:
        return
    now = clock.now()
    ResultHold.objects.filter(pk=held.pk, ended_at=None).update(ended_at=now, ended_by=by)
    release(Assessment.objects.filter(campaign=campaign, province=province), now)
    events.record("end_hold", held, by=by, at=now, organization=province, old=str(campaign))


def tell_of_end(pk) -> None:
    """To everybody whose result an ended hold let out; done twice it tells once."""
    held = ResultHold.objects.get(pk=pk)
    if held.ended_at is None or held.told_at is not None:
        return
    tell(Assessment.objects.filter(campaign=held.campaign_id, province=held.province_id), held.ended_at)
    ResultHold.objects.filter(pk=pk).update(told_at=clock.now())


def _ask_officer(province, by):
    if province.kind != Kind.PROVINCE or not by.appointments.as_officer(province).exists():
        raise PermissionDenied


# --- Letting out ------------------------------------------------------------------------------------


def unreleased(records):
    """Of them those that are confirmed and were not let out since."""
    return records.filter(Q(released_at=None) | Q(released_at__lt=F("confirmed_at")), state=State.CONFIRMED)


@transaction.atomic
def release(records, at) -> None:
    """Let the people of these records know their results, all at one moment; `tell` sends the notices."""
    unreleased(records).update(released_at=at)


def tell(records, at) -> None:
    """To everybody whose result was held back until a moment, what it is; done twice it tells once."""
    found = records.filter(released_at=at).select_related(
        "campaign", "board", "province", "household", "organization", "citizen", "criteria_set"
    )
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        notices.tell(found.filter(pk__in=some).order_by("pk"), step="release")
