from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Campaign, Helping
from audit import clock
from audit.work import Work
from organizations.models import Organization
from vietnamese import dates


class Order(models.TextChoices):
    NAME = "name", _("Theo tên")
    HOUSEHOLD = "household", _("Theo hộ")


class PrintingState(models.TextChoices):
    DRAWING = "drawing", _("đang vẽ")
    DONE = "done", _("đã xong")
    REMOVED = "removed", _("đã xóa sau 7 ngày")


class Printing(Work):
    """The sheets of a whole place in one file, on their way: whose, in which order, how many are drawn."""

    AT_WORK: ClassVar = {PrintingState.DRAWING: PrintingState.DONE}

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("tổ chức")
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người in"))
    at = models.DateTimeField(_("yêu cầu lúc"), default=clock.now)
    order = models.CharField(_("thứ tự"), max_length=9, choices=Order, default=Order.NAME)
    with_sent = models.BooleanField(_("cả người đã gửi hồ sơ"), default=False)
    state = models.CharField(
        _("tình trạng"), max_length=7, choices=PrintingState, default=PrintingState.DRAWING
    )
    pages = models.PositiveIntegerField(_("số phiếu"), default=0)
    drawn = models.PositiveIntegerField(_("số phiếu đã vẽ"), default=0)

    class Meta:
        verbose_name = _("lần in phiếu giấy")
        verbose_name_plural = _("các lần in phiếu giấy")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.organization} {self.campaign} {self.pk}"

    @property
    def file_name(self):
        """What the file is called on the computer it is saved to."""
        return f"phieu-giay-{self.organization.code.replace('@', '-')}-{self.campaign.year}.pdf"


class TypedSheetQuerySet(models.QuerySet):
    def of(self, assessment):
        """What was typed in for a record, the latest last."""
        found = self.filter(helping__assessment=assessment).order_by("pk")
        return found.select_related("helping__helper")


class TypedSheet(models.Model):
    """What stood on a sheet of paper when somebody typed it in: it stays, whatever the record becomes."""

    helping = models.ForeignKey(
        Helping, models.CASCADE, related_name="sheets", verbose_name=_("lần điền giúp")
    )
    dated_on = models.DateField(_("ngày ghi trên phiếu"))
    numbers = models.CharField(_("điểm trên phiếu"), max_length=200)
    typed_at = models.DateTimeField(_("nhập lúc"))
    has_photo = models.BooleanField(_("có ảnh phiếu"), default=False)

    objects = TypedSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiếu đã nhập")
        verbose_name_plural = _("phiếu đã nhập")

    def __str__(self):
        return f"{self.helping}, {dates.day_words(self.dated_on)}"

    @property
    def words(self):
        """'Trần Thị Mai đã nhập phiếu đề ngày 20/11/2026 lúc 9:00 ngày 21/11/2026.'"""
        return gettext("%(who)s đã nhập phiếu đề ngày %(day)s lúc %(at)s.") % {
            "who": self.helping.helper,
            "day": dates.day_words(self.dated_on),
            "at": dates.moment_words(self.typed_at),
        }
