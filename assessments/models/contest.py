from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment
from assessments.models.score import Score


class Contest(models.Model):
    """A citizen's one request to look again at some points of a confirmed record.

    What came of it stands beside the points: `Score.review` and its reason. Without `decided_at` nobody has
    looked again.
    """

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="contest", verbose_name=_("hồ sơ")
    )
    round = models.PositiveSmallIntegerField(_("lượt"))
    at = models.DateTimeField(_("đề nghị lúc"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("người đề nghị"))
    decided_at = models.DateTimeField(_("xem lại lúc"), null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xem lại")
    )

    class Meta:
        verbose_name = _("đề nghị xem lại")
        verbose_name_plural = _("đề nghị xem lại")
        constraints = [
            models.CheckConstraint(
                name="contest_decided_when_and_by_whom",
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes = [
            # The few that wait for somebody, among all of many years.
            models.Index(fields=["assessment"], condition=Q(decided_at=None), name="contest_undecided"),
        ]

    def __str__(self):
        return str(self.assessment)


class ContestedScore(models.Model):
    """One indicator the citizen wants looked at again, and why."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="scores", verbose_name=_("đề nghị"))
    score = models.OneToOneField(Score, models.CASCADE, related_name="contested", verbose_name=_("điểm"))
    reason = models.TextField(_("lý do"))

    class Meta:
        verbose_name = _("chỉ số đề nghị xem lại")
        verbose_name_plural = _("chỉ số đề nghị xem lại")
        ordering = ["score__indicator__position", "pk"]
        constraints = [
            models.CheckConstraint(name="contested_score_says_why", condition=~Q(reason="")),
        ]

    def __str__(self):
        return str(self.score)
