"""The one place that accepts, checks, re-encodes, keeps and removes what stands behind a score."""

import io
import logging
import os
import secrets
from dataclasses import dataclass
from pathlib import PurePath

import filetype
import pillow_heif
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from assessments import workflow
from assessments.models import Evidence, State
from assessments.models.score import EvidenceKind
from assessments.workflow import Refused
from audit import clock, events
from vietnamese.numbers import file_size
from vietnamese.text import nfc

pillow_heif.register_heif_opener()

LONGEST_SIDE = 1600
QUALITY = 85
THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 160, 70
MOST_PIXELS = 50_000_000  # held in memory at once; a JPEG is read at a fraction of its size
MOST_FILES = 40  # of one record
NAME_LENGTH = 120

PDF, JPEG = "application/pdf", "image/jpeg"
# What is looked at, as Pillow names it.
PICTURES = {JPEG: "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
log = logging.getLogger(__name__)


class Unfit(ValueError):
    """The file cannot be taken; the message says why, and what to do."""


class NoRoom(Refused):
    """The disk has no room for the file."""


@dataclass(frozen=True)
class File:
    """A file as it will be kept: a picture already re-encoded, without anything its camera wrote in it."""

    name: str
    content: bytes
    content_type: str


# --- What is accepted -----------------------------------------------------------------------------


def checked(upload) -> File:
    """The upload as it may be kept, judged by its content and never by its name. Raises Unfit."""
    limit = settings.EVIDENCE_MAX_BYTES
    if not getattr(upload, "had_room", True):
        raise Unfit(no_room())
    if upload.size > limit or not getattr(upload, "is_whole", True):
        raise Unfit(too_heavy(upload.name, upload.size))
    content = upload.read()
    kind = _kind(content)
    if kind == PDF:
        return _checked_pdf(upload.name, content)
    if kind in PICTURES:
        return _checked_picture(upload.name, content, PICTURES[kind])
    raise Unfit(_strange(upload.name, kind))


def _kind(content):
    guessed = filetype.guess(content[:8192])
    if guessed:
        return guessed.mime
    # Telephones write more brands of HEIC than filetype knows.
    return "image/heic" if pillow_heif.is_supported(content[:64]) else ""


def _strange(name, kind):
    problem = _("Tệp “%(name)s” không phải là ảnh hay PDF.") % {"name": name}
    if kind.startswith("video/"):
        return problem + " " + _("Đây là video: đưa lên mạng rồi dán đường dẫn vào ô Đường dẫn.")
    if "officedocument" in kind or kind in ("application/msword", "application/vnd.ms-excel"):
        return problem + " " + _("Mở tệp bằng Word hay Excel, lưu thành PDF rồi chọn tệp PDF ấy.")
    suffix = PurePath(name).suffix.lower()
    if suffix in (".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf"):
        problem = _("Tệp “%(name)s” mang đuôi %(suffix)s nhưng bên trong không phải là ảnh hay PDF.") % {
            "name": name,
            "suffix": suffix,
        }
    return problem + " " + _("Chọn ảnh chụp (JPEG, PNG, WebP, HEIC) hoặc tệp PDF.")


def _checked_pdf(name, content):
    if b"%%EOF" not in content[-2048:]:
        raise Unfit(_damaged(name))
    return File(_kept_name(name, ".pdf"), content, PDF)


def _checked_picture(name, content, format):
    try:
        with Image.open(io.BytesIO(content), formats=[format]) as picture:
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if picture.width * picture.height > MOST_PIXELS:
                raise Unfit(_too_many_pixels(name))
            return File(_kept_name(name, ".jpg"), _re_encoded(picture), JPEG)
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(_too_many_pixels(name)) from None
    except Exception:  # decoders meet damaged files with errors of every kind
        raise Unfit(_damaged(name)) from None


def _re_encoded(picture):
    """The upright picture alone, as JPEG: where and with what it was taken stays behind."""
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode != "RGB":
        on_white = Image.new("RGBA", upright.size, "white")
        on_white.alpha_composite(upright.convert("RGBA"))
        upright = on_white.convert("RGB")
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _damaged(name):
    return _(
        "Tệp “%(name)s” không mở được, có lẽ chưa tải lên trọn vẹn. Chọn lại, hoặc chụp lại tấm khác."
    ) % {"name": name}


def _too_many_pixels(name):
    return _("Ảnh “%(name)s” có kích thước quá lớn. Chụp lại ở cỡ ảnh thường của điện thoại.") % {
        "name": name
    }


def too_heavy(name, size):
    return _(
        "Tệp “%(name)s” nặng %(size)s, nhiều nhất là %(limit)s. "
        "Ảnh thì chụp màn hình tấm ảnh ấy rồi chọn lại. PDF thì quét nhẹ hơn hoặc chia nhỏ ra."
    ) % {"name": name, "size": file_size(size), "limit": file_size(settings.EVIDENCE_MAX_BYTES)}


def no_room():
    return _(
        "Máy chủ tạm thời hết chỗ chứa tệp nên chưa lưu được gì. Chữ bạn gõ vẫn còn: thử lại sau ít phút, "
        "hoặc báo hội khuyến học xã."
    )


def _kept_name(name, suffix):
    """The name people know the file by, with the suffix of what is in it."""
    readable = "".join(character for character in nfc(name) if character.isprintable())
    return PurePath(readable).stem[:NAME_LENGTH] + suffix


# --- What is kept ---------------------------------------------------------------------------------


def add(assessment, indicators, *, by, text="", url="", file: File | None = None, none=""):
    """Keep words, a link or a file behind one or more indicators: all that is given or nothing.

    `none` is why there is nothing to show. The same piece sent twice, by a second click, is kept once. Raises
    Refused.
    """
    written = []
    try:
        with transaction.atomic():
            workflow.touch_draft(assessment, [each.code for each in indicators], by=by)
            for kind, given in (
                (EvidenceKind.TEXT, text),
                (EvidenceKind.LINK, url),
                (EvidenceKind.FILE, file),
                (EvidenceKind.NONE, none),
            ):
                if given:
                    piece = _same(assessment, kind, given) or _new(assessment, kind, given, by, written)
                    _serve(piece, indicators, by)
    except BaseException:
        for name in written:
            _remove(name)
        raise


def _same(assessment, kind, given):
    pieces = assessment.evidence.filter(kind=kind)
    if kind in (EvidenceKind.TEXT, EvidenceKind.NONE):
        return pieces.filter(text=given).first()
    if kind == EvidenceKind.LINK:
        return pieces.filter(url=given).first()
    alike = pieces.filter(size=len(given.content), name=given.name)
    return next((piece for piece in alike if _content_of(piece) == given.content), None)


def _content_of(piece):
    try:
        with piece.file.open("rb") as file:
            return file.read()
    except OSError:
        return None


def _new(assessment, kind, given, by, written):
    piece = Evidence(assessment=assessment, kind=kind, added_by=by)
    if kind in (EvidenceKind.TEXT, EvidenceKind.NONE):
        piece.text = given
    elif kind == EvidenceKind.LINK:
        piece.url = given
    else:
        piece.name, piece.size, piece.content_type = given.name, len(given.content), given.content_type
        piece.file = _store(assessment, given, written)
    piece.save()
    return piece


def _ask_room(assessment):
    files = assessment.evidence.exclude(file="").filter(indicators__isnull=False)
    if files.distinct().count() >= MOST_FILES:
        raise Refused(
            _("Hồ sơ đã có %(count)d tệp, là nhiều nhất. Bỏ bớt một tệp rồi mới thêm được.")
            % {"count": MOST_FILES}
        )


def _store(assessment, file, written):
    _ask_room(assessment)
    # Nobody guesses the path, and nothing of the sender's name for it reaches the disk.
    suffix = os.path.splitext(file.name)[1]
    name = f"{clock.today():evidence/%Y/%m}/{secrets.token_hex(20)}{suffix}"
    written.append(name)
    try:
        return default_storage.save(name, ContentFile(file.content))
    except OSError:
        log.exception("evidence could not be written")
        raise NoRoom(no_room()) from None


def _serve(piece, indicators, by):
    piece.indicators.add(*indicators)
    _tell(piece, by, new=piece.kind)


@transaction.atomic
def share(piece, indicator, *, by):
    """Let a piece the record already has stand behind one more indicator. Raises Refused."""
    workflow.touch_draft(piece.assessment, [indicator.code], by=by)
    _serve(piece, [indicator], by)


@transaction.atomic
def drop(piece, indicator, *, by) -> bool:
    """Take a piece away from an indicator, and off the disk when it served no other. Raises Refused.

    Returns whether it is kept because a confirmation of before the record was opened again rests on it.
    """
    workflow.touch_draft(piece.assessment, [indicator.code], by=by)
    if not piece.indicators.contains(indicator):
        return False
    piece.indicators.remove(indicator)
    _tell(piece, by, old=piece.kind)
    confirmed = piece.assessment.reopenings.filter(state=State.CONFIRMED, ended_at=None)
    if confirmed.filter(at__gt=piece.added_at).exists():
        piece.dropped_from.add(indicator)
        return True
    _let_go(piece)
    return False


def _let_go(piece):
    """Remove a piece that serves nothing any more, and its file when no year rests on it."""
    if piece.indicators.exists() or piece.dropped_from.exists() or piece.carried_to.exists():
        return
    first, name = piece.carried_from, piece.file.name
    piece.delete()
    if first:
        _let_go(first)
    elif name:
        transaction.on_commit(lambda: _remove(name))


@transaction.atomic
def carry_over(assessment, indicator, pieces, *, by):
    """Let pieces of a year before stand behind an indicator of this one; no file is written again.

    Pressed twice, it is done once. Raises Refused.
    """
    workflow.touch_draft(assessment, [indicator.code], by=by)
    locked = Evidence.objects.select_for_update(of=("self",)).filter(pk__in=[piece.pk for piece in pieces])
    for piece in locked.order_by("pk"):
        first = piece.carried_from_id or piece.pk
        mine = assessment.evidence.filter(carried_from=first).first()
        _serve(mine or _carried(assessment, piece, first, by), [indicator], by)


def _carried(assessment, piece, first, by):
    if piece.file:
        _ask_room(assessment)
    kept = ("kind", "text", "url", "file", "name", "size", "content_type")
    same = {name: getattr(piece, name) for name in kept}
    return assessment.evidence.create(carried_from_id=first, added_by=by, **same)


def put_back(assessment):
    """Let what was taken away stand where it stood, behind the confirmation that has come back."""
    for piece in assessment.evidence.filter(dropped_from__isnull=False).distinct():
        piece.indicators.add(*piece.dropped_from.all())
        piece.dropped_from.clear()


def _tell(piece, by, **values):
    events.record_many([piece.assessment.entry("evidence", piece, by=by, at=clock.now(), **values)])


def _remove(name):
    try:
        default_storage.delete(name)
    except OSError:
        log.exception("evidence could not be removed: %s", name)


# --- What is shown --------------------------------------------------------------------------------


def thumbnail(piece) -> bytes:
    """A picture small enough for a list on a slow line. Raises OSError where there is no picture to read."""
    with piece.file.open("rb") as file, Image.open(file, formats=["JPEG"]) as picture:
        picture.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))
        picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=THUMBNAIL_QUALITY)
        return out.getvalue()
