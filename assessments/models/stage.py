from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit import clock
from criteria.models import Level
from organizations.models import Kind, Organization


class Task(models.TextChoices):
    CHECK = "check", _("thẩm tra, chuyển lên")
    RECOGNISE = "recognise", _("xác nhận kết quả")


class ReviewStageQuerySet(models.QuerySet):
    def of(self, level, scope, on=None):
        """The chain of a title of groups in its order, as it is on a day."""
        return self.filter(clock.in_force(on), level=level, scope=scope).order_by("order", "pk")


class ReviewStage(models.Model):
    """One link of the chain by which a title of groups is judged, from when to when.

    The body is the one of this kind at or above the group in the tree. Where there is none, as for a unit
    right under its province, the link is passed over. What ends by its dates is passed over from then on.
    """

    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    scope = models.CharField(_("phạm vi"), max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    body_kind = models.CharField(_("cấp xem xét"), max_length=10, choices=Kind)
    task = models.CharField(_("việc"), max_length=9, choices=Task)
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    confidence = models.CharField(_("độ chắc"), max_length=20, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = ReviewStageQuerySet.as_manager()

    class Meta:
        verbose_name = _("bước xét danh hiệu nhóm")
        verbose_name_plural = _("các bước xét danh hiệu nhóm")
        ordering = ["level", "scope", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "scope", "body_kind", "valid_from"], name="review_stage_once"
            ),
            models.CheckConstraint(
                name="review_stage_opens_before_it_closes",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
            models.CheckConstraint(name="review_stage_of_a_group", condition=~Q(level="citizen")),
        ]

    def __str__(self):
        return f"{self.get_level_display()} {self.order}: {self.get_body_kind_display()}"

    def body_of(self, place) -> Organization | None:
        """The body of this link for a group at a place of the tree, while it is there."""
        body = place.within(self.body_kind)
        return None if body is None or body.is_closed else body
