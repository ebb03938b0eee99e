"""Deciding by which channels a new notice goes out: a row each, before anything is sent."""

import datetime

from django.db import transaction

from accounts.models import Message
from delivery.gateways import configured
from delivery.kinds import URGENT, WORTH_AN_SMS, is_urgent, kind_of
from delivery.models import Channel, Delivery, DeliveryState, Why

CHUNK = 1000
STALE_AFTER = datetime.timedelta(days=7)  # what is older stands in the inbox alone
LAND_LINE = "+842"  # takes no text messages


def plan(now, channels=None) -> int:
    """Plan the next notices that nobody planned; how many they were."""
    channels = configured() if channels is None else channels
    return _plan(now, set(channels))


@transaction.atomic
def _plan(now, channels):
    messages = _next()
    fresh = [message for message in messages if message.at > now - STALE_AFTER]
    Delivery.objects.bulk_create(
        [row for message in fresh for row in _rows(message, channels, now)],
        ignore_conflicts=True,  # another worker planned it at the same moment
    )
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(planned_at=now)
    return len(messages)


def _next():
    """What nobody planned: what waits for nothing before the notices of a whole province."""
    new = Message.objects.filter(planned_at=None).select_related("citizen__user", "user__citizen")
    new = new.defer("subject", "body").order_by("pk")
    return list(new.filter(is_urgent())[:CHUNK]) or list(new[:CHUNK])


def _rows(message, channels, now):
    kind = kind_of(message.key)
    citizen, user = person_of(message)
    shared = {
        "message": message,
        "citizen": citizen,
        "user": None if citizen else user,
        "matters": kind in WORTH_AN_SMS,
        "is_urgent": kind in URGENT,
        "next_at": now,
    }
    known = {channel for channel in (Channel.SMS, Channel.EMAIL) if address(channel, citizen, user)}
    wanted = {Channel.SMS, Channel.EMAIL} if kind in WORTH_AN_SMS else {Channel.EMAIL}
    for channel in sorted(known & wanted & channels):
        yield Delivery(channel=channel, **shared)
    if not known and citizen and kind in WORTH_AN_SMS:
        over = {"state": DeliveryState.FAILED, "why": Why.NO_CONTACT, "next_at": None}
        yield Delivery(channel=Channel.NONE, **shared | over)


def person_of(message):
    """Citizen and account of who is told; one of the two may be missing."""
    if message.citizen:
        return message.citizen, message.citizen.user
    return getattr(message.user, "citizen", None), message.user


def address(channel, citizen, user) -> str:
    """Where somebody is reached by a channel, as they said themselves: nobody has tried it before."""
    if channel == Channel.EMAIL:
        return (citizen.email if citizen else "") or (user.email if user else "")
    phone = citizen.phone if citizen else ""
    return "" if phone.startswith(LAND_LINE) else phone
