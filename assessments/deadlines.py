"""Setting the windows of a year: who may, what can be moved no more, and the event of each change."""

import datetime
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Appointment, Role
from assessments.models import Campaign, Window, WindowStep
from assessments.workflow import Refused
from audit import clock, events
from criteria.models import Level
from organizations.models import Kind, Organization
from vietnamese import dates

DECIDING = [Kind.CENTRE, Kind.PROVINCE]
# In which citizens register and send: for nothing, once nobody may confirm any more.
SENDING = [WindowStep.REGISTRATION, WindowStep.SELF_ASSESSMENT, WindowStep.ANSWER]


@dataclass(frozen=True)
class Place:
    """Whose window of which step: the centre's is the nation's."""

    body: Organization
    campaign: Campaign
    level: Level
    step: WindowStep

    @property
    def is_nation(self):
        return self.body.kind == Kind.CENTRE

    @property
    def province(self):
        return None if self.is_nation else self.body

    @property
    def windows(self):
        return Window.objects.filter(campaign=self.campaign, level=self.level, step=self.step)

    @property
    def own(self) -> Window | None:
        return self.windows.filter(province=self.province).first()

    @property
    def nation(self) -> Window | None:
        return self.windows.filter(province=None).first()

    @property
    def in_effect(self) -> Window | None:
        return Window.objects.in_effect(self.step, self.campaign, self.level, self.province)


@dataclass(frozen=True)
class Terms:
    """What a window is to be."""

    opens_at: datetime.datetime
    closes_at: datetime.datetime
    provinces_may: bool = False

    @property
    def words(self):
        said = dates.from_until_words(self.opens_at, self.closes_at)
        return _("%(window)s, tỉnh được đặt riêng") % {"window": said} if self.provinces_may else said


def terms_of(window) -> Terms:
    return Terms(window.opens_at, window.closes_at, window.provinces_may)


def bodies_of(user):
    """The centre or the provinces the user is an officer of: who sets windows and gives extensions."""
    seats = Appointment.objects.in_office().filter(user=user, role=Role.OFFICER)
    bodies = Organization.objects.filter(pk__in=seats.values("organization"), kind__in=DECIDING)
    return bodies.in_force().in_order()


def ask_who(body, by):
    if not bodies_of(by).contains(body):
        raise PermissionDenied


def why_not(place, now) -> str:
    """Why the body cannot set this window now; empty when it can. What has closed is moved by nobody."""
    if place.in_effect and now >= place.in_effect.closes_at:
        ended = dates.until_words(place.in_effect.closes_at)
        return _("Đã khóa lúc %(ended)s nên không đổi được nữa.") % {"ended": ended}
    if place.is_nation:
        return ""
    if place.nation is None:
        return _("Trung ương chưa đặt thời hạn của bước này.")
    if not place.nation.provinces_may:
        return _("Trung ương đặt thời hạn của bước này cho cả nước.")
    return ""


def faults(place, terms, now) -> dict[str, str]:
    """What stands against the terms, by the field it is about: opens_at or closes_at."""
    if terms.opens_at >= terms.closes_at:
        return {"closes_at": _("Ngày cuối không thể trước ngày mở.")}
    if terms.closes_at <= now:
        return {"closes_at": _("Ngày cuối đã qua. Chọn hôm nay hoặc một ngày sau.")}
    return _opening_fault(place, terms, now) or _nation_fault(place, terms) or _province_fault(place, terms)


def _opening_fault(place, terms, now):
    """What has opened stays opened, and nothing opens in the past that had not."""
    standing = place.in_effect
    if standing is None or terms.opens_at == standing.opens_at:
        return {}
    opened = dates.day_words(dates.local_day(standing.opens_at))
    if standing.opens_at <= now:
        return {"opens_at": _("Đã mở từ ngày %(opened)s, ngày mở không đổi được nữa.") % {"opened": opened}}
    if terms.opens_at < dates.day_begins(dates.local_day(now)):
        return {"opens_at": _("Ngày mở đã qua. Chọn hôm nay hoặc một ngày sau.")}
    return {}


def _nation_fault(place, terms):
    """The windows provinces have set stay inside the nation's."""
    if not place.is_nation:
        return {}
    own_windows = place.windows.filter(province__isnull=False).select_related("province")
    for own in own_windows.order_by("province__name_sort", "pk"):
        said = {"province": own.province, "window": own.words}
        if own.closes_at > terms.closes_at:
            return {"closes_at": _("%(province)s đã đặt riêng %(window)s. Báo tỉnh đổi trước.") % said}
        if own.opens_at < terms.opens_at:
            return {"opens_at": _("%(province)s đã đặt riêng %(window)s. Báo tỉnh đổi trước.") % said}
    return {}


def _province_fault(place, terms):
    """A province's window lies inside the nation's: it may be shorter, what is longer is an extension."""
    if place.is_nation or place.nation is None:
        return {}
    said = {"window": place.nation.words}
    if terms.closes_at > place.nation.closes_at:
        return {
            "closes_at": _("Cả nước %(window)s, tỉnh không đặt dài hơn. Cần thêm ngày thì lập gia hạn.")
            % said
        }
    if terms.opens_at < place.nation.opens_at:
        return {"opens_at": _("Cả nước %(window)s, tỉnh không mở sớm hơn.") % said}
    return {}


def warning(place, terms) -> str:
    """What to know before these terms are saved: which sending would outlast the confirmation; empty if none.

    Nobody registers or sends then, workflow refuses it; a province may still end its confirmation earlier
    where the centre lets it set no other step.
    """
    ends = {}
    for step in [*SENDING, WindowStep.CONFIRMATION]:
        if window := replace(place, step=step).in_effect:
            ends[step] = window.closes_at
    ends[place.step] = terms.closes_at
    confirmed = ends.get(WindowStep.CONFIRMATION)
    late = [step for step in SENDING if confirmed and step in ends and ends[step] > confirmed]
    if place.step not in [*late, WindowStep.CONFIRMATION] or not late:
        return ""
    said = {"until": dates.until_words(confirmed), "steps": ", ".join(str(step.label) for step in late)}
    words = _(
        "Xác nhận khóa lúc %(until)s, mà %(steps)s khóa muộn hơn. "
        "Sau khi khóa xác nhận, không ai đăng ký hay gửi hồ sơ được nữa."
    )
    return words % said


def set_window(place, terms, *, by, reason) -> Window:
    """Set the body's own window. Refused where it is closed, or somebody changed it in between."""
    ask_who(place.body, by)
    if not reason.strip():
        raise Refused(_("Ghi lý do đổi thời hạn."))
    changed = Refused(_("Thời hạn vừa được người khác đổi. Xem lại rồi đặt lại."))
    try:
        with transaction.atomic():
            # Both the nation's and a province's change wait here, so that neither slips out of the other.
            list(place.windows.select_for_update().order_by("pk"))
            now = clock.now()
            if refusal := why_not(place, now) or next(iter(faults(place, terms, now).values()), ""):
                raise Refused(refusal)
            window = place.own
            old = terms_of(window) if window else None
            if old == terms:
                return window
            window = _changed(window, terms, changed) if window else _made(place, terms)
            events.record(
                "set_window",
                window,
                by=by,
                at=now,
                organization=place.body,
                old=old.words if old else "",
                new=terms.words,
                private={"reason": reason.strip()},
            )
    except IntegrityError as error:
        raise changed from error
    return window


def _made(place, terms):
    return place.windows.create(
        campaign=place.campaign,
        level=place.level,
        step=place.step,
        province=place.province,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        provinces_may=terms.provinces_may,
    )


def _changed(window, terms, refusal):
    fields = {
        "opens_at": terms.opens_at,
        "closes_at": terms.closes_at,
        "provinces_may": terms.provinces_may,
        # Another end holds no minutes of outages yet.
        "lost_minutes": window.lost_minutes if terms.closes_at == window.closes_at else 0,
    }
    as_read = {"closes_at": window.closes_at, "opens_at": window.opens_at, "closed_at": None}
    if not Window.objects.filter(pk=window.pk, **as_read).update(**fields):
        raise refusal
    window.refresh_from_db()
    return window


def in_words(said) -> str:
    """The terms of a window or none, as the page says them before and after a change."""
    return said.words if said else _("theo cả nước")
