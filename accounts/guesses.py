"""Who tries what others bear, the code of a paper, an identity number or a password, is held for a while.

Held is the network they sit in. It is told from others by a keyed digest, and forgotten with its time.

One password tried on many names is held alone: who shares the network signs in with another one as before. So
a class that mistypes its passwords, each its own, holds nobody.
"""

import datetime
import ipaddress

from django.db.models import F

from accounts.models import Guessing
from audit import clock, encryption

HELD_FOR = datetime.timedelta(minutes=15)
CODES = "code"  # of papers, that nobody bears
NUMBERS = "number"  # identity numbers that somebody bears
PASSWORDS = "password"  # that do not fit the name
# A school that signs up together has one address, and some of it are on the portal already. One name that is
# mistyped may bring AXES_FAILURE_LIMIT of one password.
MOST = {CODES: 10, NUMBERS: 30, PASSWORDS: 20}


def kind_of(password: str) -> str:
    """One of 256 that all passwords fall into: too few to find one by, enough to tell most of them apart."""
    return encryption.digest(f"{PASSWORDS}:{password}")[:2]


def network_of(address: str, what: str, kind: str = "") -> str:
    """A keyed digest: of an address, in IPv6 of the network that one subscriber has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        found = address
    else:
        if found.version == 6:  # as a server that speaks both writes the older ones, they are still those
            found = found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False)
    return encryption.digest(f"{what}{kind}:{found}")[:32]


def is_held(address: str, what: str, kind: str = "") -> bool:
    return _running().filter(network=network_of(address, what, kind), misses__gte=MOST[what]).exists()


def miss(address: str, what: str, kind: str = "") -> None:
    """One more guess. A row of a time that is over begins anew."""
    now, network = clock.now(), network_of(address, what, kind)
    if _running().filter(network=network).update(misses=F("misses") + 1):
        return
    Guessing.objects.filter(network=network, since__lte=now - HELD_FOR).delete()
    Guessing.objects.bulk_create([Guessing(network=network, since=now, misses=0)], ignore_conflicts=True)
    Guessing.objects.filter(network=network).update(misses=F("misses") + 1)


def _running():
    return Guessing.objects.filter(since__gt=clock.now() - HELD_FOR)


def forget() -> None:
    Guessing.objects.filter(since__lte=clock.now() - HELD_FOR).delete()
