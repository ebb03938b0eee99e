from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.campaign import Campaign
from criteria.models import Level


class Audience(models.TextChoices):
    """Who is reminded of what."""

    UNSENT = "unsent", _("người chưa gửi hồ sơ")
    RETURNED = "returned", _("người có hồ sơ bị trả lại")
    BOARD = "board", _("ban còn người chờ xác nhận")


class Reminder(models.Model):
    """One round of reminding, so many days before a moment of closing: how far it has come.

    `up_to` is the key of the last record, or board, that was looked at. Another worker goes on there.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reminders", verbose_name=_("năm"))
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    audience = models.CharField(_("nhắc ai"), max_length=8, choices=Audience)
    closes_at = models.DateTimeField(_("đóng lúc"))
    days = models.PositiveSmallIntegerField(_("trước mấy ngày"))
    up_to = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(_("bắt đầu lúc"))
    done_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("lượt nhắc hạn")
        verbose_name_plural = _("các lượt nhắc hạn")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "level", "audience", "closes_at", "days"], name="reminder_once"
            )
        ]

    def __str__(self):
        return f"{self.campaign} {self.audience} {self.days}"
