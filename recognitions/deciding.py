"""The decision comes back: number, day and signer are written down, and the recognitions exist."""

import calendar
import datetime
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Message
from assessments import workflow
from audit import clock, events
from criteria.models import Level, Scope
from recognitions import minutes
from recognitions.models import CommendationList, Decision, DecisionState, Recognition
from recognitions.models.decision import NUMBER_LENGTH
from recognitions.refusals import RefusedAt
from reports import letterhead
from vietnamese import dates, paper_numbers, text

CHUNK = 1000
SHOWN = 5


def words_of(decision) -> str:
    """'Quyết định số 12/QĐ-HKH ngày 15/01/2027 của hội khuyến học xã Thạch Khê.'"""
    return _("%(decision)s của %(issuer)s.") % {
        "decision": decision,
        "issuer": text.lower_first(decision.issuer_name),
    }


def number_key(number) -> str:
    return paper_numbers.key(number, NUMBER_LENGTH)


def usual_months(decision) -> int:
    """The ministry's titles are kept for three years, all others are earned every year."""
    scopes = [Scope.COMMUNE, Scope.PROVINCE]
    kept = decision.nominations.filter(assessment__criteria_set__scope__in=scopes)
    by_ministry = (
        kept
        if decision.level == Level.COMMUNITY
        else kept.filter(assessment__criteria_set__scope=Scope.PROVINCE)
    )
    return 36 if by_ministry.exists() else 12


def last_day(on, months) -> datetime.date | None:
    """The last day of a term of so many months that begins on a day; none without a term."""
    if not months:
        return None
    years, month = divmod(on.month - 1 + months, 12)
    year, month = on.year + years, month + 1
    day = min(on.day, calendar.monthrange(year, month)[1])
    return datetime.date(year, month, day) - datetime.timedelta(days=1)


@transaction.atomic
def decide(decision, *, number, on, signer_name, signer_post, months, by) -> None:
    """Write the decision down; `recognise` makes what follows from it."""
    held = minutes.hold(decision.pk, [DecisionState.SUBMITTED], by)
    minutes.ask_day(
        held, on, field="decided_on", not_before=held.submission_on, what=_("ngày ghi trên tờ trình")
    )
    minutes.ask_day(
        held,
        on,
        field="decided_on",
        not_before=minutes.last_confirmed_on(held),
        what=_("ngày xác nhận cuối cùng"),
    )
    _ask_unchanged(held)
    basis = minutes.ask_provisional(None, held.level) if held.is_provisional else ""
    with one_number(held.issuer, number, on):
        Decision.objects.filter(pk=held.pk).update(
            state=DecisionState.DECIDING,
            heartbeat_at=None,
            provisional_basis=basis,
            valid_until=last_day(on, months),
            **written(held.issuer, number, on, signer_name, signer_post, by),
        )
    minutes.record(held, "decide", by=by, new=f"{number} {on:%d/%m/%Y} {signer_name}")


def written(issuer, number, on, signer_name, signer_post, by) -> dict[str, Any]:
    """What a decision that came back says of itself, in the columns for it."""
    return {
        "issuer_name": capfirst(letterhead.association(issuer)),
        "number": number,
        "number_key": number_key(number),
        "decided_on": on,
        "year": on.year,
        "signer_name": signer_name,
        "signer_post": signer_post,
        "decided_by": by,
        "decided_at": clock.now(),
    }


@contextmanager
def one_number(issuer, number, on):
    """Refuse a number that is borne already, also by what another writes in the same moment."""
    ask_number(issuer, number, on)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        ask_number(issuer, number, on)
        raise RefusedAt(None, _("Chưa ghi được. Mở lại trang rồi làm lại.")) from error


def ask_number(issuer, number, on, *, revokes=False) -> None:
    """Refuse a number that another decision of the association bears in that year, whatever it is about.

    One that `revokes` may be over several papers.
    """
    same = {"issuer": issuer, "year": on.year, "number_key": number_key(number)}
    borne = [
        day
        for kind in (Decision, CommendationList)
        for day in kind.objects.filter(**same).values_list("decided_on", flat=True)
    ]
    own = Q(decision__issuer=issuer) | Q(
        decision__issuer__heir=issuer, revoked_on__gt=F("decision__issuer__valid_to")
    )
    revoked = Recognition.objects.filter(own, revoked_on__year=on.year).order_by()
    for day, given in revoked.values_list("revoked_on", "revocation_number").distinct():
        if number_key(given) == same["number_key"] and not (revokes and day == on):
            borne.append(day)
    if borne:
        raise RefusedAt(
            "number",
            _("Số này đã ghi cho quyết định ngày %(day)s. Xem lại số trên quyết định vừa ký.")
            % {"day": dates.day_words(borne[0])},
        )


def _ask_unchanged(decision):
    """Nobody is recognised whose record is not what the minutes were written on any more."""
    if not decision.nominated:
        raise RefusedAt(None, _("Danh sách không còn ai. Bỏ đợt này rồi lập đợt khác."))
    changed = decision.nominations.proposed().changed_since()
    if count := changed.count():
        names = ", ".join(changed.in_order().values_list("holder_name", flat=True)[:SHOWN])
        raise RefusedAt(
            None,
            _(
                "%(count)d hồ sơ đã thay đổi sau khi lập danh sách, không còn là đã xác nhận và đạt, hoặc "
                "đang chờ xem lại: %(names)s. Đưa các hồ sơ ấy ra khỏi danh sách rồi ghi lại."
            )
            % {"count": count, "names": names},
        )


@transaction.atomic
def recognise(pk: int) -> None:
    """All recognitions of a decision whose number is written down, or none; done twice they are the same.

    Raises Refused where a record changed since; `give_back` then lets it be decided once more.
    """
    decision = (
        Decision.objects.select_for_update(of=("self",)).select_related("issuer", "campaign").get(pk=pk)
    )
    if decision.state != DecisionState.DECIDING:
        return
    _ask_unchanged(decision)
    now = clock.now()
    proposed = decision.nominations.proposed().in_order()  # and so their papers are printed
    made = (
        Recognition(
            decision=decision,
            assessment_id=each.assessment_id,
            holder_name=each.holder_name,
            place_name=each.place_name,
            valid_from=decision.decided_on,
            valid_until=decision.valid_until,
            recognised_at=now,
        )
        for each in proposed.iterator(chunk_size=CHUNK)
    )
    Recognition.objects.bulk_create(made, batch_size=CHUNK)
    events.record(
        "recognise",
        decision,
        by=decision.decided_by,
        at=now,
        organization=decision.issuer,
        old=str(decision.nominated),
        new=words_of(decision),
    )
    # The counters of the boards are changed in there: other locks come before.
    decision.nominations.filter(is_open=True).update(is_open=False)
    Decision.objects.filter(pk=pk).update(state=DecisionState.DECIDED)
    workflow.recognise(
        decision.nominations.proposed()
        .order_by("assessment")
        .values_list("assessment", flat=True)
        .iterator(),
        by=decision.decided_by,
        at=now,
        issuer=decision.issuer,
        words=words_of(decision),
    )


@transaction.atomic
def give_back(pk: int, why: str) -> None:
    """Let a decision that could not be carried out be what it was before, and tell who wrote it down."""
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("issuer", "campaign", "decided_by")
        .get(pk=pk)
    )
    if decision.state != DecisionState.DECIDING:
        return
    by, number = decision.decided_by, decision.number
    Decision.objects.filter(pk=pk).update(
        state=DecisionState.SUBMITTED,
        number="",
        number_key="",
        decided_on=None,
        year=None,
        signer_name="",
        signer_post="",
        valid_until=None,
        decided_by=None,
        decided_at=None,
    )
    now = clock.now()
    events.record("give_back_decision", decision, by=by, at=now, organization=decision.issuer, old=number)
    decision.refresh_from_db()
    Message.objects.tell(
        [
            Message(
                user=by,
                key=f"given_back:{pk}:{now.timestamp():.0f}",
                subject=_("Chưa ghi được quyết định số %(number)s") % {"number": number},
                body=why,
                link=decision.get_absolute_url(),
            )
        ]
    )
