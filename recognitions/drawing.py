"""Certificates as a PDF: one A4 page each however long the name, in black, with the letters embedded."""

import datetime
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfWriter

from recognitions import codes
from reports import letterhead, pdf

TEMPLATE = Path(__file__).parent / "certificate.typ"
PAGES = 20  # drawn in one go: what is drawn stays in memory for a while
WORDS = {
    "nation": gettext_lazy("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    "motto": gettext_lazy("Độc lập - Tự do - Hạnh phúc"),
    "kind": gettext_lazy("GIẤY CHỨNG NHẬN"),
    "has": gettext_lazy("đạt danh hiệu"),
    "code": gettext_lazy("Mã:"),
    "check": gettext_lazy("Quét hình vuông, hoặc gõ mã tại"),
    "qr": gettext_lazy("Mã QR để kiểm tra giấy này"),
}


@dataclass(frozen=True)
class Certificate:
    """What stands on one page. `lines` are the decision and what else must be said; `link` is the QR."""

    issuer: str
    calls: str
    holder: str
    place: str
    title: str
    code: str
    link: str
    lines: Sequence[str]
    day: datetime.date
    post: str
    signer: str


def draw(
    certificates: Sequence[Certificate], address: str, drawn: Callable[[int], None] = lambda pages: None
) -> bytes:
    """One PDF with a page for each in their order; `address` is where a code is typed.

    `drawn` is told on the way how many pages there are.
    """
    if len(certificates) == 1:
        return _drawn(certificates, address, tagged=True)
    joined = PdfWriter()
    for at in range(0, len(certificates), PAGES):
        some = certificates[at : at + PAGES]
        joined.append(io.BytesIO(_drawn(some, address, tagged=False)))
        drawn(at + len(some))
    joined.compress_identical_objects()  # the letters of every part
    joined.add_metadata({"/Title": _("Giấy chứng nhận")})
    file = io.BytesIO()
    joined.write(file)
    return file.getvalue()


def _drawn(certificates, address, *, tagged):
    first = certificates[0]
    said = {
        "title": f"{_('Giấy chứng nhận')} {first.holder}" if tagged else _("Giấy chứng nhận"),
        "author": first.issuer,
        "words": WORDS,
        "address": address,
        "certificates": [_page(each) for each in certificates],
    }
    return pdf.compiled(TEMPLATE, tagged=tagged, said=said)


def _page(each):
    return {
        "issuer": each.issuer,
        "calls": each.calls,
        "holder": each.holder,
        "place": each.place,
        "title": each.title,
        "code": codes.in_groups(each.code),
        "lines": list(each.lines),
        "day": letterhead.date_words(each.day).capitalize(),
        "post": each.post,
        "signer": each.signer,
        "qr": qr(each.link),
    }


def qr(link: str) -> str:
    """The picture as SVG, in its quiet zone."""
    made = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return zxingcpp.write_barcode_to_svg(made, add_quiet_zones=True)
