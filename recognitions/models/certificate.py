"""What hangs on the paper of a recognition: its printing, the checks of it, and who may see it."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen, User
from audit import clock
from audit.work import Work
from recognitions.models.decision import Decision
from recognitions.models.recognition import Recognition


class PublishedKey(models.Model):
    """A public key that signs, or once signed, what the QR of a certificate says: 32 bytes in hexadecimal."""

    key = models.CharField(_("khóa công khai"), max_length=64, unique=True)
    since = models.DateTimeField(_("dùng từ lúc"), default=clock.now)

    class Meta:
        verbose_name = _("khóa ký giấy chứng nhận")
        verbose_name_plural = _("khóa ký giấy chứng nhận")
        ordering = ["-since", "-pk"]

    def __str__(self):
        return self.key


class PrintingState(models.TextChoices):
    DRAWING = "drawing", _("đang vẽ")
    DONE = "done", _("đã xong")
    REMOVED = "removed", _("đã xóa sau 7 ngày")
    FULL = "full", _("máy chủ hết chỗ lưu")


class CertificatePrinting(Work):
    """The certificates of a decision in one file, on their way. `portal` is the address its codes lead to."""

    AT_WORK: ClassVar = {PrintingState.DRAWING: PrintingState.DONE}

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="printings", verbose_name=_("quyết định")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người in"))
    at = models.DateTimeField(_("yêu cầu lúc"), default=clock.now)
    portal = models.CharField(_("địa chỉ cổng"), max_length=200)
    after = models.PositiveIntegerField(_("sau giấy thứ"), default=0)
    state = models.CharField(
        _("tình trạng"), max_length=7, choices=PrintingState, default=PrintingState.DRAWING
    )
    pages = models.PositiveIntegerField(_("số giấy"), default=0)
    drawn = models.PositiveIntegerField(_("số giấy đã vẽ"), default=0)

    class Meta:
        verbose_name = _("lần in giấy chứng nhận")
        verbose_name_plural = _("các lần in giấy chứng nhận")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "by", "after"],
                name="certificates_drawn_once_at_a_time",
                condition=Q(state="drawing"),
            )
        ]

    def __str__(self):
        return f"{self.decision} {self.pk}"


class CheckDay(models.Model):
    """How often somebody looked whether a paper is genuine on one day. Nothing is kept of who it was."""

    recognition = models.ForeignKey(
        Recognition, models.CASCADE, related_name="check_days", verbose_name=_("công nhận")
    )
    day = models.DateField(_("ngày"))
    count = models.PositiveIntegerField(_("số lần"), default=1)

    class Meta:
        verbose_name = _("ngày có người kiểm tra")
        verbose_name_plural = _("những ngày có người kiểm tra")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["recognition", "day"], name="check_day_once")]

    def __str__(self):
        return f"{self.recognition_id}, {self.day}: {self.count}"


def new_key() -> str:
    return secrets.token_urlsafe(16)


class SharedPage(models.Model):
    """A link under which anybody sees somebody's titles, until its holder withdraws it."""

    citizen = models.ForeignKey(
        Citizen, models.CASCADE, related_name="shared_pages", verbose_name=_("người dân")
    )
    key = models.CharField(_("khóa"), max_length=40, unique=True, default=new_key, editable=False)
    made_at = models.DateTimeField(_("tạo lúc"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("ngừng lúc"), null=True)

    class Meta:
        verbose_name = _("liên kết chia sẻ")
        verbose_name_plural = _("liên kết chia sẻ")
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"], name="shared_page_one_open", condition=Q(withdrawn_at=None)
            )
        ]

    def __str__(self):
        return f"{self.citizen}, {self.made_at}"
