"""The paper of a recognition: what is printed, singly while one waits, a thousand by a worker."""

import datetime
from contextlib import suppress

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import clock, events
from criteria.models import Level
from recognitions import drawing, keys, payload
from recognitions.drawing import Certificate
from recognitions.models import CertificatePrinting, PrintingState, Recognition
from recognitions.payload import Said
from reports import exports
from vietnamese import dates, numbers

IN_ONE_FILE = 1000
KEPT = datetime.timedelta(days=7)
TYPED_AT = "tra-cuu"


def portal_of(request) -> str:
    """The address that a paper sends people to: the one set for the portal, else the one it was asked at."""
    return settings.PORTAL_URL or f"{request.scheme}://{request.get_host()}"


def draw(recognitions, portal: str, drawn=lambda pages: None) -> bytes:
    """Their papers in the given order, in one PDF."""
    key = keys.signing()
    found = recognitions.select_related("decision__campaign")
    made = [_certificate(each, portal, key) for each in found]
    return drawing.draw(made, f"{portal.partition('://')[2]}/{TYPED_AT}", drawn)


def _certificate(recognition, portal, key):
    decision = recognition.decision
    return Certificate(
        issuer=decision.issuer_name,
        calls=_("Công nhận ông/bà") if decision.level == Level.CITIZEN else _("Công nhận"),
        holder=recognition.holder_name,
        place=recognition.place_name,
        title=title_of(decision),
        code=recognition.code,
        link=payload.address(said(recognition), key, portal),
        lines=lines_of(recognition),
        day=decision.decided_on,
        post=decision.signer_post,
        signer=decision.signer_name,
    )


def title_of(decision) -> str:
    return _("%(title)s năm %(year)d") % {
        "title": decision.get_level_display(),
        "year": decision.campaign.year,
    }


def said(recognition) -> Said:
    """What its QR says of itself."""
    decision = recognition.decision
    return Said(
        code=recognition.code,
        level=decision.level,
        year=decision.campaign.year,
        holder=recognition.holder_name,
        number=decision.number,
        decided_on=decision.decided_on,
        issuer=decision.issuer_name,
    )


def lines_of(recognition):
    """What else must be said on it: by which decision, until when, and that the criteria were provisional."""
    decision = recognition.decision
    yield str(decision)
    if recognition.valid_until:
        yield _("Có giá trị đến hết ngày %(day)s") % {"day": dates.day_words(recognition.valid_until)}
    if decision.is_provisional:
        yield _("Xét theo tiêu chí bản tạm, căn cứ %(basis)s") % {"basis": decision.provisional_basis}


# --- Many: the worker's part ----------------------------------------------------------------------


def ask(decision, *, by, portal: str, after: int) -> CertificatePrinting | None:
    """Begin a file of the papers after so many of a decision; of two clicks one begins. None without any."""
    pages = _of(decision, after).count()
    if not pages:
        return None
    asked = {"decision": decision, "by": by, "after": after, "state": PrintingState.DRAWING}
    try:
        with transaction.atomic():
            return CertificatePrinting.objects.create(**asked, portal=portal, pages=pages)
    except IntegrityError:
        return CertificatePrinting.objects.get(**asked)


def _rows(decision, after):
    """The part of a decision's rows behind so many others. No row ever goes, so each stays in its part."""
    part = decision.recognitions.order_by("pk").values("pk")[after : after + IN_ONE_FILE]
    return Recognition.objects.filter(pk__in=part)


def _of(decision, after):
    return _rows(decision, after).standing().order_by("pk")


def parts(decision) -> list[tuple[int, int, int]]:
    """The files in which all papers of a decision come: after how many, from which to which."""
    rows = decision.recognitions.count()
    return [(at, at + 1, min(at + IN_ONE_FILE, rows)) for at in range(0, rows, IN_ONE_FILE)]


def is_outdated(printing) -> bool:
    """Whether a paper in the file may have been revoked or given anew since it was asked for.

    What was revoked in the same moment may have been written down only after the file was drawn.
    """
    since = Q(revoked_at__gte=printing.at) | Q(replaced_at__gte=printing.at)
    rows = _rows(printing.decision, printing.after)
    return rows.filter(since).exists() or rows.standing().count() != printing.pages


def work(pk: int) -> None:
    """Draw the file of a printing. Whole or not at all; taken up again it is drawn anew."""
    printing = CertificatePrinting.objects.select_related("decision__issuer", "by").get(pk=pk)
    if printing.state != PrintingState.DRAWING:
        return
    printing.alive()
    pdf = draw(_of(printing.decision, printing.after), printing.portal, lambda pages: _note(printing, pages))
    try:
        default_storage.delete(_kept_as(printing))
        default_storage.save(_kept_as(printing), ContentFile(pdf))
    except OSError as error:
        if not exports.is_full(error):
            raise
        with suppress(OSError):  # of a disk without room the half file goes, if it can
            default_storage.delete(_kept_as(printing))
        printing.go_on([PrintingState.DRAWING], PrintingState.FULL)
        return
    printing.finish()
    events.record(
        "print_certificates",
        printing.decision,
        by=printing.by,
        at=clock.now(),
        organization=printing.decision.issuer,
        new=_("%(count)s giấy chứng nhận") % {"count": numbers.format_integer(printing.pages)},
    )


def _note(printing, pages):
    CertificatePrinting.objects.filter(pk=printing.pk).update(heartbeat_at=clock.now(), drawn=pages)


def kept(printing):
    """The file, open for reading. Raises OSError where it is gone."""
    return default_storage.open(_kept_as(printing))


def _kept_as(printing):
    return f"certificates/{printing.pk}.pdf"


def forget() -> None:
    """Files of a week ago go; that they were made stays."""
    for old in CertificatePrinting.objects.filter(state=PrintingState.DONE, at__lt=clock.now() - KEPT):
        default_storage.delete(_kept_as(old))
        CertificatePrinting.objects.filter(pk=old.pk).update(state=PrintingState.REMOVED)
