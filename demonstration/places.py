"""Made-up villages and units, with names as they are met in the country."""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.db.models import QuerySet

from audit import events
from demonstration import words
from organizations import founding
from organizations.models import Kind, Organization, Type
from vietnamese import dates
from vietnamese.text import lower_first

# What comes into a commune one after another, and into a province.
OF_COMMUNE = [
    "village",
    "village",
    "village",
    "primary",
    "village",
    "secondary",
    "village",
    "office",
    "village",
]
OF_COMMUNE += [
    "village",
    "enterprise",
    "village",
    "kindergarten",
    "village",
    "cooperative",
    "village",
    "health",
]
OF_PROVINCE = ["agency", "high_school", "agency", "enterprise", "agency", "high_school", "college", "agency"]
EVERY = 14  # that many boards of communes to one directly under the province


@dataclass(frozen=True)
class NewBoard:
    kind: Kind
    type: Type
    name: str
    parent: Organization


def village(commune: Organization, name: str) -> NewBoard:
    is_ward = commune.type == Type.WARD
    return NewBoard(Kind.VILLAGE, Type.RESIDENTIAL_GROUP if is_ward else Type.HAMLET, name, commune)


def unit(parent: Organization, type: Type, name: str) -> NewBoard:
    return NewBoard(Kind.UNIT, type, name, parent)


def make_up(rng: Random, province: Organization, communes: list[Organization], count: int) -> list[NewBoard]:
    """So many boards, first a village in each commune, then schools and the rest, some under the province."""
    names = _Names(rng, [province, *communes])
    of_province = itertools.cycle(OF_PROVINCE)
    of_communes = ((commune, what) for what in itertools.cycle(OF_COMMUNE) for commune in communes)
    return [
        names.unit_of_province(province, next(of_province))
        if place % (EVERY + 1) == EVERY
        else names.board_of_commune(*next(of_communes))
        for place in range(count)
    ]


class _Names:
    """Names that no sister bears yet."""

    def __init__(self, rng, parents):
        self.rng = rng
        children = Organization.objects.filter(parent__in=parents).order_by("pk")
        self.taken = set(children.values_list("parent", "name"))

    def board_of_commune(self, commune, what):
        if what == "village":
            return village(commune, self.free(commune, self.rng.choice(words.VILLAGES)))
        type, name = {
            "primary": (Type.SCHOOL, f"Trường Tiểu học {commune.name}"),
            "secondary": (Type.SCHOOL, f"Trường THCS {commune.name}"),
            "kindergarten": (Type.SCHOOL, f"Trường Mầm non {commune.name}"),
            "office": (Type.AGENCY, f"Ủy ban nhân dân {lower_first(commune.full_name)}"),
            "health": (Type.AGENCY, f"Trạm Y tế {lower_first(commune.full_name)}"),
            "cooperative": (Type.COOPERATIVE, f"Hợp tác xã Nông nghiệp {commune.name}"),
            "enterprise": (Type.ENTERPRISE, f"Công ty TNHH {self.rng.choice(words.TRADES)} {commune.name}"),
        }[what]
        return unit(commune, type, self.free(commune, name, " số {number}"))

    def unit_of_province(self, province, what):
        type, name = {
            "agency": (Type.AGENCY, f"{self.rng.choice(words.AGENCIES)} {province.name}"),
            "high_school": (Type.SCHOOL, f"Trường THPT {self.rng.choice(words.HEROES)}"),
            "college": (Type.SCHOOL, f"Trường Cao đẳng Kỹ thuật {province.name}"),
            "enterprise": (
                Type.ENTERPRISE,
                f"Công ty Cổ phần {self.rng.choice(words.TRADES)} {province.name}",
            ),
        }[what]
        return unit(province, type, self.free(province, name, " cơ sở {number}"))

    def free(self, parent, name, numbered=" {number}"):
        """The name, or with the next number when a sister bears it."""
        candidates = itertools.chain(
            [name], (name + numbered.format(number=number) for number in itertools.count(2))
        )
        free = next(one for one in candidates if (parent.pk, one) not in self.taken)
        self.taken.add((parent.pk, free))
        return free


@transaction.atomic
def build(boards: Iterable[NewBoard], since: datetime.datetime) -> list[Organization]:
    """Give the boards their places in the tree, as found() gives it to one."""
    boards = list(boards)
    free = Organization.objects.free_places({board.parent for board in boards})
    made = []
    for board in boards:
        path = next(free[board.parent.pk])
        organization = Organization(
            kind=board.kind,
            type=board.type,
            code=founding.free_code(board.kind, board.parent, path),
            parent=board.parent,
            path=path,
            valid_from=dates.local_day(since),
        )
        organization.set_name(board.name)
        made.append(organization)
    Organization.objects.bulk_create(made, batch_size=500)
    founding.place(made)
    events.record_many(
        events.Entry("found", one, at=since, organization=one.parent, new=one.full_name) for one in made
    )
    return made


def communes_of(province: Organization) -> list[Organization]:
    communes = Organization.objects.in_force().filter(parent=province, kind=Kind.COMMUNE)
    return list(communes.order_by("code"))


def boards_of(province: Organization) -> QuerySet[Organization]:
    """The villages and units in a province, each with its parent at hand."""
    boards = Organization.objects.in_force().at_or_below(Organization.objects.filter(pk=province.pk))
    return boards.filter(kind__in=[Kind.VILLAGE, Kind.UNIT]).select_related("parent").order_by("path")
