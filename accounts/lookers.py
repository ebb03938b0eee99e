"""Who looked at a person's data: noted by the pages that show it, told to the person as sentences."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Appointment, Citizen, User
from audit import looks
from audit.models import Look, Sight
from organizations import boards, paths
from organizations.models import Organization, SupportLine

JUST_NOW = datetime.timedelta(minutes=5)


def note(request, sight, place, **what) -> None:
    """Note what this answer shows of the people of a place, and for which organization one looks at it."""
    looks.note(request, sight, place=place.pk, organization=_acting(looks.viewer_of(request), place), **what)


def _acting(user, place):
    """The nearest at or above the place for which the user sits, else the one that helps it."""
    seats = Appointment.objects.seats_of(user)
    above = seats.filter(organization__path__in=[*paths.ancestors(place.path), place.path])
    nearest = above.order_by("-organization__path").values_list("organization", flat=True).first()
    if nearest is not None:
        return nearest
    lines = SupportLine.objects.in_force().filter(unit=place, supporter__in=seats.values("organization"))
    return lines.values_list("supporter", flat=True).first()


def at_person(citizen):
    """The looks of others at a person's data, the latest first."""
    board = citizen.board
    places = Organization.objects.filter(path__in=[*paths.ancestors(board.path), board.path])
    seen = Look.objects.at_person(citizen.pk, places.values_list("pk", flat=True))
    if citizen.user:
        before = Q(sight=Sight.EXPORT, at__lt=citizen.user.date_joined)
        seen = seen.exclude(before).exclude(viewer=citizen.user_id)
    return seen.latest_first()


def also_looking(record, board, viewer, now) -> list[User]:
    """The other members of a board who opened a record in the last minutes."""
    seen = Look.objects.at_record(record).filter(
        sight=Sight.RECORD, organization=board, at__gt=now - JUST_NOW
    )
    others = seen.exclude(viewer=viewer).order_by().values("viewer")
    return list(User.objects.filter(pk__in=others).order_by("full_name", "pk"))


@dataclass(frozen=True)
class Told:
    at: datetime.datetime
    text: str


def sentences(seen: list[Look]) -> list[Told]:
    """'Ban khuyến học thôn Đông Hải (bà Trần Thị Mai) xem hồ sơ của bạn.'"""
    people = User.objects.select_related("citizen").in_bulk({look.viewer for look in seen if look.viewer})
    bodies = Organization.objects.in_bulk(
        {pk for look in seen for pk in (look.organization, look.place) if pk is not None}
    )
    return [Told(look.at, _sentence(look, people.get(look.viewer), bodies)) for look in seen]


def _sentence(look, viewer, bodies):
    words = {"who": _who(look, viewer, bodies.get(look.organization))}
    match look.sight:
        case Sight.RECORD:
            return _("%(who)s xem hồ sơ của bạn.") % words
        case Sight.FILE:
            return _("%(who)s mở minh chứng của bạn.") % words
        case Sight.EYES:
            return _("%(who)s xem cổng như bạn thấy, chỉ đọc, trong 15 phút.") % words
        case Sight.LIST:
            return _("%(who)s xem một danh sách có tên bạn.") % words
    place = bodies.get(look.place)
    if place is None:
        return _("%(who)s tải một tệp danh sách, có thể có tên bạn.") % words
    return _("%(who)s tải tệp danh sách của %(place)s, có thể có tên bạn.") % (
        words | {"place": boards.in_sentence(place)}
    )


def _who(look, viewer, organization):
    if viewer is None:
        return _("Người vận hành máy chủ")
    name = respectful(viewer)
    if organization is not None:
        body = capfirst(boards.name_of(organization))
    elif look.page.startswith("admin:"):
        body = _("Người quản trị cổng")
    else:
        return capfirst(name)
    return _("%(body)s (%(name)s)") % {"body": body, "name": name}


def respectful(viewer) -> str:
    """'bà Trần Thị Mai'; the bare name of whom the portal knows no more."""
    citizen = getattr(viewer, "citizen", None)
    return str(viewer) if citizen is None else citizen.titled


def citizen_of(user):
    return Citizen.objects.select_related("unit", "village", "commune", "user").filter(user=user).first()
