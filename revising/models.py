from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Campaign, Outcome
from audit import clock
from audit.work import Work
from criteria.models import CriteriaSet
from organizations.models import Organization


class Proposal(models.Model):
    """That somebody asks for a draft to be published, as it was at one revision. Another answers."""

    criteria_set = models.OneToOneField(CriteriaSet, models.CASCADE, related_name="proposal")
    revision = models.PositiveIntegerField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người đề nghị"))
    asked_at = models.DateTimeField(_("đề nghị lúc"), default=clock.now)

    class Meta:
        verbose_name = _("đề nghị ban hành")
        verbose_name_plural = _("đề nghị ban hành")

    def __str__(self):
        return f"{self.criteria_set} {self.revision}"


class RerunState(models.TextChoices):
    RUNNING = "running", _("đang chạy")
    DONE = "done", _("đã xong")
    STOPPED = "stopped", _("đã dừng")


class Rerun(Work):
    """A draft tried on the records of a year, as the draft was at one revision. It changes no record."""

    AT_WORK: ClassVar = {RerunState.RUNNING: RerunState.DONE}

    criteria_set = models.OneToOneField(CriteriaSet, models.CASCADE, related_name="rerun")
    revision = models.PositiveIntegerField()
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(_("tình trạng"), max_length=8, choices=RerunState, default=RerunState.RUNNING)
    begun_at = models.DateTimeField(_("bắt đầu lúc"), default=clock.now)
    records = models.PositiveIntegerField(_("số hồ sơ"))

    class Meta:
        verbose_name = _("áp dụng thử")
        verbose_name_plural = _("áp dụng thử")

    def __str__(self):
        return f"{self.criteria_set}, {self.campaign}"


class After(models.TextChoices):
    """What a record would be; unknown where an indicator without a score of that year would tip it."""

    ACHIEVED = Outcome.ACHIEVED.value, _("đạt")
    NOT_ACHIEVED = Outcome.NOT_ACHIEVED.value, _("không đạt")
    UNKNOWN = "unknown", _("không biết")


class RerunCount(models.Model):
    """How many records of one commune were this and would be that; without a commune those above communes."""

    rerun = models.ForeignKey(Rerun, models.CASCADE, related_name="counts")
    province = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    commune = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=12, choices=Outcome)
    after = models.CharField(max_length=12, choices=After)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rerun", "province", "commune", "before", "after"], name="rerun_count_one_of_a_kind"
            ),
        ]

    def __str__(self):
        return f"{self.commune_id}: {self.before} → {self.after} {self.count}"


class CarryingState(models.TextChoices):
    RUNNING = "running", _("đang chuyển")
    DONE = "done", _("đã xong")


class Carrying(Work):
    """The open records of one version brought to another; begun again when some come back."""

    AT_WORK: ClassVar = {CarryingState.RUNNING: CarryingState.DONE}

    from_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+")
    to_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="carryings")
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=CarryingState, default=CarryingState.RUNNING
    )
    begun_at = models.DateTimeField(_("bắt đầu lúc"), default=clock.now)
    carried = models.PositiveIntegerField(_("số hồ sơ đã chuyển"), default=0)

    class Meta:
        verbose_name = _("chuyển hồ sơ sang bộ tiêu chí mới")
        verbose_name_plural = _("chuyển hồ sơ sang bộ tiêu chí mới")
        constraints = [
            models.UniqueConstraint(fields=["from_set", "to_set"], name="carrying_once_a_pair"),
        ]

    def __str__(self):
        return f"{self.from_set} → {self.to_set}"
