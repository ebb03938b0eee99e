"""Which notices are worth an SMS and which wait for nothing, by the first word of their key. Data."""

from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.recovering import KIND as RECOVER

# What one has to know or do before a day: a text message costs money, and many make none of them read.
WORTH_AN_SMS = {
    "submitted",
    "returned",
    "confirmed",
    "unconfirmed",
    "unsent",
    "remind",
    "nudge",
    "helping",
    "hand_over",
    RECOVER,
}
# Somebody may be doing something with one's account, or the portal itself is ill.
URGENT = {"hand_over", RECOVER, "beat", "closing"}
# What somebody asked for at this moment: it also goes where a channel is switched off.
ASKED_FOR = {RECOVER}


def kind_of(key: str) -> str:
    return key.partition(":")[0]


def is_urgent() -> Q:
    """The condition on messages; the unique key leads to these few among all there ever were."""
    return reduce(or_, (Q(key__startswith=f"{kind}:") for kind in sorted(URGENT)))
