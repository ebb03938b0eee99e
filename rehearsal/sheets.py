"""The sheet at the end: what somebody did in a rehearsal, and what would have become of everybody."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Citizen
from assessments.models import Assessment, Outcome, State
from assessments.models.assessment import CLOSED_STATES, NEVER_SENT
from audit.models import Event
from rehearsal.spaces import Card

LEFT = [State.SUBMITTED, State.RETURNED, State.UNCONFIRMED]


@dataclass(frozen=True)
class Sheet:
    figures: list[tuple[str, int]]
    deeds: list[tuple[str, int]]
    left: list[Assessment]
    not_sent: int
    is_locked: bool


def of(card: Card) -> Sheet:
    records = Assessment.objects.filter(campaign__year=card.year)
    counted = records.aggregate(
        registered=Count("pk"),
        confirmed=Count("pk", filter=Q(state=State.CONFIRMED)),
        achieved=Count("pk", filter=Q(state=State.CONFIRMED, outcome=Outcome.ACHIEVED)),
        left=Count("pk", filter=Q(state__in=LEFT)),
        not_sent=Count("pk", filter=Q(state__in=NEVER_SENT)),
    )
    people = Citizen.objects.count()
    return Sheet(
        figures=[
            (_("Người trong danh sách"), people),
            (_("Chưa đăng ký"), people - counted["registered"]),
            (_("Đăng ký mà chưa gửi"), counted["not_sent"]),
            (_("Ban đã xác nhận"), counted["confirmed"]),
            (_("trong đó Đạt"), counted["achieved"]),
            (_("Ban chưa xác nhận"), counted["left"]),
        ],
        deeds=_deeds(card),
        left=list(records.filter(state__in=LEFT).select_related("citizen").by_name()),
        not_sent=counted["not_sent"],
        is_locked=records.filter(state__in=CLOSED_STATES).exists(),
    )


def _deeds(card):
    """From the space's own record of events, which tells every step."""
    mine = Event.objects.filter(actor=card.user)
    steps = dict(mine.filter(verb="step").order_by().values_list("new").annotate(Count("pk")))
    return [
        (_("Xác nhận"), steps.get(State.CONFIRMED, 0)),
        (_("Trả lại"), steps.get(State.RETURNED, 0)),
        (_("Đổi điểm một chỉ số"), mine.filter(verb="score").count()),
        (_("Lần xác nhận cả danh sách"), mine.filter(verb="confirm_many").count()),
    ]
