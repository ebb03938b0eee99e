from django.db import models
from django.utils.translation import gettext_lazy as _


class TotalsCheck(models.Model):
    """What one night found that derived totals and outcomes from the scores again."""

    at = models.DateTimeField(_("lúc"))
    records = models.PositiveIntegerField(_("hồ sơ"))
    differing = models.PositiveIntegerField(_("chỗ lệch"))

    class Meta:
        verbose_name = _("lần tính lại tổng điểm")
        verbose_name_plural = _("các lần tính lại tổng điểm")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.at}: {self.differing}"
