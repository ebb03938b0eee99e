"""Long work that keeps its state in a row: a worker does it, a sweep takes up what a dead one left."""

import datetime
import logging
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import clock

log = logging.getLogger(__name__)
DEAD_AFTER = datetime.timedelta(minutes=1)


class WorkQuerySet(models.QuerySet):
    def left_behind(self, now):
        """Those whose worker gave no sign of life for a while."""
        died = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - DEAD_AFTER)
        return self.filter(died, state__in=self.model.AT_WORK)


class Work(models.Model):
    """A row with a `state`; AT_WORK names the states in which a worker is at it, and what follows each."""

    AT_WORK: ClassVar[dict[str, str]] = {}
    heartbeat_at = models.DateTimeField(_("còn chạy lúc"), null=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        abstract = True

    def go_on(self, sources, target) -> bool:
        """Come from one of the states to another; whether this call did it: of two clicks one does."""
        went = self._itself().filter(state__in=sources).update(state=target, heartbeat_at=clock.now())
        if went:
            self.state = target
        return bool(went)

    def alive(self) -> None:
        """Note that a worker is at it."""
        self._itself().update(heartbeat_at=clock.now())

    def finish(self) -> None:
        """The worker's part is done."""
        self._itself().filter(state=self.state).update(state=self.AT_WORK[self.state])

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
