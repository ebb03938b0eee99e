"""Days and deadlines in Vietnamese words. An end is half-open: the first moment that is too late. Pure."""

import datetime
import re
from calendar import monthrange

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vietnamese.text import nfc

EXAMPLE = "05/09/1960"
_DAY_FIRST = re.compile(r"(?:ngày\s*)?(\d{1,4})(\D+)(\d{1,4})(\D+)(\d{1,4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_BETWEEN = re.compile(r"\s*([/.,\-–]|tháng|năm|\s)\s*")
_TIME = re.compile(r"(\d{1,2})\s*(?:(?:[:.h]|giờ)\s*(?:(\d{1,2})\s*(?:phút)?)?)?", re.ASCII)
_WEEKDAYS = [
    gettext_noop("thứ Hai"),
    gettext_noop("thứ Ba"),
    gettext_noop("thứ Tư"),
    gettext_noop("thứ Năm"),
    gettext_noop("thứ Sáu"),
    gettext_noop("thứ Bảy"),
    gettext_noop("Chủ nhật"),
]


def day_words(day: datetime.date) -> str:
    """'22/12/2026'."""
    return f"{day:%d/%m}/{day.year:04}"


def moment_words(moment: datetime.datetime) -> str:
    """'14:05, 22/12/2026', in the time of Vietnam."""
    local = _local(moment)
    return f"{local:%H:%M}, {day_words(local.date())}"


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day it is in Vietnam at that moment."""
    return _local(moment).date()


def weekday_words(day: datetime.date) -> str:
    return _(_WEEKDAYS[day.weekday()])


def last_day(closes_at: datetime.datetime) -> datetime.date:
    """The last day on which something is still possible: 31/12 when it closes on 1 January at 00:00."""
    return local_day(closes_at - datetime.timedelta.resolution)


def until_words(closes_at: datetime.datetime) -> str:
    """'hết ngày 31/12/2026 (thứ Năm)'; when it closes within a day '17 giờ ngày 30/11/2026 (thứ Hai)'."""
    return f"{_end_words(closes_at)} ({weekday_words(last_day(closes_at))})"


def from_until_words(opens_at: datetime.datetime, closes_at: datetime.datetime) -> str:
    """'từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)'; within a day with the hour it opens."""
    opens = _local(opens_at)
    start = _("ngày %(day)s") % {"day": day_words(opens.date())}
    if opens.time() != datetime.time.min:
        start = f"{_time_words(opens)} {start}"
    return _("từ %(start)s đến %(until)s") % {"start": start, "until": until_words(closes_at)}


def day_begins(day: datetime.date) -> datetime.datetime:
    """The first moment of a day in Vietnam."""
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_default_timezone())


def day_ends(day: datetime.date) -> datetime.datetime:
    """The half-open end of a day: the first moment of the next."""
    return day_begins(day + datetime.timedelta(days=1))


def parse_time(text: str) -> datetime.time:
    """The time of '21:30', '21h30', '21 giờ 30 phút' or '21'. ValueError says what to type."""
    found = _TIME.fullmatch(nfc(text).lower())
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return datetime.time(int(found[1]), int(found[2] or 0))
    raise ValueError(_("Gõ giờ và phút, từ 00:00 đến 23:59, ví dụ 21:30."))


def days_left(closes_at: datetime.datetime, now: datetime.datetime) -> int:
    """The last day minus today: 0 on the last day, and 0 when it is over."""
    return max((last_day(closes_at) - local_day(now)).days, 0)


def left_words(closes_at: datetime.datetime, now: datetime.datetime) -> str:
    """'còn 9 ngày', 'hôm nay là ngày cuối, đến 23 giờ 59 phút', 'đã khóa lúc hết ngày 31/12/2026'."""
    if now >= closes_at:
        return _("đã khóa lúc %(end)s") % {"end": _end_words(closes_at)}
    if days := days_left(closes_at, now):
        return _("còn %(days)d ngày") % {"days": days}
    return _("hôm nay là ngày cuối, đến %(time)s") % {"time": _last_time_words(closes_at)}


def parse_day(text: str, *, what: str = "") -> datetime.date:
    """The day of '5/9/1960', '05-09-1960', '5 tháng 9 năm 1960' or '1960-09-05'.

    ValueError says what is wrong and what to type; `what` names the day in it ('ngày sinh').
    """
    what = what or _("ngày")
    typed = nfc(text).lower()
    if year_first := _YEAR_FIRST.fullmatch(typed):
        year, month, day = year_first.groups()
        return _date(day, month, year, what)
    if day_first := _DAY_FIRST.fullmatch(typed):
        day, after_day, month, after_month, year = day_first.groups()
        if _BETWEEN.fullmatch(after_day) and _BETWEEN.fullmatch(after_month):
            return _date(day, month, year, what)
    raise ValueError(_unreadable(typed, what))


def _date(day: str, month: str, year: str, what: str) -> datetime.date:
    again = _("Gõ lại %(what)s, ví dụ %(example)s.") % {"what": what, "example": EXAMPLE}
    if len(year) != 4 or int(year) == 0:
        problem = _("Năm có 4 chữ số, bạn gõ “%(year)s”.") % {"year": year}
    elif not 1 <= int(month) <= 12:
        problem = _("Một năm có 12 tháng, bạn gõ tháng %(month)s.") % {"month": month}
    elif not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        problem = _("Tháng %(month)d năm %(year)s không có ngày %(day)s.") % {
            "month": int(month),
            "year": year,
            "day": day,
        }
    else:
        return datetime.date(int(year), int(month), int(day))
    raise ValueError(f"{problem} {again}")


def _unreadable(typed: str, what: str) -> str:
    if re.fullmatch("[0-9]{8}", typed):
        return _("Gõ %(what)s có dấu / giữa ngày, tháng và năm, ví dụ %(example)s.") % {
            "what": what,
            "example": EXAMPLE,
        }
    return _("Gõ %(what)s đủ ngày, tháng và năm bằng chữ số, ví dụ %(example)s.") % {
        "what": what,
        "example": EXAMPLE,
    }


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())


def _closes_at_midnight(closes_at: datetime.datetime) -> bool:
    return _local(closes_at).time() == datetime.time.min


def _end_words(closes_at: datetime.datetime) -> str:
    day = day_words(last_day(closes_at))
    if _closes_at_midnight(closes_at):
        return _("hết ngày %(day)s") % {"day": day}
    return _("%(time)s ngày %(day)s") % {"time": _time_words(_local(closes_at)), "day": day}


def _last_time_words(closes_at: datetime.datetime) -> str:
    if _closes_at_midnight(closes_at):
        return _time_words(_local(closes_at - datetime.timedelta(minutes=1)))
    return _time_words(_local(closes_at))


def _time_words(local: datetime.datetime) -> str:
    if local.minute:
        return _("%(hour)d giờ %(minute)02d phút") % {"hour": local.hour, "minute": local.minute}
    return _("%(hour)d giờ") % {"hour": local.hour}
