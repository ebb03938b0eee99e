"""Commendations (khen thưởng): lists of the commended of a year, each with the decision that honours them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Campaign
from audit import clock
from criteria.models import Level
from organizations.models import NAME_LENGTH, Kind, Organization
from recognitions.models.decision import NUMBER_LENGTH, PERSON_LENGTH, GivenQuerySet
from recognitions.models.recognition import Recognition, name_order
from vietnamese import dates

SUBJECT_LENGTH = 20
COMMENDING = [(kind.value, kind.label) for kind in [Kind.COMMUNE, Kind.PROVINCE, Kind.CENTRE]]


class Form(models.TextChoices):
    PRAISE = "praise", _("giấy khen")
    HONOUR = "honour", _("bằng khen")
    MENTION = "mention", _("biểu dương")


class Why(models.TextChoices):
    EXEMPLARY = "exemplary", _("tiêu biểu, năm năm liền")
    HIGHEST = "highest", _("điểm, tỷ lệ cao nhất")
    PERSON = "person", _("do người đề nghị")


class CommendationListQuerySet(GivenQuerySet):
    def under_way(self):
        return self.filter(decided_on=None)

    def gone_on_with(self, body):
        """Those an association began, and those of the ones that were merged into it."""
        merged = Q(issuer__heir=body, issuer__kind=body.kind, issuer__valid_to__lt=clock.today())
        return self.filter(Q(issuer=body) | merged)


class CommendationList(models.Model):
    """Whom one association commends for a title of a year, and the decision that comes back.

    `number_key` is the number as two are compared; `year` is that of `decided_on`.
    """

    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("hội lập danh sách")
    )
    issuer_name = models.CharField(_("tên hội lập danh sách"), max_length=NAME_LENGTH + 50)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    body_kind = models.CharField(_("cấp khen"), max_length=10, choices=COMMENDING)
    form = models.CharField(_("hình thức"), max_length=7, choices=Form)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người lập"))
    begun_at = models.DateTimeField(_("lập lúc"), default=clock.now)

    number = models.CharField(_("số quyết định"), max_length=NUMBER_LENGTH, blank=True)
    number_key = models.CharField(max_length=NUMBER_LENGTH, blank=True, editable=False)
    decided_on = models.DateField(_("ngày quyết định"), null=True)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    signer_name = models.CharField(_("người ký"), max_length=PERSON_LENGTH, blank=True)
    signer_post = models.CharField(_("chức vụ"), max_length=PERSON_LENGTH, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("ghi quyết định lúc"), null=True)

    objects = CommendationListQuerySet.as_manager()

    class Meta:
        verbose_name = _("danh sách khen thưởng")
        verbose_name_plural = _("danh sách khen thưởng")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number_key"],
                name="commendation_one_number_a_year",
                condition=Q(year__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["issuer", "campaign", "level", "form"],
                name="commendation_one_open_list",
                condition=Q(decided_on=None),
            ),
            models.CheckConstraint(
                name="commendation_decided_with_number_day_and_signer",
                condition=Q(
                    number="",
                    number_key="",
                    signer_name="",
                    signer_post="",
                    year=None,
                    decided_on=None,
                    decided_by=None,
                    decided_at=None,
                )
                | Q(
                    ~Q(number=""),
                    ~Q(number_key=""),
                    ~Q(signer_name=""),
                    ~Q(signer_post=""),
                    year__isnull=False,
                    decided_on__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="commendation_of_an_association",
                condition=Q(body_kind__in=["commune", "province", "centre"]),
            ),
        ]

    def __str__(self):
        if self.decided_on:
            return gettext("%(form)s theo Quyết định số %(number)s ngày %(day)s") % {
                "form": self.get_form_display().capitalize(),
                "number": self.number,
                "day": dates.day_words(self.decided_on),
            }
        return gettext("Khen thưởng %(title)s năm %(year)s, %(form)s") % {
            "title": self.get_level_display(),
            "year": self.campaign.year,
            "form": self.get_form_display(),
        }

    def get_absolute_url(self):
        return reverse("recognitions:commending", args=[self.pk])

    @property
    def is_decided(self):
        return self.decided_on is not None


class CommendationQuerySet(models.QuerySet):
    def honoured(self):
        return self.filter(list__decided_on__isnull=False)

    def in_order(self):
        return self.order_by(name_order("recognition__"), "pk")

    def no_longer_held(self):
        """Those whose title was revoked, or its paper given anew, since they were chosen."""
        return self.exclude(recognition__revoked_at=None, recognition__replaced_at=None)


class Commendation(models.Model):
    """Somebody chosen for a list. `subject` names who holds the title, the heir of who was merged away.

    A year and a level of association commend nobody twice: year and level stand here for that.
    """

    list = models.ForeignKey(CommendationList, models.PROTECT, related_name="chosen")
    recognition = models.ForeignKey(
        Recognition, models.PROTECT, related_name="commendations", verbose_name=_("công nhận")
    )
    subject = models.CharField(max_length=SUBJECT_LENGTH, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    body_kind = models.CharField(max_length=10, choices=COMMENDING)
    why = models.CharField(_("đề nghị theo"), max_length=9, choices=Why)
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người chọn"))
    chosen_at = models.DateTimeField(_("chọn lúc"), default=clock.now)

    objects = CommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("người, nhóm được khen")
        verbose_name_plural = _("người, nhóm được khen")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "campaign", "body_kind"], name="commended_once_a_year_and_level"
            ),
            models.CheckConstraint(name="commended_of_somebody", condition=~Q(subject="")),
        ]

    def __str__(self):
        return f"{self.recognition.holder_name}, {self.list}"
