from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment, Outcome
from assessments.models.score import Score, points_and_passed
from vietnamese import dates


class PaperQuerySet(models.QuerySet):
    def signed(self):
        return self.filter(signed_at__isnull=False)


class Paper(models.Model):
    """A sheet on which a board judged before the lock, typed in after it by one member and signed by another.

    Nothing is confirmed by it before the second signs. Who reads the sheet otherwise types it anew: the
    latest counts. `dated_at` is the first moment of the day that stands on it.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="papers", verbose_name=_("hồ sơ"))
    round = models.PositiveSmallIntegerField(_("lượt"))
    dated_at = models.DateTimeField(_("ngày trên phiếu"))
    outcome = models.CharField(_("kết quả"), max_length=12, choices=Outcome)
    total = models.DecimalField(_("điểm xác nhận"), max_digits=6, decimal_places=2, null=True)
    typed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người nhập"))
    typed_at = models.DateTimeField(_("nhập lúc"))
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xác nhận")
    )
    signed_at = models.DateTimeField(_("xác nhận lúc"), null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiếu giấy")
        verbose_name_plural = _("phiếu giấy")
        constraints = [
            models.CheckConstraint(
                name="paper_signed_by_another",
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__gte=F("typed_at"), signed_by__isnull=False) & ~Q(signed_by=F("typed_by")),
            ),
            models.UniqueConstraint(
                fields=["assessment", "round"],
                condition=Q(signed_at__isnull=False),
                name="paper_signed_once_a_round",
            ),
        ]

    def __str__(self):
        return f"{self.assessment}, {self.day_words}"

    @property
    def day_words(self):
        return dates.day_words(dates.local_day(self.dated_at))

    @property
    def words(self):
        """'Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Lê Văn Bình.'"""
        said = {"day": self.day_words, "first": self.typed_by, "second": self.signed_by}
        if self.signed_by is None:
            return gettext("Phiếu giấy đề ngày %(day)s, nhập bởi %(first)s, chờ người thứ hai.") % said
        return gettext("Phiếu giấy đề ngày %(day)s, nhập bởi %(first)s và %(second)s.") % said


class PaperScore(models.Model):
    """What the sheet gives one indicator, and why where it is other than the own."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="scores", verbose_name=_("phiếu giấy"))
    score = models.ForeignKey(Score, models.CASCADE, related_name="papers", verbose_name=_("điểm"))
    points = models.DecimalField(_("điểm trên phiếu"), max_digits=6, decimal_places=2, null=True)
    passed = models.BooleanField(_("đánh giá trên phiếu"), null=True)
    reason = models.TextField(_("lý do đổi"), blank=True)

    class Meta:
        verbose_name = _("điểm trên phiếu giấy")
        verbose_name_plural = _("điểm trên phiếu giấy")
        ordering = ["score__indicator__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "score"], name="paper_score_once")]

    def __str__(self):
        return str(self.score)

    @property
    def given(self):
        return self.points if self.passed is None else self.passed

    @given.setter
    def given(self, given):
        self.points, self.passed = points_and_passed(given)
