"""The line on every page of a citizen that says how this year's record stands: whether it is sent."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import windows, withholding, workflow
from assessments.models import Assessment, Outcome, State
from audit import clock
from criteria.models import Level
from vietnamese import dates


@dataclass(frozen=True)
class Line:
    state: str
    details: list[str]
    icon: str
    look: str  # "" open, "sent", "locked": neither good nor to be done
    link: str
    link_text: str


def of(user):
    """The line for the person's record of the current year, or None: no account, no record."""
    if not user.is_authenticated:
        return None
    now = clock.now()
    record = (
        Assessment.objects.filter(
            citizen__user=user, level=Level.CITIZEN, campaign__year__lte=dates.local_day(now).year
        )
        .select_related("campaign", "board", "province")
        .order_by("-campaign__year")
        .first()
    )
    return record and _line(withholding.cover(record), now)


def _line(record, now):
    state, *details, icon, look, link_text = _words(record, now)
    details = [_("Hồ sơ năm %(year)s của bạn") % {"year": record.campaign}, *details]
    return Line(state, details, icon, look, record.get_absolute_url(), link_text)


def _words(record, now):
    """State, what is to be added, icon, look, the words of the link."""
    match record.state:
        case State.REGISTERED:
            return _draft_words(record, now, _("Chưa gửi"), _("Tiếp tục hồ sơ"))
        case State.RETURNED:
            return _draft_words(record, now, _("Bị trả lại, chưa gửi lại"), _("Xem chỗ cần sửa"))
        case State.SUBMITTED:
            return _("Đã gửi"), _("Chờ ban khuyến học xác nhận"), "sent", "sent", _("Xem hồ sơ")
        case State.CONFIRMED if record.is_withheld:
            return _("Đã xác nhận"), _("Chờ công bố kết quả"), "sent", "sent", _("Xem hồ sơ")
        case State.CONFIRMED:
            if record.outcome == Outcome.ACHIEVED:
                return _("Đã xác nhận"), _("Đạt"), "good", "sent", _("Xem kết quả")
            return _("Đã xác nhận"), _("Không đạt"), "bad", "locked", _("Xem kết quả")
        case State.RECOGNISED:
            return _("Đã công nhận"), "good", "sent", _("Xem kết quả")
        case State.UNSENT:
            return _("Đã khóa"), _("Chưa gửi"), "lock", "locked", _("Xem hồ sơ")
        case State.UNCONFIRMED:
            return _("Đã khóa"), capfirst(record.state_words), "lock", "locked", _("Xem hồ sơ")


def _draft_words(record, now, state, link_text):
    opening = windows.opening_of(workflow.draft_step(record), record, now)
    if opening is None or not opening.is_open(now):
        return _("Đã khóa"), state, "lock", "locked", _("Xem hồ sơ")
    return state, dates.left_words(opening.closes_at, now), "begun", "", link_text
