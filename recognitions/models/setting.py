from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from criteria.models import Level
from organizations.models import Kind

BODIES = [(kind.value, kind.label) for kind in [Kind.COMMUNE, Kind.PROVINCE]]


class LevelSetting(models.Model):
    """What the centre says of how one title is recognised. Without a row the defaults hold.

    `body_kind` is the association that decides on people's titles; those of groups are recognised by the
    last body of their chain. `on_provisional` says whether titles judged by provisional criteria may be
    recognised, and `basis` on which paper that rests: the decision prints both.
    """

    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level, unique=True)
    on_provisional = models.BooleanField(_("được công nhận theo tiêu chí bản tạm"), default=False)
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    body_kind = models.CharField(
        _("cấp ra quyết định"), max_length=10, choices=BODIES, default=Kind.COMMUNE.value
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người đặt"))
    at = models.DateTimeField(_("đặt lúc"))

    class Meta:
        verbose_name = _("quy định công nhận")
        verbose_name_plural = _("quy định công nhận")
        constraints = [
            models.CheckConstraint(
                name="level_setting_on_provisional_with_a_basis",
                condition=Q(on_provisional=False) | ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="level_setting_of_a_deciding_body", condition=Q(body_kind__in=["commune", "province"])
            ),
        ]

    def __str__(self):
        return self.get_level_display()
