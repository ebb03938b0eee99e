"""Who sits where: the association right above appoints, for a time; all rights follow from these rows."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import officers
from accounts.models import Appointment, Citizen, Message, Role, User
from accounts.models.appointment import WITH_LIST
from accounts.sign_in import accounts_named
from audit import clock, events
from organizations import boards, oversight
from organizations.models import Kind, Organization
from vietnamese import text
from vietnamese.dates import day_words

ONE_DAY = datetime.timedelta(days=1)
ON_BOARDS = [Role.BOARD_CHAIR, Role.BOARD_MEMBER]
ROLES_AT = {
    **{kind: [Role.OFFICER] for kind in boards.ASSOCIATIONS},
    Kind.VILLAGE: ON_BOARDS,
    Kind.UNIT: ON_BOARDS,
    Kind.CLAN: [Role.REPRESENTATIVE],
}


class Refused(Exception):
    """It cannot be done; the message says why, in words for the person who asked."""


def account_of(typed: str, full_name: str) -> User | None:
    """The account that bears both the typed number or address and the name.

    Whoever knows only one of them learns nothing. Raises Refused where a family shares both.
    """
    found = [
        user
        for user in accounts_named(typed)
        if user.is_active and text.fold(user.full_name) == text.fold(full_name)
    ]
    if len(found) > 1:
        raise Refused(_("Nhiều tài khoản có cùng họ tên và số này. Hãy gõ số căn cước."))
    return found[0] if found else None


@transaction.atomic
def appoint(
    who: User | str,
    organization: Organization,
    role: str,
    *,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    by: User,
) -> Appointment:
    """Give an account a seat, or a new account to whoever bears the name. Raises Refused."""
    # Two who appoint to one board wait for each other: the dates of its seats are judged together.
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if not oversight.is_right_above(by, organization) or role not in ROLES_AT[organization.kind]:
        raise PermissionDenied
    if who == by:
        raise Refused(_("Không ai tự phân công cho mình. Hãy nhờ một cán bộ khác của hội."))
    return _give(who, organization, role, valid_from, valid_to, by)


def may_name_helper(user: User, organization: Organization) -> bool:
    """Who sits on a board names who fills in for its people."""
    has_people = organization.kind in WITH_LIST and not organization.is_closed
    return has_people and user.appointments.confirming().filter(organization=organization).exists()


@transaction.atomic
def name_helper(who: User, organization: Organization, *, valid_to: datetime.date, by: User) -> Appointment:
    """Let an account fill in for the board's people who ask, from today until a day. Raises Refused."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if not may_name_helper(by, organization):
        raise PermissionDenied
    return _give(who, organization, Role.HELPER, clock.today(), valid_to, by)


def _give(who, organization, role, valid_from, valid_to, by):
    _refuse_dates(valid_from, valid_to)
    _refuse_overlap(who, organization, valid_from, valid_to)
    now = clock.now()
    told = {"by": by, "at": now, "organization": organization}
    entries = []
    if isinstance(who, str):
        who = User.objects.create(full_name=who, password=make_password(None), date_joined=now)
        entries.append(events.Entry("open_account", who, **told))
    seat = Appointment.objects.create(
        user=who, organization=organization, role=role, valid_from=valid_from, valid_to=valid_to
    )
    entries.append(
        events.Entry("appoint", seat, subject=_citizen_of(who), old="", new=_in_plain(seat), **told)
    )
    events.record_many(entries)
    Message.objects.tell([_notice_of_seat(seat)])
    return seat


def _refuse_dates(valid_from, valid_to):
    if valid_from < clock.today():
        raise Refused(_("Ngày bắt đầu đã qua. Chọn hôm nay hoặc một ngày sau."))
    if valid_to and valid_to < valid_from:
        raise Refused(_("Ngày cuối phải từ ngày bắt đầu trở đi."))


def _refuse_overlap(who, organization, valid_from, valid_to):
    seats = organization.appointments.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
    if valid_to:
        seats = seats.filter(valid_from__lte=valid_to)
    for seat in seats.select_related("user"):
        if seat.user == who:
            raise Refused(
                _(
                    "%(name)s đã có phân công ở đây %(time)s. Kết thúc phân công ấy trước, hoặc chọn "
                    "ngày khác."
                )
                % {"name": seat.user, "time": time_words(seat)}
            )
        if isinstance(who, str) and text.fold(seat.user.full_name) == text.fold(who):
            raise Refused(
                _(
                    "%(name)s đã có phân công ở đây %(time)s. Nếu là người khác trùng tên, gõ thêm một chữ "
                    "vào tên để phân biệt."
                )
                % {"name": seat.user, "time": time_words(seat)}
            )


# --- Ending it ------------------------------------------------------------------------------------


def leaves_nobody(seat: Appointment) -> bool:
    """Whether the board has nobody else who confirms today."""
    filled = seat.organization.appointments.filled()
    return filled.filter(user=seat.user).exists() and not filled.exclude(user=seat.user).exists()


@transaction.atomic
def end(seat: Appointment, *, last_day: datetime.date | None, reason: str, by: User) -> None:
    """From the day after the last one, or at once. One that has not lasted a day is taken back whole."""
    by_board = seat.role == Role.HELPER and may_name_helper(by, seat.organization)
    if not by_board and not oversight.is_right_above(by, seat.organization):
        raise PermissionDenied
    if seat.role == Role.STAND_IN:
        raise Refused(_("Đây là người của hội xác nhận thay. Cho thôi ở trang Các ban."))
    today = clock.today()
    if seat.valid_to and seat.valid_to < today:
        raise Refused(_("Phân công này đã hết từ ngày %(day)s.") % {"day": day_words(seat.valid_to)})
    if last_day and last_day < today:
        raise Refused(_("Ngày cuối đã qua. Muốn thôi ngay bây giờ thì để trống."))
    if last_day and seat.valid_to and last_day >= seat.valid_to:
        raise Refused(
            _("Phân công này đã có ngày cuối %(day)s. Chọn một ngày sớm hơn.")
            % {"day": day_words(seat.valid_to)}
        )
    valid_to = last_day or today - ONE_DAY
    held = Appointment.objects.filter(pk=seat.pk, valid_from=seat.valid_from)
    held = held.filter(valid_to=seat.valid_to) if seat.valid_to else held.filter(valid_to__isnull=True)
    changed = held.update(valid_to=valid_to) if seat.valid_from <= valid_to else held.delete()[0]
    if not changed:
        raise Refused(_("Có người vừa sửa phân công này. Hãy xem lại."))
    if seat.role == Role.OFFICER:
        _end_standing_in(seat, valid_to)
    events.record(
        "end_appointment",
        seat,
        by=by,
        at=clock.now(),
        organization=seat.organization,
        subject=_citizen_of(seat.user),
        old=_in_plain(seat),
        new=f"{valid_to:%Y-%m-%d}",
        private={"reason": reason},
    )
    Message.objects.tell([_notice_of_end(seat, valid_to, reason)])


def _end_standing_in(seat, valid_to):
    """Who is no officer any more stands in for no board of that association."""
    others = Appointment.objects.lasting().filter(user=seat.user, role=Role.STAND_IN)
    for other in others.select_related("organization__parent"):
        if oversight.association_above(other.organization) != seat.organization:
            continue
        if other.valid_from > valid_to:
            other.delete()
        elif other.valid_to > valid_to:
            Appointment.objects.filter(pk=other.pk).update(valid_to=valid_to)


# --- A slip for who has not signed in yet -----------------------------------------------------------


def may_have_slip(seats: Iterable[Appointment], by: User) -> set[int]:
    """Which of the seats: accounts made for an office, all of whose offices the same association gives.

    Offices to come count too: who hands out the account today would hold them tomorrow.
    """
    seats = list(seats)
    holders = {seat.user_id for seat in seats}
    offices = defaultdict(set)
    for each in Appointment.objects.lasting().filter(user__in=holders).select_related("organization"):
        offices[each.user_id].add(each.organization)
    citizens = set(Citizen.objects.filter(user__in=holders).values_list("user", flat=True))
    given = {
        body: oversight.is_right_above(by, body) for body in {each for of in offices.values() for each in of}
    }
    return {
        seat.pk
        for seat in seats
        if seat.user_id not in citizens
        and seat.user != by
        and seat.user.is_active
        and not seat.user.is_staff
        and seat.organization in offices[seat.user_id]
        and all(given[body] for body in offices[seat.user_id])
    }


@transaction.atomic
def new_slip(seat: Appointment, *, by: User) -> str:
    """The path of another link with which the holder sets name and password."""
    if not oversight.is_right_above(by, seat.organization) or not may_have_slip([seat], by):
        raise PermissionDenied
    events.record("hand_over", seat.user, by=by, at=clock.now(), organization=seat.organization)
    return officers.first_sign_in_path(seat.user)


# --- Words ----------------------------------------------------------------------------------------


def time_words(seat: Appointment) -> str:
    if seat.valid_to:
        return _("từ %(from)s đến hết %(to)s") % {
            "from": day_words(seat.valid_from),
            "to": day_words(seat.valid_to),
        }
    return _("từ %(from)s") % {"from": day_words(seat.valid_from)}


def _in_plain(seat):
    """As the record keeps it."""
    until = f"{seat.valid_to:%Y-%m-%d}" if seat.valid_to else ""
    return f"{seat.role} {seat.valid_from:%Y-%m-%d}..{until}"


def _citizen_of(user):
    return Citizen.objects.filter(user=user).values_list("pk", flat=True).first()


def _notice_of_seat(seat):
    return Message(
        user=seat.user,
        key=f"appoint:{seat.pk}",
        subject=_("Bạn được phân công"),
        body=_("Bạn là %(role)s, %(board)s, %(time)s.")
        % {
            "role": seat.get_role_display(),
            "board": boards.name_of(seat.organization),
            "time": time_words(seat),
        },
        link=seat.organization.get_absolute_url(),
    )


def _notice_of_end(seat, valid_to, reason):
    return Message(
        user=seat.user,
        key=f"end_appointment:{seat.pk}:{clock.now().timestamp()}",
        subject=_("Phân công của bạn kết thúc"),
        body=_("%(role)s, %(board)s: đến hết ngày %(day)s. Lý do: “%(reason)s”.")
        % {
            "role": seat.get_role_display().capitalize(),
            "board": boards.name_of(seat.organization),
            "day": day_words(valid_to),
            "reason": reason,
        },
    )
