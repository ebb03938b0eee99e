"""The people to whom no notice came by any channel: the board calls or visits them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts import claiming
from accounts.models import Citizen
from audit import clock, events
from delivery.models import Channel, Delivery, Why
from organizations.models import Organization

MOST_SUBJECTS = 3


def people(organization: Organization, now) -> QuerySet[Citizen]:
    """Those on the list of a place who are still to be told something."""
    left = Delivery.objects.unreached(now).filter(citizen=OuterRef("pk"))
    return Citizen.objects.at(organization).filter(Exists(left))


@dataclass(frozen=True)
class Unreached:
    """Why nothing came to somebody, and what they are to be told: the newest first, and how many more."""

    citizen: Citizen
    why: str
    subjects: list[str]
    more: int


def described(citizens: list[Citizen], now) -> list[Unreached]:
    left = defaultdict(list)
    rows = Delivery.objects.unreached(now).filter(citizen__in=citizens)
    for delivery in rows.select_related("message").order_by("-message_id", "channel"):
        left[delivery.citizen_id].append(delivery)
    return [_described(citizen, left[citizen.pk]) for citizen in citizens if left[citizen.pk]]


def _described(citizen, deliveries):
    subjects = list(dict.fromkeys(delivery.message.subject for delivery in deliveries))
    return Unreached(
        citizen, _why(citizen, deliveries[0]), subjects[:MOST_SUBJECTS], len(subjects[MOST_SUBJECTS:])
    )


def _why(citizen, delivery):
    if delivery.why == Why.NO_CONTACT and citizen.phone:
        return _("Không có số di động, e-mail để gửi tin")
    if delivery.why == Why.NO_CONTACT:
        return _("Chưa có số điện thoại và e-mail")
    if delivery.why == Why.GAVE_UP:
        return _("Gửi nhiều lần trong hơn một ngày không được")
    if delivery.channel == Channel.EMAIL:
        return _("E-mail này không nhận được thư")
    return _("Số di động này không nhận được tin")


@transaction.atomic
def told(chosen: Iterable[int], *, organization: Organization, by) -> int:
    """Somebody called or visited them; how many were not noted before."""
    if not claiming.may_keep(by, organization):
        raise PermissionDenied
    now = clock.now()
    # Held before they are read: of two who press at once one notes it.
    held = Citizen.objects.select_for_update(no_key=True).filter(pk__in=list(chosen)).order_by("pk")
    keys = set(held.values_list("pk", flat=True))
    citizens = list(people(organization, now).filter(pk__in=keys).order_by("pk"))
    left = Delivery.objects.unreached(now).filter(citizen__in=citizens)
    rows = Delivery.objects.filter(pk__in=list(left.values_list("pk", flat=True)))
    rows.update(told_at=now, told_by=by)
    events.record_many(
        events.Entry("tell", citizen, by=by, at=now, organization=organization, subject=citizen.pk)
        for citizen in citizens
    )
    return len(citizens)
