from decimal import Decimal
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit import clock
from criteria import rules
from criteria.rules import Rules, ScoringModel


class Level(models.TextChoices):
    """The five titles."""

    CITIZEN = "citizen", _("Công dân học tập")
    FAMILY = "family", _("Gia đình học tập")
    CLAN = "clan", _("Dòng họ học tập")
    COMMUNITY = "community", _("Cộng đồng học tập")
    UNIT = "unit", _("Đơn vị học tập")


class Group(models.TextChoices):
    """The four citizen groups of Quyết định 324/QĐ-KHVN, one annex each."""

    I = "I", _("Nhóm I: người dân trong xã")  # noqa: E741 - the annex's own number
    II = "II", _("Nhóm II: người lao động")
    III = "III", _("Nhóm III: cán bộ, công nhân viên, doanh nhân")
    IV = "IV", _("Nhóm IV: học sinh, sinh viên, học viên")


class Status(models.TextChoices):
    DRAFT = "draft", _("bản thảo")
    PUBLISHED = "published", _("đã ban hành trên cổng")
    RETIRED = "retired", _("thôi dùng")


class Authority(models.TextChoices):
    OFFICIAL = "official", _("bản chính thức")
    PROVISIONAL = "provisional", _("bản tạm")


class CriteriaSetQuerySet(models.QuerySet):
    def in_force(self, level, on):
        """The published ones of a title level on a day."""
        return self.filter(clock.in_force(on), level=level, status=Status.PUBLISHED)


class CriteriaSet(models.Model):
    """The criteria one title is judged by, for one group, in one version.

    A published set never changes (the database refuses it): a correction is a new version. No figure of any
    set stands in the code.
    """

    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    scope = models.CharField(_("phạm vi"), max_length=40, blank=True)
    group = models.CharField(_("nhóm"), max_length=4, choices=Group, blank=True)
    version = models.PositiveIntegerField(_("phiên bản"), default=1)
    title = models.CharField(_("tên"), max_length=300)
    basis_number = models.CharField(_("số quyết định"), max_length=40)
    basis_date = models.DateField(_("ngày quyết định"), null=True)
    basis_issuer = models.CharField(_("nơi ban hành"), max_length=200, blank=True)
    basis_place = models.CharField(_("phụ lục"), max_length=100, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    authority = models.CharField(_("hiệu lực văn bản"), max_length=12, choices=Authority)
    scoring_model = models.CharField(_("cách chấm"), max_length=10, choices=ScoringModel)
    pass_mark = models.DecimalField(_("điểm đạt"), max_digits=6, decimal_places=2, null=True)
    floor = models.DecimalField(_("điểm thấp nhất mỗi chỉ số"), max_digits=6, decimal_places=2, null=True)
    step = models.DecimalField(_("bước điểm"), max_digits=4, decimal_places=2, default=Decimal(1))
    hard_area_pass_mark = models.DecimalField(
        _("điểm đạt ở vùng khó khăn"), max_digits=6, decimal_places=2, null=True, blank=True
    )

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("bộ tiêu chí")
        verbose_name_plural = _("bộ tiêu chí")
        constraints = [
            models.UniqueConstraint(
                fields=["level", "scope", "group", "basis_number", "version"], name="criteria_set_version"
            ),
            models.CheckConstraint(
                name="criteria_set_valid_from_before_to",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
            models.CheckConstraint(
                name="criteria_set_points_have_a_pass_mark",
                condition=~Q(scoring_model=ScoringModel.POINTS)
                | Q(pass_mark__isnull=False, floor__isnull=False),
            ),
            models.CheckConstraint(name="criteria_set_step_above_zero", condition=Q(step__gt=0)),
        ]

    def __str__(self):
        return self.title

    @property
    def is_provisional(self):
        return self.authority == Authority.PROVISIONAL

    @property
    def basis(self):
        """The decision in one line, as it is cited."""
        if self.basis_date is None:
            return self.basis_number
        date = f"{self.basis_date:%d/%m/%Y}"
        return gettext("%(number)s ngày %(date)s") % {"number": self.basis_number, "date": date}

    @cached_property
    def sections(self):
        """The criteria of the first level in order, each with its `indicators`; two queries."""
        criteria = list(self.criteria.order_by("position"))
        sections = [criterion for criterion in criteria if criterion.parent_id is None]
        for section in sections:
            section.indicators = [criterion for criterion in criteria if criterion.parent_id == section.pk]
        return sections

    @property
    def indicators(self):
        """What is scored, in order."""
        return [indicator for section in self.sections for indicator in section.indicators]

    def versions(self):
        """This set's own, saved or not, and all others of the same title, group and decision."""
        return CriteriaSet.objects.filter(
            level=self.level, scope=self.scope, group=self.group, basis_number=self.basis_number
        )

    def rules(self, *, in_hard_area=False) -> Rules:
        lowered = in_hard_area and self.hard_area_pass_mark is not None
        return Rules(
            model=ScoringModel(self.scoring_model),
            maxima={indicator.code: indicator.maximum for indicator in self.indicators},
            pass_mark=self.hard_area_pass_mark if lowered else self.pass_mark,
            floor=self.floor,
            step=self.step,
        )


class Criterion(models.Model):
    """A line of a set, on two levels: the criterion (section) and under it the indicators that are scored."""

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="criteria", verbose_name=_("bộ tiêu chí")
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("thuộc tiêu chí"),
    )
    position = models.PositiveIntegerField(_("thứ tự"))
    code = models.CharField(_("mã"), max_length=20)
    text = models.TextField(_("nội dung"))
    maximum = models.DecimalField(_("điểm tối đa"), max_digits=6, decimal_places=2, null=True, blank=True)
    evidence_hint = models.TextField(_("gợi ý minh chứng"), blank=True)
    source = models.TextField(_("nguồn"), blank=True)
    confidence = models.CharField(_("độ chắc"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("tiêu chí")
        verbose_name_plural = _("tiêu chí")
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_code_in_set"),
            models.UniqueConstraint(fields=["criteria_set", "position"], name="criterion_place_in_set"),
        ]

    def __str__(self):
        return f"{self.code} {self.text}"

    @property
    def called(self):
        return rules.called(self.code, is_scored=self.maximum is not None)

    @property
    def is_whole_points(self):
        """Whether the points can be offered as a row of whole numbers."""
        return self.criteria_set.step == 1 and self.maximum is not None and self.maximum <= 10
