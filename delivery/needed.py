"""Whether what a notice asks of somebody is still to be done. Nobody who is done is written to."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from assessments.models import Assessment, Audience, BoardTally, CriteriaMove, Reminder, State
from assessments.models.assessment import DRAFT_STATES
from assessments.reminders import OWED
from audit import clock
from criteria.models import Level
from delivery.models import Delivery


def needless(deliveries: Iterable[Delivery]) -> set[int]:
    """Those whose matter is settled by now; a query for each kind of notice among them."""
    of_kind = defaultdict(list)
    for delivery in deliveries:
        kind, *numbers = delivery.message.key.split(":")
        of_kind[kind].append((delivery.pk, numbers))
    return {pk for kind, asked in of_kind.items() if kind in SETTLED for pk in SETTLED[kind](asked)}


def _registered(asked):
    """'nudge:<campaign>:<citizen>:…': they have registered."""
    pairs = {(int(campaign), int(citizen)) for _pk, (campaign, citizen, *_rest) in asked}
    either = Q(
        campaign__in={campaign for campaign, _ in pairs}, citizen__in={citizen for _, citizen in pairs}
    )
    records = Assessment.objects.filter(either, level=Level.CITIZEN)
    done = set(records.values_list("campaign", "citizen"))
    return [pk for pk, (campaign, citizen, *_rest) in asked if (int(campaign), int(citizen)) in done]


def _answered(asked):
    """'returned:<record>:…': they have sent it again, or it was closed."""
    return _no_longer(State.RETURNED, [(pk, int(record)) for pk, (record, *_rest) in asked])


def _looked_at(asked):
    """'criteria:<record>:<version>': they have looked at what changed, or can no longer."""
    keys = [int(record) for _pk, (record, *_rest) in asked]
    unseen = CriteriaMove.objects.filter(
        assessment__in=keys, looked_at=None, assessment__state__in=DRAFT_STATES
    )
    still = set(unseen.values_list("assessment", flat=True))
    return [pk for pk, (record, *_rest) in asked if int(record) not in still]


def _caught_up(asked):
    """'remind:<round>:<record>' or 'remind:<round>:<board>:<member>': nothing of it is owed any more."""
    now = clock.now()
    rounds = Reminder.objects.in_bulk({int(number) for _pk, (number, *_whom) in asked})
    done, of_state, of_boards = [], defaultdict(list), []
    for pk, (number, whom, *_member) in asked:
        reminder = rounds[int(number)]
        if reminder.closes_at <= now:
            done.append(pk)
        elif reminder.audience == Audience.BOARD:
            of_boards.append((pk, reminder, int(whom)))
        else:
            state, _steps = OWED[reminder.audience]
            of_state[state].append((pk, int(whom)))
    for state, records in of_state.items():
        done += _no_longer(state, records)
    return done + _nobody_waits(of_boards)


def _nobody_waits(asked):
    waiting = BoardTally.objects.filter(
        board__in=[board for _pk, _reminder, board in asked], state=State.SUBMITTED, count__gt=0
    )
    somebody = set(waiting.values_list("campaign", "level", "board"))
    return [
        pk for pk, reminder, board in asked if (reminder.campaign_id, reminder.level, board) not in somebody
    ]


def _no_longer(state, asked):
    left = Assessment.objects.filter(pk__in=[record for _pk, record in asked], state=state)
    still = set(left.values_list("pk", flat=True))
    return [pk for pk, record in asked if record not in still]


SETTLED = {"criteria": _looked_at, "nudge": _registered, "returned": _answered, "remind": _caught_up}
