"""What is known of many boards at once, and the outlook of each: in bulk, a few statements a chunk."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Sum
from django.db.models.functions import Coalesce, TruncDate

from accounts.models import Appointment
from assessments import outlook, pace, windows
from assessments.models import Assessment, BoardOutlook, BoardTally, Campaign, State
from assessments.models.assessment import JUDGED_STATES, OPEN_STATES
from assessments.outlook import Figures, LastYear, Outlook
from audit import clock
from criteria.models import Level
from organizations.models import Organization
from vietnamese import dates

CHUNK = 500  # boards
A_YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Told:
    """The outlook of a board as it stands now, and what a page says beside it."""

    board: Organization
    outlook: Outlook
    waiting_since: datetime.datetime | None  # see pace.waits_since


# --- For the order of the list ----------------------------------------------------------------------


def refresh(now: datetime.datetime) -> int:
    """Work out anew the outlook of each board whose confirmation is open; returns of how many."""
    campaign = Campaign.objects.current(now)
    if campaign is None:
        return 0
    tallied = BoardTally.objects.filter(campaign=campaign, level=Level.CITIZEN).order_by()
    keys = sorted(tallied.values_list("board", flat=True).distinct())
    count = 0
    for start in range(0, len(keys), CHUNK):
        boards = list(Organization.objects.filter(pk__in=keys[start : start + CHUNK]))
        count += len(_refresh(boards, campaign, now))
    BoardOutlook.objects.filter(campaign=campaign, at__lt=now).delete()
    return count


def _refresh(boards, campaign, now):
    times = windows.open_at_boards(campaign, boards, now)
    boards = [board for board in boards if board.pk in times]
    rows = counted(boards, campaign, now)
    for told in of(rows.values(), campaign, now):
        row = rows[told.board]
        row.missing, row.strain, row.cause = told.outlook.missing, told.outlook.strain, told.outlook.cause
    fields = {field.name for field in BoardOutlook._meta.concrete_fields} - {"id", "campaign", "board"}
    return BoardOutlook.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["campaign", "board"],
        update_fields=sorted(fields),
    )


def counted(boards, campaign, now) -> dict[Organization, BoardOutlook]:
    """The figures that take long to count."""
    days = _confirmed_by_day(boards, campaign)
    before = Campaign.objects.filter(year=campaign.year - 1).first()
    days_before = _confirmed_by_day(boards, before) if before else {}
    left_before = _left_behind(boards, before) if before else {}
    sat_there = _sat_there_a_year_ago(boards) if before else set()
    elsewhere = _elsewhere(boards, campaign)
    today = dates.local_day(now)
    since = today - datetime.timedelta(days=outlook.LOOKED_BACK)
    rows = {}
    for board in boards:
        this_year = days.get(board.pk, {})
        last_year = days_before.get(board.pk, {}) if board.pk in sat_there else {}
        row = BoardOutlook(campaign=campaign, board=board, at=now)
        row.lately = sum(count for day, count in this_year.items() if day > since)
        row.best_day = max([*this_year.values(), *last_year.values()], default=0)
        row.worked_on = max(this_year, default=None)
        row.elsewhere = elsewhere.get(board.pk, 0)
        if board.pk in sat_there:
            row.after_last_year = sum(count for day, count in last_year.items() if day >= today - A_YEAR)
            row.left_last_year = left_before.get(board.pk, 0)
        rows[board] = row
    return rows


def _confirmed_by_day(boards, campaign) -> dict[int, dict[datetime.date, int]]:
    confirmed = Assessment.objects.filter(
        board__in=boards, campaign=campaign, level=Level.CITIZEN, state__in=JUDGED_STATES
    )
    by_day = confirmed.order_by().values_list("board", TruncDate("confirmed_at")).annotate(Count("pk"))
    found = defaultdict(dict)
    for board, day, count in by_day:
        found[board][day] = count
    return found


def _left_behind(boards, campaign):
    """How many each board had not confirmed when the year was closed."""
    left = BoardTally.objects.filter(
        board__in=boards, campaign=campaign, level=Level.CITIZEN, closed_from=State.SUBMITTED
    )
    return dict(left.order_by().values_list("board").annotate(Sum("count")))


def _sat_there_a_year_ago(boards):
    """The boards of whose members of today one was there already."""
    seats = Appointment.objects.filled().filter(organization__in=boards)
    then = seats.filter(valid_from__lte=clock.today() - A_YEAR)
    return set(then.order_by().values_list("organization", flat=True).distinct())


def _elsewhere(boards, campaign):
    """How many wait at a board that is not theirs today."""
    strays = (
        _open_records(boards, campaign)
        .annotate(home=Coalesce("citizen__unit", "citizen__village", "citizen__commune"))
        .exclude(home=F("board"))
    )
    return dict(strays.order_by().values_list("board").annotate(Count("pk")))


def _open_records(boards, campaign):
    return Assessment.objects.filter(
        board__in=boards, campaign=campaign, level=Level.CITIZEN, state__in=OPEN_STATES
    )


# --- As it stands now -------------------------------------------------------------------------------


def of_board(board: Organization, campaign: Campaign, now: datetime.datetime) -> Told | None:
    """The outlook of one board, all of it counted now; None while its confirmation is not open."""
    return next(iter(of(counted([board], campaign, now).values(), campaign, now)), None)


def of(rows: Iterable[BoardOutlook], campaign: Campaign, now: datetime.datetime) -> list[Told]:
    """The outlook of each board with the figures of this moment, in the order given; of closed ones none.

    The number of statements does not grow with the boards.
    """
    rows = list(rows)
    boards = [row.board for row in rows]
    times = windows.open_at_boards(campaign, boards, now)
    states = _states(boards, campaign)
    since = {
        board: pace.waits_since(sent_at, times[board].since)
        for board, sent_at in _first_sent(boards, campaign).items()
        if board in times
    }
    members = _members(boards)
    return [
        Told(
            row.board,
            outlook.of(
                _figures(
                    row,
                    states[row.board_id],
                    since.get(row.board_id),
                    members.get(row.board_id, (0, None)),
                    times[row.board_id],
                    now,
                )
            ),
            since.get(row.board_id),
        )
        for row in rows
        if row.board_id in times
    ]


def _figures(row, states, since, members, time, now):
    count, seen_at = members
    today = dates.local_day(now)
    # Where none of those of today ever signed in, who worked there has left.
    seen = [day for day in (dates.local_day(seen_at), row.worked_on) if day] if seen_at else []
    left = sum(states.values())
    known = row.after_last_year is not None
    return Figures(
        waiting=states[State.SUBMITTED],
        returned=states[State.RETURNED],
        unsent=states[State.REGISTERED],
        lately=row.lately,
        best_day=row.best_day,
        members=count,
        quiet=max(0, (today - max(seen)).days) if seen else None,
        waited=(now - since).days if since else 0,
        days_behind=pace.days_behind(time.since, now),
        days_left=dates.days_left(time.until, now),
        last_year=LastYear(row.after_last_year, row.left_last_year) if known else None,
        elsewhere=left if row.board.is_closed else min(row.elsewhere, left),
    )


def _states(boards, campaign):
    """Board → open state → how many, from the counters: correct at once."""
    tallies = BoardTally.objects.filter(
        board__in=boards, campaign=campaign, level=Level.CITIZEN, state__in=OPEN_STATES
    )
    found = defaultdict(lambda: dict.fromkeys(OPEN_STATES, 0))
    for board, state, count in tallies.order_by().values_list("board", "state").annotate(Sum("count")):
        found[board][state] = max(0, count)
    return found


def _first_sent(boards, campaign):
    waiting = _open_records(boards, campaign).filter(state=State.SUBMITTED)
    return dict(waiting.order_by().values_list("board").annotate(Min("submitted_at")))


def _members(boards):
    """Board → how many confirm there today, and when one of them last signed in."""
    seats = Appointment.objects.filled().filter(organization__in=boards).order_by()
    counted = seats.values_list("organization").annotate(
        Count("user", distinct=True), Max("user__last_login")
    )
    return {board: (count, seen) for board, count, seen in counted}
