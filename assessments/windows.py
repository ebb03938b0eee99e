"""When a step may be taken. One answer for every page, form, command and task."""

import datetime
from collections import defaultdict
from typing import NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.models import Assessment, Campaign, Extension, Window, WindowStep
from criteria.models import Level
from organizations import paths
from organizations.models import Kind
from vietnamese import dates


def is_open(step, assessment, now) -> bool:
    """Whether the step may be taken for this record at this moment, extensions included."""
    return Assessment.objects.filter(pk=assessment.pk).within_window(step, now).exists()


def of(step, assessment) -> Window | None:
    """The window that governs a step of this record."""
    return Window.objects.in_effect(step, assessment.campaign, assessment.level, assessment.province)


def of_campaign(step, campaign, province=None, level=Level.CITIZEN) -> Window | None:
    return Window.objects.in_effect(step, campaign, level, province)


def is_open_for_board(step, campaign, board, now, level=Level.CITIZEN) -> bool:
    """The same as is_open for a record that does not exist yet, by its board."""
    opening = opening_at(step, campaign, board, now, level)
    return bool(opening and opening.is_open(now))


def opening_at(step, campaign, board, now, level=Level.CITIZEN) -> Window | Extension | None:
    """What the deadline of a board's records is taken from; see opening_of."""
    province = board.within(Kind.PROVINCE)
    return _opening(step, campaign, level, province, _reaching(board), now)


def opening_of(step, assessment, now) -> Window | Extension | None:
    """What the deadline of a record is taken from, open exactly when is_open is.

    Of the window and the extensions that have begun: the open one that ends last, else the last to end.
    """
    reaching = _reaching(assessment.board) | Q(assessment=assessment)
    return _opening(step, assessment.campaign, assessment.level, assessment.province, reaching, now)


def extension_of(step, assessment, now) -> Extension | None:
    """Of the extensions that open the step for this record now, the one that ends last."""
    reaching = _reaching(assessment.board) | Q(assessment=assessment)
    of_year = Extension.objects.filter(
        reaching, step=step, campaign=assessment.campaign, level=assessment.level
    )
    return of_year.open_at(now).latest_first().first()


class Open(NamedTuple):
    since: datetime.datetime
    until: datetime.datetime


def open_at_boards(campaign, boards, now) -> dict[int, Open]:
    """Board → since and until when the confirmation is open there, as opening_at has it; the open ones alone.

    For many boards, in two statements.
    """
    of_year = {"step": WindowStep.CONFIRMATION, "campaign": campaign, "level": Level.CITIZEN}
    governing = {
        each.province.path if each.province else "": each
        for each in Window.objects.filter(**of_year).select_related("province")
    }
    extended = defaultdict(list)
    subtrees = Extension.objects.filter(**of_year, organization__isnull=False).open_at(now)
    for path, *times in subtrees.values_list("organization__path", "opens_at", "closes_at"):
        extended[path].append(Open(*times))
    found = {}
    for board in boards:
        at_or_above = [*paths.ancestors(board.path), board.path]
        own = next((governing[path] for path in at_or_above if path in governing), governing.get(""))
        times = [each for path in at_or_above for each in extended.get(path, [])]
        if own and own.is_open(now):
            times.append(Open(own.opens_at, own.closes_at))
        if times:
            found[board.pk] = Open(min(each.since for each in times), max(each.until for each in times))
    return found


def confirmation_over(
    campaign, board, now, assessment=None, level=Level.CITIZEN
) -> Window | Extension | None:
    """What governed the confirmation of a board's records, where it has ended and no extension runs.

    With a record of the board, an extension of that one record counts as well.
    """
    province = board.within(Kind.PROVINCE)
    window = of_campaign(WindowStep.CONFIRMATION, campaign, province, level)
    if window is None or now < window.closes_at:
        return None
    reaching = _reaching(board) | Q(assessment=assessment) if assessment else _reaching(board)
    opening = _opening(WindowStep.CONFIRMATION, campaign, level, province, reaching, now)
    return None if opening.is_open(now) else opening


def _reaching(board):
    return Q(organization__path__in=[*paths.ancestors(board.path), board.path])


def _opening(step, campaign, level, province, reaching, now):
    window = Window.objects.in_effect(step, campaign, level, province)
    begun = Extension.objects.filter(reaching, step=step, campaign=campaign, level=level, opens_at__lte=now)
    candidates = [*begun, window] if window and window.opens_at <= now else list(begun)
    return max(candidates, key=lambda each: (each.is_open(now), each.closes_at), default=window)


def hold(assessment, step) -> None:
    """Keep the closing of the window that governs this record from being recorded until the transaction ends.

    On PostgreSQL by a shared lock, which other confirmers share and the closing waits for; SQLite lets one
    writer in at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM assessments_window WHERE campaign_id = %s AND level = %s AND step = %s "
            "AND (province_id = %s OR province_id IS NULL) ORDER BY province_id NULLS LAST LIMIT 1 FOR SHARE",
            [assessment.campaign_id, assessment.level, step, assessment.province_id],
        )


def hold_off(extension) -> None:
    """Wait for confirmations that are being written, and let others wait until the transaction ends."""
    steps = [WindowStep.CONFIRMATION, extension.step]
    governing = Window.objects.filter(campaign=extension.campaign_id, level=extension.level, step__in=steps)
    list(governing.select_for_update().order_by("pk"))


def words(window, now) -> str:
    """How it stands with a window, made from the value that decides: to follow what the window is for."""
    if window is None:
        return _("chưa đặt thời hạn")
    if now < window.opens_at:
        return _("chưa mở, sẽ mở từ ngày %(opens)s đến %(until)s") % {
            "opens": dates.day_words(dates.local_day(window.opens_at)),
            "until": dates.until_words(window.closes_at),
        }
    if window.is_open(now):
        return _("đang mở đến %(until)s, %(left)s") % {
            "until": dates.until_words(window.closes_at),
            "left": dates.left_words(window.closes_at, now),
        }
    return _("đã khóa lúc %(until)s") % {"until": dates.until_words(window.closes_at)}


def sentence(window, now) -> str:
    """Until when one may confirm; why an exception was made; whether the closing is still to be recorded."""
    said = _("Việc xác nhận %(words)s.") % {"words": words(window, now)}
    return f"{said} {why_again(window) or _unrecorded_words(window, now)}".rstrip()


def why_again(opening) -> str:
    """By which decision something is open again; empty of a window, which needs none."""
    return opening.why if isinstance(opening, Extension) else ""


def sentence_of_year(campaign, window, now) -> str:
    """The same where no page has named the year."""
    said = _("Xác nhận điểm năm %(year)s: %(words)s.") % {"year": campaign, "words": words(window, now)}
    return f"{said} {_unrecorded_words(window, now)}".rstrip()


def _unrecorded_words(window, now):
    return _("Việc đóng chưa được ghi nhận.") if is_unrecorded(window, now) else ""


def is_unrecorded(window, now) -> bool:
    """Whether a confirmation has ended and its closing is still to be recorded."""
    return (
        isinstance(window, Window)
        and window.step == WindowStep.CONFIRMATION
        and window.closed_at is None
        and now >= window.closes_at
    )


def unrecorded(now, *, for_at_least=datetime.timedelta(0)):
    """The confirmation windows, of any year, whose closing is to be recorded for so long already."""
    ended = Window.objects.filter(
        step=WindowStep.CONFIRMATION, closed_at=None, closes_at__lte=now - for_at_least
    )
    return ended.select_related("campaign", "province").order_by("closes_at", "pk")


def confirmation_sentence(now) -> str:
    """What /healthz says of this year's confirmation, and of closings elsewhere still to be recorded."""
    campaign = Campaign.objects.current(now)
    if campaign is None:
        return _("Chưa mở năm nào.")
    window = of_campaign(WindowStep.CONFIRMATION, campaign)
    said = [sentence_of_year(campaign, window, now)]
    for other in unrecorded(now):
        if other != window:
            place = {"year": other.campaign, "place": other.province or _("cả nước")}
            said.append(_("Việc đóng năm %(year)s, %(place)s, chưa được ghi nhận.") % place)
    return " ".join(said)
