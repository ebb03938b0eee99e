from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from criteria.models import TitleLink


class CountedShare(models.Model):
    """What the last count of one share of a group's record said; what the result of a judged one rests on."""

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="counted_shares", verbose_name=_("hồ sơ")
    )
    link = models.ForeignKey(TitleLink, models.PROTECT, related_name="+", verbose_name=_("điều kiện"))
    numerator = models.PositiveIntegerField(_("có danh hiệu"))
    denominator = models.PositiveIntegerField(_("tính trên"))
    counted_at = models.DateTimeField(_("đếm lúc"))

    class Meta:
        verbose_name = _("tỷ lệ đã đếm")
        verbose_name_plural = _("tỷ lệ đã đếm")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "link"], name="counted_share_once"),
            models.CheckConstraint(
                name="counted_share_part_of_the_whole",
                condition=models.Q(numerator__lte=models.F("denominator")),
            ),
        ]

    def __str__(self):
        return f"{self.numerator}/{self.denominator}"
