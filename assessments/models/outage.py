import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import clock


class OutageQuerySet(models.QuerySet):
    def showing(self, now):
        """Those whose banner stands on every page: announced, or running."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("begins_at", "pk")

    def latest_first(self):
        return self.order_by("-begins_at", "-pk")

    def lost_between(self, start, end, now) -> datetime.timedelta:
        """The time of [start, end) in which the portal was, is or by announcement will be away.

        Outages that overlap count once; one without an end counts up to now.
        """
        spans = sorted(
            (max(outage.begins_at, start), min(outage.ends_at or now, end))
            for outage in self.filter(Q(ends_at=None) | Q(ends_at__gt=start), begins_at__lt=end)
        )
        lost, reached = datetime.timedelta(0), start
        for begins_at, ends_at in spans:
            lost += max(ends_at - max(begins_at, reached), datetime.timedelta(0))
            reached = max(reached, ends_at)
        return lost


class Outage(models.Model):
    """A time in which the portal could not be used, announced or found, and what its banner says."""

    begins_at = models.DateTimeField(_("từ lúc"))
    ends_at = models.DateTimeField(_("đến lúc"), null=True, blank=True)
    words = models.CharField(_("lời báo trên mọi trang"), max_length=300)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("ghi lúc"), default=clock.now)

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gián đoạn")
        verbose_name_plural = _("gián đoạn")
        constraints = [
            models.CheckConstraint(
                name="outage_begins_before_it_ends",
                condition=Q(ends_at=None) | Q(begins_at__lt=F("ends_at")),
            ),
            models.CheckConstraint(name="outage_says_something", condition=~Q(words="")),
            models.UniqueConstraint(fields=["begins_at", "words"], name="outage_recorded_once"),
        ]

    def __str__(self):
        return self.words

    def is_over(self, now):
        return self.ends_at is not None and self.ends_at <= now
