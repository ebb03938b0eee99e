from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment
from assessments.models.stage import ReviewStage
from organizations.models import Organization


class Answer(models.TextChoices):
    SENT_ON = "sent_on", _("chuyển lên")
    SENT_BACK = "sent_back", _("trả lại")
    RECOGNISED = "recognised", _("xác nhận kết quả")
    PASSED_OVER = "passed_over", _("cấp này không còn xét")


class ReviewStep(models.Model):
    """What one body of the chain did with a group's record: when it came, was opened, answered, and why."""

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="review_steps", verbose_name=_("hồ sơ")
    )
    stage = models.ForeignKey(ReviewStage, models.PROTECT, related_name="+", verbose_name=_("bước"))
    body = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("nơi xem xét"))
    round = models.PositiveSmallIntegerField(_("lượt"))
    came_at = models.DateTimeField(_("đến lúc"))
    seen_at = models.DateTimeField(_("mở xem lúc"), null=True)
    answer = models.CharField(_("kết quả"), max_length=11, choices=Answer)
    reason = models.TextField(_("lý do"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("người quyết"))
    at = models.DateTimeField(_("quyết lúc"))

    class Meta:
        verbose_name = _("chặng xét")
        verbose_name_plural = _("các chặng xét")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="review_step_answered_after_it_came", condition=Q(at__gte=F("came_at"))
            ),
            models.CheckConstraint(
                name="review_step_sent_back_with_a_reason",
                condition=~Q(answer="sent_back") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="review_step_decided_by_somebody",
                condition=Q(answer="passed_over", by=None) | ~Q(answer="passed_over") & Q(by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.assessment_id} {self.body}: {self.get_answer_display()}"
