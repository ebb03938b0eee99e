import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import clock, events
from criteria.models import Level
from organizations import paths
from organizations.models import Organization
from vietnamese import dates


class CampaignQuerySet(models.QuerySet):
    def current(self, now):
        """The year's campaign, or the latest before it: in January the year just locked is still shown."""
        return self.until(now).first()

    def until(self, now):
        """This year's and the earlier ones, the latest first."""
        return self.filter(year__lte=dates.local_day(now).year).order_by("-year")

    @transaction.atomic
    def open(self, year):
        """The year's campaign with its windows, and whether it is new; what is there already stays.

        Done by commands, so the record tells the operating system's account.
        """
        campaign, is_new = self.get_or_create(year=year)
        Window.objects.open_for(campaign)
        if is_new:
            told = {"at": clock.now(), "new": str(year), "private": events.operator()}
            events.record("open_campaign", campaign, **told)
        return campaign, is_new


def usual_reminder_days():
    return [30, 14, 7, 3, 1]


class Campaign(models.Model):
    """A year in which titles are earned.

    Who was on a list on `list_day` counts in the year's rates; what is graded and not sent is at risk from
    `risk_day`.
    """

    year = models.PositiveSmallIntegerField(_("năm"), unique=True)
    contest_days = models.PositiveSmallIntegerField(_("số ngày được đề nghị xem lại"), default=10)
    listed_on = models.DateField(_("ngày chốt danh sách"), null=True, blank=True)
    risk_from = models.DateField(_("chưa gửi là có nguy cơ từ ngày"), null=True, blank=True)
    reminder_days = models.JSONField(_("nhắc trước khi hết hạn mấy ngày"), default=usual_reminder_days)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt đánh giá")
        verbose_name_plural = _("đợt đánh giá")
        ordering = ["-year"]

    def __str__(self):
        return str(self.year)

    @property
    def list_day(self) -> datetime.date:
        return self.listed_on or datetime.date(self.year, 10, 1)

    @property
    def risk_day(self) -> datetime.date:
        return self.risk_from or datetime.date(self.year, 12, 20)


class WindowStep(models.TextChoices):
    REGISTRATION = "registration", _("đăng ký")
    SELF_ASSESSMENT = "self_assessment", _("tự chấm")
    CONFIRMATION = "confirmation", _("xác nhận")
    ANSWER = "answer", _("bổ sung hồ sơ bị trả lại")
    CONTEST = "contest", _("đề nghị xem lại")
    PAPER = "paper", _("nhập phiếu giấy")


def start_of(year, month=1):
    """The first moment of a month in Vietnam."""
    return datetime.datetime(year, month, 1, tzinfo=timezone.get_default_timezone())


class WindowQuerySet(models.QuerySet):
    def open_for(self, campaign):
        """Make the citizen title's windows of a campaign, once: all year, and from October for the board."""
        opens_in = {
            WindowStep.REGISTRATION: 1,
            WindowStep.SELF_ASSESSMENT: 1,
            WindowStep.CONFIRMATION: 10,
            WindowStep.ANSWER: 10,
            WindowStep.CONTEST: 10,
        }
        for step, month in opens_in.items():
            self.get_or_create(
                campaign=campaign,
                step=step,
                level=Level.CITIZEN,
                province=None,
                defaults={
                    "opens_at": start_of(campaign.year, month),
                    "closes_at": start_of(campaign.year + 1),
                },
            )

    def in_effect(self, step, campaign, level, province):
        """The one window that governs: the province's own where there is one, else the nation's."""
        return (
            self.filter(Q(province=province) | Q(province=None), step=step, campaign=campaign, level=level)
            .order_by(F("province").asc(nulls_last=True))
            .first()
        )


class Window(models.Model):
    """When one step of one campaign may be taken. Half-open: closes_at itself is outside.

    closed_at is when the closing was recorded, at or after closes_at. A window needs no record to be closed.
    Of the nation's window provinces_may says whether a province may have its own; lost_minutes are those of
    outages that closes_at already holds.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="windows", verbose_name=_("năm"))
    step = models.CharField(_("bước"), max_length=20, choices=WindowStep)
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    province = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="windows",
        verbose_name=_("riêng tỉnh"),
    )
    opens_at = models.DateTimeField(_("mở từ"))
    closes_at = models.DateTimeField(_("đóng lúc"))
    closed_at = models.DateTimeField(_("đã ghi nhận đóng"), null=True, editable=False)
    provinces_may = models.BooleanField(_("tỉnh được đặt riêng"), default=False)
    lost_minutes = models.PositiveIntegerField(_("số phút gián đoạn đã cộng"), default=0)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("thời hạn")
        verbose_name_plural = _("thời hạn")
        constraints = [
            models.CheckConstraint(
                name="window_opens_before_it_closes", condition=Q(opens_at__lt=F("closes_at"))
            ),
            models.CheckConstraint(
                name="window_closing_recorded_after_it",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("closes_at")),
            ),
            models.UniqueConstraint(
                fields=["campaign", "step", "level"],
                condition=Q(province=None),
                name="window_one_for_the_nation",
            ),
            models.UniqueConstraint(
                fields=["campaign", "step", "level", "province"], name="window_one_for_a_province"
            ),
        ]

    def __str__(self):
        return f"{self.campaign} {self.get_step_display()}"

    @staticmethod
    def open_at(now):
        """The condition that is_open is, for a query."""
        return Q(opens_at__lte=now, closes_at__gt=now, closed_at=None)

    def is_open(self, now):
        return self.closed_at is None and self.opens_at <= now < self.closes_at

    @property
    def words(self):
        """'từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)'."""
        return dates.from_until_words(self.opens_at, self.closes_at)


class ExtensionQuerySet(models.QuerySet):
    def open_at(self, now):
        return self.filter(opens_at__lte=now, closes_at__gt=now, closed_at=None)

    def of_place(self, organization):
        """Those that open something at or below an organization, one given to what stands above it too."""
        reached = Q(organization__path__in=paths.ancestors(organization.path))
        for place in ("organization", "assessment__board"):
            reached |= paths.at_or_below(organization.path, f"{place}__path")
        return self.filter(reached)

    def with_all(self):
        return self.select_related(
            "campaign", "organization", "assessment__citizen", "assessment__board", "approved_by", "ended_by"
        )

    def latest_first(self):
        return self.order_by("-closes_at", "-pk")


class Extension(models.Model):
    """An exception that opens a step again: for the boards at or below one organization, or for one record.

    It always says why, by which decision, who approved it and when it ends. closed_at is when its end was
    recorded, as of a window. Where somebody ended it before its time, closes_at is that moment; had it not
    begun, the one at which it would have: an empty time.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="extensions", verbose_name=_("năm"))
    step = models.CharField(_("bước"), max_length=20, choices=WindowStep)
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("nơi được gia hạn"),
    )
    assessment = models.ForeignKey(
        "assessments.Assessment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("hồ sơ được gia hạn"),
    )
    opens_at = models.DateTimeField(_("mở từ"))
    closes_at = models.DateTimeField(_("đóng lúc"))
    reason = models.TextField(_("lý do"))
    decision_number = models.CharField(_("số quyết định"), max_length=60)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người duyệt"))
    approved_at = models.DateTimeField(_("duyệt lúc"), default=clock.now)
    closed_at = models.DateTimeField(_("đã ghi nhận hết hạn"), null=True, editable=False)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người kết thúc sớm")
    )
    ended_reason = models.TextField(_("lý do kết thúc sớm"), blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("gia hạn")
        verbose_name_plural = _("gia hạn")
        constraints = [
            models.CheckConstraint(
                name="extension_opens_before_it_closes",
                condition=Q(opens_at__lt=F("closes_at")) | Q(ended_by__isnull=False, opens_at=F("closes_at")),
            ),
            models.CheckConstraint(
                name="extension_ended_early_with_a_reason",
                condition=Q(ended_by=None, ended_reason="") | Q(ended_by__isnull=False) & ~Q(ended_reason=""),
            ),
            models.CheckConstraint(
                name="extension_end_recorded_after_it",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("closes_at")),
            ),
            models.CheckConstraint(
                name="extension_says_why", condition=~Q(reason="") & ~Q(decision_number="")
            ),
            models.CheckConstraint(
                name="extension_of_a_subtree_or_a_record",
                condition=Q(organization=None, assessment__isnull=False)
                | Q(organization__isnull=False, assessment=None),
            ),
            models.UniqueConstraint(
                fields=["organization", "campaign", "level", "step", "decision_number", "closes_at"],
                name="extension_of_a_subtree_once",
            ),
            models.UniqueConstraint(
                fields=["assessment", "step", "decision_number", "closes_at"],
                name="extension_of_a_record_once",
            ),
        ]

    def __str__(self):
        return f"{self.campaign} {self.get_step_display()}: {self.organization or self.assessment}"

    @property
    def words(self):
        """'từ ngày 02/01/2027 đến hết ngày 10/01/2027 (Chủ nhật)'."""
        return dates.from_until_words(self.opens_at, self.closes_at)

    @property
    def why(self):
        """By which decision, and why, for whoever meets what it opened."""
        return gettext("Mở lại theo quyết định số %(number)s, lý do: “%(reason)s”.") % {
            "number": self.decision_number,
            "reason": self.reason,
        }

    @property
    def reason_words(self):
        """Why it was made, and where it was ended before its time, why that."""
        if not self.ended_by_id:
            return self.reason
        return gettext("%(reason)s. Kết thúc sớm, lý do: “%(ended)s”.") % {
            "reason": self.reason.rstrip("."),
            "ended": self.ended_reason,
        }

    @property
    def subject(self):
        """What it is for: a place, or the person of the record."""
        return self.organization or self.assessment.subject

    def state_words(self, now):
        if self.ended_by_id:
            return gettext("Đã kết thúc sớm")
        if now < self.opens_at:
            return gettext("Chưa đến ngày mở")
        return gettext("Đang mở") if self.is_open(now) else gettext("Đã hết")

    def reaches(self, assessment):
        """Whether it speaks of this record; AssessmentQuerySet.within_window says the same in SQL."""
        if self.assessment_id:
            return self.assessment_id == assessment.pk
        return self.organization.contains(assessment.board)

    def is_open(self, now):
        return self.closed_at is None and self.opens_at <= now < self.closes_at
