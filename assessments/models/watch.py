"""What looks unusual in a year's confirmations, and the samples drawn to check them afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import Assessment
from assessments.models.campaign import Campaign
from audit import clock
from audit.work import Work, WorkQuerySet
from organizations import paths
from organizations.models import Organization

NOTE_LENGTH = 1000


class ReadingState(models.TextChoices):
    RUNNING = "running", _("đang đọc")
    DONE = "done", _("đã đọc")


class Reading(Work):
    """One province's year, read for what looks unusual: every night, and when an officer asks.

    `place` is the province; of a board that stands in none, the board itself.
    """

    AT_WORK: ClassVar = {ReadingState.RUNNING: ReadingState.DONE}

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="readings", verbose_name=_("năm"))
    place = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("nơi"))
    state = models.CharField(_("tình trạng"), max_length=7, choices=ReadingState, default=ReadingState.DONE)
    read_at = models.DateTimeField(_("đọc lúc"), null=True)

    class Meta:
        verbose_name = _("lần đọc dấu hiệu")
        verbose_name_plural = _("các lần đọc dấu hiệu")
        constraints = [models.UniqueConstraint(fields=["campaign", "place"], name="reading_once")]

    def __str__(self):
        return f"{self.place} {self.campaign}"


class Rule(models.TextChoices):
    """What makes a board's confirmations worth a look; the value stands in addresses."""

    FAST = "nhanh", _("Nhiều người trong ít phút")
    SAME_TOTAL = "cung-diem", _("Cùng một tổng điểm")
    SIBLINGS = "khac-noi-ben", _("Tỷ lệ đạt khác các ban cùng xã")
    LAST_YEAR = "khac-nam-truoc", _("Tỷ lệ đạt khác năm trước")
    MANY_BOARDS = "nhieu-ban", _("Một người cho nhiều ban")
    LAST_HOUR = "gio-cuoi", _("Trong giờ cuối")
    NIGHT = "ban-dem", _("Ban đêm")


class FlagQuerySet(models.QuerySet):
    def at_or_below(self, organization):
        return self.filter(paths.at_or_below(organization.path, "organization__path"))

    def to_review(self):
        return self.filter(reviewed_at=None)

    def in_order(self):
        """Those nobody has looked into first, then by how many people they are about."""
        return self.order_by(models.F("reviewed_at").asc(nulls_first=True), "-people", "pk")


class Flag(models.Model):
    """One unusual thing, with its figures; `key` is what makes it the same thing in the next reading.

    What an officer wrote about it belongs to these figures: where a later reading finds others, it waits to
    be looked into again.
    """

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="flags")
    key = models.CharField(max_length=100)
    rule = models.CharField(_("dấu hiệu"), max_length=15, choices=Rule)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="flags", verbose_name=_("nơi")
    )
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xác nhận")
    )
    begins_at = models.DateTimeField(_("từ lúc"), null=True)
    until = models.DateTimeField(_("đến lúc"), null=True)
    people = models.PositiveIntegerField(_("số người"))
    figures = models.JSONField(_("số liệu"), default=dict)
    found_at = models.DateTimeField(_("thấy lúc"))
    reviewed_at = models.DateTimeField(_("xem xét lúc"), null=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xem xét")
    )
    note = models.TextField(_("ghi chú"), blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("dấu hiệu")
        verbose_name_plural = _("dấu hiệu")
        constraints = [
            models.UniqueConstraint(fields=["reading", "key"], name="flag_once"),
            models.CheckConstraint(
                name="flag_reviewed_when_by_whom_and_what",
                condition=Q(reviewed_at=None, reviewed_by=None, note="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(note=""),
            ),
        ]

    def __str__(self):
        return f"{self.organization}: {self.get_rule_display()}"


class Stratum(models.TextChoices):
    """By what a list is parted before a sample is drawn from each part; the value stands in addresses."""

    PLACE = "noi", _("Nơi ở ngay dưới: tỉnh, xã hoặc ban")
    KIND = "loai", _("Loại ban: thôn, đơn vị, hội xã")
    OUTCOME = "ket-qua", _("Kết quả: đạt, không đạt")
    WAY = "cach", _("Cách xác nhận: cả danh sách, hoặc từng người")


class DrawState(models.TextChoices):
    LISTING = "listing", _("đang lập danh sách")
    ANNOUNCED = "announced", _("đã công bố, chưa rút mẫu")
    DRAWING = "drawing", _("đang rút mẫu")
    DRAWN = "drawn", _("đã rút mẫu")


class DrawQuerySet(WorkQuerySet):
    def without_list(self):
        """The list of a province is megabytes: only who redoes the draw needs it."""
        return self.defer("packed").select_related("organization", "campaign", "by")


class Draw(Work):
    """A sample of confirmed records to be checked again, drawn so that anybody can draw it again.

    First the rules, the frozen list (`packed`, its `digest`) and the seed are published; the sample follows
    from them alone (assessments/draws.py).
    """

    AT_WORK: ClassVar = {DrawState.LISTING: DrawState.ANNOUNCED, DrawState.DRAWING: DrawState.DRAWN}

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="draws", verbose_name=_("nơi")
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="draws", verbose_name=_("năm"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người lập"))
    at = models.DateTimeField(_("lập lúc"), default=clock.now)
    strata = models.JSONField(_("cách chia"), default=list)
    share = models.DecimalField(_("phần trăm"), max_digits=4, decimal_places=1)
    least = models.PositiveSmallIntegerField(_("ít nhất"))
    most = models.PositiveSmallIntegerField(_("nhiều nhất"))
    state = models.CharField(_("tình trạng"), max_length=9, choices=DrawState, default=DrawState.LISTING)
    announced_at = models.DateTimeField(_("công bố lúc"), null=True)
    population = models.PositiveIntegerField(_("số hồ sơ trong danh sách"), default=0)
    digest = models.CharField(_("dấu của danh sách"), max_length=64, blank=True)
    seed = models.CharField(_("số gieo"), max_length=32, blank=True)
    packed = models.BinaryField(default=bytes, editable=False)
    drawn_at = models.DateTimeField(_("rút mẫu lúc"), null=True)
    drawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người rút mẫu")
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt hậu kiểm")
        verbose_name_plural = _("các đợt hậu kiểm")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="draw_takes_some",
                condition=Q(share__gt=0, share__lte=100, least__gte=1, most__gte=models.F("least")),
            ),
            # Nobody announces draws until one of them pleases: each is drawn before the next is announced.
            models.UniqueConstraint(
                fields=["organization", "campaign"],
                condition=~Q(state="drawn"),
                name="draw_one_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.campaign} {self.pk}"

    @property
    def is_announced(self):
        return self.state in (DrawState.ANNOUNCED, DrawState.DRAWING, DrawState.DRAWN)

    @property
    def is_drawn(self):
        return self.state == DrawState.DRAWN


class DrawStratum(models.Model):
    """One part of a draw's list: how many records it holds and how many are drawn from it."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="parts")
    code = models.CharField(_("nhóm"), max_length=100)
    population = models.PositiveIntegerField(_("số hồ sơ"))
    size = models.PositiveIntegerField(_("số rút"))

    class Meta:
        verbose_name = _("nhóm hậu kiểm")
        verbose_name_plural = _("nhóm hậu kiểm")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["draw", "code"], name="draw_stratum_once")]

    def __str__(self):
        return self.code


class Verdict(models.TextChoices):
    AGREES = "agrees", _("đúng")
    FINDING = "finding", _("có phát hiện")


class FindingKind(models.TextChoices):
    NO_EVIDENCE = "no_evidence", _("thiếu minh chứng")
    WRONG_EVIDENCE = "wrong_evidence", _("minh chứng không đúng")
    POINTS = "points", _("điểm không có căn cứ")
    WRONG_PERSON = "wrong_person", _("không đúng người hoặc nơi")
    OTHER = "other", _("khác")


class DrawnRecord(models.Model):
    """One record of a sample, and what whoever checked it found. The record itself stays as it is."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="records")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+", verbose_name=_("hồ sơ"))
    stratum = models.ForeignKey(DrawStratum, models.PROTECT, related_name="records")
    verdict = models.CharField(_("kết quả hậu kiểm"), max_length=7, choices=Verdict, blank=True)
    kind = models.CharField(_("loại phát hiện"), max_length=14, choices=FindingKind, blank=True)
    reason = models.TextField(_("lý do"), blank=True)
    checked_at = models.DateTimeField(_("kiểm tra lúc"), null=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người kiểm tra")
    )

    class Meta:
        verbose_name = _("hồ sơ hậu kiểm")
        verbose_name_plural = _("hồ sơ hậu kiểm")
        ordering = ["stratum__code", "assessment"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "assessment"], name="drawn_record_once"),
            models.CheckConstraint(
                name="drawn_record_checked_when_by_whom_and_what",
                condition=Q(verdict="", kind="", reason="", checked_at=None, checked_by=None)
                | Q(verdict="agrees", kind="", checked_at__isnull=False, checked_by__isnull=False)
                | Q(verdict="finding", checked_at__isnull=False, checked_by__isnull=False)
                & ~Q(kind="")
                & ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return str(self.assessment)
