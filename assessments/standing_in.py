"""Confirming for a board that cannot: an officer of the association right above takes it over for a time."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import board_notes
from accounts.models import Appointment, Role
from assessments import looking_ahead, windows
from assessments.models import Campaign, StandIn
from assessments.queue import BOARD_KINDS
from assessments.workflow import Refused
from audit import clock, events
from organizations import boards, oversight
from organizations.models import Organization
from vietnamese import dates


def may_begin(user, board: Organization) -> bool:
    return board.kind in BOARD_KINDS and oversight.is_right_above(user, board)


def may_end(user, stand_in: StandIn) -> bool:
    """Who stands in, the association, and the board itself."""
    if stand_in.by_id == user.pk or oversight.is_right_above(user, stand_in.board):
        return True
    return Appointment.objects.seats_of(user).filter(organization=stand_in.board).exists()


def last_day(board: Organization, now: datetime.datetime) -> datetime.date | None:
    """The last one on which the board's people are confirmed; None where it is not the time for it."""
    campaign = Campaign.objects.current(now)
    times = windows.open_at_boards(campaign, [board], now) if campaign else {}
    return dates.last_day(times[board.pk].until) if times else None


@transaction.atomic
def begin(board: Organization, *, valid_to: datetime.date, reason: str, by) -> StandIn:
    """Sit on the board until the end of a day, under every rule that holds for its members."""
    board = Organization.objects.select_for_update().get(pk=board.pk)
    if not may_begin(by, board):
        raise PermissionDenied
    now, today = clock.now(), clock.today()
    last = last_day(board, now)
    if last is None:
        raise Refused(_("Lúc này không xác nhận được hồ sơ của ban, nên chưa xác nhận thay được."))
    if not today <= valid_to <= last:
        raise Refused(_("Chọn ngày từ hôm nay đến %(day)s, ngày cuối được xác nhận.") % {"day": _day(last)})
    if Appointment.objects.seats_of(by).filter(organization=board).exists():
        raise Refused(_("Bạn đang ở trong ban này rồi."))
    told = looking_ahead.of_board(board, Campaign.objects.current(now), now)
    if told is None or not told.outlook.missing:
        raise Refused(_("Dự tính ban kịp. Hội chỉ xác nhận thay khi ban không kịp."))
    seat = Appointment.objects.create(
        user=by, organization=board, role=Role.STAND_IN, valid_from=today, valid_to=valid_to
    )
    stand_in = StandIn.objects.create(
        board=board,
        association=oversight.association_above(board),
        by=by,
        seat=seat,
        reason=reason,
        begun_at=now,
        valid_to=valid_to,
    )
    board_notes.send(
        board,
        reason,
        by=by,
        subject=_("Hội xác nhận thay ban"),
        body=words(stand_in),
        verb="told_of_take_over",
        link=_queue(board),
    )
    _record("take_over", stand_in, by, now, private={"reason": reason}, new=f"{valid_to:%Y-%m-%d}")
    return stand_in


@transaction.atomic
def end(stand_in: StandIn, *, by) -> None:
    """At once. What was confirmed stays confirmed."""
    if not may_end(by, stand_in):
        raise PermissionDenied
    now = clock.now()
    standing = StandIn.objects.filter(pk=stand_in.pk, ended_at=None, valid_to__gte=clock.today())
    if not standing.update(ended_at=now, ended_by=by):
        raise Refused(_("Việc xác nhận thay này đã kết thúc."))
    clock.end(Appointment.objects.filter(pk=stand_in.seat_id))
    board = stand_in.board
    body = _("%(name)s thôi xác nhận thay %(board)s. Những người đã xác nhận thì giữ nguyên.")
    body %= {"name": stand_in.by, "board": boards.name_of(board)}
    board_notes.send(
        board,
        "",
        by=by,
        subject=_("Hội thôi xác nhận thay ban"),
        body=body,
        verb="told_of_take_over",
        link=_queue(board),
    )
    _record("end_take_over", stand_in, by, now, old=f"{stand_in.valid_to:%Y-%m-%d}")


def words(stand_in: StandIn) -> str:
    """Who confirms for which board, until when and why."""
    return _(
        "%(name)s, %(association)s, xác nhận thay %(board)s đến hết ngày %(day)s. Lý do: “%(reason)s”."
    ) % {
        "name": stand_in.by,
        "association": boards.name_of(stand_in.association),
        "board": boards.name_of(stand_in.board),
        "day": _day(stand_in.valid_to),
        "reason": stand_in.reason.rstrip("."),
    }


def over_words(stand_in: StandIn) -> str:
    """The same of one that is over."""
    until = dates.local_day(stand_in.ended_at) if stand_in.ended_at else stand_in.valid_to
    said = _(
        "%(name)s, %(association)s, đã xác nhận thay từ %(from)s đến %(until)s. Lý do: “%(reason)s”."
    ) % {
        "name": stand_in.by,
        "association": boards.name_of(stand_in.association),
        "from": _day(dates.local_day(stand_in.begun_at)),
        "until": _day(until),
        "reason": stand_in.reason.rstrip("."),
    }
    return capfirst(said)


def _queue(board):
    return f"{reverse('assessments:board_queue')}?board={board.code}"


def _day(day):
    return dates.day_words(day)


def _record(verb, stand_in, by, now, **values):
    events.record(verb, stand_in, by=by, at=now, organization=stand_in.board, **values)
