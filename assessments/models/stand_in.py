from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, User
from audit import clock
from organizations.models import Organization


class StandInQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(clock.in_force(at="seat__"), ended_at=None)

    def with_all(self):
        return self.select_related("board", "association", "by", "ended_by", "seat")

    def latest_first(self):
        return self.order_by("-begun_at", "-pk")


class StandIn(models.Model):
    """An officer of the association right above who confirms for a board that cannot, for a time, and why.

    The right itself is the seat: an appointment like any other, which ends with the last day or before. One
    that has not lasted a day is taken back whole; this row stays.
    """

    board = models.ForeignKey(Organization, models.PROTECT, related_name="stand_ins")
    association = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người xác nhận thay"))
    seat = models.OneToOneField(Appointment, models.SET_NULL, null=True, related_name="stand_in")
    reason = models.TextField(_("lý do"))
    begun_at = models.DateTimeField(_("từ lúc"), default=clock.now)
    valid_to = models.DateField(_("đến hết ngày"))
    ended_at = models.DateTimeField(_("thôi lúc"), null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần xác nhận thay")
        verbose_name_plural = _("các lần xác nhận thay")
        constraints = [
            models.CheckConstraint(name="stand_in_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="stand_in_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_by__isnull=False, ended_at__gte=F("begun_at")),
            ),
        ]

    def __str__(self):
        return f"{self.by} → {self.board}"

    @property
    def is_standing(self):
        return self.ended_at is None and self.seat is not None and self.seat.valid_to >= clock.today()
