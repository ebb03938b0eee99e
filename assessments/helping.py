"""Who filled in what for whom, as the board, the associations above and the person read it. Reads only."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import lookers
from assessments.models import Ending, Helping
from organizations import boards
from vietnamese import dates


def who_filled_in(assessments) -> defaultdict[int, set[int]]:
    """Record → the users who filled in anything of it for its person."""
    found = defaultdict(set)
    helpings = Helping.objects.that_wrote().filter(assessment__in=[each.pk for each in assessments])
    for record, helper in helpings.values_list("assessment", "helper"):
        found[record].add(helper)
    return found


@dataclass(frozen=True)
class Share:
    """Of the records sent: how many with help, and of these how many confirmed by who filled them in."""

    sent: int
    helped: int
    confirmed_by_helper: int


def share(records) -> Share:
    """Of some records, counted by the database."""
    sent = records.filter(submitted_at__isnull=False)
    helped = Helping.objects.that_count().filter(assessment__in=sent.order_by().values("pk"))
    counted = helped.aggregate(
        helped=Count("assessment", distinct=True),
        own=Count("assessment", distinct=True, filter=Q(assessment__confirmed_by=F("helper"))),
    )
    return Share(sent.count(), counted["helped"], counted["own"])


def with_help(records):
    """Annotate whether somebody filled in each, and whether that was who confirmed it."""
    counting = Helping.objects.that_count().filter(assessment=OuterRef("pk"))
    by_helper = counting.filter(helper=OuterRef("confirmed_by"))
    return records.annotate(has_help=Exists(counting), is_by_helper=Exists(by_helper))


def of(assessment) -> list[Helping]:
    """All who filled in for the person, or began to, the latest first."""
    helpings = assessment.helpings.select_related("helper__citizen", "board").latest_first()
    found = list(helpings)
    for each in found:
        each.assessment = assessment
    return found


def words(helping) -> str:
    """'Bà Trần Thị Mai, ban khuyến học thôn Đông Hải, điền giúp từ 9:00 ngày 5/11/2026. Gặp …: “Mắt kém”.'"""
    return _("%(who)s, %(board)s, điền giúp từ %(at)s. %(asked)s, vì: “%(reason)s”.") % {
        "who": capfirst(lookers.respectful(helping.helper)),
        "board": boards.name_of(helping.board),
        "at": dates.moment_words(helping.began_at),
        "asked": helping.get_asked_display(),
        "reason": helping.reason,
    }


def ending_words(helping) -> str:
    """To the person, how it stands or ended: 'Đang điền.', 'Đã gửi hồ sơ lúc 09:30, 05/11/2026.'"""
    at = {"at": helping.ended_at and dates.moment_words(helping.ended_at)}
    match helping.ending:
        case Ending.SENT:
            return _("Đã gửi hồ sơ lúc %(at)s.") % at
        case Ending.STOPPED:
            return _("Đã thôi lúc %(at)s, hồ sơ chưa gửi.") % at
        case Ending.TAKEN_OVER:
            return _("Bạn tự làm tiếp từ lúc %(at)s.") % at
        case Ending.REFUSED:
            return _("Bạn đã nói không nhờ.")
    return _("Đang điền.")
