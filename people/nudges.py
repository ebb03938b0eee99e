"""Reminding the people of a board who have not registered yet: by a message, or by word of mouth."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import resolve_url
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import claiming
from accounts.models import Citizen, Message
from assessments import turnout, windows
from assessments.models import Campaign, Window, WindowStep
from audit import clock, events
from organizations import boards
from organizations.models import Organization
from people.models import Nudge, NudgeKind
from vietnamese import dates

CHUNK = 500
NOT_AGAIN_FOR = datetime.timedelta(days=7)


def with_account(citizens: QuerySet[Citizen]) -> QuerySet[Citizen]:
    """Those whom a message reaches."""
    return citizens.filter(user__is_active=True)


def not_reminded(citizens: QuerySet[Citizen], campaign: Campaign, now) -> QuerySet[Citizen]:
    """Those whom nobody has reminded in the last days."""
    lately = Nudge.objects.filter(citizen=OuterRef("pk"), campaign=campaign, at__gt=now - NOT_AGAIN_FOR)
    return citizens.exclude(Exists(lately))


def closing(organization: Organization, campaign: Campaign, now) -> Window | None:
    """Until when one may still register at a board; None where one may not."""
    opening = windows.opening_at(WindowStep.REGISTRATION, campaign, organization, now)
    is_open = opening is not None and opening.is_open(now)
    return opening if is_open and not windows.confirmation_over(campaign, organization, now) else None


def remind(
    people: Iterable[int], kind: NudgeKind, *, organization: Organization, campaign: Campaign, by
) -> int:
    """Remind those of the people who may be reminded now; how many they were.

    Who they are is found in the transaction that tells them, chunk by chunk: nobody who has registered
    meanwhile, and of two clicks one tells.
    """
    if not claiming.may_keep(by, organization):
        raise PermissionDenied
    opening = closing(organization, campaign, clock.now())
    if opening is None:
        return 0
    keys = sorted(people)
    return sum(
        _remind(keys[start : start + CHUNK], kind, organization, campaign, opening, by)
        for start in range(0, len(keys), CHUNK)
    )


@transaction.atomic
def _remind(keys, kind, organization, campaign, opening, by):
    now = clock.now()
    # Held before they are read: another click is over then or waits. Who is registering does not wait.
    list(Citizen.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    missing = turnout.unregistered(organization, campaign).filter(pk__in=keys)
    if kind == NudgeKind.MESSAGE:
        missing = with_account(missing)
    due = list(not_reminded(missing, campaign, now).order_by("pk").values_list("pk", flat=True))
    Nudge.objects.bulk_create(
        Nudge(campaign=campaign, citizen_id=pk, organization=organization, kind=kind, by=by, at=now)
        for pk in due
    )
    if kind == NudgeKind.MESSAGE:
        Message.objects.tell([_notice(pk, organization, campaign, opening, now) for pk in due])
    if due:
        events.record(
            "nudge", organization, by=by, at=now, organization=organization, new=f"{kind} {len(due)}"
        )
    return len(due)


def _notice(pk, organization, campaign, opening, now):
    words = {
        "board": capfirst(boards.name_of(organization)),
        "year": campaign.year,
        "until": dates.until_words(opening.closes_at),
    }
    return Message(
        citizen_id=pk,
        key=f"nudge:{campaign.pk}:{pk}:{now:%Y%m%d%H%M%S}",
        subject=_("Bạn chưa đăng ký danh hiệu học tập năm %(year)s") % words,
        body=_(
            "%(board)s nhắc bạn đăng ký rồi tự chấm điểm, đến %(until)s. "
            "Cần giúp thì hỏi ban. Nếu bạn không muốn đăng ký, không phải làm gì."
        )
        % words,
        link=resolve_url("assessments:register"),
        at=now,
    )
