"""People who move, leave or die: each step with a day, a reason, a notice and a way back."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts import claiming
from accounts.models import Appointment, Citizen, Message, User
from accounts.placing import has_board
from assessments import rehoming
from audit import clock, events
from organizations import boards, journal
from organizations.journal import Journal, Refused
from organizations.models import Kind, Organization
from people.models import GONE, Moved, Transfer, TransferKind
from vietnamese.dates import day_words
from vietnamese.numbers import format_integer

MOST = 2000
ONE_DAY = datetime.timedelta(days=1)
# Who keeps the list of a place says where its people go of the same kind, and a commune where they live too.
TARGETS = {
    Kind.UNIT: [Kind.UNIT],
    Kind.VILLAGE: [Kind.VILLAGE, Kind.COMMUNE],
    Kind.COMMUNE: [Kind.VILLAGE, Kind.COMMUNE, Kind.UNIT],
}


def targets(organization: Organization) -> QuerySet[Organization]:
    """Where its people may be sent: places of the province; the right one may stand outside one's own."""
    top = organization.within(Kind.PROVINCE) or organization.parent
    province = Organization.objects.filter(pk=top.pk)
    return (
        Organization.objects.in_force()
        .at_or_below(province)
        .filter(kind__in=TARGETS[Kind(organization.kind)])
        .exclude(pk=organization.pk)
        .select_related("parent")
    )


@transaction.atomic
def move(
    people: Iterable[int], target: Organization | None, *, organization: Organization, reason: str, by
) -> Transfer:
    """Send people of a list to another place; without a target they leave their unit for their village.

    Raises Refused where nobody is left to move.
    """
    may = target is not None and targets(organization).contains(target)
    if not claiming.may_keep(by, organization) or not (may or _leaves_unit(organization, target)):
        raise PermissionDenied
    citizens = [
        citizen for citizen in _held(people, organization) if target is None or _is_elsewhere(citizen, target)
    ]
    kind = TransferKind.MOVE if target else TransferKind.LEAVE
    transfer, journaled = _begin(citizens, kind, organization, reason, by, target=target)
    fields = _fields(target)
    journaled.update(_rows(citizens), **fields)
    _records_go_along(transfer, journaled, citizens, fields)
    journaled.close()
    return transfer


@transaction.atomic
def depart(
    people: Iterable[int],
    kind: TransferKind,
    day: datetime.date,
    *,
    organization: Organization,
    reason: str,
    by,
) -> Transfer:
    """Take people from the lists who moved away or died. Their records stay; so does what they were.

    Raises Refused where one of them still acts for somebody.
    """
    if not claiming.may_keep(by, organization) or kind not in GONE:
        raise PermissionDenied
    citizens = _held(people, organization)
    transfer, journaled = _begin(citizens, kind, organization, reason, by, day=day)
    if kind == TransferKind.DIED:
        accounts = User.objects.filter(citizen__in=citizens)
        _refuse_in_office(accounts)
        journaled.update(
            User.objects.filter(pk__in=list(accounts.values_list("pk", flat=True))), is_active=False
        )
    journaled.update(_rows(citizens), departed_on=day)
    Moved.objects.bulk_create(
        [Moved(transfer=transfer, citizen=citizen, source_id=citizen.board_id) for citizen in citizens]
    )
    _tell(transfer, citizens, {})
    journaled.close()
    return transfer


@transaction.atomic
def undo(transfer: Transfer, *, reason: str, by) -> None:
    """Everybody goes back to where they were. Refused where something later stands in the way."""
    if not claiming.may_keep(by, transfer.organization):
        raise PermissionDenied
    now = clock.now()
    if not transfer.undone_at and not transfer.can_undo(now):
        raise Refused(
            _("Đã quá 30 ngày, không hoàn tác được nữa. Nơi đang giữ tên người ấy chuyển lại được.")
        )
    claimed = Transfer.objects.filter(pk=transfer.pk, undone_at=None).update(
        undone_at=now, undone_by=by, undone_reason=reason
    )
    if not claimed:
        raise Refused(_("Việc này đã được hoàn tác."))
    rehoming.take_back(transfer)
    if transfer.number_moved:
        _give_number_back(transfer)
    journal.take_back(transfer)
    moved = list(transfer.moved.select_related("citizen", "source"))
    events.record_many(
        events.Entry(
            "undo_transfer",
            one.citizen,
            by=by,
            at=now,
            organization=transfer.organization,
            subject=one.citizen_id,
            old=transfer.kind,
            new=one.source.code,
            private={"reason": reason},
        )
        for one in moved
    )
    Message.objects.tell([_undone_notice(transfer, one, reason) for one in moved])


def hand_number(giver: Citizen, taker: Citizen) -> None:
    """Nobody bears a number twice: the one gives it up before the other has it."""
    number = giver.identity_number
    for citizen, has in ((giver, None), (taker, number)):
        citizen.identity_number = has
        citizen.save(update_fields=["identity_number", "identity_digest"])


def _give_number_back(transfer):
    kept, gone = (transfer.moved.get(target__isnull=empty).citizen for empty in (False, True))
    hand_number(kept, gone)


# --- What the steps share -------------------------------------------------------------------------


def _held(people, organization):
    """Those of the list who are still there, held until the end of the step."""
    rows = Citizen.objects.at(organization).filter(pk__in=list(people)[:MOST])
    return list(rows.select_for_update().order_by("pk"))


def _rows(citizens):
    return Citizen.objects.filter(pk__in=[citizen.pk for citizen in citizens])


def _begin(citizens, kind, organization, reason, by, **more):
    if not citizens:
        raise Refused(_("Không còn ai để chuyển: những người này đã ở nơi ấy, hoặc đã rời danh sách."))
    transfer = Transfer.objects.create(kind=kind, organization=organization, reason=reason, by=by, **more)
    return transfer, Journal(transfer)


def _leaves_unit(organization, target):
    return target is None and organization.kind == Kind.UNIT


def _fields(target):
    """The citizen's fields that a place decides."""
    if target is None:
        return {"unit": None, "unit_text": ""}
    if target.kind == Kind.UNIT:
        return {"unit": target, "unit_text": ""}
    if target.kind == Kind.VILLAGE:
        return {"village": target, "village_text": "", "commune": target.parent}
    return {"commune": target, "village": None, "village_text": ""}


def _is_elsewhere(citizen, target):
    return any(
        getattr(citizen, name) != value for name, value in _fields(target).items() if "text" not in name
    )


def _records_go_along(transfer, journaled, citizens, fields):
    """Open records lie with whoever confirms the person now; then everybody is told."""
    before = {citizen.pk: citizen.board_id for citizen in citizens}
    for citizen in citizens:
        for name, value in fields.items():
            setattr(citizen, name, value)
    ways = defaultdict(list)
    for citizen in citizens:
        ways[before[citizen.pk], citizen.board_id].append(citizen.pk)
    after = Organization.objects.in_bulk({new for _old, new in ways})
    for (old, new), keys in sorted(ways.items()):
        if old != new:
            rehoming.go_with(journaled, transfer.day - ONE_DAY, keys, old, after[new])
    Moved.objects.bulk_create(
        [
            Moved(
                transfer=transfer,
                citizen=citizen,
                source_id=before[citizen.pk],
                target_id=citizen.board_id,
            )
            for citizen in citizens
        ]
    )
    _tell(transfer, citizens, after)


def _tell(transfer, citizens, after):
    events.record_many(
        events.Entry(
            "transfer",
            citizen,
            by=transfer.by,
            at=transfer.at,
            organization=transfer.organization,
            subject=citizen.pk,
            old=transfer.organization.code,
            new=transfer.target.code if transfer.target else transfer.kind,
            private={"reason": transfer.reason},
        )
        for citizen in citizens
    )
    manned = {pk: has_board(board) for pk, board in after.items()}
    Message.objects.tell(_arrivals(transfer, len(citizens)))
    Message.objects.tell(
        [
            _notice(transfer, citizen, after.get(citizen.board_id), manned.get(citizen.board_id))
            for citizen in citizens
        ]
    )


def _notice(transfer, citizen, board, has_somebody):
    words = {
        "who": boards.name_of(transfer.organization),
        "by": transfer.by,
        "reason": transfer.reason,
        "day": day_words(transfer.day),
        "kind": transfer.get_kind_display(),
    }
    if transfer.kind in GONE:
        subject = _("Tên bạn đã rời danh sách")
        body = _("%(by)s, %(who)s, ghi: %(kind)s, ngày %(day)s. Lý do: “%(reason)s”.")
    else:
        subject = _("Nơi xác nhận điểm của bạn đã đổi")
        words["board"] = boards.name_of(board)
        body = _(
            "%(by)s, %(who)s, đã chuyển bạn sang nơi khác. Lý do: “%(reason)s”. "
            "Từ nay hồ sơ do %(board)s xác nhận."
        )
        if not has_somebody:
            body += " " + _(
                "Ban này chưa có ai; hội khuyến học xã phân công người rồi mới có người xác nhận."
            )
    body += " " + _("Nếu không đúng, báo nơi ấy hoặc tự sửa ở trang tài khoản.")
    return Message(
        citizen=citizen,
        key=f"transfer:{transfer.pk}:{citizen.pk}",
        subject=subject,
        body=body % words,
        link=resolve_url("accounts:profile"),
    )


def _arrivals(transfer, people):
    """To those who keep the list of the place: nobody comes there in silence."""
    if not transfer.target:
        return
    body = _("%(by)s, %(who)s, đã chuyển %(people)s người sang %(place)s. Lý do: “%(reason)s”.")
    words = {
        "by": transfer.by,
        "who": boards.name_of(transfer.organization),
        "people": format_integer(people),
        "place": transfer.target,
        "reason": transfer.reason,
    }
    keepers = transfer.target.appointments.filled().exclude(user=transfer.by).values_list("user", flat=True)
    for user in sorted(set(keepers)):
        yield Message(
            user_id=user,
            key=f"arrivals:{transfer.pk}:{user}",
            subject=_("Có người chuyển đến %(place)s") % words,
            body=body % words,
            link=resolve_url("people:list", transfer.target.code),
        )


def _undone_notice(transfer, moved, reason):
    body = _("Việc “%(kind)s” ngày %(day)s đã được hoàn tác: tên bạn trở lại nơi cũ. Lý do: “%(reason)s”.")
    return Message(
        citizen=moved.citizen,
        key=f"undo_transfer:{transfer.pk}:{moved.citizen_id}",
        subject=_("Tên bạn đã trở lại nơi cũ"),
        body=body % {"kind": transfer.get_kind_display(), "day": day_words(transfer.day), "reason": reason},
        link=resolve_url("accounts:profile"),
    )


def _refuse_in_office(accounts):
    seat = (
        Appointment.objects.in_office()
        .filter(user__in=accounts)
        .select_related("user", "organization")
        .first()
    )
    if seat:
        raise Refused(
            _("%(name)s đang giữ việc ở %(place)s. Kết thúc phân công ấy trước.")
            % {"name": seat.user, "place": seat.organization}
        )
