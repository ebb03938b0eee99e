from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment, Outcome, State
from assessments.models.campaign import Extension
from criteria.models import CriteriaSet
from organizations.models import Organization


class Reopening(models.Model):
    """A closed record that an extension opened again, and everything it was before.

    When the extension has ended, what was confirmed before and was not confirmed anew becomes that again. Its
    scores need no copy: they stand in their round, and a reopened record goes on in a new one. `ended_at` is
    when that was seen to.
    """

    KEPT = [
        "outcome",
        "own_total",
        "confirmed_total",
        "review_total",
        "submitted_at",
        "confirmed_at",
        "confirmed_by_id",
        "round",
        "criteria_set_id",
        "board_id",
        "commune_id",
        "province_id",
        "in_hard_area",
    ]

    extension = models.ForeignKey(
        Extension, models.PROTECT, related_name="reopenings", verbose_name=_("gia hạn")
    )
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="reopenings", verbose_name=_("hồ sơ")
    )
    at = models.DateTimeField(_("mở lại lúc"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người mở lại"))
    ended_at = models.DateTimeField(_("đã ghi nhận hết hạn"), null=True)
    state = models.CharField(_("tình trạng trước đó"), max_length=12, choices=State)
    outcome = models.CharField(_("kết quả"), max_length=12, choices=Outcome, blank=True)
    own_total = models.DecimalField(_("điểm tự chấm"), max_digits=6, decimal_places=2, null=True)
    confirmed_total = models.DecimalField(_("điểm xác nhận"), max_digits=6, decimal_places=2, null=True)
    review_total = models.DecimalField(_("điểm xem lại"), max_digits=6, decimal_places=2, null=True)
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True)
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xác nhận")
    )
    round = models.PositiveSmallIntegerField(_("lượt"))
    criteria_set = models.ForeignKey(
        CriteriaSet, models.PROTECT, related_name="+", verbose_name=_("bộ tiêu chí")
    )
    board = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("nơi xác nhận"))
    commune = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("xã, phường")
    )
    province = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("tỉnh, thành phố")
    )
    in_hard_area = models.BooleanField(_("vùng khó khăn"))

    class Meta:
        verbose_name = _("mở lại hồ sơ")
        verbose_name_plural = _("mở lại hồ sơ")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "extension"], name="reopening_once_an_extension"),
            models.CheckConstraint(
                name="reopening_of_a_closed_record",
                condition=Q(state__in=["unsent", "unconfirmed"], confirmed_at=None)
                | Q(state="confirmed", confirmed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["extension"], condition=Q(ended_at=None), name="reopening_under_way"),
        ]

    def __str__(self):
        return f"{self.assessment_id} {self.get_state_display()}"

    @classmethod
    def of(cls, assessment, extension, *, by, at):
        """The record as it stands, before it is reopened; not saved yet."""
        kept = {name: getattr(assessment, name) for name in cls.KEPT}
        return cls(assessment=assessment, extension=extension, by=by, at=at, state=assessment.state, **kept)

    def kept(self):
        """The columns of the record as they were."""
        return {name: getattr(self, name) for name in self.KEPT}
