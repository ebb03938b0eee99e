import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.citizen import Citizen
from accounts.models.user import User
from audit import clock
from organizations.models import Organization

GOOD_FOR = datetime.timedelta(days=90)
MOST_FAILURES = 10


def _expiry():
    return clock.now() + GOOD_FOR


class ClaimCodeQuerySet(models.QuerySet):
    def good(self):
        """Those with which an account may still be claimed."""
        return self.filter(used_at=None, expires_at__gt=clock.now(), failures__lt=MOST_FAILURES)

    def held(self):
        """Those with which too many tried who did not know the person: a new one takes their place."""
        return self.filter(used_at=None, failures__gte=MOST_FAILURES)


class ClaimCode(models.Model):
    """A printed code with which a person on a list takes over an account of their own, once.

    The code itself stands on the paper alone; here is its keyed digest. A new slip takes the place of the
    old. `failures` count who had the code and did not know the person.
    """

    citizen = models.OneToOneField(
        Citizen, models.CASCADE, related_name="claim_code", verbose_name=_("người dân")
    )
    digest = models.CharField(max_length=64, unique=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("nơi cấp")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người cấp"))
    given_at = models.DateTimeField(_("cấp lúc"), default=clock.now)
    expires_at = models.DateTimeField(_("hết hạn lúc"), default=_expiry)
    used_at = models.DateTimeField(_("dùng lúc"), null=True)
    failures = models.PositiveSmallIntegerField(_("số lần sai"), default=0)

    objects = ClaimCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mã nhận tài khoản")
        verbose_name_plural = _("mã nhận tài khoản")
        constraints = [
            models.CheckConstraint(
                name="claim_code_expires_later", condition=Q(expires_at__gt=models.F("given_at"))
            ),
        ]

    def __str__(self):
        return str(self.citizen)
