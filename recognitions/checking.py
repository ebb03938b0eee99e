"""Whether a paper is genuine: what anybody is told who has its code, and what its holder is told of that."""

from dataclasses import dataclass

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import guesses
from audit import clock
from recognitions import keys, payload
from recognitions.models import CheckDay, Recognition


class Verdict(models.TextChoices):
    GENUINE = "genuine", _("Giấy này có thật và còn hiệu lực")
    ENDED = "ended", _("Giấy này có thật nhưng đã hết hiệu lực")
    REVOKED = "revoked", _("Giấy này đã bị thu hồi")
    REPLACED = "replaced", _("Giấy này đã được thay bằng giấy mới")
    UNKNOWN = "unknown", _("Cổng không có giấy nào mang mã này")
    ALTERED = "altered", _("Hình vuông trên giấy này không phải do cổng in")
    HELD = "held", _("Nơi bạn đang dùng mạng đã gõ quá nhiều mã không có")


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    recognition: Recognition | None = None


def check(code: str, *, address: str, signed: str | None = None, own=None) -> Answer:
    """What the paper with this code is worth now; `signed` is what its QR says of itself.

    Who types codes that nobody bears is held. Slips of the finger never count: the last letter of a code
    tells them without a look at any row. A signed QR is answered whatever its network did.

    `own` are the recognitions whose paper the asker holds or gave: looking at those is not told.
    """
    if signed is not None:
        try:
            payload.read(code, signed, keys.published())
        except payload.Altered:
            return Answer(Verdict.ALTERED)
    elif guesses.is_held(address, guesses.CODES):
        return Answer(Verdict.HELD)
    found = Recognition.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        if signed is None:
            guesses.miss(address, guesses.CODES)
        return Answer(Verdict.UNKNOWN)
    if own is None or not own.filter(pk=found).exists():
        _count(found)
    # Read last: what was revoked while the rest went on is known here.
    recognition = Recognition.objects.select_related("decision__campaign").get(pk=found)
    return Answer(verdict_of(recognition), recognition)


def verdict_of(recognition) -> Verdict:
    if recognition.revoked_at:
        return Verdict.REVOKED
    if recognition.replaced_at:
        return Verdict.REPLACED
    if recognition.valid_until and recognition.valid_until < clock.today():
        return Verdict.ENDED
    return Verdict.GENUINE


def _count(pk):
    of_today = CheckDay.objects.filter(recognition=pk, day=clock.today())
    if of_today.update(count=F("count") + 1):
        return
    CheckDay.objects.bulk_create(
        [CheckDay(recognition_id=pk, day=clock.today(), count=0)], ignore_conflicts=True
    )
    of_today.update(count=F("count") + 1)
