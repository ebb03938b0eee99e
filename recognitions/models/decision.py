from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, User
from assessments.models import Assessment, Campaign
from audit import clock
from audit.work import Work, WorkQuerySet
from criteria.models import Level
from organizations import paths
from organizations.models import NAME_LENGTH, Organization
from vietnamese import dates

PERSON_LENGTH = 150
NUMBER_LENGTH = 60
PLACE_LENGTH = 2 * NAME_LENGTH


class DecisionState(models.TextChoices):
    GATHERING = "gathering", _("đang lập danh sách")
    GATHERED = "gathered", _("chờ ký biên bản")
    MINUTED = "minuted", _("đã ký biên bản")
    SUBMITTED = "submitted", _("đã trình")
    DECIDING = "deciding", _("đang ghi công nhận")
    DECIDED = "decided", _("đã có quyết định")
    DROPPED = "dropped", _("đã bỏ")


class GivenQuerySet(models.QuerySet):
    """Of what an association decides. What was merged into another, that one goes on with."""

    def given_by(self, user):
        """Those of the association one is an officer of, or of one that was merged into it."""
        seats = Appointment.objects.officers().filter(user=user).order_by().values("organization")
        return self.filter(Q(issuer__in=seats) | Q(issuer__heir__in=seats))

    def without_a_body(self):
        """Those whose association was closed and split up: no other goes on with them."""
        closed = self.filter(issuer__valid_to__lt=clock.today())
        return closed.exclude(issuer__heir__kind=F("issuer__kind"))


class DecisionQuerySet(GivenQuerySet, WorkQuerySet):
    def visible_to(self, user):
        """Those of the associations one sits on, of those below, and of what was merged into them."""
        subtree = Q(pk__in=[])
        for path in Appointment.objects.seats_of(user).values_list("organization__path", flat=True):
            subtree |= paths.at_or_below(path, "issuer__path")
            subtree |= paths.at_or_below(path, "issuer__heir__path")
        return self.filter(subtree)

    def under_way(self):
        return self.exclude(state__in=[DecisionState.DECIDED, DecisionState.DROPPED])

    def untold(self):
        """Those whose minutes let results out of which not everybody was told yet."""
        return self.filter(minuted_at__isnull=False, told_at=None)

    def decided(self):
        return self.filter(state=DecisionState.DECIDED)


class Decision(Work):
    """One decision on titles of a year, on its way: the minutes, the submission, then number, date, signer.

    `issuer_name` and `within_name` are what the bodies were called on that day. `number_key` is the number as
    two are compared; `year` is that of `decided_on`. Who is proposed is in its nominations, who holds the
    title in its recognitions, which exist once it is decided.
    """

    AT_WORK: ClassVar = {
        DecisionState.GATHERING: DecisionState.GATHERED,
        DecisionState.DECIDING: DecisionState.DECIDED,
    }

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="decisions", verbose_name=_("nơi ra quyết định")
    )
    issuer_name = models.CharField(_("tên nơi ra quyết định"), max_length=NAME_LENGTH + 50)
    within = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("phạm vi"))
    within_name = models.CharField(_("tên phạm vi"), max_length=NAME_LENGTH)
    state = models.CharField(
        _("tình trạng"), max_length=9, choices=DecisionState, default=DecisionState.GATHERING
    )
    is_provisional = models.BooleanField(_("theo tiêu chí bản tạm"), default=False)
    provisional_basis = models.CharField(_("căn cứ dùng bản tạm"), max_length=200, blank=True)
    looked_at = models.PositiveIntegerField(_("số hồ sơ đã xác nhận"), default=0)
    nominated = models.PositiveIntegerField(_("số được đề nghị"), default=0)
    gathered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người lập"))
    gathered_at = models.DateTimeField(_("lập lúc"))

    minutes_number = models.CharField(_("số biên bản"), max_length=NUMBER_LENGTH, blank=True)
    minutes_on = models.DateField(_("ngày họp"), null=True)
    minutes_chair = models.CharField(_("chủ trì"), max_length=PERSON_LENGTH, blank=True)
    minutes_secretary = models.CharField(_("thư ký"), max_length=PERSON_LENGTH, blank=True)
    minuted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    minuted_at = models.DateTimeField(_("ghi biên bản lúc"), null=True)

    told_at = models.DateTimeField(_("đã báo kết quả giữ lại lúc"), null=True)

    submission_number = models.CharField(_("số tờ trình"), max_length=NUMBER_LENGTH, blank=True)
    submission_on = models.DateField(_("ngày trình"), null=True)
    submission_to = models.CharField(_("nơi nhận tờ trình"), max_length=NAME_LENGTH, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("trình lúc"), null=True)

    number = models.CharField(_("số quyết định"), max_length=NUMBER_LENGTH, blank=True)
    number_key = models.CharField(max_length=NUMBER_LENGTH, blank=True, editable=False)
    decided_on = models.DateField(_("ngày quyết định"), null=True)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    signer_name = models.CharField(_("người ký"), max_length=PERSON_LENGTH, blank=True)
    signer_post = models.CharField(_("chức vụ"), max_length=PERSON_LENGTH, blank=True)
    valid_until = models.DateField(_("có giá trị đến hết ngày"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("ghi quyết định lúc"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("quyết định công nhận")
        verbose_name_plural = _("quyết định công nhận")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number_key"],
                name="decision_one_number_a_year",
                condition=Q(year__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_minuted_with_number_day_and_by_whom",
                condition=Q(state__in=["gathering", "gathered", "dropped"])
                | Q(
                    ~Q(minutes_number=""),
                    ~Q(minutes_chair=""),
                    minutes_on__isnull=False,
                    minuted_by__isnull=False,
                    minuted_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="decision_submitted_after_the_minutes",
                condition=~Q(state__in=["submitted", "deciding", "decided"])
                | Q(
                    ~Q(submission_number=""),
                    submission_on__gte=F("minutes_on"),
                    submitted_by__isnull=False,
                    submitted_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="decision_decided_with_number_day_and_signer",
                condition=~Q(state__in=["deciding", "decided"])
                | Q(
                    ~Q(number=""),
                    ~Q(number_key=""),
                    ~Q(signer_name=""),
                    ~Q(signer_post=""),
                    year__isnull=False,
                    decided_on__gte=F("submission_on"),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="decision_in_force_from_its_day",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("decided_on")),
            ),
            models.CheckConstraint(
                name="decision_on_provisional_with_a_basis",
                condition=Q(is_provisional=False) | ~Q(provisional_basis=""),
            ),
        ]

    def __str__(self):
        if self.decided_on and self.number:
            return gettext("Quyết định số %(number)s ngày %(day)s") % {
                "number": self.number,
                "day": dates.day_words(self.decided_on),
            }
        return gettext("Đợt công nhận %(title)s năm %(year)s") % {
            "title": self.get_level_display(),
            "year": self.campaign.year,
        }

    def get_absolute_url(self):
        return reverse("recognitions:decision", args=[self.pk])

    @property
    def is_decided(self):
        return self.state == DecisionState.DECIDED

    @property
    def may_change(self):
        """Whether somebody may still be left out."""
        return self.state in [DecisionState.GATHERED, DecisionState.MINUTED, DecisionState.SUBMITTED]

    @property
    def is_open(self):
        """Whether somebody may still be put in: the minutes are not signed."""
        return self.state == DecisionState.GATHERED


class NominationQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(left_out_at=None)

    def left_out(self):
        return self.filter(left_out_at__isnull=False)

    def in_order(self):
        return self.order_by("name_sort", "pk")

    def changed_since(self):
        """Those whose record is not what the minutes were written on, or waits to be looked at again."""
        waiting = Assessment.objects.awaiting_review(clock.now()).values("pk")
        return self.exclude(
            ~Q(assessment__in=waiting), assessment__state="confirmed", assessment__outcome="achieved"
        )


class Nomination(models.Model):
    """A confirmed record that a decision under way proposes, as it will be printed.

    `is_open` while the decision is under way and it was not left out: no record is proposed twice at a time.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="nominations")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+", verbose_name=_("hồ sơ"))
    holder_name = models.CharField(_("tên"), max_length=NAME_LENGTH)
    name_sort = models.CharField(max_length=6 * NAME_LENGTH + 20, editable=False)
    place_name = models.CharField(_("nơi ở, đơn vị"), max_length=PLACE_LENGTH, blank=True)
    is_open = models.BooleanField(default=True)
    left_out_at = models.DateTimeField(_("để lại lúc"), null=True)
    left_out_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    left_out_reason = models.CharField(_("lý do để lại"), max_length=500, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("người, nhóm được đề nghị")
        verbose_name_plural = _("người, nhóm được đề nghị")
        constraints = [
            models.UniqueConstraint(fields=["decision", "assessment"], name="nomination_once_a_decision"),
            models.UniqueConstraint(
                fields=["assessment"], name="nomination_in_one_decision", condition=Q(is_open=True)
            ),
            models.CheckConstraint(
                name="nomination_left_out_with_a_reason",
                condition=Q(left_out_at=None, left_out_by=None, left_out_reason="")
                | Q(~Q(left_out_reason=""), left_out_at__isnull=False, left_out_by__isnull=False)
                & Q(is_open=False),
            ),
        ]
        indexes = [models.Index(fields=["decision", "name_sort"], name="nomination_in_order")]

    def __str__(self):
        return f"{self.holder_name}, {self.decision}"
