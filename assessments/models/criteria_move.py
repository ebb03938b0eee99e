from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from criteria.models import CriteriaSet


class CriteriaMove(models.Model):
    """That an open record came to a later version of its form, and whether its person looked at what changed.

    Where a third version comes before they looked, the row goes along: `from_set` is what they answered last.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="criteria_moves")
    from_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+")
    to_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="moves_here")
    at = models.DateTimeField(_("chuyển lúc"))
    looked_at = models.DateTimeField(_("xem lúc"), null=True)

    class Meta:
        verbose_name = _("hồ sơ chuyển sang bộ tiêu chí mới")
        verbose_name_plural = _("hồ sơ chuyển sang bộ tiêu chí mới")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "to_set"], name="criteria_move_once_a_version"),
        ]

    def __str__(self):
        return f"{self.assessment_id}: {self.from_set_id} → {self.to_set_id}"
