from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen, User
from assessments.models.assessment import Assessment
from organizations.models import Organization


class Asked(models.TextChoices):
    """How somebody asked to be helped."""

    IN_PERSON = "in_person", _("Gặp và nhờ trực tiếp")
    BY_PHONE = "by_phone", _("Gọi điện nhờ")
    BY_FAMILY = "by_family", _("Người nhà nhờ thay")
    ON_PAPER = "on_paper", _("Điền phiếu giấy, nhờ gõ vào cổng")


class Ending(models.TextChoices):
    SENT = "sent", _("đã gửi hồ sơ")
    STOPPED = "stopped", _("người giúp thôi")
    TAKEN_OVER = "taken_over", _("người ấy tự làm tiếp")
    REFUSED = "refused", _("người ấy nói không nhờ")


class HelpingQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def by_whom_still_may(self, user):
        """The open ones of a user who today may help there: on the person's board, or named by it."""
        people = Citizen.objects.who_may_be_helped_by(user)
        return self.open().filter(helper=user, assessment__citizen__in=people.values("pk"))

    def that_wrote(self):
        """Those in which something was filled in or sent."""
        return self.filter(wrote_at__isnull=False)

    def that_count(self):
        """By which a record counts as filled in with help: not where the person says they never asked."""
        return self.that_wrote().exclude(ending=Ending.REFUSED)

    def latest_first(self):
        return self.order_by("-began_at", "-pk")


class Helping(models.Model):
    """Somebody fills in for a person who asked: who, for whom, since when, how they asked and why.

    `wrote_at`: when the helper last filled in or sent anything; `words`: what the person said when refusing.
    """

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="helpings", verbose_name=_("hồ sơ")
    )
    helper = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người giúp"))
    board = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("ban"))
    asked = models.CharField(_("nhờ thế nào"), max_length=10, choices=Asked)
    reason = models.CharField(_("vì sao cần giúp"), max_length=300)
    began_at = models.DateTimeField(_("bắt đầu lúc"))
    wrote_at = models.DateTimeField(_("điền lần cuối lúc"), null=True)
    ended_at = models.DateTimeField(_("kết thúc lúc"), null=True)
    ending = models.CharField(_("kết thúc vì"), max_length=10, choices=Ending, blank=True)
    words = models.TextField(_("người ấy nói"), blank=True)

    objects = HelpingQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần điền giúp")
        verbose_name_plural = _("các lần điền giúp")
        constraints = [
            models.CheckConstraint(name="helping_with_a_reason", condition=~Q(reason="") & ~Q(asked="")),
            models.CheckConstraint(
                name="helping_ends_somehow",
                condition=Q(ended_at=None, ending="") | Q(ended_at__isnull=False) & ~Q(ending=""),
            ),
            models.UniqueConstraint(
                fields=["assessment", "helper"], condition=Q(ended_at=None), name="helping_open_once"
            ),
        ]
        indexes = [models.Index(fields=["helper", "ended_at"], name="helping_of_helper")]

    def __str__(self):
        return f"{self.helper}, {self.assessment}"
