"""Whether what a notice asks of somebody is still to be done. Nobody who is done is written to."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from assessments.models import Assessment, State
from criteria.models import Level
from delivery.models import Delivery


def needless(deliveries: Iterable[Delivery]) -> set[int]:
    """Those whose matter is settled by now; a query for each kind of notice among them."""
    of_kind = defaultdict(list)
    for delivery in deliveries:
        kind, *numbers = delivery.message.key.split(":")
        of_kind[kind].append((delivery.pk, numbers))
    return {pk for kind, asked in of_kind.items() if kind in SETTLED for pk in SETTLED[kind](asked)}


def _registered(asked):
    """'nudge:<campaign>:<citizen>:…': they have registered."""
    pairs = {(int(campaign), int(citizen)) for _pk, (campaign, citizen, *_rest) in asked}
    either = Q(
        campaign__in={campaign for campaign, _ in pairs}, citizen__in={citizen for _, citizen in pairs}
    )
    records = Assessment.objects.filter(either, level=Level.CITIZEN)
    done = set(records.values_list("campaign", "citizen"))
    return [pk for pk, (campaign, citizen, *_rest) in asked if (int(campaign), int(citizen)) in done]


def _answered(asked):
    """'returned:<record>:…': they have sent it again, or it was closed."""
    return _no_longer(State.RETURNED, [(pk, int(record)) for pk, (record, *_rest) in asked])


def _no_longer(state, asked):
    left = Assessment.objects.filter(pk__in=[record for _pk, record in asked], state=state)
    still = set(left.values_list("pk", flat=True))
    return [pk for pk, record in asked if record not in still]


SETTLED = {"nudge": _registered, "returned": _answered}
