from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from audit import clock
from audit.work import Work
from organizations.models import NAME_LENGTH, Organization


class FileState(models.TextChoices):
    CHECKING = "checking", _("đang kiểm tra")
    JUDGED = "judged", _("đã kiểm tra, chưa thực hiện")
    RUNNING = "running", _("đang thực hiện")
    DONE = "done", _("đã xong")


class SentFile(Work):
    """A file of many rows that somebody sends in for an organization.

    Every row is judged before anything changes, and stands for itself, so the work may stop and go on
    anywhere.
    """

    AT_WORK: ClassVar = {FileState.CHECKING: FileState.JUDGED, FileState.RUNNING: FileState.DONE}

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(_("tên tệp"), max_length=NAME_LENGTH)
    state = models.CharField(_("tình trạng"), max_length=8, choices=FileState, default=FileState.CHECKING)
    sent_at = models.DateTimeField(_("gửi lúc"), default=clock.now)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    def start(self, *states) -> bool:
        """Whether this call began to carry it out."""
        return self.go_on(states or [FileState.JUDGED], FileState.RUNNING)
