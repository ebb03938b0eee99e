"""The one place where a set of criteria is published, and the one before it ends."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import clock, events
from criteria.models import CriteriaSet, Status
from vietnamese import dates


class Refused(Exception):
    """It cannot be published now; the message says why, in words for who asked."""


@transaction.atomic
def publish(criteria_set, *, by=None, private=None) -> None:
    """Publish a draft and end what was in force before on the day before it begins.

    `by` is the user who publishes, another than who drafted; nobody where the set is shipped. Of the same
    title, what begins on the same day or later is retired; it was never in force, or is corrected by this.
    """
    # Whoever publishes for the same title at this moment waits here for the other's end.
    same = CriteriaSet.objects.of_title(criteria_set).select_for_update(no_key=True)
    there = {each.pk: each for each in same.order_by("pk")}
    draft = there.get(criteria_set.pk)
    if draft is None or draft.status != Status.DRAFT:
        raise Refused(_("Bộ tiêu chí này không còn là bản thảo."))
    if by is not None and draft.drafted_by is None:
        raise Refused(_("Chưa ghi ai soạn bản thảo này nên chưa ban hành được."))
    if draft.drafted_by is not None and (by is None or by.pk == draft.drafted_by):
        raise Refused(_("Người soạn không tự ban hành được. Nhờ một người khác của trung ương hội."))
    if later := [
        each
        for each in there.values()
        if each.status == Status.PUBLISHED
        and each.valid_from > draft.valid_from
        and (draft.valid_to is None or each.valid_from <= draft.valid_to)
    ]:
        raise Refused(
            _("Đã có bộ “%(set)s” bắt đầu từ %(day)s. Sửa ngày của bản thảo để hai bộ không chồng nhau.")
            % {"set": later[0], "day": dates.day_words(later[0].valid_from)}
        )
    before = list(CriteriaSet.objects.overlapping(draft).order_by("pk"))
    for each in before:
        _end(each, draft.valid_from)
    draft.settle()
    now = clock.now()
    published_by = by.pk if by is not None else None
    CriteriaSet.objects.filter(pk=draft.pk, status=Status.DRAFT).update(
        status=Status.PUBLISHED, published_by=published_by, published_at=now
    )
    criteria_set.refresh_from_db()
    events.record(
        "publish",
        criteria_set,
        by=by,
        at=now,
        old=", ".join(str(each.version) for each in before),
        new=str(criteria_set.version),
        private=private or {},
    )


def _end(criteria_set, on):
    """What was in force before the day stays so until the eve; what begins that day is replaced."""
    if criteria_set.valid_from < on:
        CriteriaSet.objects.filter(pk=criteria_set.pk).update(valid_to=on - datetime.timedelta(days=1))
    else:
        CriteriaSet.objects.filter(pk=criteria_set.pk).update(status=Status.RETIRED)
