from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.models.assessment import Assessment, Outcome, State
from assessments.models.score import Score, points_and_passed
from organizations.models import Organization
from vietnamese import dates


class LoweringQuerySet(models.QuerySet):
    def waiting(self):
        """Those of records that still wait, as they were sent, at the board whose member gave them."""
        return self.filter(
            agreed_at=None,
            assessment__state=State.SUBMITTED,
            assessment__round=F("round"),
            assessment__board=F("board"),
            assessment__submitted_at__lte=F("decided_at"),
        )


class Lowering(models.Model):
    """What one member of a board gives where it comes to less than the own points; another must agree.

    Until then the record goes on waiting. Who judges it otherwise puts an own decision in this one's place.
    """

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="lowerings", verbose_name=gettext_lazy("hồ sơ")
    )
    board = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(gettext_lazy("lượt"))
    outcome = models.CharField(gettext_lazy("kết quả"), max_length=12, choices=Outcome)
    total = models.DecimalField(gettext_lazy("điểm xác nhận"), max_digits=6, decimal_places=2, null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=gettext_lazy("người chấm")
    )
    decided_at = models.DateTimeField(gettext_lazy("chấm lúc"))
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("người đồng ý")
    )
    agreed_at = models.DateTimeField(gettext_lazy("đồng ý lúc"), null=True)

    objects = LoweringQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("lần chấm thấp hơn")
        verbose_name_plural = gettext_lazy("lần chấm thấp hơn")
        constraints = [
            models.CheckConstraint(
                name="lowering_agreed_by_another",
                condition=Q(agreed_at=None, agreed_by=None)
                | Q(agreed_at__gte=F("decided_at"), agreed_by__isnull=False) & ~Q(agreed_by=F("decided_by")),
            ),
            models.UniqueConstraint(
                fields=["assessment", "round"],
                condition=Q(agreed_at=None),
                name="lowering_waits_once_a_round",
            ),
        ]

    def __str__(self):
        return str(self.assessment)

    @property
    def waits_words(self):
        """'Trần Thị Mai đã chấm thấp hơn lúc 09:00, 20/12/2026, chờ thành viên thứ hai.'"""
        said = {"first": self.decided_by, "at": dates.moment_words(self.decided_at)}
        return _("%(first)s đã chấm thấp hơn lúc %(at)s, chờ thành viên thứ hai.") % said

    @property
    def words(self):
        """'Trần Thị Mai chấm lúc 09:00, 20/12/2026, Lê Văn Bình đồng ý.'"""
        said = {
            "first": self.decided_by,
            "at": dates.moment_words(self.decided_at),
            "second": self.agreed_by,
        }
        return _("%(first)s chấm lúc %(at)s, %(second)s đồng ý.") % said


class LoweredScore(models.Model):
    """What it gives one indicator instead of the own, and why."""

    lowering = models.ForeignKey(Lowering, models.CASCADE, related_name="scores")
    score = models.ForeignKey(Score, models.CASCADE, related_name="lowerings")
    points = models.DecimalField(gettext_lazy("điểm"), max_digits=6, decimal_places=2, null=True)
    passed = models.BooleanField(gettext_lazy("đánh giá"), null=True)
    reason = models.TextField(gettext_lazy("lý do đổi"))

    class Meta:
        verbose_name = gettext_lazy("điểm chấm thấp hơn")
        verbose_name_plural = gettext_lazy("điểm chấm thấp hơn")
        ordering = ["score__indicator__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lowering", "score"], name="lowered_score_once"),
            models.CheckConstraint(name="lowered_score_says_why", condition=~Q(reason="")),
        ]

    def __str__(self):
        return str(self.score)

    @property
    def given(self):
        return self.points if self.passed is None else self.passed

    @given.setter
    def given(self, given):
        self.points, self.passed = points_and_passed(given)
