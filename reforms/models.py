from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import clock
from organizations.models import NAME_LENGTH, Organization, Reform


class FileState(models.TextChoices):
    CHECKING = "checking", _("đang kiểm tra")
    JUDGED = "judged", _("đã kiểm tra, chưa thực hiện")
    RUNNING = "running", _("đang thực hiện")
    DONE = "done", _("đã xong")


class ReformFile(models.Model):
    """Many reforms in one Excel file. Each row stands for itself; the work may stop and go on anywhere."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reform_files")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(_("tên tệp"), max_length=NAME_LENGTH)
    state = models.CharField(_("tình trạng"), max_length=8, choices=FileState, default=FileState.CHECKING)
    sent_at = models.DateTimeField(_("gửi lúc"), default=clock.now)
    heartbeat_at = models.DateTimeField(_("còn chạy lúc"), null=True)

    class Meta:
        verbose_name = _("tệp thay đổi đơn vị")
        verbose_name_plural = _("tệp thay đổi đơn vị")
        ordering = ["-pk"]

    def __str__(self):
        return self.name


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
