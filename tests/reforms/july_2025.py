"""The reform of July 2025 as one would have carried it out: the tree of 30 June, and every step from it."""

import datetime
import io
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import Appointment, Citizen, Gender, Role, User
from assessments import tally
from assessments.models import Assessment, Outcome, State, Step
from criteria.models import CriteriaSet, Group
from organizations import catalogue
from organizations.models import Kind, Organization, Placement, ReformKind, Type
from organizations.reforms import NewUnit, Plan
from reforms import files
from reports import excel
from tests.factories import load_criteria, make_campaign, moment

DAY = datetime.date(2025, 7, 1)
BASIS = "Nghị quyết 202/2025/QH15"
OLD = catalogue.OLD_ERA


@dataclass
class Country:
    """What the catalogue says: the old units, and what each became."""

    old: list = field(default_factory=list)
    new: dict = field(default_factory=dict)

    def old_of(self, kind):
        return [unit for unit in self.old if unit.kind == kind]

    @property
    def pairs(self):
        return {(unit.code, code) for unit in self.old_of(Kind.COMMUNE) for code in unit.successors}


@transaction.atomic
def load_old_era(province=None):
    """The three-level tree as it stood on 30 June 2025, with nothing closed."""
    provinces, old_provinces, communes, districts, old_communes = catalogue.read(province=province)
    known = {catalogue.CENTRE: catalogue._centre()}
    for level in (old_provinces, districts, old_communes):
        catalogue._make(level, known)
    Organization.objects.filter(code__endswith=OLD).update(valid_to=None)
    Placement.objects.exclude(valid_to=None).update(valid_to=None)
    return Country(
        [*old_provinces, *districts, *old_communes], {unit.code: unit for unit in [*provinces, *communes]}
    )


# --- Who lives there --------------------------------------------------------------------------------


def people_it():
    """In each commune a village and a school with a board, five people, their records of 2024 and 2025."""
    load_criteria()
    for year in (2024, 2025):
        make_campaign(year)
    communes = list(Organization.objects.filter(kind=Kind.COMMUNE).select_related("parent__parent"))
    communes += list(Organization.objects.filter(kind=Kind.DISTRICT, children=None).select_related("parent"))
    villages = _below(communes, Kind.VILLAGE, "thon", "Giữa", "1")
    schools = _below(communes, Kind.UNIT, "school", "Trường Giữa", "2")
    user = User.objects.create(full_name="Trần Thị Mai")
    Appointment.objects.bulk_create(
        [
            Appointment(user=user, organization=body, role=role, valid_from=datetime.date(2020, 1, 1))
            for bodies, role in ((communes, Role.OFFICER), (villages, Role.BOARD_CHAIR))
            for body in bodies
        ],
        batch_size=500,
    )
    people = []
    for commune, village, school in zip(communes, villages, schools, strict=True):
        people += [
            _person(commune, "Ở Thôn", village=village),
            _person(commune, "Đi Học", village=village, unit=school),
            _person(commune, "Gõ Đông", village_text="Thôn Đông"),
            _person(commune, "Gõ Tây", village_text="thôn tây"),
            _person(commune, "Không Rõ"),
        ]
    Citizen.objects.bulk_create(people, batch_size=500)
    _records(people, 2024, State.CONFIRMED, user)
    _records(people, 2025, State.REGISTERED, user)


def _below(communes, kind, type, name, segment):
    made = []
    for commune in communes:
        body = Organization(
            kind=kind,
            type=type,
            code=f"{'T' if kind == Kind.VILLAGE else 'D'}{commune.code}",
            parent=commune,
            path=f"{commune.path}000{segment}",
            valid_from=catalogue.OLD_ERA_BEGAN,
        )
        body.set_name(name)
        made.append(body)
    Organization.objects.bulk_create(made, batch_size=500)
    catalogue.place(made)
    return made


def _person(commune, name, **places):
    citizen = Citizen(
        full_name=f"Nguyễn {name}", birth_year=1980, gender=Gender.FEMALE, commune=commune, **places
    )
    citizen.set_keys()
    return citizen


def _records(people, year, state, user):
    criteria_set = CriteriaSet.objects.filter(group=Group.I).first()
    campaign = make_campaign(year)
    at = moment(year, 10, 10) if state == State.CONFIRMED else moment(year, 3, 3)
    judged = state == State.CONFIRMED
    rows = []
    for person in people:
        commune = person.commune
        is_island = commune.kind == Kind.DISTRICT
        rows.append(
            Assessment(
                campaign=campaign,
                citizen=person,
                criteria_set=criteria_set,
                board=person.board,
                commune=None if is_island else commune,
                province=commune.parent if is_island else commune.parent.parent,
                state=state,
                outcome=Outcome.ACHIEVED if judged else "",
                confirmed_total=Decimal(90) if judged else None,
                confirmed_at=at if judged else None,
                confirmed_by=user if judged else None,
                submitted_at=at if judged else None,
                receipt_number=f"{year}-{person.pk}" if judged else None,
                registered_at=at,
                saved_at=at,
            )
        )
    Assessment.objects.bulk_create(rows, batch_size=500)
    Step.objects.bulk_create([Step.come_to(row, at=at, by=user) for row in rows], batch_size=500)
    tally.change(tally.NOTHING, tally.of(rows))


# --- The steps --------------------------------------------------------------------------------------


def plans(country):
    """Every step in the order in which it can be taken; whole communes first, provinces last."""
    communes = country.old_of(Kind.COMMUNE)
    whole, founded = defaultdict(list), set()
    for unit in communes:
        if len(unit.successors) == 1:
            whole[unit.successors[0]].append(unit)
    province_of = {unit.code: unit.parent for unit in country.old_of(Kind.DISTRICT)}
    for code, sources in whole.items():
        founded.add(code)
        yield _into(country, code, sources, province_of[sources[0].parent])
    islands = [
        unit
        for unit in country.old_of(Kind.DISTRICT)
        if unit.code not in {commune.parent for commune in communes}
    ]
    for unit in islands:
        founded.add(unit.successors[0])
        yield _into(country, unit.successors[0], [unit], unit.parent)
    for unit in communes:
        if len(unit.successors) > 1:
            yield _split(country, unit, province_of[unit.parent], founded)
    for unit in country.old_of(Kind.DISTRICT):
        if unit not in islands:
            yield Plan(kind=ReformKind.CLOSE.value, sources=(unit.code,))
    into = defaultdict(list)
    for unit in country.old_of(Kind.PROVINCE):
        into[unit.successors[0]].append(unit)
    for code, sources in into.items():
        yield _into(country, code, sources, catalogue.CENTRE)


def _into(country, code, sources, parent):
    return Plan(
        kind=ReformKind.MERGE.value,
        sources=tuple(unit.code for unit in sources),
        new=(_new(country, code, parent),),
    )


def _new(country, code, parent):
    unit = country.new[code]
    return NewUnit(
        kind=unit.kind.value,
        type=unit.type,
        name=unit.name,
        full_name=unit.full_name,
        code=code,
        parent=parent,
    )


def _split(country, unit, parent, founded):
    """Villages and one typed name have their rule; who typed another or none is listed."""
    new = [_new(country, code, parent) for code in unit.successors if code not in founded]
    existing = [code for code in unit.successors if code in founded]
    founded.update(unit.successors)
    first, second = unit.successors[:2]
    return Plan(
        kind=ReformKind.SPLIT.value,
        sources=(unit.code,),
        new=tuple(new),
        existing=tuple(existing),
        children={f"T{unit.code}": first, f"D{unit.code}": second},
        texts={"thon dong": second},
    )


def workbook(country):
    """Every step as a row of the file that an officer of the centre would send."""
    file = io.BytesIO()
    rows = [_row(plan) for plan in plans(country)]
    excel.write_plain("Sheet", files.HEADINGS, rows, files.WIDTHS, file)
    return file


def _row(plan):
    kinds = {kind: word for word, kind in files.KINDS.items()}
    leads = [f"{what} → {to}" for what, to in {**plan.children, **plan.texts}.items()]
    return [
        kinds[plan.kind],
        "; ".join(plan.sources),
        "; ".join(plan.existing),
        "; ".join(unit.name for unit in plan.new),
        "; ".join(str(Type(unit.type).label) for unit in plan.new),
        "; ".join(unit.code for unit in plan.new),
        plan.new[0].parent if plan.new else "",
        "; ".join(leads),
        f"{DAY:%d/%m/%Y}",
        BASIS,
    ]
