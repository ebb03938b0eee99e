"""What of a result its person is not to see yet: of what is confirmed and not let out (see releases.py).

Boards and associations always see it.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef, Q

from assessments.models import Assessment, ResultHold, State


def withheld(records: Iterable[Assessment]) -> set[int]:
    """Of these records those whose person is not to know the result yet; at most one query."""
    confirmed = [record for record in records if record.state == State.CONFIRMED and not record.is_released]
    if not confirmed:
        return set()
    held = set(
        ResultHold.objects.standing()
        .filter(
            campaign__in={each.campaign_id for each in confirmed},
            province__in={each.province_id for each in confirmed if each.province_id},
        )
        .values_list("campaign", "province")
    )
    return {each.pk for each in confirmed if (each.campaign_id, each.province_id) in held}


def known() -> Q:
    """The records whose person may know the result, by the database: those that `withheld` does not name."""
    held = ResultHold.objects.standing().filter(province=OuterRef("province"), campaign=OuterRef("campaign"))
    return ~Q(state=State.CONFIRMED) | Q(released_at__gte=F("confirmed_at")) | ~Exists(held)


def covered(records: Iterable[Assessment]) -> Sequence[Assessment]:
    """The records as their person may see them: without the result where it is held back.

    For pages alone: a step reads the record anew.
    """
    records = list(records)
    hidden = withheld(records)
    for record in records:
        if record.pk in hidden:
            record.is_withheld = True
            record.outcome, record.confirmed_total, record.review_total = "", None, None
    return records


def cover(record: Assessment) -> Assessment:
    return covered([record])[0]
