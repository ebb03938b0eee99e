"""Names of villages and units that citizens typed because no list held them, and their place in the tree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts import places
from accounts.models import Citizen, Message
from audit import clock, events
from organizations import boards
from organizations.founding import found
from organizations.models import Kind, Organization
from vietnamese import text

CHUNK = 1000


class NothingToPlace(Exception):
    """Nobody has the typed name any more: a colleague placed it, or the people chose another."""


class NameTaken(Exception):
    """The commune has that village or unit already; `there` is it."""

    def __init__(self, there: Organization):
        super().__init__(there)
        self.there = there


@dataclass(frozen=True)
class What:
    """One of the two things people type the name of."""

    slug: str
    place: str  # the citizen's field for the place
    typed: str  # and the one for the name as typed
    kind: Kind

    def pool(self, commune: Organization) -> QuerySet[Organization]:
        """What a typed name may mean: organizations of the commune, and units right below its province."""
        return places.villages(commune) if self.kind == Kind.VILLAGE else places.units(commune)


VILLAGE = What("thon", "village", "village_text", Kind.VILLAGE)
UNIT = What("don-vi", "unit", "unit_text", Kind.UNIT)
WHATS = {what.slug: what for what in (VILLAGE, UNIT)}


@dataclass(frozen=True)
class TypedName:
    """A name in all its spellings, the most frequent first, and how many people typed it."""

    what: What
    key: str
    spellings: list[str]
    people: int

    @property
    def name(self) -> str:
        return self.spellings[0]


def typed_names(commune: Organization, whats: Iterable[What] = (VILLAGE, UNIT)) -> list[TypedName]:
    """What waits for the commune to place, most people first."""
    names = [name for what in whats for name in _joined(commune, what)]
    return sorted(names, key=lambda name: (-name.people, text.sort_key(name.name)))


def typed_name(commune: Organization, what: What, key: str) -> TypedName | None:
    return next((name for name in _joined(commune, what) if name.key == text.fold(key)), None)


def _joined(commune, what):
    """'Thôn 3', 'thôn 3' and 'thon 3' are one name."""
    spellings = defaultdict(list)
    counted = _waiting(commune, what).order_by().values_list(what.typed).annotate(Count("pk"))
    for typed, people in counted:
        spellings[text.fold(typed)].append((-people, typed))
    return [
        TypedName(
            what, key, [typed for _people, typed in sorted(found)], -sum(people for people, _typed in found)
        )
        for key, found in spellings.items()
    ]


def who_typed(name: TypedName, commune: Organization) -> QuerySet[Citizen]:
    return _waiting(commune, name.what).filter(**{f"{name.what.typed}__in": name.spellings})


def _waiting(commune, what):
    return Citizen.objects.filter(commune=commune).waiting_for_place(what.place)


# --- Who, and the step ------------------------------------------------------------------------------


def may_place(user, commune: Organization) -> bool:
    """The commune's own officers: nobody else knows its villages."""
    return user.appointments.as_officer(commune).exists()


def has_board(organization: Organization) -> bool:
    """Whether anybody confirms there today."""
    return organization.appointments.filled().exists()


@transaction.atomic
def place(
    name: TypedName, organization: Organization, *, commune: Organization, by, people: Iterable[int] = ()
) -> int:
    """Give those who typed the name that village or unit, all or the `people` given; how many they are."""
    if not may_place(by, commune) or not name.what.pool(commune).contains(organization):
        raise PermissionDenied
    waiting = who_typed(name, commune)
    if people:
        waiting = waiting.filter(pk__in=people)
    citizens = list(
        waiting.select_for_update(of=("self",)).select_related("unit", "village", "commune").order_by("pk")
    )
    if not citizens:
        raise NothingToPlace
    for start in range(0, len(citizens), CHUNK):
        _place(citizens[start : start + CHUNK], name.what, organization, commune, by)
    return len(citizens)


@transaction.atomic
def place_in_new(
    name: TypedName, type: str, new_name: str, *, commune: Organization, by, people: Iterable[int] = ()
) -> tuple[Organization, int]:
    """Found the village or unit that people typed and place them in it."""
    if not may_place(by, commune):
        raise PermissionDenied
    # The commune's row is held, so that two colleagues do not found the same village twice.
    Organization.objects.select_for_update().get(pk=commune.pk)
    if there := _of_the_same_name(name.what, commune, type, new_name):
        raise NameTaken(there)
    organization = found(name.what.kind, type, new_name, parent=commune, by=by)
    return organization, place(name, organization, commune=commune, by=by, people=people)


def _of_the_same_name(what, commune, type, new_name):
    """With accents: Đông Hải and Đồng Hải may be two villages."""
    new = Organization(kind=what.kind, type=type)
    new.set_name(new_name)
    alike = what.pool(commune).filter(name_search=new.name_search)
    return next((one for one in alike if one.full_name.casefold() == new.full_name.casefold()), None)


def _place(citizens, what, organization, commune, by):
    now = clock.now()
    told, notices = [], []
    confirms = has_board(organization)
    for citizen in citizens:
        typed = getattr(citizen, what.typed)
        board = citizen.board
        setattr(citizen, what.place, organization)
        moved = citizen.board != board
        told.append(
            events.Entry(
                "place",
                citizen,
                by=by,
                at=now,
                organization=commune,
                subject=citizen.pk,
                old=board.code,
                new=organization.code,
                private={what.typed: typed},
            )
        )
        notices.append(_notice(citizen, what, typed, organization, moved, confirms))
    Citizen.objects.filter(pk__in=[citizen.pk for citizen in citizens]).update(
        **{what.place: organization, what.typed: ""}
    )
    events.record_many(told)
    Message.objects.tell(notices)


def _notice(citizen, what, typed, organization, moved, confirms):
    words = {"typed": typed, "place": organization, "board": boards.name_of(organization)}
    body = _("Hội khuyến học nơi bạn ở đã xếp “%(typed)s” mà bạn gõ vào danh sách: %(place)s.") % words
    if moved and confirms:
        body += " " + _("Hồ sơ chưa gửi từ nay do %(board)s xác nhận; hồ sơ đã gửi vẫn ở nơi cũ.") % words
    elif moved:
        nobody = _(
            "Hồ sơ chưa gửi từ nay về %(board)s. Ban này chưa có ai; hội khuyến học xã phân công người rồi "
            "mới có người xác nhận. Hồ sơ đã gửi vẫn ở nơi cũ."
        )
        body += " " + nobody % words
    return Message(
        citizen=citizen,
        key=f"place:{citizen.pk}:{what.slug}:{organization.pk}",
        subject=_("%(place)s đã có trong danh sách") % words,
        body=body,
    )
