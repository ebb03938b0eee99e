import datetime
import logging

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from audit import clock
from organizations.models import NAME_LENGTH, Organization

log = logging.getLogger(__name__)
DEAD_AFTER = datetime.timedelta(minutes=1)


class FileState(models.TextChoices):
    CHECKING = "checking", _("đang kiểm tra")
    JUDGED = "judged", _("đã kiểm tra, chưa thực hiện")
    RUNNING = "running", _("đang thực hiện")
    DONE = "done", _("đã xong")


AT_WORK = {FileState.CHECKING: FileState.JUDGED, FileState.RUNNING: FileState.DONE}  # and what follows


class SentFileQuerySet(models.QuerySet):
    def left_behind(self, now):
        """Those whose worker gave no sign of life for a while."""
        died = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - DEAD_AFTER)
        return self.filter(died, state__in=AT_WORK)


class SentFile(models.Model):
    """A file of many rows that somebody sends in for an organization.

    Every row is judged before anything changes, and stands for itself, so the work may stop and go on
    anywhere: a worker does it, and a sweep takes up what a dead one left behind.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(_("tên tệp"), max_length=NAME_LENGTH)
    state = models.CharField(_("tình trạng"), max_length=8, choices=FileState, default=FileState.CHECKING)
    sent_at = models.DateTimeField(_("gửi lúc"), default=clock.now)
    heartbeat_at = models.DateTimeField(_("còn chạy lúc"), null=True)

    objects = SentFileQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    def start(self, *states) -> bool:
        """Whether this call began it: of two clicks one does."""
        waiting = self._itself().filter(state__in=states or [FileState.JUDGED])
        return bool(waiting.update(state=FileState.RUNNING, heartbeat_at=clock.now()))

    def alive(self) -> None:
        """Note that a worker is at it."""
        self._itself().update(heartbeat_at=clock.now())

    def finish(self) -> None:
        """The worker's part is done: what was being checked is judged, what ran is done."""
        self._itself().filter(state=self.state).update(state=AT_WORK[self.state])

    def hand_to(self, task) -> None:
        """Give it to the workers. A dead broker changes nothing: the sweep sends it again."""
        try:
            task.delay(self.pk)
        except Exception as error:  # whatever the transport raises
            log.warning("%s %s waits, the broker did not take it: %s", self._meta.label, self.pk, error)
        else:
            self.alive()

    def _itself(self):
        return type(self).objects.filter(pk=self.pk)
