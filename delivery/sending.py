"""The sweep that sends what is due: claimed in a transaction, sent outside of it, then marked.

Who is killed in between leaves a claim that dies; somebody else sends the parcel again under the same key. So
everything is sent at least once, a gateway that knows its keys counts it once, and the inbox shows it once.
"""

import datetime
import logging
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from accounts import recovering
from accounts.models import Citizen, User
from audit import clock
from delivery import hours, needed, planning, words
from delivery.gateways import Letter, Refused, configured
from delivery.kinds import ASKED_FOR, kind_of
from delivery.models import IS_OPEN, Channel, Delivery, DeliveryState, NotWanted, Why

log = logging.getLogger(__name__)
CHUNK = 20  # parcels claimed at once
LASTS = 45  # seconds, so that a worker is soon free for other work; beat begins the next sweep
BEHIND = datetime.timedelta(minutes=5)  # how long what came later waits for what came before
IN_A_ROW = 3  # failures after which a gateway is left alone until the next sweep
# Minutes from one attempt to the next, over a day in all: a gateway that is down for a day loses nothing.
DELAYS = [1, 5, 15, 60, 180, 360, 360, 360, 360]


@dataclass
class Parcel:
    """What goes to one person by one channel at once."""

    key: uuid.UUID
    channel: str
    deliveries: list[Delivery]
    claimed_at: datetime.datetime

    @property
    def rows(self):
        return Delivery.objects.filter(IS_OPEN, parcel=self.key)

    @property
    def claimed(self):
        """The rows, while nobody took them for those of a dead worker."""
        return self.rows.filter(state=DeliveryState.SENDING, claimed_at=self.claimed_at)

    def letter(self) -> Letter:
        messages = [with_link(delivery) for delivery in self.deliveries]
        first = self.deliveries[0]
        to, name = address_of(first), str(first.citizen or first.user)
        if self.channel == Channel.SMS:
            text = words.sms(messages, name, accents=settings.SMS_ACCENTS)
            return Letter(str(self.key), to, "", text)
        text = words.email_body(messages, name, settings.PORTAL_URL)
        return Letter(str(self.key), to, words.email_subject(messages), text)


def with_link(delivery):
    """The notice as it leaves; a link that opens an account is made now and stands in no table."""
    message = delivery.message
    if kind_of(message.key) == recovering.KIND:
        link = recovering.path_for(message.user)
        message.body += " " + _("Phải thì mở: %(link)s") % {"link": settings.PORTAL_URL + link}
    return message


def address_of(delivery):
    user = delivery.citizen.user if delivery.citizen else delivery.user
    return planning.address(delivery.channel, delivery.citizen, user)


def sweep(gateways=None, lasts=LASTS) -> int:
    """Plan and send what is due, for so many seconds; how many parcels went out."""
    gateways = dict(configured() if gateways is None else gateways)
    channels = set(gateways)
    ends, sent = time.monotonic() + lasts, 0
    while time.monotonic() < ends:
        found = planning.plan(clock.now(), channels)
        for channel, gateway in list(gateways.items()):
            parcels, seen = claim(channel, clock.now())
            found += seen
            arrived, is_down = _send_all(parcels, gateway)
            sent += arrived
            if is_down:
                del gateways[channel]
        if not found:
            break
    return sent


@transaction.atomic
def claim(channel, now) -> tuple[list[Parcel], int]:
    """Take the next parcels that are due, and say how many deliveries were looked at.

    What nobody needs any more is found here, in the transaction that takes them, and dropped.
    """
    due = _due(channel, now)
    people = _first_of(due.filter(is_urgent=True)) + _first_of(due.filter(is_urgent=False))
    people = people[:CHUNK]
    rows = list(
        due.filter(
            Q(citizen__in=_hold(Citizen, {citizen for citizen, _user in people if citizen}))
            | Q(user__in=_hold(User, {user for _citizen, user in people if user}))
        )
        .select_related("message", "citizen__user", "user")
        .order_by("message_id")
    )
    parcels = []
    to_send = _still_to_send(_in_turn(rows, channel, now), channel)
    groups = _within_the_cap(_in_parcels(to_send), channel, now)
    for key, deliveries in groups:
        parcel = Parcel(key or uuid.uuid4(), channel, deliveries, now)
        keys = [delivery.pk for delivery in deliveries]
        took = Delivery.objects.due(now).filter(pk__in=keys)
        changes = {"parcel": parcel.key, "claimed_at": now, "attempts": F("attempts") + 1}
        if took.update(state=DeliveryState.SENDING, **changes):
            parcels.append(parcel)
    return parcels, len(rows)


def _due(channel, now):
    due = Delivery.objects.due(now).filter(channel=channel)
    return due.filter(is_urgent=True) if hours.is_quiet(now) else due


def _first_of(due):
    return list(due.order_by("next_at", "pk").values_list("citizen", "user")[:CHUNK])


def _hold(model, keys):
    """Those of the people whom no other worker writes to at this moment."""
    rows = model.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=keys).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _in_turn(deliveries, channel, now):
    """Without what came after a parcel of the same person that is not through; it is looked at again soon.

    Put off and not passed over, so that those at the head of the queue are always some that may go.
    """
    sent_before = Delivery.objects.filter(IS_OPEN, _of_people(deliveries), channel=channel)
    first = set(sent_before.filter(parcel__isnull=False).values_list("citizen", "user"))
    behind = {
        delivery.pk
        for delivery in deliveries
        if not delivery.parcel and not delivery.is_urgent and (delivery.citizen_id, delivery.user_id) in first
    }
    Delivery.objects.due(now).filter(pk__in=behind).update(next_at=now + BEHIND)
    return [delivery for delivery in deliveries if delivery.pk not in behind]


def _of_people(deliveries):
    citizens = [delivery.citizen_id for delivery in deliveries if delivery.citizen_id]
    users = [delivery.user_id for delivery in deliveries if delivery.user_id]
    return Q(citizen__in=citizens) | Q(user__in=users)


def _still_to_send(deliveries, channel):
    """Drop what is settled, was read on the portal or is not wanted, and fail what has no address."""
    needless = needed.needless(deliveries)
    users = {_user_of(delivery) for delivery in deliveries}
    off = set(NotWanted.objects.filter(user__in=users, channel=channel).values_list("user", flat=True))
    left, ended = [], defaultdict(list)
    for delivery in deliveries:
        if delivery.pk in needless:
            ended[DeliveryState.DROPPED, Why.NEEDLESS].append(delivery.pk)
        elif delivery.message.read_at:
            ended[DeliveryState.DROPPED, Why.READ].append(delivery.pk)
        elif delivery.citizen and delivery.citizen.departed_on:
            ended[DeliveryState.DROPPED, Why.DEPARTED].append(delivery.pk)
        elif _user_of(delivery) in off and kind_of(delivery.message.key) not in ASKED_FOR:
            ended[DeliveryState.DROPPED, Why.NOT_WANTED].append(delivery.pk)
        elif not address_of(delivery):
            ended[DeliveryState.FAILED, Why.NO_CONTACT].append(delivery.pk)
        else:
            left.append(delivery)
    for (state, why), keys in ended.items():
        Delivery.objects.filter(IS_OPEN, pk__in=keys).update(state=state, why=why, next_at=None)
    return left


def _user_of(delivery):
    return delivery.citizen.user_id if delivery.citizen else delivery.user_id


def _in_parcels(deliveries):
    """(key, deliveries): what was a parcel stays one; of the rest all to one person, the urgent apart."""
    groups = defaultdict(list)
    for delivery in deliveries:
        alone = delivery.pk if delivery.is_urgent else None
        groups[delivery.person, delivery.parcel, alone].append(delivery)
    return [(key, together) for (_person, key, _alone), together in groups.items()]


def _within_the_cap(groups, channel, now):
    """Put off to the next day what would be more than a person gets in one; there it is one digest."""
    most = settings.MESSAGES_A_DAY[channel]
    new = [deliveries for key, deliveries in groups if key is None and not deliveries[0].is_urgent]
    had = _parcels_today([deliveries[0] for deliveries in new], channel, now)
    over = [deliveries for deliveries in new if had.get(deliveries[0].person, 0) >= most]
    keys = [delivery.pk for deliveries in over for delivery in deliveries]
    Delivery.objects.due(now).filter(pk__in=keys).update(
        state=DeliveryState.HELD, next_at=hours.tomorrow(now)
    )
    return [(key, deliveries) for key, deliveries in groups if deliveries not in over]


def _parcels_today(deliveries, channel, now):
    today = Delivery.objects.filter(
        _of_people(deliveries),
        channel=channel,
        parcel__isnull=False,
        claimed_at__gte=hours.today_began(now),
    )
    counted = today.values_list("citizen", "user").annotate(parcels=Count("parcel", distinct=True))
    return {
        ("citizen", citizen) if citizen else ("user", user): parcels for citizen, user, parcels in counted
    }


def _send_all(parcels, gateway):
    """How many arrived, and whether the gateway is left alone for now; then the others wait untried."""
    arrived = in_a_row = 0
    for place, parcel in enumerate(parcels, start=1):
        went = _send(parcel, gateway)
        arrived += went is True
        in_a_row = in_a_row + 1 if went is False else 0
        if in_a_row == IN_A_ROW:
            for untried in parcels[place:]:
                untried.claimed.update(state=DeliveryState.QUEUED, attempts=F("attempts") - 1)
            return arrived, True
    return arrived, in_a_row == len(parcels) > 0


def _send(parcel, gateway):
    """True where it arrived, False where the gateway failed, None where neither can be said."""
    now = clock.now()
    if not parcel.claimed.update(claimed_at=now):
        return None  # it took so long to come here that somebody else took it over
    parcel.claimed_at = now
    try:
        reference = gateway.send(parcel.letter())
    except Refused as refusal:
        log.info("Parcel %s was refused: %s", parcel.key, refusal)
        parcel.rows.update(state=DeliveryState.FAILED, why=Why.REFUSED, next_at=None)
        return None
    except Exception as error:  # whatever a gateway raises: it is tried again
        log.warning("Parcel %s did not go out: %s", parcel.key, error)
        _try_later(parcel)
        return False
    # Also where somebody took it over meanwhile: it has arrived.
    parcel.rows.update(state=DeliveryState.SENT, sent_at=clock.now(), next_at=None, reference=reference[:100])
    return True


def _try_later(parcel):
    attempts = parcel.deliveries[0].attempts + 1
    if attempts > len(DELAYS):
        parcel.claimed.update(state=DeliveryState.FAILED, why=Why.GAVE_UP, next_at=None)
    else:
        next_at = clock.now() + datetime.timedelta(minutes=DELAYS[attempts - 1])
        parcel.claimed.update(state=DeliveryState.QUEUED, next_at=next_at)
