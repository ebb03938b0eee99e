"""Recorded outages: what every page says of them, and the decision that gives the lost minutes back."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments import deadlines
from assessments.models import Outage, Window, WindowStep
from assessments.workflow import Refused
from audit import clock, events
from organizations.models import Kind
from vietnamese import dates

COUNTED = datetime.timedelta(hours=72)  # before a window's end
MINUTE = datetime.timedelta(minutes=1)


def centre_of(user):
    """The centre, where the user is its officer: who records outages and gives minutes back. Else None."""
    return deadlines.bodies_of(user).filter(kind=Kind.CENTRE).first()


def ask_who(by):
    centre = centre_of(by)
    if centre is None:
        raise PermissionDenied
    return centre


def record(*, begins_at, ends_at, words, by) -> Outage:
    """Record an outage; the one that stands already when it was recorded before (a second click)."""
    centre = ask_who(by)
    now = clock.now()
    try:
        with transaction.atomic():
            outage = Outage.objects.create(
                begins_at=begins_at, ends_at=ends_at, words=words, recorded_by=by, recorded_at=now
            )
            events.record("record_outage", outage, by=by, at=now, organization=centre, new=in_words(outage))
    except IntegrityError:
        standing = Outage.objects.filter(begins_at=begins_at, words=words).first()
        if standing is None:
            raise
        return standing
    return outage


def end(outage, *, ends_at, words, by) -> None:
    """Say when an outage ended, or ends by another announcement. One that is over stays as it is."""
    centre = ask_who(by)
    now = clock.now()
    if ends_at <= outage.begins_at:
        raise Refused(_("Lúc hết không thể trước lúc bắt đầu."))
    old = in_words(outage)
    with transaction.atomic():
        open_still = Outage.objects.showing(now).filter(pk=outage.pk, ends_at=outage.ends_at)
        if not open_still.update(ends_at=ends_at, words=words):
            raise Refused(_("Lần gián đoạn này đã hết hoặc vừa được người khác sửa. Mở lại trang rồi xem."))
        outage.refresh_from_db()
        events.record("end_outage", outage, by=by, at=now, organization=centre, old=old, new=in_words(outage))


def in_words(outage) -> str:
    """'từ 21:30, 31/12/2026 đến 22:45, 31/12/2026'."""
    begins = dates.moment_words(outage.begins_at)
    if outage.ends_at is None:
        return _("từ %(begins)s, chưa biết lúc hết") % {"begins": begins}
    return _("từ %(begins)s đến %(ends)s") % {"begins": begins, "ends": dates.moment_words(outage.ends_at)}


@dataclass(frozen=True)
class Lost:
    """What a window lost, and the end it comes to when that is given back."""

    window: Window
    minutes: int
    closes_at: datetime.datetime

    @property
    def added(self):
        return self.minutes - self.window.lost_minutes


def lost_by(window, now) -> Lost:
    """Minutes in the last 72 hours before the end it was set to, begun ones whole.

    An outage in the time that was given back counts too.
    """
    set_to = window.closes_at - window.lost_minutes * MINUTE
    lost = Outage.objects.all().lost_between(set_to - COUNTED, window.closes_at, now)
    minutes = max(-(-lost // MINUTE), window.lost_minutes)
    return Lost(window, minutes, set_to + minutes * MINUTE)


def to_give_back(campaign, level, now) -> list[Lost]:
    """The windows, of the nation and of provinces, that lost minutes and did not end for good."""
    of_year = Window.objects.filter(campaign=campaign, level=level).select_related("province").order_by("pk")
    found = [lost_by(window, now) for window in of_year if not _is_over(window, now)]
    return [lost for lost in found if lost.added]


def _is_over(window, now):
    """Ended, and the closing of the confirmation that goes with it recorded: from then on nothing moves."""
    if now < window.closes_at:
        return False
    step = WindowStep.CONFIRMATION
    confirmation = Window.objects.in_effect(step, window.campaign, window.level, window.province)
    return confirmation is None or confirmation.closed_at is not None


def give_back(campaign, level, *, by, reason, decision_number) -> list[Lost]:
    """Lengthen every such window by what it lost. A second time there is nothing left to give."""
    centre = ask_who(by)
    if not reason.strip() or not decision_number.strip():
        raise Refused(_("Ghi lý do và số quyết định."))
    with transaction.atomic():
        list(Window.objects.select_for_update().filter(campaign=campaign, level=level).order_by("pk"))
        now = clock.now()
        given = to_give_back(campaign, level, now)
        for lost in given:
            window = lost.window
            # The closing waits for this row, and this for the closing: what is recorded stays closed.
            Window.objects.filter(pk=window.pk, closed_at=None, closes_at=window.closes_at).update(
                closes_at=lost.closes_at, lost_minutes=lost.minutes
            )
        events.record_many(
            events.Entry(
                "lengthen",
                lost.window,
                by=by,
                at=now,
                organization=centre,
                old=dates.until_words(lost.window.closes_at),
                new=dates.until_words(lost.closes_at),
                private={"reason": reason.strip(), "decision": decision_number.strip()},
            )
            for lost in given
        )
    return given
