"""The official units of Vietnam, of today and of the era that ended on 30 June 2025, from data/*.csv.

A code means nothing without its era: 3,316 of today's 3,321 commune codes were the code of an old commune. So
a closed unit is kept as 18073@2025, and nothing is ever deleted.
"""

import csv
import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from audit import clock, events, statistics
from organizations.founding import place
from organizations.models import TODAYS_ERA_BEGAN, FormerName, Kind, Organization, Placement, Succession

DATA = Path(__file__).parent / "data"
CENTRE = "TW"
OLD_ERA = "@2025"
# The old codes are those of Quyết định 124/2004/QĐ-TTg; when each unit was made the catalogue does not say.
OLD_ERA_BEGAN = datetime.date(2004, 7, 8)
OLD_ERA_ENDED = datetime.date(2025, 6, 30)
CENTRE_FOUNDED = datetime.date(1996, 10, 2)
BATCH = 500


class UnknownProvince(LookupError):
    """No province of today bears the code; `known` are those that there are."""

    def __init__(self, code: str, known: list[str]):
        super().__init__(code)
        self.known = known


@dataclass(frozen=True)
class Listed:
    """A unit as the catalogue has it."""

    kind: Kind
    code: str
    type: str
    name: str
    full_name: str
    parent: str
    successors: tuple[str, ...] = ()
    suggested: str = ""  # of several successors the one the catalogue guesses; a person confirms it

    @property
    def is_old(self) -> bool:
        return self.code.endswith(OLD_ERA)

    @property
    def valid_from(self) -> datetime.date:
        return OLD_ERA_BEGAN if self.is_old else TODAYS_ERA_BEGAN

    @property
    def valid_to(self) -> datetime.date | None:
        return OLD_ERA_ENDED if self.is_old else None


@dataclass
class Outcome:
    """What a load did: units and successions now there, what was made and renamed, and what it left alone."""

    units: Counter[tuple[Kind, bool]]
    successions: int = 0
    made: list[Organization] = field(default_factory=list)
    renamed: list[tuple[str, Organization]] = field(default_factory=list)  # with the name before
    elsewhere: list[Organization] = field(default_factory=list)  # moved by a reform, never by a load
    gone: list[Organization] = field(default_factory=list)  # closed by a reform, never by a load


@transaction.atomic
def load(province: str | None = None, folder: Path = DATA, *, preview: bool = False) -> Outcome:
    """Bring the catalogue in, or one province of it with the old units that went into it. May run again.

    A preview does all of it and takes it back.
    """
    levels = read(folder, province)
    known = {CENTRE: _centre()}
    founded_again = _closed_by_reforms()
    levels = [[unit for unit in level if unit.code not in founded_again] for level in levels]
    everything = [unit for level in levels for unit in level]
    outcome = Outcome(units=Counter((unit.kind, unit.is_old) for unit in everything))
    known |= {
        one.code: one for one in Organization.objects.filter(kind__in={unit.kind for unit in everything})
    }
    outcome.renamed, outcome.elsewhere = _bring_up_to_date(everything, known)
    for level in levels:  # a parent has its place before its children get theirs
        outcome.made += _make([unit for unit in level if unit.code not in known], known)
    outcome.successions = _link(everything, known)
    outcome.gone = _gone(everything, known, province)
    if preview:
        transaction.set_rollback(True)
    else:
        statistics.refresh(Organization, Placement, Succession)
    return outcome


def read(folder: Path = DATA, province: str | None = None) -> list[list[Listed]]:
    """The catalogue level by level, parents before children."""
    provinces = list(_provinces(folder))
    old_provinces = list(_old_provinces(folder))
    if province is not None:
        if province not in {unit.code for unit in provinces}:
            raise UnknownProvince(province, [f"{unit.code} {unit.name}" for unit in provinces])
        provinces = [unit for unit in provinces if unit.code == province]
        old_provinces = [unit for unit in old_provinces if unit.successors == (province,)]
    communes = _below(provinces, _communes(folder))
    old_districts = _below(old_provinces, _old_districts(folder))
    old_communes = _below(old_districts, _old_communes(folder))
    return [provinces, old_provinces, communes, old_districts, old_communes]


def _below(parents: list[Listed], children: Iterable[Listed]) -> list[Listed]:
    codes = {unit.code for unit in parents}
    return [unit for unit in children if unit.parent in codes]


# --- The files ------------------------------------------------------------------------------------


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _provinces(folder: Path) -> Iterator[Listed]:
    for row in _rows(folder, "provinces.csv"):
        yield Listed(
            kind=Kind.PROVINCE,
            code=row["province_code"],
            type=row["province_type"],
            name=row["province_name"],
            full_name=row["full_name"],
            parent=CENTRE,
        )


def _communes(folder: Path) -> Iterator[Listed]:
    for row in _rows(folder, "communes.csv"):
        yield Listed(
            kind=Kind.COMMUNE,
            code=row["commune_code"],
            type=row["commune_type"],
            name=row["commune_name"],
            full_name=row["full_name"],
            parent=row["province_code"],
        )


def _old_provinces(folder: Path) -> Iterator[Listed]:
    for row in _rows(folder, "old_provinces.csv"):
        successors = (row["new_province_code"],)
        yield _old(Kind.PROVINCE, row, row["old_province_code"], CENTRE, successors)


def _old_districts(folder: Path) -> Iterator[Listed]:
    for row in _rows(folder, "old_districts.csv"):
        successors = tuple(row["new_commune_codes"].split("|"))
        yield _old(
            Kind.DISTRICT, row, row["old_district_code"], row["old_province_code"] + OLD_ERA, successors
        )


def _old_communes(folder: Path) -> Iterator[Listed]:
    for row in _rows(folder, "old_communes.csv"):
        yield _old(
            Kind.COMMUNE,
            row,
            row["old_commune_code"],
            row["old_district_code"] + OLD_ERA,
            successors=tuple(row["new_commune_codes"].split("|")),
            suggested=row["suggested_new_code"] if row["was_split"] == "1" else "",
        )


def _old(kind, row, code, parent, successors, suggested="") -> Listed:
    return Listed(
        kind=kind,
        code=code + OLD_ERA,
        type=row["old_type"],
        name=row["old_name"],
        full_name="",  # built from type and name
        parent=parent,
        successors=successors,
        suggested=suggested,
    )


# --- The rows -------------------------------------------------------------------------------------


def _centre() -> Organization:
    centre = Organization.objects.filter(kind=Kind.CENTRE).first()
    if centre is None:
        centre = Organization.objects.create(
            kind=Kind.CENTRE, code=CENTRE, name="Hội Khuyến học Việt Nam", valid_from=CENTRE_FOUNDED
        )
        place([centre])
    return centre


def _bring_up_to_date(units: list[Listed], known: dict[str, Organization]):
    """Give known units the catalogue's names and types; which changed, and which stand elsewhere."""
    renamed, elsewhere = [], []
    # What a reform called it stays: it has a day, a legal basis and an undoing of its own.
    renamed_here = set(FormerName.objects.values_list("organization", flat=True))
    parent_codes = {organization.pk: code for code, organization in known.items()}
    for unit in units:
        if (organization := known.get(unit.code)) is None:
            continue
        if parent_codes.get(organization.parent_id) != unit.parent:
            elsewhere.append(organization)
        if organization.pk in renamed_here:
            continue
        old_name, old_type = organization.full_name, organization.type
        organization.type = unit.type
        organization.set_name(unit.name, unit.full_name)
        if (organization.full_name, organization.type) != (old_name, old_type):
            renamed.append((old_name, organization))
    fields = ["type", "name", "full_name", "name_search", "name_sort"]
    Organization.objects.bulk_update([one for _old, one in renamed], fields, batch_size=BATCH)
    now = clock.now()
    events.record_many(
        events.Entry("rename", organization, at=now, old=old_name, new=organization.full_name)
        for old_name, organization in renamed
    )
    return renamed, elsewhere


def _closed_by_reforms() -> set[str]:
    """Codes of today's catalogue whose units a reform has closed here and nobody bears since."""
    closed = Organization.objects.filter(code__contains="@", kind__in=[Kind.PROVINCE, Kind.COMMUNE])
    codes = {
        code.partition("@")[0]
        for code in closed.exclude(code__endswith=OLD_ERA).values_list("code", flat=True)
    }
    return codes - set(Organization.objects.filter(code__in=codes).values_list("code", flat=True))


def _gone(units, known, province):
    """Those in force here that the catalogue no longer names; of one province, those below it."""
    listed = {unit.code for unit in units}
    own = known[province].pk if province else None
    return [
        organization
        for organization in known.values()
        if organization.kind in (Kind.PROVINCE, Kind.COMMUNE)
        and organization.valid_to is None
        and organization.code not in listed
        and own in (None, organization.parent_id)
    ]


def _make(units: list[Listed], known: dict[str, Organization]) -> list[Organization]:
    places = Organization.objects.free_places({known[unit.parent] for unit in units})
    made = []
    for unit in units:
        parent = known[unit.parent]
        organization = Organization(
            kind=unit.kind,
            code=unit.code,
            type=unit.type,
            parent=parent,
            path=next(places[parent.pk]),
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )
        organization.set_name(unit.name, unit.full_name)
        made.append(organization)
    Organization.objects.bulk_create(made, batch_size=BATCH)
    place(made)
    known |= {organization.code: organization for organization in made}
    return made


def _link(units: list[Listed], known: dict[str, Organization]) -> int:
    """Say of every old unit what became of it; how many such rows there are."""
    rows = [
        Succession(old=known[unit.code], new=known[successor], is_suggested=successor == unit.suggested)
        for unit in units
        for successor in unit.successors
        if successor in known
    ]
    Succession.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    _name_heirs(units, known)
    return len(rows)


def _name_heirs(units, known):
    """Where each old unit counts today: what it became, or the province of all it was split into."""
    closed = []
    for unit in units:
        organization = known[unit.code]
        if not unit.successors or organization.heir_id:
            continue
        became = [known[successor] for successor in unit.successors if successor in known]
        if not became:
            continue
        organization.heir = became[0] if len(became) == 1 else became[0].parent
        closed.append(organization)
    Organization.objects.bulk_update(closed, ["heir"], batch_size=BATCH)
