"""Doing a reform. Sources are closed and never deleted; successions lead both ways; what stood below a source
follows it, one UPDATE of paths per subtree; every place in the tree is dated.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

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
    Succession,
    SupportLine,
)
from organizations.reforms.judging import problems_at
from organizations.reforms.plans import ONE_DAY, NewUnit, Plan, Site, children, target_keys


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
    site = Site.of(plan, reform.day, held=True)
    if found := problems_at(site):
        raise Refused(" ".join(found))
    journal = Journal(reform)
    targets = {}
    if plan.kind in (ReformKind.MERGE, ReformKind.SPLIT, ReformKind.CLOSE):
        _close(journal, site)
        targets = _found(journal, site)
        _follow(journal, site, targets)
        _link(journal, site, targets)
        _support(journal, site, targets)
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
    for key, unit in target_keys(site.plan):
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
        for child in children(source):
            _move(journal, child, only or targets[site.plan.children[child.code]], site.day)
        if only and only.kind == Kind.VILLAGE:
            journal.update(Household.objects.filter(village=source), village=only)
        if only and only.kind == Kind.CLAN:
            journal.update(Household.objects.filter(clan=source), clan=only)


def _support(journal, site, targets):
    """Who helped goes on helping as what it became; in a split nobody knows who, and the line ends."""
    only = next(iter(targets.values())) if len(targets) == 1 else None
    for source in site.sources:
        lines = SupportLine.objects.filter(Q(supporter=source) | Q(unit=source))
        standing = lines.filter(Q(valid_to=None) | Q(valid_to__gte=site.day))
        begun = list(standing.filter(valid_from__lt=site.day).order_by("pk"))
        journal.delete(standing.filter(valid_from__gte=site.day))
        journal.update(
            SupportLine.objects.filter(pk__in=[line.pk for line in begun]), valid_to=site.day - ONE_DAY
        )
        if only and only.kind == source.kind:
            journal.create([_line_after(line, source, only, site.day) for line in begun])


def _line_after(line, source, target, day):
    return SupportLine(
        supporter_id=target.pk if line.supporter_id == source.pk else line.supporter_id,
        unit_id=target.pk if line.unit_id == source.pk else line.unit_id,
        valid_from=day,
        valid_to=line.valid_to,
    )


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
    below = Organization.objects.filter(paths.at_or_below(old))
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
