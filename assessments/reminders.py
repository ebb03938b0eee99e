"""Reminding who still owes something, days before it closes: citizens with a draft, boards with people.

A round of reminding is a row; it goes on chunk by chunk wherever it stopped. Who is told is found in the
transaction that tells them: nobody who is done, and everybody at most once a round.
"""

import datetime

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, Message
from assessments import tally, unsent
from assessments.models import (
    Assessment,
    Audience,
    BoardTally,
    Campaign,
    Extension,
    Reminder,
    State,
    Window,
    WindowStep,
)
from audit import clock
from criteria.models import Level
from vietnamese import dates
from vietnamese.numbers import format_integer

CHUNK = 500
BOARDS = 50
# In which state a record lies that somebody owes something about, and what must be open for it.
OWED = {
    Audience.UNSENT: (State.REGISTERED, [WindowStep.SELF_ASSESSMENT, WindowStep.CONFIRMATION]),
    Audience.RETURNED: (State.RETURNED, [WindowStep.ANSWER, WindowStep.CONFIRMATION]),
    Audience.BOARD: (State.SUBMITTED, [WindowStep.CONFIRMATION]),
}


def send(now) -> None:
    """Go on with every round that is due."""
    for campaign in Campaign.objects.until(now):
        for audience, (_state, steps) in OWED.items():
            for closes_at, days in due(campaign, steps, now):
                reminder, _is_new = Reminder.objects.get_or_create(
                    campaign=campaign,
                    level=Level.CITIZEN,
                    audience=audience,
                    closes_at=closes_at,
                    days=days,
                    defaults={"begun_at": now},
                )
                while not reminder.done_at and _go_on(reminder):
                    pass


def due(campaign, steps, now):
    """The moments of closing that near, each with the last round that is due before it.

    Rounds that were missed are not caught up, nor those of before it opened.
    """
    closings = {}
    of_steps = {"campaign": campaign, "level": Level.CITIZEN, "step__in": steps}
    for opening in [
        *Window.objects.filter(Window.open_at(now), **of_steps),
        *Extension.objects.open_at(now).filter(**of_steps),
    ]:
        rounds = [
            days
            for days in campaign.reminder_days
            if opening.opens_at <= opening.closes_at - datetime.timedelta(days=days) <= now
        ]
        if rounds:
            nearest = min(rounds)
            closings[opening.closes_at] = min(nearest, closings.get(opening.closes_at, nearest))
    return sorted(closings.items())


@transaction.atomic
def _go_on(reminder):
    """Tell the next few. Whether there may be more."""
    now = clock.now()
    held = Reminder.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=reminder.pk)
    if held.done_at or now >= held.closes_at:
        return False
    tell = _tell_boards if held.audience == Audience.BOARD else _tell_citizens
    last = tell(held, now)
    if last is None:
        held.done_at = now
    else:
        held.up_to = last
    held.save(update_fields=["up_to", "done_at"])
    return last is not None


def _left(reminder, now):
    """The records that somebody owes something about and that close at this very moment."""
    state, steps = OWED[reminder.audience]
    records = Assessment.objects.filter(campaign=reminder.campaign, level=reminder.level, state=state)
    return records.ending(steps, now).filter(ends_at=reminder.closes_at)


def _tell_citizens(reminder, now):
    state, _steps = OWED[reminder.audience]
    records = Assessment.objects.filter(campaign=reminder.campaign, level=reminder.level, state=state)
    following = records.filter(pk__gt=reminder.up_to).order_by("pk")
    keys = list(following.values_list("pk", flat=True)[:CHUNK])
    # Held before they are read: who is sending the record has sent it then, or sends it after this.
    chunk = Assessment.objects.filter(pk__in=keys)
    list(chunk.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    owing = _left(reminder, now).filter(pk__in=keys, citizen__departed_on=None)
    filled = set(owing.filter(unsent.filled()).values_list("pk", flat=True))
    Message.objects.tell(
        [_to_citizen(record, reminder, record.pk in filled, now) for record in owing.order_by("pk")]
    )
    return keys[-1] if keys else None


def _to_citizen(record, reminder, is_filled, now):
    words = _words(reminder, now)
    if reminder.audience == Audience.RETURNED:
        subject = _("Hồ sơ năm %(year)s bị trả lại, bạn chưa gửi lại: %(left)s")
        body = _("Sửa xong, bạn cần bấm Gửi hồ sơ một lần nữa, chậm nhất %(until)s.")
    elif is_filled:
        subject = _("Hồ sơ năm %(year)s đã điền đủ mà chưa gửi: %(left)s")
        body = _(
            "Chỉ còn một việc: mở hồ sơ, bấm Gửi hồ sơ, chậm nhất %(until)s. Chưa bấm thì ban chưa nhận được."
        )
    else:
        subject = _("Hồ sơ năm %(year)s chưa gửi: %(left)s")
        body = _("Điền nốt rồi bấm Gửi hồ sơ, chậm nhất %(until)s. Cần giúp thì hỏi ban khuyến học.")
    return Message(
        citizen_id=record.citizen_id,
        key=_key(reminder, record.pk),
        subject=subject % words,
        body=body % words,
        link=record.get_absolute_url(),
        at=now,
    )


def _tell_boards(reminder, now):
    """A board is told of its people while its tally of them is held, which every step changes last."""
    waiting = BoardTally.objects.filter(
        campaign=reminder.campaign, level=reminder.level, state=State.SUBMITTED, count__gt=0
    )
    following = waiting.filter(board__gt=reminder.up_to).order_by("board")
    boards = list(following.values_list("board", flat=True).distinct()[:BOARDS])
    tallies = BoardTally.objects.filter(
        board__in=boards, campaign=reminder.campaign, level=reminder.level, state=State.SUBMITTED
    )
    list(tallies.select_for_update(of=("self",), no_key=True).order_by(*tally.Cell._fields).values_list("pk"))
    left = _left(reminder, now).filter(board__in=boards).order_by()
    people = dict(left.values_list("board").annotate(people=Count("pk")))
    graded = dict(left.filter(unsent.graded()).values_list("board").annotate(people=Count("pk")))
    members = Appointment.objects.filled().filter(organization__in=people)
    seats = members.order_by("organization", "user").values_list("organization", "organization__code", "user")
    Message.objects.tell(
        [
            _to_member(user, board, code, reminder, people[board], graded.get(board, 0), now)
            for board, code, user in seats.distinct()
        ]
    )
    return boards[-1] if boards else None


def _to_member(user, board, code, reminder, people, graded, now):
    words = _words(reminder, now) | {"people": format_integer(people), "graded": format_integer(graded)}
    body = _("Đang chờ ban xác nhận: %(people)s người, chậm nhất %(until)s.")
    if graded:
        body += " " + _("Trong đó %(graded)s người ban đã chấm hoặc đã xem mà chưa xác nhận xong.")
    return Message(
        user_id=user,
        key=_key(reminder, board, user),
        subject=_("Năm %(year)s: còn %(people)s người chờ xác nhận, %(left)s") % words,
        body=body % words,
        link=f"{reverse('assessments:board_queue')}?board={code}&year={reminder.campaign.year}",
        at=now,
    )


def _words(reminder, now):
    return {
        "year": reminder.campaign.year,
        "left": dates.left_words(reminder.closes_at, now),
        "until": dates.until_words(reminder.closes_at),
    }


def _key(reminder, *whom):
    return ":".join(["remind", str(reminder.pk), *map(str, whom)])
