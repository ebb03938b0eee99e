from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment, Outcome, State
from criteria.models import CriteriaSet


class Step(models.Model):
    """A state an assessment came to, when, by whom and why: its history, and half of a past day's figures.

    The outcome is that of that moment, the criteria set the one on which it stood there last. `by` is empty
    where the closing did it.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="steps")
    state = models.CharField(_("tình trạng"), max_length=12, choices=State)
    outcome = models.CharField(_("kết quả"), max_length=12, choices=Outcome, blank=True)
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("lý do"), blank=True)

    class Meta:
        verbose_name = _("bước")
        verbose_name_plural = _("diễn biến")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["assessment", "at"], name="step_of_assessment"),
            models.Index(fields=["at", "state"], name="step_of_day"),
        ]

    def __str__(self):
        return f"{self.assessment_id} {self.get_state_display()}"

    @classmethod
    def come_to(cls, assessment, *, at, by=None, reason=""):
        """The step that brought the record to where it stands now, not saved yet."""
        return cls(
            assessment=assessment,
            state=assessment.state,
            outcome=assessment.outcome,
            criteria_set_id=assessment.criteria_set_id,
            at=at,
            by=by,
            reason=reason,
        )
