from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment, Outcome
from assessments.models.campaign import Campaign
from audit import clock
from audit.work import Work
from organizations.models import Organization


class BatchState(models.TextChoices):
    LOOKING = "looking", _("đang xem hồ sơ chọn ngẫu nhiên")
    READY = "ready", _("đã xem, chờ bấm xác nhận")
    RUNNING = "running", _("đang xác nhận")
    DONE = "done", _("đã xong")
    UNDOING = "undoing", _("đang hủy xác nhận")
    UNDONE = "undone", _("đã hủy xác nhận")


class Batch(Work):
    """Many waiting records of one board, read at one moment, to be confirmed with their own points.

    Before that some of them, drawn by the seed, are looked at. The work may stop and go on anywhere.
    """

    AT_WORK: ClassVar = {BatchState.RUNNING: BatchState.DONE, BatchState.UNDOING: BatchState.UNDONE}

    board = models.ForeignKey(Organization, models.PROTECT, related_name="batches", verbose_name=_("ban"))
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="batches", verbose_name=_("năm"))
    by = models.ForeignKey(User, models.PROTECT, related_name="batches", verbose_name=_("người làm"))
    query = models.CharField(_("tìm theo tên"), max_length=100, blank=True)
    seed = models.BigIntegerField(_("số gieo"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=BatchState, default=BatchState.LOOKING)
    at = models.DateTimeField(_("lập lúc"), default=clock.now)

    class Meta:
        verbose_name = _("lần xác nhận nhiều người")
        verbose_name_plural = _("các lần xác nhận nhiều người")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.board} {self.campaign} {self.pk}"


class RowState(models.TextChoices):
    WAITING = "waiting", _("chờ xác nhận")
    TO_LOOK = "to_look", _("cần xem riêng")
    CONFIRMED = "confirmed", _("đã xác nhận")
    SKIPPED = "skipped", _("bỏ qua")
    UNDONE = "undone", _("đã hủy xác nhận")
    KEPT = "kept", _("không hủy được")


class BatchRow(models.Model):
    """One record as the batch read it, what its own points came to then, and what became of it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    state = models.CharField(_("tình trạng"), max_length=9, choices=RowState, default=RowState.WAITING)
    reason = models.TextField(_("lý do"), blank=True)
    is_drawn = models.BooleanField(_("được chọn ngẫu nhiên để xem"), default=False)
    looked_at = models.DateTimeField(_("xem lúc"), null=True)

    class Meta:
        verbose_name = _("hồ sơ trong lần xác nhận nhiều người")
        verbose_name_plural = _("hồ sơ trong lần xác nhận nhiều người")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "assessment"], name="batch_row_once")]

    def __str__(self):
        return str(self.assessment)
