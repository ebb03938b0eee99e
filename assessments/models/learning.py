from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment


class LearningForm(models.TextChoices):
    READING = "reading", _("Đọc sách, báo")
    COURSE = "course", _("Lớp, khóa học")
    CENTRE = "centre", _("Trung tâm học tập cộng đồng")
    ONLINE = "online", _("Học trên mạng")
    VOCATIONAL = "vocational", _("Học nghề")
    LANGUAGE = "language", _("Học tiếng nước ngoài")
    DIGITAL = "digital", _("Học dùng điện thoại, máy tính")
    OTHER = "other", _("Cách khác")


class PlannedLearning(models.Model):
    """One way of learning that somebody means to take in the year, and since when it is done."""

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="learning", verbose_name=_("hồ sơ")
    )
    form = models.CharField(_("cách học"), max_length=10, choices=LearningForm)
    what = models.CharField(_("học gì"), max_length=200, blank=True)
    done_on = models.DateField(_("xong ngày"), null=True)

    class Meta:
        verbose_name = _("việc học đã định")
        verbose_name_plural = _("kế hoạch học tập")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "form", "what"], name="planned_learning_once"),
        ]

    def __str__(self):
        form = str(self.get_form_display())
        return f"{form}: {self.what}" if self.what else form
