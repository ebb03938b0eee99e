from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.campaign import Campaign
from organizations.models import Organization


class ResultHoldQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)


class ResultHold(models.Model):
    """That a province holds the results of a year back until the minutes over them are signed.

    See assessments.releases.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="result_holds", verbose_name=_("năm"))
    province = models.ForeignKey(
        Organization, models.PROTECT, related_name="result_holds", verbose_name=_("tỉnh")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người đặt"))
    at = models.DateTimeField(_("đặt lúc"))
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("thôi lúc"), null=True)

    told_at = models.DateTimeField(_("đã báo mọi người lúc"), null=True)

    objects = ResultHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("giữ kết quả đến khi ký biên bản")
        verbose_name_plural = _("giữ kết quả đến khi ký biên bản")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "province"], name="result_hold_once", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="result_hold_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.province} {self.campaign}"
