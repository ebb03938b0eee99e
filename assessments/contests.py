"""A citizen's request to look again at confirmed points: until when, and who does. Reads only."""

import datetime

from django.utils.translation import gettext as _

from assessments import helping, lowerings, queue, windows
from assessments.models import Assessment, Contest, State, WindowStep
from audit import clock
from organizations import boards
from vietnamese import dates


def last_day(assessment) -> datetime.date:
    """The last day on which the citizen may contest, as far as the days since one saw the result go."""
    confirmed_on = dates.local_day(assessment.shown_since)
    return confirmed_on + datetime.timedelta(days=assessment.campaign.contest_days)


def is_within_days(assessment, now) -> bool:
    """Whether the days allow it. While an extension opens contesting for the record, they do not apply."""
    if dates.local_day(now) <= last_day(assessment):
        return True
    return windows.extension_of(WindowStep.CONTEST, assessment, now) is not None


def until_words(assessment) -> str:
    """Until when the citizen may contest: the days that the year gives, or the end of the window before.

    An extension that ends later gives its own days.
    """
    now, last = clock.now(), last_day(assessment)
    extension = windows.extension_of(WindowStep.CONTEST, assessment, now)
    if extension and dates.last_day(extension.closes_at) > last:
        return dates.until_words(extension.closes_at)
    window = windows.opening_of(WindowStep.CONTEST, assessment, now)
    if window and dates.last_day(window.closes_at) < last:
        return dates.until_words(window.closes_at)
    return _("hết ngày %(day)s") % {"day": dates.day_words(last)}


def waiting_for(user):
    """The records the user may look at again, and nobody has yet."""
    return Assessment.objects.for_reviewer(user).awaiting_review(clock.now())


def of(assessment) -> Contest | None:
    """The request about the points that count now; one about an earlier round is history."""
    return (
        Contest.objects.filter(assessment=assessment, round=assessment.round)
        .select_related("decided_by")
        .prefetch_related("scores__score__indicator", "scores__score__changed_by")
        .first()
    )


def waits(assessment) -> bool:
    """Whether nobody has looked again yet."""
    return (
        assessment.state == State.CONFIRMED
        and Contest.objects.filter(assessment=assessment, round=assessment.round, decided_at=None).exists()
    )


def who_reviews(assessment) -> str:
    """Who looks again: Assessment.for_reviewer in words."""
    members = queue.members_by_board([assessment.board_id])[assessment.board_id]
    aside = {assessment.confirmed_by_id, *lowerings.decided(assessment)}
    aside |= helping.who_filled_in([assessment])[assessment.pk]
    able = [member for member in members if member.pk not in aside and not queue.is_tied(member, assessment)]
    if able:
        return _("người khác của %(board)s") % {"board": boards.name_of(assessment.board)}
    above = assessment.commune if assessment.commune_id != assessment.board_id else None
    body = above or assessment.province
    return boards.name_of(body) if body else _("hội khuyến học cấp trên")
