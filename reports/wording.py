"""What every figure says of itself: as of when, whether the year is locked, by which criteria."""

from django.utils.translation import gettext as _

from assessments import windows
from assessments.models import WindowStep
from criteria.models import CriteriaSet
from organizations.models import Kind
from vietnamese import dates


def as_of(at) -> str:
    """'Số liệu lúc 13:40, 22/12/2026.'"""
    return _("Số liệu lúc %(moment)s.") % {"moment": dates.moment_words(at)}


def lock(organization, campaign, now) -> str:
    """Whether confirmation is open, locked or not begun, and whether the closing is to be recorded yet."""
    province = organization.within(Kind.PROVINCE)
    window = windows.of_campaign(WindowStep.CONFIRMATION, campaign, province)
    return windows.sentence_of_year(campaign, window, now)


def age(lasted, due_at) -> str:
    """'Đã cách đây 12 phút, đang đếm lại: mở lại trang sau ít phút để xem số mới.'

    Where it is not counted again yet, from when on it may be: `due_at`.
    """
    minutes = int(lasted.total_seconds() // 60)
    words = _("%(hours)s giờ %(minutes)s phút") if minutes >= 60 else _("%(minutes)s phút")
    passed = words % {"hours": minutes // 60, "minutes": minutes % 60}
    if due_at:
        said = _("Đã cách đây %(passed)s. Số mới có sớm nhất lúc %(moment)s.")
        return said % {"passed": passed, "moment": dates.moment_words(due_at)}
    return _("Đã cách đây %(passed)s, đang đếm lại: mở lại trang sau ít phút để xem số mới.") % {
        "passed": passed
    }


def criteria(criteria_sets) -> str:
    """The decisions behind these sets, each with its mark where it is provisional."""
    sets = CriteriaSet.objects.filter(pk__in=criteria_sets).order_by("basis_date", "pk")
    bases = {
        _("%(basis)s (bản tạm)") % {"basis": each.basis} if each.is_provisional else each.basis: None
        for each in sets
    }
    return _("Bộ tiêu chí: %(bases)s.") % {"bases": "; ".join(bases)} if bases else ""
