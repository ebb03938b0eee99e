from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import SentFile
from organizations.models import Reform


class ReformFile(SentFile):
    """Many reforms in one Excel file."""

    class Meta(SentFile.Meta):
        abstract = False
        verbose_name = _("tệp thay đổi đơn vị")
        verbose_name_plural = _("tệp thay đổi đơn vị")


class RowState(models.TextChoices):
    NEW = "new", _("chờ kiểm tra")
    GOOD = "good", _("đúng, chờ thực hiện")
    BAD = "bad", _("cần sửa")
    DONE = "done", _("đã thực hiện")


class FileRow(models.Model):
    """A row as it was typed, what the portal says of it, and the reform that it became."""

    file = models.ForeignKey(ReformFile, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("dòng"))
    cells = models.JSONField()
    state = models.CharField(_("tình trạng"), max_length=4, choices=RowState, default=RowState.NEW)
    verdict = models.TextField(_("kết quả kiểm tra"), blank=True)
    reform = models.ForeignKey(Reform, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_row_once")]

    def __str__(self):
        return f"{self.file_id} {self.number}"
