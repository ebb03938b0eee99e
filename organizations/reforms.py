"""Changes of the tree: what may be done, and doing it. People and records are carried by the floors above.

Sources are closed and never deleted; successions lead both ways; what stood below a source follows it, one
UPDATE of paths per subtree; every place in the tree is dated.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from audit import clock
from organizations import founding, paths
from organizations.journal import Journal, Refused
from organizations.models import (
    FormerName,
    Household,
    Kind,
    Organization,
    Placement,
    Reform,
    ReformKind,
    ReformState,
    Succession,
    TreeLevel,
)
from vietnamese.dates import day_words

__all__ = ["NewUnit", "Plan", "Refused", "carry_out", "problems"]

ONE_DAY = datetime.timedelta(days=1)
OFFICIAL_CODE = re.compile(r"[0-9]{1,8}")
OWN_CODE = re.compile(r"[A-Z][0-9A-Za-z@]{1,19}")
MAY_STAND_UNDER = {
    Kind.PROVINCE: [Kind.CENTRE],
    Kind.DISTRICT: [Kind.PROVINCE],
    Kind.COMMUNE: [Kind.PROVINCE, Kind.DISTRICT],
    Kind.VILLAGE: [Kind.COMMUNE],
    Kind.UNIT: [Kind.CENTRE, Kind.PROVINCE, Kind.DISTRICT, Kind.COMMUNE],
    Kind.CLAN: [Kind.COMMUNE, Kind.VILLAGE],
}
# The five island districts without communes became special zones: a district may end in a commune.
MAY_BECOME = {(Kind.DISTRICT, Kind.COMMUNE)}


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


# --- What stands in the way -------------------------------------------------------------------------


@dataclass
class _Site:
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


def problems(plan: Plan, day: datetime.date) -> list[str]:
    """Why it cannot be carried out, in Vietnamese sentences; nothing where it can."""
    return _problems(_Site.of(plan, day))


def _problems(site):
    plan, day = site.plan, site.day
    if not plan.sources:
        return [_("Chưa chọn đơn vị nào.")]
    if unknown := sorted(plan.codes - set(site.rows)):
        return [_("Không có đơn vị mã %(codes)s.") % {"codes": ", ".join(unknown)}]
    found = [*_problems_of_sources(site)]
    if plan.kind in (ReformKind.MERGE, ReformKind.SPLIT):
        found += [*_problems_of_targets(site)]
    if plan.kind == ReformKind.SPLIT:
        found += [*_problems_of_split(site)]
    if plan.kind == ReformKind.MOVE:
        found += [*_problems_of_move(site)]
    if plan.kind == ReformKind.RENAME:
        found += [*_problems_of_name(site)]
    if plan.kind == ReformKind.CLOSE:
        found += [*_problems_of_closing(site)]
    if day > clock.today():
        found.append(_("Ngày có hiệu lực %(day)s chưa đến.") % {"day": day_words(day)})
    return found


def _problems_of_sources(site):
    day = site.day
    if len(set(site.plan.sources)) < len(site.plan.sources):
        yield _("Một đơn vị được ghi hai lần.")
    for source in site.sources:
        name = {"name": source.full_name, "day": day_words(day)}
        if source.kind == Kind.CENTRE:
            yield _("Trung ương hội không thay đổi bằng cách này.")
        if source.valid_to is not None:
            yield _("%(name)s đã thôi dùng từ hết ngày %(end)s.") % (
                name | {"end": day_words(source.valid_to)}
            )
        elif source.valid_from >= day:
            yield _("%(name)s mới có từ ngày %(start)s, không thay đổi được từ ngày %(day)s.") % (
                name | {"start": day_words(source.valid_from)}
            )
        if source.reforms_from.filter(state=ReformState.DONE, day=day).exists():
            yield _("%(name)s đã có một thay đổi trong cùng ngày %(day)s.") % name
        below = Placement.objects.filter(
            organization__path__gte=source.path,
            organization__path__lt=paths.successor(source.path),
            valid_from__gt=day,
        )
        moved_later = below.exclude(organization__valid_from__gt=day).select_related("organization").first()
        if moved_later:
            yield _("Chồng ngày: %(other)s đã có thay đổi sau ngày %(day)s.") % (
                name | {"other": moved_later.organization.full_name}
            )


def _problems_of_targets(site):
    plan, day = site.plan, site.day
    kinds = {source.kind for source in site.sources}
    for target in site.existing:
        if target in site.sources:
            yield _("%(name)s không thể nhập vào chính nó.") % {"name": target.full_name}
        elif any(source.contains(target) for source in site.sources):
            yield _("%(name)s nằm bên dưới đơn vị được nhập hay chia: thành vòng tròn.") % {
                "name": target.full_name
            }
        yield from _must_be_in_force(target, day)
        yield from _must_become(kinds, target.kind)
    for unit in plan.new:
        yield from _must_become(kinds, unit.kind)
        yield from _problems_of_new(site, unit)
    codes = [unit.code for unit in plan.new if unit.code]
    if len(set(codes)) < len(codes):
        yield _("Hai đơn vị mới có cùng một mã.")
    if plan.kind == ReformKind.MERGE and len(plan.new) + len(plan.existing) != 1:
        yield _("Nhập thì cần đúng một đơn vị sau khi nhập.")


def _problems_of_new(site, unit):
    parent = site.rows[unit.parent]
    if not unit.name:
        yield _("Đơn vị mới chưa có tên.")
    yield from _may_stand_under(unit.kind, parent, site.day)
    if any(source.contains(parent) for source in site.sources):
        yield _("Đơn vị mới không thể nằm dưới đơn vị sẽ thôi dùng.")
    if not TreeLevel.exists_on(unit.kind, site.day):
        yield _("Cấp này không còn vào ngày %(day)s.") % {"day": day_words(site.day)}
    if unit.code:
        yield from _problems_of_code(site, unit)
    elif unit.kind not in founding.LETTERS:
        yield _("%(name)s cần mã trong danh mục hành chính.") % {"name": unit.name}


def _problems_of_code(site, unit):
    code = unit.code
    if not (OWN_CODE if unit.kind in founding.LETTERS else OFFICIAL_CODE).fullmatch(code):
        yield _("Mã %(code)s không đúng: mã hành chính chỉ gồm chữ số, nhiều nhất 8 số.") % {"code": code}
        return
    if code in site.plan.sources:
        return  # the largest of those merged goes on under its own code, as communes did in 2025
    others = Organization.objects.exclude(pk__in=[source.pk for source in site.sources])
    if other := others.filter(code=code).first():
        yield _("Mã %(code)s đang là mã của %(name)s.") % {"code": code, "name": other.full_name}
        return
    base = code.partition("@")[0]
    of_another_era = others.filter(code__startswith=f"{base}@", valid_to__lt=site.day - ONE_DAY)
    if other := of_another_era.first():
        yield _("Mã %(code)s là mã của %(name)s thời trước (đến hết ngày %(end)s).") % {
            "code": code,
            "name": other.full_name,
            "end": day_words(other.valid_to),
        }


def _problems_of_split(site):
    plan = site.plan
    keys = {key for key, _target in _target_keys(plan)}
    if len(plan.sources) != 1:
        yield _("Mỗi lần chia tách một đơn vị.")
    if len(keys) < 2:
        yield _("Chia tách thì cần ít nhất hai đơn vị nhận.")
    said = {*plan.children.values(), *plan.texts.values(), plan.rest, plan.board} - {""}
    if said - keys:
        yield _("Có nơi nhận không nằm trong các đơn vị sau khi chia: %(keys)s.") % {
            "keys": ", ".join(sorted(said - keys))
        }
    for source in site.sources:
        left = [child.full_name for child in _children(source) if child.code not in plan.children]
        if left:
            yield _("Chưa chọn nơi nhận cho: %(names)s.") % {"names": ", ".join(left)}


def _problems_of_move(site):
    parent = site.rows.get(site.plan.parent)
    if parent is None:
        yield _("Chưa chọn nơi chuyển về.")
        return
    for source in site.sources:
        name = {"name": source.full_name, "parent": parent.full_name}
        if source.contains(parent):
            yield _("%(name)s không thể nằm dưới chính nó: thành vòng tròn.") % name
        elif source.parent_id == parent.pk:
            yield _("%(name)s đang thuộc %(parent)s rồi.") % name
        yield from _may_stand_under(source.kind, parent, site.day)


def _problems_of_name(site):
    for source in site.sources:
        new = Organization(kind=source.kind, type=site.plan.type or source.type)
        new.set_name(site.plan.name or source.name)
        if (new.full_name, new.type) == (source.full_name, source.type):
            yield _("Tên và loại mới giống như cũ.")
        if source.former_names.filter(valid_to__gte=site.day).exists():
            yield _("Chồng ngày: %(name)s đã đổi tên sau ngày %(day)s.") % {
                "name": source.full_name,
                "day": day_words(site.day),
            }


def _problems_of_closing(site):
    for source in site.sources:
        names = [child.full_name for child in _children(source)[:5]]
        if names:
            yield _("%(name)s còn đơn vị bên dưới: %(names)s. Hãy chuyển, nhập hoặc đóng chúng trước.") % {
                "name": source.full_name,
                "names": ", ".join(names),
            }


def _must_be_in_force(target, day):
    if target.valid_to is not None:
        yield _("%(name)s đã thôi dùng từ hết ngày %(end)s.") % {
            "name": target.full_name,
            "end": day_words(target.valid_to),
        }
    elif target.valid_from > day:
        yield _("%(name)s chưa có vào ngày %(day)s.") % {"name": target.full_name, "day": day_words(day)}


def _must_become(kinds, kind):
    if any(one != kind and (one, kind) not in MAY_BECOME for one in kinds):
        yield _("Chỉ nhập hay chia các đơn vị cùng một cấp.")


def _may_stand_under(kind, parent, day):
    yield from _must_be_in_force(parent, day)
    if parent.kind not in MAY_STAND_UNDER[Kind(kind)]:
        yield _("%(kind)s không đứng dưới %(parent)s.") % {
            "kind": str(Kind(kind).label).capitalize(),
            "parent": parent.full_name,
        }


def _children(source):
    return list(Organization.objects.filter(parent=source, valid_to=None).in_order())


def _target_keys(plan) -> list[tuple[str, NewUnit | str]]:
    new = [(unit.code or new_key(number), unit) for number, unit in enumerate(plan.new, 1)]
    return [*new, *((code, code) for code in plan.existing)]


# --- Doing it ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Carried:
    """What a reform made of the tree, for the floors above: its sources, and its targets by their key."""

    plan: Plan
    day: datetime.date
    sources: list[Organization]
    targets: dict[str, Organization]
    journal: Journal

    @property
    def last_day(self) -> datetime.date:
        return self.day - ONE_DAY

    @property
    def only_target(self) -> Organization | None:
        """What all of a source goes to; none in a split."""
        return next(iter(self.targets.values())) if len(self.targets) == 1 else None

    @property
    def closes_sources(self) -> bool:
        return self.plan.kind in (ReformKind.MERGE, ReformKind.SPLIT, ReformKind.CLOSE)


def carry_out(reform: Reform) -> Carried:
    """Change the tree, in the caller's transaction. Raises Refused; then nothing has changed."""
    plan = Plan.of(reform)
    site = _Site.of(plan, reform.day, held=True)
    if found := _problems(site):
        raise Refused(" ".join(found))
    journal = Journal(reform)
    targets = {}
    if plan.kind in (ReformKind.MERGE, ReformKind.SPLIT, ReformKind.CLOSE):
        _close(journal, site)
        targets = _found(journal, site)
        _follow(journal, site, targets)
        _link(journal, site, targets)
    elif plan.kind == ReformKind.MOVE:
        for source in site.sources:
            _move(journal, source, site.rows[plan.parent], site.day)
    else:
        _rename(journal, site)
    reform.sources.set(site.sources)
    reform.targets.set(targets.values())
    return Carried(plan, site.day, site.sources, targets, journal)


def closed_code(code: str, last_day: datetime.date) -> str:
    """An official code says its era once that is over; one of our own is never used again anyway."""
    if not code.isdigit():
        return code
    plain = f"{code}@{last_day.year}"
    taken = Organization.objects.filter(code=plain).exists()
    return f"{code}@{last_day:%Y%m%d}" if taken else plain


def _close(journal, site):
    last_day = site.day - ONE_DAY
    for source in site.sources:
        row = Organization.objects.filter(pk=source.pk, valid_to=None)
        closed = journal.update(row, valid_to=last_day, code=closed_code(source.code, last_day))
        if not closed:
            raise Refused(_("Có người vừa thay đổi cùng lúc. Hãy làm lại."))
        _end_placements(journal, Placement.objects.filter(organization=source, valid_to=None), site.day)
        source.refresh_from_db(fields=["code", "valid_to"])


def _end_placements(journal, placements, day):
    """A place that began on the very day never was."""
    journal.update(placements.filter(valid_from__lt=day), valid_to=day - ONE_DAY)
    journal.delete(placements.filter(valid_from__gte=day))


def _found(journal, site) -> dict[str, Organization]:
    targets = {}
    for key, unit in _target_keys(site.plan):
        targets[key] = _new(journal, site, unit) if isinstance(unit, NewUnit) else site.rows[unit]
    return targets


def _new(journal, site, unit):
    parent = site.rows[unit.parent]
    path = parent.next_child_path()
    organization = Organization(
        kind=unit.kind,
        type=unit.type,
        code=unit.code or founding.free_code(Kind(unit.kind), parent, path),
        parent=parent,
        path=path,
        valid_from=site.day,
        is_hard_area=any(source.is_hard_area for source in site.sources),
    )
    organization.set_name(unit.name, unit.full_name)
    journal.create([organization])
    journal.create([_placement(organization, site.day)])
    return organization


def _placement(organization, day):
    return Placement(
        organization=organization, parent_id=organization.parent_id, path=organization.path, valid_from=day
    )


def _follow(journal, site, targets):
    """What stood below a source goes to what became of it."""
    only = next(iter(targets.values())) if len(targets) == 1 else None
    for source in site.sources:
        for child in _children(source):
            _move(journal, child, only or targets[site.plan.children[child.code]], site.day)
        if only and only.kind == Kind.VILLAGE:
            journal.update(Household.objects.filter(village=source), village=only)
        if only and only.kind == Kind.CLAN:
            journal.update(Household.objects.filter(clan=source), clan=only)


def _link(journal, site, targets):
    if not targets:
        for source in site.sources:
            closed = Q(pk=source.pk) | Q(heir=source)
            journal.update(Organization.objects.filter(closed), heir=source.parent)
        return
    there = set(Succession.objects.filter(old__in=site.sources).values_list("old", "new"))
    rows = [
        Succession(old=source, new=target)
        for source in site.sources
        for target in targets.values()
        if (source.pk, target.pk) not in there
    ]
    journal.create(rows)
    heir = common(targets.values())
    keys = [source.pk for source in site.sources]
    journal.update(Organization.objects.filter(Q(pk__in=keys) | Q(heir__in=keys)), heir=heir)


def common(organizations: Iterable[Organization]) -> Organization:
    """The one itself, or the lowest that stands above them all."""
    organizations = list(organizations)
    if len(organizations) == 1:
        return organizations[0]
    shared = set.intersection(*({*paths.ancestors(one.path), one.path} for one in organizations))
    return Organization.objects.get(path=max(shared))


def _move(journal, organization, parent, day):
    """A subtree to a free place below another parent, from a day on."""
    organization.refresh_from_db(fields=["path", "parent"])
    parent.refresh_from_db(fields=["path"])
    old, new = organization.path, parent.next_child_path()
    below = Organization.objects.filter(path__gte=old, path__lt=paths.successor(old))
    current = Placement.objects.filter(organization__in=below.values("pk"), valid_to=None)
    from_today = list(current.filter(valid_from__gte=day).values_list("pk", flat=True))
    before = list(current.filter(valid_from__lt=day))
    journal.shift_rows(Placement, from_today, old, new)
    journal.update(Placement.objects.filter(pk__in=[row.pk for row in before]), valid_to=day - ONE_DAY)
    journal.create(
        [
            Placement(
                organization_id=row.organization_id,
                parent_id=parent.pk if row.organization_id == organization.pk else row.parent_id,
                path=new + row.path[len(old) :],
                valid_from=day,
            )
            for row in before
        ]
    )
    journal.update(Placement.objects.filter(pk__in=from_today, organization=organization), parent=parent)
    journal.shift(old, new)
    journal.update(Organization.objects.filter(pk=organization.pk), parent=parent)
    organization.refresh_from_db(fields=["path", "parent"])


def _rename(journal, site):
    for source in site.sources:
        began = source.former_names.order_by("-valid_to").values_list("valid_to", flat=True).first()
        former = FormerName(
            organization=source,
            type=source.type,
            name=source.name,
            full_name=source.full_name,
            valid_from=began + ONE_DAY if began else source.valid_from,
            valid_to=site.day - ONE_DAY,
        )
        journal.create([former])
        source.type = site.plan.type or source.type
        source.set_name(site.plan.name or source.name)
        fields = ("type", "name", "full_name", "name_search", "name_sort")
        row = Organization.objects.filter(pk=source.pk, valid_to=None)
        journal.update(row, **{name: getattr(source, name) for name in fields})
