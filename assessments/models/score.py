from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment
from audit import clock
from criteria.models import Criterion


def points_and_passed(given):
    """In which of two columns a value stands: points, or a yes or no."""
    return (None, given) if isinstance(given, bool) else (given, None)


class Score(models.Model):
    """What one indicator was given in one round: by oneself, by the board, and by who looked at it again.

    None overwrites another. Points where the set scores, a yes or no where it judges. `helped_by` filled in
    the own one for the person.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    indicator = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    round = models.PositiveSmallIntegerField(default=1)
    own_points = models.DecimalField(_("tự chấm"), max_digits=6, decimal_places=2, null=True)
    own_passed = models.BooleanField(_("tự đánh giá"), null=True)
    helped_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # of millions of rows; nothing is looked up by it
        verbose_name=_("người điền giúp"),
    )
    confirmed_points = models.DecimalField(_("ban chấm"), max_digits=6, decimal_places=2, null=True)
    confirmed_passed = models.BooleanField(_("ban đánh giá"), null=True)
    reason = models.TextField(_("lý do đổi"), blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    review_points = models.DecimalField(_("điểm xem lại"), max_digits=6, decimal_places=2, null=True)
    review_passed = models.BooleanField(_("đánh giá xem lại"), null=True)
    review_reason = models.TextField(_("lý do khi xem lại"), blank=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xem lại")
    )

    class Meta:
        verbose_name = _("điểm")
        verbose_name_plural = _("điểm")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator", "round"], name="score_once_a_round"),
            models.CheckConstraint(
                name="score_not_negative",
                condition=(Q(own_points=None) | Q(own_points__gte=0))
                & (Q(confirmed_points=None) | Q(confirmed_points__gte=0))
                & (Q(review_points=None) | Q(review_points__gte=0)),
            ),
            models.CheckConstraint(
                name="score_changed_with_a_reason", condition=Q(changed_by=None) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="score_reviewed_with_a_reason", condition=Q(reviewed_by=None) | ~Q(review_reason="")
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.own}"

    @property
    def own(self):
        return self.own_points if self.own_passed is None else self.own_passed

    @own.setter
    def own(self, given):
        self.own_points, self.own_passed = points_and_passed(given)

    @property
    def confirmed(self):
        return self.confirmed_points if self.confirmed_passed is None else self.confirmed_passed

    @confirmed.setter
    def confirmed(self, given):
        self.confirmed_points, self.confirmed_passed = points_and_passed(given)

    @property
    def review(self):
        return self.review_points if self.review_passed is None else self.review_passed

    @review.setter
    def review(self, given):
        self.review_points, self.review_passed = points_and_passed(given)

    @property
    def final(self):
        """What counts: what was given when it was looked at again, else by the board."""
        return self.confirmed if self.review is None else self.review

    @property
    def contest_reason(self):
        """Why the citizen wants it looked at again; empty where nobody asked."""
        return self.contested.reason if hasattr(self, "contested") else ""

    @property
    def is_changed(self):
        return self.changed_by_id is not None


class ReturnReason(models.TextChoices):
    """Why a board returns one indicator: what it most often says, in words for whoever puts it right."""

    MISSING = "missing", _("Chưa có minh chứng: thêm ảnh, tệp, đường dẫn hoặc kể bằng lời.")
    UNREADABLE = "unreadable", _("Minh chứng không xem được hoặc mờ: gửi lại cái rõ hơn.")
    OTHER_YEAR = "other-year", _("Minh chứng của năm khác: gửi minh chứng của năm nay.")
    UNFITTING = "unfitting", _("Minh chứng nói về việc khác: xem lại chỗ này hỏi gì.")
    TOO_HIGH = "too-high", _("Tự chấm cao hơn những gì minh chứng cho thấy.")
    TOO_LOW = "too-low", _("Tự chấm thấp hơn những gì minh chứng cho thấy.")
    OTHER = "other", _("Lý do khác, ghi ở ô Lý do.")


class ReturnedScore(models.Model):
    """One indicator of a returned record that the board wants put right, and why.

    It hangs on the round the citizen answers in. Where a round has any, all other indicators stand.
    """

    score = models.OneToOneField(Score, models.CASCADE, related_name="returned", verbose_name=_("điểm"))
    reason = models.TextField(_("lý do trả lại"))

    class Meta:
        verbose_name = _("chỉ số bị trả lại")
        verbose_name_plural = _("chỉ số bị trả lại")
        ordering = ["score__indicator__position", "pk"]
        constraints = [
            models.CheckConstraint(name="returned_score_says_why", condition=~Q(reason="")),
        ]

    def __str__(self):
        return str(self.score)


class EvidenceKind(models.TextChoices):
    TEXT = "text", _("Lời kể")
    LINK = "link", _("Đường dẫn")
    FILE = "file", _("Ảnh hoặc tệp")
    NONE = "none", _("Không có minh chứng")


class EvidenceQuerySet(models.QuerySet):
    def for_pages(self):
        """With all that is shown of each piece."""
        origin = "carried_from__assessment__campaign"
        indicators = models.Prefetch("indicators", Criterion.objects.order_by("position", "pk"))
        return self.select_related(origin).prefetch_related(indicators)


class Evidence(models.Model):
    """What stands behind a score: words, a link or a file. One piece may serve several indicators.

    Why there is nothing to show is as lawful an answer.

    `dropped_from` are those it was taken away from while a confirmed record is open again: it stands behind
    the confirmation that may come back. `carried_from` is the piece of a year before that it was taken over
    from, the first of them: its file is that one's.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    indicators = models.ManyToManyField(Criterion, related_name="evidence")
    dropped_from = models.ManyToManyField(Criterion, related_name="+")
    kind = models.CharField(_("loại"), max_length=4, choices=EvidenceKind)
    text = models.TextField(_("lời kể"), blank=True)
    url = models.URLField(_("đường dẫn"), max_length=500, blank=True)
    file = models.FileField(_("tệp"), upload_to="evidence/%Y/%m/", blank=True, max_length=200)
    name = models.CharField(_("tên"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("cỡ (byte)"), null=True)
    content_type = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField(_("thêm lúc"), default=clock.now)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="carried_to", verbose_name=_("lấy từ năm trước")
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_holds_what_its_kind_says",
                condition=Q(kind__in=["text", "none"]) & ~Q(text="")
                | Q(kind="link") & ~Q(url="")
                | Q(kind="file") & ~Q(file=""),
            ),
        ]

    def __str__(self):
        return self.name or self.url or self.text[:60]

    @property
    def is_picture(self):
        return self.content_type.startswith("image/")

    @property
    def is_told(self):
        """Whether it is words alone."""
        return self.kind in (EvidenceKind.TEXT, EvidenceKind.NONE)

    @property
    def is_pdf(self):
        return self.content_type == "application/pdf"
