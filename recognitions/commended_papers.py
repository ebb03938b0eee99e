"""The list of the commended: as a workbook, as a file to be edited, and to be printed."""

from django.utils.translation import gettext as _

from audit import clock
from recognitions import documents
from recognitions.documents import DOTS, head, layout_of_list, title_of
from reports import excel
from reports.papers import Paper, Signature, Table
from vietnamese import dates, numbers

ENDINGS = ["xlsx", "docx", "pdf"]


def write(commending, ending, file) -> str:
    """Returns the type of the content."""
    return documents.write(_paper(commending) if ending == "docx" else _workbook(commending), ending, file)


def _rows(commending):
    return commending.chosen.in_order().select_related("recognition")


def _about(commending):
    return _("%(form)s năm %(year)s, danh hiệu %(title)s") % {
        "form": commending.get_form_display().capitalize(),
        "year": commending.campaign.year,
        "title": title_of(commending),
    }


def _goes_with(commending):
    return _("Kèm theo quyết định số %(number)s ngày %(day)s") % {
        "number": commending.number or DOTS,
        "day": dates.day_words(commending.decided_on) if commending.decided_on else DOTS,
    }


def _paper(commending) -> Paper:
    day = commending.decided_on
    rows = [
        [str(at), each.recognition.holder_name, each.recognition.place_name, each.get_why_display()]
        for at, each in enumerate(_rows(commending), 1)
    ]
    headings = [_("STT"), _("Tên"), _("Nơi ở, đơn vị"), _("Đề nghị theo")]
    return Paper(
        title=_("Danh sách khen thưởng"),
        about=_about(commending),
        letterhead=head(commending, day),
        layout=layout_of_list(commending, day),
        number="",
        body=[
            _("%(goes_with)s. Gồm %(count)s tên.")
            % {"goes_with": _goes_with(commending), "count": numbers.format_integer(len(rows))},
            Table(headings, [8, 36, 34, 22], rows, numbers=[0]),
        ],
        left=None,
        right=Signature([commending.signer_post or _("Chức vụ người ký")], commending.signer_name),
    )


def _workbook(commending) -> excel.Document:
    day = commending.decided_on
    return excel.Document(
        sheet=_("Danh sách khen thưởng"),
        letterhead=head(commending, day),
        layout=layout_of_list(commending, day),
        title=_("Danh sách khen thưởng"),
        subtitles=[_about(commending), _goes_with(commending)],
        columns=[
            excel.Column(_("STT"), None, 7),
            excel.Column(_("Tên"), lambda row: row.recognition.holder_name, 44),
            excel.Column(_("Nơi ở, đơn vị"), lambda row: row.recognition.place_name, 35),
            excel.Column(_("Đề nghị theo"), lambda row: row.get_why_display(), 24),
        ],
        parts=[excel.Part(_rows(commending))],
        at=clock.now(),
        about=[(_("Văn bản"), _goes_with(commending)), (_("Số tên"), commending.chosen.count())],
        identify=lambda row: row.pk,
    )
