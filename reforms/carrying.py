"""A reform with all that hangs on the tree: rehearsed, carried out in one transaction, undone within 30 days.

This room stands on all floors that know people, boards and records, and calls one function of each.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import resettling
from accounts.models import Appointment, Citizen
from assessments import rehoming
from assessments.models import Assessment
from assessments.models.assessment import OPEN_STATES
from audit import clock, events
from organizations import journal as journals
from organizations import paths, reforms
from organizations.journal import Journal, Refused
from organizations.models import Organization, Reform, ReformState
from reforms import notices

UNDO_WITHIN = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Held:
    """What hangs on one place and all below it."""

    name: str
    code: str
    people: int
    seats: int
    open_records: int
    records: int


@dataclass(frozen=True)
class Rehearsal:
    """What a reform would do: each place before and after, and whom it leaves for a person to place."""

    before: list[Held]
    after: list[Held]
    waiting: int
    problems: list[str]


class _Enough(Exception):
    """Ends a rehearsal: everything is rolled back."""


def may_reform(user, reform_or_organization) -> bool:
    """Officers change what stands below their own association, or below one under it."""
    organization = getattr(reform_or_organization, "organization", reform_or_organization)
    return any(seat.contains(organization) for seat in offices(user))


def offices(user) -> list[Organization]:
    seats = user.appointments.officers().select_related("organization")
    return [seat.organization for seat in seats if seat.organization.valid_to is None]


def within(plan, organization: Organization) -> list[str]:
    """Why a plan reaches beyond the organization on whose behalf it is made; nothing where it does not."""
    rows = {row.code: row for row in Organization.objects.filter(code__in=plan.codes)}
    strictly_below = [rows[code] for code in (*plan.sources, *plan.existing) if code in rows]
    parents = [rows[code] for code in (plan.parent, *(unit.parent for unit in plan.new)) if code in rows]
    beyond = [row for row in strictly_below if row == organization or not organization.contains(row)]
    beyond += [row for row in parents if not organization.contains(row)]
    return [
        _("%(name)s không nằm dưới %(own)s.") % {"name": row.full_name, "own": organization.full_name}
        for row in beyond
    ]


def rehearse(reform: Reform) -> Rehearsal:
    """Carry the reform out and take everything back, counting before and after."""
    plan = reforms.Plan.of(reform)
    found = within(plan, reform.organization) or reforms.problems(plan, reform.day)
    touched = list(Organization.objects.filter(code__in={*plan.sources, *plan.existing}).in_order())
    before = [held(one) for one in touched]
    after, waiting = [], 0
    if not found:
        try:
            with transaction.atomic():
                carried = _carry(reform)
                after, waiting = _held_after(carried), _waiting(carried)
                raise _Enough
        except _Enough:
            pass
        except Refused as refusal:
            found = [str(refusal)]
    return Rehearsal(before, after, waiting, found)


def _held_after(carried):
    places = {one.pk: one for one in [*carried.sources, *carried.targets.values()]}
    return [held(one) for one in Organization.objects.filter(pk__in=places).in_order()]


def _waiting(carried):
    return sum(resettling.waiting_at(source).count() for source in carried.sources if carried.closes_sources)


def held(organization: Organization) -> Held:
    below = Organization.objects.filter(paths.at_or_below(organization.path)).values("pk")
    records = Assessment.objects.filter(board__in=below)
    return Held(
        organization.full_name,
        organization.code,
        people=Citizen.objects.of_boards(below).count(),
        seats=Appointment.objects.in_office().filter(organization__in=below).count(),
        open_records=records.filter(state__in=OPEN_STATES).count(),
        records=records.count(),
    )


@transaction.atomic
def carry_out(reform: Reform, *, by=None) -> reforms.Carried:
    """Do it whole. Raises Refused with the reason; then nothing has changed."""
    if by is not None and not may_reform(by, reform):
        raise PermissionDenied
    now = clock.now()
    claimed = Reform.objects.filter(pk=reform.pk, state=ReformState.PLANNED).update(
        state=ReformState.DONE, done_at=now
    )
    if not claimed:
        raise Refused(_("Thay đổi này đã được thực hiện."))
    if beyond := within(reforms.Plan.of(reform), reform.organization):
        raise Refused(" ".join(beyond))
    carried = _carry(reform)
    notices.tell(reform, notices.whom(reform))
    _note("reform", reform, by, now)
    reform.refresh_from_db()
    return carried


def _carry(reform):
    carried = reforms.carry_out(reform)
    resettling.carry(carried)
    rehoming.carry(carried)
    carried.journal.close()
    return carried


def can_undo(reform: Reform) -> bool:
    return reform.state == ReformState.DONE and clock.now() < reform.done_at + UNDO_WITHIN


@transaction.atomic
def undo(reform: Reform, *, by=None, reason="") -> None:
    """Bring back everything as it was. Refused after 30 days, or where something later is in the way."""
    if by is not None and not may_reform(by, reform):
        raise PermissionDenied
    now = clock.now()
    if reform.done_at and now >= reform.done_at + UNDO_WITHIN:
        raise Refused(_("Đã quá 30 ngày, không hoàn tác được nữa. Hãy lập một thay đổi mới."))
    claimed = Reform.objects.filter(pk=reform.pk, state=ReformState.DONE).update(
        state=ReformState.UNDONE, undone_at=now
    )
    if not claimed:
        raise Refused(_("Thay đổi này không còn để hoàn tác."))
    moved = notices.whom(reform)
    rehoming.take_back(reform)
    reform.targets.clear()
    journals.undo(reform)
    notices.tell(reform, moved, is_undone=True)
    _note("undo_reform", reform, by, now, {"reason": reason} if reason else {})
    reform.refresh_from_db()


@transaction.atomic
def place(reform: Reform, people: Iterable[int], target: Organization, *, by) -> int:
    """Place people whom no rule of a split placed, and their records; an undo takes that back too."""
    if not may_reform(by, reform) or not reform.targets.contains(target):
        raise PermissionDenied
    held_reform = Reform.objects.select_for_update().filter(state=ReformState.DONE).get(pk=reform.pk)
    journal, last_day = Journal(held_reform), reform.day - reforms.ONE_DAY
    keys = list(people)
    moved = 0
    for source in reform.sources.all():
        moved += resettling.settle(journal, resettling.waiting_at(source).filter(pk__in=keys), source, target)
        rehoming.follow(journal, last_day, source, [target])
    journal.close()
    notices.tell(reform, notices.whom(reform).intersection(keys))
    _note("place_after_split", reform, by, clock.now(), new=f"{moved} → {target.code}")
    return moved


def _note(verb, reform, by, at, private=None, new=""):
    codes = ", ".join(reform.plan["sources"])
    events.record(
        verb,
        reform,
        by=by,
        at=at,
        organization=reform.organization,
        old=f"{reform.kind} {reform.day:%Y-%m-%d}: {codes}"[:100],
        new=new or reform.legal_basis[:100],
        private=private or {},
    )
