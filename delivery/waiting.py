"""Whether notices wait too long, or a gateway takes none: for who watches over the portal."""

import datetime

from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.models import Message
from delivery import hours
from delivery.models import IS_OPEN, Channel, Delivery
from vietnamese import dates

TOO_LONG = datetime.timedelta(minutes=30)
FAILED_OFTEN = 3  # attempts


def troubles(now) -> list[str]:
    """A sentence each; nothing where all is well. At night nothing waits but what is urgent."""
    return [*_unplanned(now), *_failing(now), *_late(now)]


def _unplanned(now):
    first = Message.objects.filter(planned_at=None).order_by("pk").values_list("at", flat=True).first()
    if first and first < now - TOO_LONG:
        yield _("Tin chờ tính cách gửi từ %(at)s.") % {"at": dates.moment_words(first)}


def _failing(now):
    """Channels on which something failed again and again and nothing went out since."""
    failed = Delivery.objects.filter(IS_OPEN, parcel__isnull=False, attempts__gte=FAILED_OFTEN)
    for channel in failed.values_list("channel", flat=True).order_by("channel").distinct():
        sent = Delivery.objects.filter(channel=channel, sent_at__isnull=False)
        last = sent.order_by("-sent_at").values_list("sent_at", flat=True).first()
        name = Channel(channel).label
        if last is None:
            yield _("Nơi gửi %(channel)s chưa nhận tin nào.") % {"channel": name}
        elif last < now - TOO_LONG:
            said = _("Nơi gửi %(channel)s không nhận tin từ sau %(at)s.")
            yield said % {"channel": name, "at": dates.moment_words(last)}


def _late(now):
    """What could have gone out long ago and nobody tried to send."""
    could = Delivery.objects.due(now).filter(next_at__lt=now - TOO_LONG)
    at_night = hours.is_quiet(now - TOO_LONG) or hours.is_quiet(now)
    urgency = [True] if at_night else [True, False]
    of_each = [could.filter(is_urgent=one).aggregate(oldest=Min("next_at"))["oldest"] for one in urgency]
    if oldest := min(filter(None, of_each), default=None):
        yield _("Tin chờ gửi từ %(at)s.") % {"at": dates.moment_words(oldest)}
