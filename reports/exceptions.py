"""The exceptions that open something at or below an organization: running, to come and past ones."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.models import Extension
from reports.excel import Column
from vietnamese import dates


def of(organization, campaign):
    """Those of a year, the last to end first; those given to what stands above reach it too."""
    extensions = Extension.objects.filter(campaign=campaign).of_place(organization)
    return extensions.with_all().latest_first()


def columns(now) -> list[Column]:
    return [
        Column(_("STT"), None, 6),
        Column(_("Gia hạn cho"), whose, 28),
        Column(_("Danh hiệu"), lambda extension: extension.get_level_display(), 18),
        Column(_("Bước"), lambda extension: capfirst(extension.get_step_display()), 18),
        Column(_("Mở từ lúc"), lambda extension: extension.opens_at, 14),
        Column(_("Ngày cuối"), lambda extension: dates.last_day(extension.closes_at), 12),
        Column(_("Tình trạng"), lambda extension: extension.state_words(now), 14),
        Column(_("Lý do"), lambda extension: extension.reason, 30),
        Column(_("Số quyết định"), lambda extension: extension.decision_number, 16),
        Column(_("Người duyệt"), lambda extension: extension.approved_by.full_name, 20),
        Column(_("Duyệt lúc"), lambda extension: extension.approved_at, 14),
    ]


def whose(extension) -> str:
    """The place, or the person with the receipt number of the record."""
    if extension.organization:
        return extension.organization.full_name
    record = extension.assessment
    return ", ".join(filter(None, [str(record.subject), record.receipt_number, record.board.full_name]))
