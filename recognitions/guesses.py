"""Whoever types codes that nobody bears is held for a while, with the network they sit in.

Slips of the finger never count: the last letter of a code tells them without a look at any row. A signed QR
is answered whatever its network did.
"""

import datetime
import ipaddress

from django.db.models import F

from audit import clock, encryption
from recognitions.models import Guessing

MOST = 10
HELD_FOR = datetime.timedelta(minutes=15)


def network_of(address: str) -> str:
    """A keyed digest: of an address, in IPv6 of the network that one subscriber has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return encryption.digest(f"network:{address}")[:32]
    if found.version == 6:
        found = ipaddress.ip_network((found, 64), strict=False)
    return encryption.digest(f"network:{found}")[:32]


def is_held(network: str) -> bool:
    return _running().filter(network=network, misses__gte=MOST).exists()


def miss(network: str) -> None:
    """One more code that nobody bears. A row of a time that is over begins anew."""
    now = clock.now()
    if _running().filter(network=network).update(misses=F("misses") + 1):
        return
    Guessing.objects.filter(network=network, since__lte=now - HELD_FOR).delete()
    Guessing.objects.bulk_create([Guessing(network=network, since=now, misses=0)], ignore_conflicts=True)
    Guessing.objects.filter(network=network).update(misses=F("misses") + 1)


def _running():
    return Guessing.objects.filter(since__gt=clock.now() - HELD_FOR)


def forget() -> None:
    Guessing.objects.filter(since__lte=clock.now() - HELD_FOR).delete()
