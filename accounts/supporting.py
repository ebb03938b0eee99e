"""The second line of support: an association beside the tree that helps a unit, and what it may do there."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import board_notes
from audit import clock, events
from organizations import boards, oversight, paths
from organizations.models import Kind, Organization, SupportLine
from vietnamese.dates import day_words


class Refused(Exception):
    """It cannot be done; the message says why, in words for the person who asked."""


def may_set(user, unit: Organization) -> bool:
    """The officers of the associations above the unit."""
    return unit.kind == Kind.UNIT and oversight.is_above(user, unit)


def supporters_for(user, unit: Organization):
    """The associations such an officer may send there: in the own subtree, not above the unit already."""
    seats = user.appointments.officers().filter(organization__path__in=paths.ancestors(unit.path))
    own = Organization.objects.filter(pk__in=seats.values("organization"))
    below = Organization.objects.at_or_below(own).in_force().filter(kind__in=boards.ASSOCIATIONS)
    return below.exclude(path__in=paths.ancestors(unit.path))


@transaction.atomic
def begin(
    unit: Organization,
    supporter: Organization,
    *,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    by,
) -> SupportLine:
    """Let an association help a unit for a time. Raises Refused."""
    unit = Organization.objects.select_for_update().get(pk=unit.pk)
    if not may_set(by, unit) or not supporters_for(by, unit).contains(supporter):
        raise PermissionDenied
    if valid_from < clock.today():
        raise Refused(_("Ngày bắt đầu đã qua. Chọn hôm nay hoặc một ngày sau."))
    if valid_to and valid_to < valid_from:
        raise Refused(_("Ngày cuối phải từ ngày bắt đầu trở đi."))
    same = unit.helped_by_lines.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), supporter=supporter)
    if valid_to:
        same = same.filter(valid_from__lte=valid_to)
    if other := same.first():
        raise Refused(
            _("%(name)s đã hỗ trợ nơi này từ ngày %(day)s. Kết thúc trước, hoặc chọn ngày khác.")
            % {"name": supporter, "day": day_words(other.valid_from)}
        )
    line = SupportLine.objects.create(
        unit=unit, supporter=supporter, valid_from=valid_from, valid_to=valid_to
    )
    _tell("support", line, by, new=f"{supporter.code} {valid_from:%Y-%m-%d}")
    return line


@transaction.atomic
def end(line: SupportLine, *, by) -> None:
    """End it at once; one that has not lasted a day is taken back whole."""
    if not may_set(by, line.unit):
        raise PermissionDenied
    last = clock.yesterday()
    if not clock.end(SupportLine.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last), pk=line.pk)):
        raise Refused(_("Việc hỗ trợ này đã kết thúc."))
    _tell("end_support", line, by, old=line.supporter.code, new=f"{last:%Y-%m-%d}")


@transaction.atomic
def send_note(unit: Organization, words: str, *, by) -> int:
    """What the helping association says to the people of the board; how many got it."""
    if not Organization.objects.helped_by(by).contains(unit):
        raise PermissionDenied
    body = _("%(name)s nhắn cho %(board)s: “%(words)s”")
    return board_notes.send(
        unit,
        words,
        by=by,
        subject=_("Hội hỗ trợ nhắn cho ban"),
        body=body % {"name": by, "board": boards.name_of(unit), "words": words},
        verb="support_note",
    )


def _tell(verb, line, by, **values):
    events.record(verb, line, by=by, at=clock.now(), organization=line.unit, **values)
