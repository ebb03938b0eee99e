from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Assessment
from organizations.models import NAME_LENGTH
from recognitions.codes import new_code
from recognitions.models.decision import NUMBER_LENGTH, Decision, Nomination


def name_order(at=""):
    """By what titles stand in the order of the list on which they were decided."""
    listed = Nomination.objects.filter(
        decision=OuterRef(f"{at}decision"), assessment=OuterRef(f"{at}assessment")
    )
    return Subquery(listed.values("name_sort"))


class RecognitionQuerySet(models.QuerySet):
    def standing(self):
        """Those neither revoked nor replaced by a new paper."""
        return self.filter(revoked_at=None, replaced_at=None)

    def held_by(self, user):
        """One's own, and those of the groups one speaks for."""
        return self.filter(assessment__in=Assessment.objects.written_by(user).order_by().values("pk"))

    def visible_to(self, user):
        """Those one holds, and those one's association gave."""
        own = Assessment.objects.written_by(user).order_by().values("pk")
        given = Decision.objects.given_by(user).order_by().values("pk")
        return self.filter(Q(assessment__in=own) | Q(decision__in=given))

    def changeable_by(self, user):
        """Those one's association gave; never one's own or those of one's groups."""
        own = Assessment.objects.tied_to(user).order_by().values("pk")
        given = Decision.objects.given_by(user).order_by().values("pk")
        return self.filter(decision__in=given).exclude(assessment__in=own)

    def in_order(self):
        return self.order_by(name_order(), "pk")

    def by_year(self):
        """The latest year first, with what a line about each says."""
        found = self.select_related("decision__campaign")
        return found.order_by("-decision__campaign__year", "decision__level", "-pk")


class Recognition(models.Model):
    """That somebody holds a title, as it is printed. It exists from the moment the decision is written back.

    Names are those of that day and stay, whatever becomes of people and places. A corrected paper is a row of
    its own which `replaces` the one before.
    """

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="recognitions", verbose_name=_("quyết định")
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="recognitions", verbose_name=_("hồ sơ")
    )
    holder_name = models.CharField(_("tên"), max_length=NAME_LENGTH)
    place_name = models.CharField(_("nơi ở, đơn vị"), max_length=2 * NAME_LENGTH, blank=True)
    valid_from = models.DateField(_("có giá trị từ ngày"))
    valid_until = models.DateField(_("có giá trị đến hết ngày"), null=True)
    code = models.CharField(_("mã kiểm tra"), max_length=20, unique=True, default=new_code, editable=False)
    recognised_at = models.DateTimeField(_("ghi công nhận lúc"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revocation_reason = models.CharField(_("lý do thu hồi"), max_length=500, blank=True)
    revocation_number = models.CharField(_("số quyết định thu hồi"), max_length=NUMBER_LENGTH, blank=True)
    revoked_on = models.DateField(_("ngày quyết định thu hồi"), null=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replacement", verbose_name=_("cấp lại cho")
    )
    replaced_at = models.DateTimeField(_("được cấp lại lúc"), null=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("công nhận")
        verbose_name_plural = _("công nhận")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                name="recognition_one_standing",
                condition=Q(revoked_at=None, replaced_at=None),
            ),
            models.CheckConstraint(
                name="recognition_revoked_by_a_decision",
                condition=Q(
                    revoked_at=None,
                    revoked_by=None,
                    revocation_reason="",
                    revocation_number="",
                    revoked_on=None,
                )
                | Q(
                    ~Q(revocation_reason=""),
                    ~Q(revocation_number=""),
                    revoked_at__isnull=False,
                    revoked_by__isnull=False,
                    revoked_on__gte=F("valid_from"),
                ),
            ),
            models.CheckConstraint(
                name="recognition_in_force_from_its_day",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="recognition_not_of_itself", condition=Q(replaces=None) | ~Q(replaces=F("id"))
            ),
        ]
        indexes = [models.Index(fields=["decision", "holder_name"], name="recognition_of_decision")]

    def __str__(self):
        return f"{self.holder_name}, {self.decision}"

    def get_absolute_url(self):
        return reverse("recognitions:certificate", args=[self.pk])
