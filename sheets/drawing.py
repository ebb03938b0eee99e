"""Sheets as a PDF: one A4 page each, in black and white, with the portal's letters embedded."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfWriter

from criteria.models import CriteriaSet
from criteria.rules import ScoringModel
from reports import pdf
from sheets import codes
from sheets.codes import SheetCode
from vietnamese import numbers

HERE = Path(__file__).parent
PAGES = 10  # drawn in one go: what is drawn stays in memory for a while
WORDS = {
    "own": gettext_lazy("Tự chấm"),
    "board": gettext_lazy("Ban chấm"),
    "total": gettext_lazy("Tổng điểm"),
    "choices": [gettext_lazy("Đạt"), gettext_lazy("Không")],
    "blanks": [gettext_lazy("Họ và tên"), gettext_lazy("Ngày sinh"), gettext_lazy("Thôn, đơn vị")],
    "own_signature": gettext_lazy("Người tự chấm ký, ghi họ tên"),
    "helper_signature": gettext_lazy("Người ghi hộ ký, ghi họ tên (nếu có)"),
    "day": gettext_lazy("Ngày .......... tháng .......... năm ............."),
}


@dataclass(frozen=True)
class Sheet:
    """What stands on one page. Without a code it is an empty form, on which somebody writes who they are."""

    form: CriteriaSet
    name: str = ""
    lines: Sequence[str] = ()
    code: SheetCode | None = None


def draw(sheets: Sequence[Sheet], year: int, drawn: Callable[[int], None] = lambda pages: None) -> bytes:
    """One PDF with a page for each in their order; `drawn` is told on the way how many pages there are."""
    joined = PdfWriter()
    for at in range(0, len(sheets), PAGES):
        some = sheets[at : at + PAGES]
        joined.append(io.BytesIO(_drawn(some, year)))
        drawn(at + len(some))
    joined.compress_identical_objects()  # the letters of every part
    joined.add_metadata({"/Title": _title(year)})
    file = io.BytesIO()
    joined.write(file)
    return file.getvalue()


def _drawn(sheets, year):
    forms = {sheet.form.pk: sheet.form for sheet in sheets}
    said = {
        "title": _title(year),
        "words": WORDS,
        "forms": {str(pk): _form(form) for pk, form in forms.items()},
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return pdf.compiled(HERE / "sheet.typ", fonts=HERE / "fonts", tagged=False, said=said)


def _title(year):
    return _("Phiếu tự chấm Công dân học tập năm %(year)d") % {"year": year}


def _form(criteria_set):
    indicators = criteria_set.indicators
    scored = criteria_set.scoring_model == ScoringModel.POINTS
    if scored:
        most = numbers.format_decimal(max(each.maximum for each in indicators))
        how = _("Mỗi ô ghi một số, từ 0 đến %(most)s.") % {"most": most}
    else:
        how = _("Mỗi dòng đánh dấu X vào ô Đạt hoặc ô Không (không đạt).")
    return {"scored": scored, "how": how, "indicators": [each.text for each in indicators]}


def _sheet(sheet):
    code = sheet.code
    return {
        "form": str(sheet.form.pk),
        "group": sheet.form.get_group_display(),
        "name": sheet.name,
        "lines": list(sheet.lines),
        "code": str(code) if code else "",
        "qr": _qr(codes.written(code)) if code else "",
    }


def _qr(letters):
    file = io.BytesIO()
    segno.make(letters, error="q", micro=False).save(file, kind="svg", border=4, xmldecl=False)
    return file.getvalue().decode()
