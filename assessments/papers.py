"""Paper of before the lock that a board types in after it: what is typed, and what waits for the second."""

from django.utils.translation import gettext as _

from assessments import windows
from assessments.models import Paper, WindowStep
from organizations import paths
from vietnamese import dates


def waiting(assessment) -> Paper | None:
    """The sheet that nobody has signed yet; the latest counts."""
    papers = Paper.objects.filter(assessment=assessment, round=assessment.round).order_by("pk")
    latest = papers.select_related("typed_by", "signed_by").last()
    return latest if latest and latest.signed_at is None else None


def says(paper, dated_on, given) -> bool:
    """Whether a sheet was typed in with this day and these points already."""
    kept = {each.score.indicator.code: each.given for each in paper.scores.select_related("score__indicator")}
    return dates.local_day(paper.dated_at) == dated_on and kept == given


def signed(assessment) -> Paper | None:
    """The sheet by which the record is confirmed."""
    papers = Paper.objects.filter(assessment=assessment, signed_at=assessment.confirmed_at)
    return papers.select_related("typed_by", "signed_by").first() if assessment.confirmed_at else None


def fault(assessment, dated_on) -> str:
    """What stands against the day on a sheet; empty when it lies in the time of the confirmation."""
    window = windows.of(WindowStep.CONFIRMATION, assessment)
    dated_at = dates.day_begins(dated_on)
    if window and window.opens_at <= dated_at < window.closes_at:
        return ""
    if window is None:
        return _("Năm này chưa đặt thời hạn xác nhận.")
    return _("Phiếu phải đề ngày trong thời gian xác nhận, %(window)s.") % {"window": window.words}


def of_place(organization, campaign):
    """The sheets by which records at or below an organization were confirmed in a year, the latest first."""
    return (
        Paper.objects.signed()
        .filter(
            paths.at_or_below(organization.path, "assessment__board__path"), assessment__campaign=campaign
        )
        .select_related("assessment__citizen", "assessment__board", "typed_by", "signed_by")
        .order_by("-signed_at", "-pk")
    )
