"""Giving a new body its place in the tree, and the record of that place."""

import itertools

from django.db import transaction

from audit import clock, events
from organizations import paths
from organizations.models import Kind, Organization, Placement, TreeLevel

BATCH = 500
LETTERS = {Kind.VILLAGE: "T", Kind.UNIT: "D", Kind.CLAN: "H"}


@transaction.atomic
def found(kind: Kind, type: str, name: str, *, parent: Organization, by) -> Organization:
    """A new village, unit or clan below the parent, from today on, with a code of our own."""
    if parent.is_closed or not TreeLevel.exists_on(kind, clock.today()):
        raise ValueError(f"nothing new is founded below {parent.code}")
    path = parent.next_child_path()
    organization = Organization(
        kind=kind,
        type=type,
        code=free_code(kind, parent, path),
        parent=parent,
        path=path,
        valid_from=clock.today(),
    )
    organization.set_name(name)
    organization.save()
    place([organization])
    events.record(
        "found",
        organization,
        by=by,
        at=clock.now(),
        organization=parent,
        new=organization.full_name,
    )
    return organization


class NameTaken(Exception):
    """One of that name stands there already; `there` is it."""

    def __init__(self, there: Organization):
        super().__init__(there)
        self.there = there


@transaction.atomic
def add(kind: Kind, type: str, name: str, *, parent: Organization, by) -> Organization:
    """Found it where no other in force bears the name, accents told apart. Raises NameTaken."""
    # The parent's row is held, so that two colleagues do not found the same one twice.
    parent = Organization.objects.select_for_update().get(pk=parent.pk)
    new = Organization(kind=kind, type=type)
    new.set_name(name)
    alike = Organization.objects.in_force().filter(parent=parent, name_search=new.name_search)
    for one in alike:
        if one.full_name.casefold() == new.full_name.casefold():
            raise NameTaken(one)
    return found(kind, type, name, parent=parent, by=by)


def free_code(kind: Kind, parent: Organization, path: str) -> str:
    """A letter, the parent's code and the place below it, or a later one when that code is in use."""
    numbers = itertools.count(paths.number(path))
    codes = (f"{LETTERS[kind]}{parent.code}{paths.segment(number)[-3:]}" for number in numbers)
    return next(code for code in codes if not Organization.objects.filter(code=code).exists())


def place(organizations: list[Organization]) -> None:
    Placement.objects.bulk_create(
        [
            Placement(
                organization=organization,
                parent_id=organization.parent_id,
                path=organization.path,
                valid_from=organization.valid_from,
                valid_to=organization.valid_to,
            )
            for organization in organizations
        ],
        batch_size=BATCH,
    )
