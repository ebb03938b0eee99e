"""By which channels a person wants notices. The portal's own inbox has no switch."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from audit import clock, events
from delivery.models import Channel, NotWanted

OFFERED = [Channel.SMS, Channel.EMAIL]


def wanted_by(user: User) -> list[str]:
    off = set(NotWanted.objects.filter(user=user).values_list("channel", flat=True))
    return [channel.value for channel in OFFERED if channel not in off]


@transaction.atomic
def choose(user: User, wanted: Iterable[str]) -> None:
    """Want these channels and no other; what was chosen before is not noted again."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    old, new = wanted_by(user), [channel.value for channel in OFFERED if channel in wanted]
    if old == new:
        return
    NotWanted.objects.filter(user=user).delete()
    NotWanted.objects.bulk_create(
        NotWanted(user=user, channel=channel) for channel in OFFERED if channel not in new
    )
    events.record("choose_channels", user, by=user, at=clock.now(), old=",".join(old), new=",".join(new))
