"""Exceptions: one step opened again for a subtree or a record, by somebody above it, until a stated day.

They end by themselves. The row alone opens the window; what the closing settled is brought back with it.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Appointment, Message
from assessments import deadlines, windows, workflow
from assessments.models import Assessment, Campaign, Extension, WindowStep
from assessments.workflow import Refused
from audit import clock, events
from criteria.models import Level
from organizations.models import Kind, Organization
from vietnamese import dates

# For whole provinces an extension is a rule for all, not a favour: those who give it live there too.
RULE_FOR_ALL = [Kind.CENTRE, Kind.PROVINCE]


@dataclass(frozen=True)
class Wanted:
    """What is to be opened again; the target is an Organization or an Assessment."""

    target: Organization | Assessment
    campaign: Campaign
    level: Level
    step: WindowStep
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    reason: str
    decision_number: str

    @property
    def words(self):
        return dates.from_until_words(self.opens_at, self.closes_at)


def organizations_for(user):
    """Those the user may extend something for: below the own province, and for the centre everything."""
    bodies = deadlines.bodies_of(user)
    above_all = bodies.filter(kind=Kind.CENTRE)
    below = Organization.objects.at_or_below(bodies).in_force()
    return below.exclude(Q(pk__in=bodies.values("pk")) & ~Q(pk__in=above_all.values("pk")))


def records_for(user):
    """The records the user may reopen, as far as the place goes."""
    bodies = deadlines.bodies_of(user)
    boards = Organization.objects.at_or_below(bodies).exclude(pk__in=bodies.values("pk"))
    return Assessment.objects.filter(board__in=boards)


def why_not(target, user) -> str:
    """Why this person cannot approve it; empty when they can.

    Never for the own board, the own record or that of the own household.
    """
    if isinstance(target, Assessment):
        if _own_records(user).filter(pk=target.pk).exists():
            return _("Đây là hồ sơ của bạn hoặc của người cùng hộ. Người khác duyệt gia hạn này.")
        if _own_boards(user).filter(pk=target.board_id).exists():
            return _("Bạn ở trong ban xác nhận hồ sơ này. Người khác duyệt gia hạn này.")
        return ""
    if target.kind in RULE_FOR_ALL:
        return ""
    below = Organization.objects.at_or_below(Organization.objects.filter(pk=target.pk))
    if _own_boards(user).filter(pk__in=below.values("pk")).exists():
        return _("Bạn ở trong một ban của nơi này. Người khác duyệt gia hạn này.")
    if _own_records(user).filter(board__in=below.values("pk")).exists():
        return _("Hồ sơ của bạn hoặc của người cùng hộ thuộc nơi này. Người khác duyệt gia hạn này.")
    return ""


def _own_boards(user):
    seats = Appointment.objects.in_office().filter(user=user)
    return Organization.objects.filter(pk__in=seats.values("organization")).exclude(kind__in=RULE_FOR_ALL)


def _own_records(user):
    return Assessment.objects.tied_to(user)


def faults(wanted, now) -> dict[str, str]:
    """What stands against the days, by field."""
    if wanted.opens_at >= wanted.closes_at:
        return {"closes_at": _("Ngày cuối không thể trước ngày mở.")}
    if wanted.opens_at < dates.day_begins(dates.local_day(now)):
        return {"opens_at": _("Ngày mở đã qua. Chọn hôm nay hoặc một ngày sau.")}
    if wanted.closes_at <= now:
        return {"closes_at": _("Ngày cuối đã qua. Chọn hôm nay hoặc một ngày sau.")}
    return {}


@transaction.atomic
def grant_all(wanted, *, by) -> list[Extension]:
    """Approve several steps by one decision: all or none."""
    return [grant(each, by=by) for each in wanted]


def grant(wanted, *, by) -> Extension:
    """Approve it; the one that stands already when it was approved before (a second click)."""
    is_record = isinstance(wanted.target, Assessment)
    reachable = records_for(by) if is_record else organizations_for(by)
    if not reachable.filter(pk=wanted.target.pk).exists():
        raise PermissionDenied
    if not wanted.reason.strip() or not wanted.decision_number.strip():
        raise Refused(_("Ghi lý do và số quyết định."))
    now = clock.now()
    if refusal := why_not(wanted.target, by) or next(iter(faults(wanted, now).values()), ""):
        raise Refused(refusal)
    fields = {
        "assessment" if is_record else "organization": wanted.target,
        "campaign": wanted.campaign,
        "level": wanted.level,
        "step": wanted.step,
        "decision_number": wanted.decision_number.strip(),
        "closes_at": wanted.closes_at,
    }
    try:
        with transaction.atomic():
            extension = Extension.objects.create(
                opens_at=max(wanted.opens_at, now),
                reason=wanted.reason.strip(),
                approved_by=by,
                approved_at=now,
                **fields,
            )
            _write_down(extension, by, now)
    except IntegrityError:
        return Extension.objects.get(**fields)
    if is_record or wanted.target.kind not in RULE_FOR_ALL:  # of whole provinces beat sees to it in a minute
        workflow.reopen(extension, by=by)
    return extension


def why_not_end(extension, user, now) -> str:
    """Why this person cannot end it now; empty when they can."""
    if extension.closed_at or extension.ended_by_id or extension.closes_at <= now:
        return _("Gia hạn này đã hết.")
    return why_not(extension.assessment or extension.organization, user)


def endable_by(user):
    """The extensions that are not a stranger's: for what the user may extend."""
    organizations, records = organizations_for(user), records_for(user)
    return Extension.objects.filter(
        Q(organization__in=organizations.values("pk")) | Q(assessment__in=records.values("pk"))
    )


@transaction.atomic
def end(extension, *, by, reason):
    """End it before its time. What it had opened is put back by the closing, as at any end."""
    if not endable_by(by).filter(pk=extension.pk).exists():
        raise PermissionDenied
    if not reason.strip():
        raise Refused(_("Ghi lý do kết thúc sớm."))
    windows.hold_off(extension)
    now = clock.now()
    extension.refresh_from_db()
    if refusal := why_not_end(extension, by, now):
        raise Refused(refusal)
    old = _in_words(extension)
    extension.closes_at = max(extension.opens_at, now)
    extension.ended_by, extension.ended_reason = by, reason.strip()
    extension.save(update_fields=["closes_at", "ended_by", "ended_reason"])
    _record("end_extension", extension, by, now, old=old, private={"reason": extension.ended_reason})
    said = _("Gia hạn này kết thúc sớm, không mở nữa. Lý do: “%(reason)s”.") % {"reason": reason.strip()}
    Message.objects.tell(
        _notices(
            extension,
            "extension-ended",
            _("Kết thúc sớm gia hạn %(step)s năm %(year)s: %(place)s"),
            _("Hồ sơ năm %(year)s thôi được gia hạn %(step)s"),
            said,
        )
    )


def _write_down(extension, by, now):
    private = {"reason": extension.reason, "decision": extension.decision_number}
    _record("extend", extension, by, now, private=private)
    Message.objects.tell(
        _notices(
            extension,
            "extension",
            _("Gia hạn %(step)s năm %(year)s: %(place)s"),
            _("Hồ sơ năm %(year)s được gia hạn %(step)s"),
            f"{capfirst(extension.words)}. {extension.why}",
        )
    )


def _record(verb, extension, by, now, *, private, old=""):
    record = extension.assessment
    events.record(
        verb,
        extension,
        by=by,
        at=now,
        organization=record.board if record else extension.organization,
        subject=record.citizen_id if record else None,
        old=old,
        new=_in_words(extension),
        private=private,
    )


def _in_words(extension):
    return f"{extension.get_step_display()} {extension.words}"[:100]


def _notices(extension, occasion, subject, subject_of_citizen, body):
    """To everyone whose board confirms what it is for, and to the person of the record."""
    record = extension.assessment
    words = {
        "step": extension.get_step_display(),
        "year": extension.campaign.year,
        "place": record.subject if record else extension.organization,
    }
    board = Organization.objects.filter(pk=record.board_id if record else extension.organization_id)
    below = Organization.objects.at_or_below(board)
    members = Appointment.objects.filled().filter(organization__in=below.values("pk"))
    link = reverse("assessments:board_detail", args=[record.pk]) if record else ""
    for user in members.order_by("user").values_list("user", flat=True).distinct():
        yield Message(
            user_id=user,
            key=f"{occasion}:{extension.pk}:{user}",
            subject=subject % words,
            body=body,
            link=link,
        )
    if record and record.citizen_id:
        yield Message(
            citizen_id=record.citizen_id,
            key=f"{occasion}:{extension.pk}:citizen",
            subject=subject_of_citizen % words,
            body=body,
            link=record.get_absolute_url(),
        )
