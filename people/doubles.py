"""The same person on the lists twice: found by name, birth and commune, brought together by a person."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts import claiming
from accounts.models import Citizen, Message
from assessments import rehoming
from assessments.models import Assessment
from audit import clock, events
from organizations import boards
from organizations.journal import Journal, Refused
from organizations.models import Kind, Organization
from people.matching import same_birth
from people.models import Moved, NotTheSame, RosterRow, Transfer, TransferKind
from people.moves import ONE_DAY, hand_number

CHUNK = 400
PLACES = [("village", "village_text"), ("unit", "unit_text")]


@dataclass(frozen=True)
class Double:
    """Two who may be one person. `kept` goes on: who has an account, else a number, else came first."""

    kept: Citizen
    gone: Citizen

    @classmethod
    def of(cls, first, second):
        def order(one):
            return one.user_id is None, one.identity_digest is None, one.pk

        return cls(*sorted([first, second], key=order))


def may_look(user, commune: Organization) -> bool:
    """Who keeps the list of the whole commune: a unit or village sees one half of a pair."""
    return commune.kind == Kind.COMMUNE and claiming.may_keep(user, commune)


def among(commune: Organization) -> list[Double]:
    """All pairs of a commune that may be one person, by name."""
    there = Citizen.objects.at(commune)
    named = there.order_by().values("name_search", "birth_year").annotate(people=Count("pk"))
    names = sorted(set(named.filter(people__gt=1).values_list("name_search", flat=True)))
    alike = defaultdict(list)
    for start in range(0, len(names), CHUNK):
        some = there.filter(name_search__in=names[start : start + CHUNK])
        for citizen in some.select_related("village", "unit").in_order():
            alike[citizen.name_search, citizen.birth_year].append(citizen)
    decided = NotTheSame.objects.filter(first__commune=commune).values_list("first", "second")
    apart = {frozenset(pair) for pair in decided}
    return [
        Double.of(first, second)
        for citizens in alike.values()
        for first, second in combinations(citizens, 2)
        if _is_alike(first, second) and frozenset((first.pk, second.pk)) not in apart
    ]


def between(commune: Organization, first: int, second: int) -> Double | None:
    """The pair of these two, if they may be one person still."""
    two = list(Citizen.objects.at(commune).filter(pk__in=[first, second]).select_related("village", "unit"))
    if len(two) < 2 or not _is_alike(*two) or NotTheSame.objects.of(*two).exists():
        return None
    return Double.of(*two)


def _is_alike(first, second):
    """As far as both are known; two numbers are two people."""
    born = {"birth_date": second.birth_date, "birth_year": second.birth_year}
    both_numbered = first.identity_digest and second.identity_digest
    return first.name_search == second.name_search and same_birth(first, born) and not both_numbered


def why_not(double: Double) -> str:
    """What stands in the way of bringing the two together; empty where nothing does."""
    if double.gone.user_id:
        return _("Cả hai đều có tài khoản. Hỏi người ấy dùng tài khoản nào rồi báo hội cấp trên.")
    if Assessment.objects.filter(citizen=double.gone).exists():
        return _("Bên thôi dùng đã có hồ sơ, nên không gộp được.")
    return ""


# --- The two answers ------------------------------------------------------------------------------


@transaction.atomic
def tell_apart(double: Double, *, commune: Organization, by) -> None:
    """Say that they are two people: they are not listed again."""
    if not may_look(by, commune):
        raise PermissionDenied
    now = clock.now()
    NotTheSame.objects.tell(double.kept, double.gone, by=by)
    events.record_many(
        events.Entry("tell_apart", one, by=by, at=now, organization=commune, subject=one.pk)
        for one in (double.kept, double.gone)
    )


@transaction.atomic
def merge(double: Double, *, commune: Organization, reason: str, by) -> Transfer:
    """Make one person of two: what the kept one lacks comes from the other, which leaves the lists.

    An undo brings both back. Raises Refused where something stands in the way.
    """
    if not may_look(by, commune):
        raise PermissionDenied
    held = Citizen.objects.select_for_update().filter(pk__in=[double.kept.pk, double.gone.pk]).order_by("pk")
    list(held)
    double = between(commune, double.kept.pk, double.gone.pk)
    if double is None:
        raise Refused(_("Hai người này không còn giống nhau, hoặc đã được gộp. Xem lại danh sách."))
    if refusal := why_not(double):
        raise Refused(refusal)
    kept, gone = double.kept, double.gone
    transfer = Transfer.objects.create(
        kind=TransferKind.MERGE,
        organization=commune,
        reason=reason,
        by=by,
        number_moved=bool(gone.identity_digest),
    )
    journal = Journal(transfer)
    before = kept.board_id
    _take_from(journal, kept, gone)
    if transfer.number_moved:
        hand_number(gone, kept)
    if kept.board_id != before:
        rehoming.go_with(journal, transfer.day - ONE_DAY, [kept.pk], before, kept.board)
    journal.close()
    Moved.objects.create(transfer=transfer, citizen=kept, source_id=before, target_id=kept.board_id)
    Moved.objects.create(transfer=transfer, citizen=gone, source_id=gone.board_id)
    events.record_many(
        events.Entry(
            "merge_people",
            one,
            by=by,
            at=transfer.at,
            organization=commune,
            subject=one.pk,
            old=str(gone.pk),
            new=str(kept.pk),
            private={"reason": reason},
        )
        for one in (kept, gone)
    )
    Message.objects.tell([_notice(transfer, kept)])
    return transfer


def _take_from(journal, kept, gone):
    """Only what was empty is filled: what a person said stays."""
    filled = {
        name: getattr(gone, name)
        for name in ("birth_date", "phone", "email", "household")
        if getattr(gone, name) and not getattr(kept, name)
    }
    for place, typed in PLACES:
        if not getattr(kept, place) and (getattr(gone, place) or not getattr(kept, typed)):
            filled |= {place: getattr(gone, place), typed: getattr(gone, typed)}
    journal.update(Citizen.objects.filter(pk=gone.pk), departed_on=clock.today())
    journal.update(Citizen.objects.filter(pk=kept.pk), **filled)
    journal.update(RosterRow.objects.filter(citizen=gone), citizen=kept)
    for name, value in filled.items():
        setattr(kept, name, value)


def _notice(transfer, citizen):
    return Message(
        citizen=citizen,
        key=f"transfer:{transfer.pk}:{citizen.pk}",
        subject=_("Tên bạn được ghi hai lần, nay đã gộp làm một"),
        body=_(
            "%(by)s, %(who)s, đã gộp hai lần ghi tên bạn. Lý do: “%(reason)s”. Xem lại những gì cổng giữ về "
            "bạn; nếu không đúng, báo nơi ấy để tách lại."
        )
        % {"by": transfer.by, "who": boards.name_of(transfer.organization), "reason": transfer.reason},
        link=resolve_url("accounts:profile"),
    )
