"""A reform in words that outlive it, and the rows it speaks of."""

import datetime
from dataclasses import asdict, dataclass, field

from organizations.models import Organization, Reform

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class NewUnit:
    """A body that a reform founds."""

    kind: str
    type: str
    name: str
    parent: str  # a code
    code: str = ""  # one of our own where there is no official one
    full_name: str = ""


@dataclass(frozen=True)
class Plan:
    """A reform in words that outlive it: codes, as they are before it.

    Merge and split end in `new` units or in `existing` ones. In a split `children` says to which of them each
    unit below goes, `texts` which village name as typed (folded) goes where, `rest` where all others go that
    no rule places, `board` where the people of the board sit on: those three only if a person has said so.
    """

    kind: str
    sources: tuple[str, ...]
    new: tuple[NewUnit, ...] = ()
    existing: tuple[str, ...] = ()
    children: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    rest: str = ""
    board: str = ""
    parent: str = ""  # of a move
    name: str = ""  # of a renaming
    type: str = ""
    called: dict[str, str] = field(default_factory=dict)  # code to name, of everything there was

    @classmethod
    def of(cls, reform: Reform) -> "Plan":
        told = dict(reform.plan)
        told["new"] = tuple(NewUnit(**unit) for unit in told.get("new", ()))
        return cls(**told | {name: tuple(told.get(name, ())) for name in ("sources", "existing")})

    def told(self) -> dict:
        """As it is kept."""
        return asdict(self)

    @property
    def codes(self) -> set[str]:
        parents = {unit.parent for unit in self.new}
        return {code for code in {*self.sources, *self.existing, self.parent, *parents} if code}


def new_key(number: int) -> str:
    """How `children`, `texts`, `rest` and `board` name the number-th new unit without a code."""
    return f"+{number}"


def record(plan: Plan, *, day, legal_basis, organization, by=None) -> Reform:
    """Write a planned reform down. Nothing is judged or changed yet."""
    known = Organization.objects.filter(code__in=plan.codes | set(plan.children)).values_list(
        "code", "full_name"
    )
    told = plan.told() | {"called": dict(known)}
    return Reform.objects.create(
        kind=plan.kind,
        day=day,
        legal_basis=legal_basis,
        plan=told,
        organization=organization,
        recorded_by=by and by.pk,
    )


@dataclass
class Site:
    """The rows a plan speaks of, by code."""

    plan: Plan
    day: datetime.date
    rows: dict[str, Organization]

    @classmethod
    def of(cls, plan, day, *, held=False):
        wanted = Organization.objects.filter(code__in=plan.codes).order_by("pk")
        rows = wanted.select_for_update() if held else wanted
        return cls(plan, day, {row.code: row for row in rows})

    @property
    def sources(self):
        return [self.rows[code] for code in self.plan.sources]

    @property
    def existing(self):
        return [self.rows[code] for code in self.plan.existing]


def children(source: Organization) -> list[Organization]:
    """What stands right below it and is in force."""
    return list(Organization.objects.filter(parent=source, valid_to=None).in_order())


def target_keys(plan: Plan) -> list[tuple[str, NewUnit | str]]:
    new = [(unit.code or new_key(number), unit) for number, unit in enumerate(plan.new, 1)]
    return [*new, *((code, code) for code in plan.existing)]
