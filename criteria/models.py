from decimal import Decimal
from functools import cached_property

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
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


class Scope(models.TextChoices):
    """How far a title of communities and of units reaches; each has criteria of its own."""

    VILLAGE = "village", _("thôn, tổ dân phố")
    COMMUNE = "commune", _("cấp xã")
    DISTRICT = "district", _("cấp huyện (đã bỏ từ 01/07/2025)")
    PROVINCE = "province", _("cấp tỉnh")


# The scopes of a level; the other levels have none.
SCOPES = {
    Level.COMMUNITY: [Scope.VILLAGE, Scope.COMMUNE, Scope.DISTRICT, Scope.PROVINCE],
    Level.UNIT: [Scope.COMMUNE, Scope.DISTRICT, Scope.PROVINCE],
}


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


class Confidence(models.TextChoices):
    """How sure a wording or a figure is; staff see it beside what is not exact."""

    EXACT = "exact", _("đúng nguyên văn")
    PARTIAL = "partial", _("bản đọc được bị cắt")
    NEIGHBOUR = "neighbour", _("theo bản cũ hoặc bản tương tự")
    INFERRED = "inferred", _("suy luận")
    UNKNOWN = "unknown", _("chưa biết")
    PLACEHOLDER = "placeholder", _("cổng tạm đặt")


class CriteriaSetQuerySet(models.QuerySet):
    def in_force(self, level, on, *, scope=""):
        """The published ones of a title on a day; for communities and units of one scope."""
        return self.filter(clock.in_force(on), level=level, scope=scope, status=Status.PUBLISHED)

    def of_title(self, criteria_set):
        """All of the same title, scope and group, whatever they rest on."""
        return self.filter(level=criteria_set.level, scope=criteria_set.scope, group=criteria_set.group)

    def overlapping(self, criteria_set):
        """The other published ones of the same title that are in force on a day on which this one is."""
        ends = Q() if criteria_set.valid_to is None else Q(valid_from__lte=criteria_set.valid_to)
        begins = Q(valid_to=None) | Q(valid_to__gte=criteria_set.valid_from)
        return (
            self.of_title(criteria_set)
            .filter(begins & ends, status=Status.PUBLISHED)
            .exclude(pk=criteria_set.pk)
        )


def address_field(words):
    return models.CharField(words, max_length=500, blank=True, validators=[URLValidator(["http", "https"])])


def confidence_field(words):
    return models.CharField(words, max_length=20, choices=Confidence, blank=True)


class CriteriaSet(models.Model):
    """The criteria one title is judged by, for one scope and group, in one version.

    A published set never changes (the database refuses it): a correction is a new version. No figure of any
    set stands in the code. `total` is what the text says that the points come to. Who drafted and who
    published are plain ids of accounts, two different ones; what is shipped has neither. `revision` counts
    how often a draft was saved. Whether it is_graded and where the indicators' values come from is written by
    settle().
    """

    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    scope = models.CharField(_("phạm vi"), max_length=40, choices=Scope, blank=True)
    group = models.CharField(_("nhóm"), max_length=4, choices=Group, blank=True)
    version = models.PositiveIntegerField(_("phiên bản"), default=1)
    title = models.CharField(_("tên"), max_length=300)
    basis_number = models.CharField(_("số quyết định"), max_length=40)
    basis_date = models.DateField(_("ngày quyết định"), null=True)
    basis_issuer = models.CharField(_("nơi ban hành"), max_length=200, blank=True)
    basis_place = models.CharField(_("phụ lục"), max_length=100, blank=True)
    basis_url = address_field(_("nơi đăng văn bản"))
    note = models.TextField(_("ghi chú cho cán bộ"), blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    authority = models.CharField(_("hiệu lực văn bản"), max_length=12, choices=Authority)
    scoring_model = models.CharField(_("cách chấm"), max_length=10, choices=ScoringModel)
    total = models.DecimalField(_("tổng điểm"), max_digits=6, decimal_places=2, null=True, blank=True)
    total_confidence = confidence_field(_("độ chắc của tổng điểm"))
    pass_mark = models.DecimalField(_("điểm đạt"), max_digits=6, decimal_places=2, null=True, blank=True)
    pass_mark_confidence = confidence_field(_("độ chắc của điểm đạt"))
    floor = models.DecimalField(
        _("điểm thấp nhất mỗi chỉ số"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    floor_confidence = confidence_field(_("độ chắc của điểm thấp nhất"))
    step = models.DecimalField(_("bước điểm"), max_digits=4, decimal_places=2, default=Decimal(1))
    step_confidence = confidence_field(_("độ chắc của bước điểm"))
    hard_area_pass_mark = models.DecimalField(
        _("điểm đạt ở vùng khó khăn"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    hard_area_pass_mark_confidence = confidence_field(_("độ chắc của điểm đạt ở vùng khó khăn"))
    drafted_by = models.BigIntegerField(_("người soạn"), null=True, editable=False)
    published_by = models.BigIntegerField(_("người ban hành"), null=True, editable=False)
    published_at = models.DateTimeField(_("ban hành lúc"), null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    is_graded = models.BooleanField(default=False, editable=False)

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
            models.CheckConstraint(
                name="criteria_set_of_a_scope_its_level_has",
                condition=Q(scope="") & ~Q(level__in=["community", "unit"])
                | Q(level="community", scope__in=["village", "commune", "district", "province"])
                | Q(level="unit", scope__in=["commune", "district", "province"]),
            ),
            models.CheckConstraint(
                name="criteria_set_marks_within_the_total",
                condition=Q(total=None)
                | (Q(pass_mark=None) | Q(pass_mark__lte=F("total")))
                & (Q(hard_area_pass_mark=None) | Q(hard_area_pass_mark__lte=F("total"))),
            ),
            models.CheckConstraint(
                name="criteria_set_published_by_another_than_the_drafter",
                condition=Q(status="draft", published_by=None)
                | ~Q(status="draft")
                & (
                    Q(drafted_by=None, published_by=None)
                    | Q(drafted_by__isnull=False, published_by__isnull=False)
                    & ~Q(drafted_by=F("published_by"))
                ),
            ),
            models.UniqueConstraint(
                fields=["level", "scope", "group"],
                condition=Q(status="published", valid_to=None),
                name="criteria_set_one_without_an_end",
            ),
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

    @property
    def full_title(self):
        """The title with its scope: 'Cộng đồng học tập, cấp xã'."""
        return (
            f"{self.get_level_display()}, {self.get_scope_display()}"
            if self.scope
            else self.get_level_display()
        )

    @cached_property
    def grade_list(self):
        return list(self.grades.all()) if self.is_graded else []

    def settle(self):
        """Write down what its grades and links make of it, for whoever reads it; the last of each change."""
        CriteriaSet.objects.filter(pk=self.pk).update(
            is_graded=Exists(Grade.objects.filter(criteria_set=OuterRef("pk")))
        )
        links = TitleLink.objects.filter(indicator=OuterRef("pk"))
        self.criteria.update(
            comes_from=Case(
                When(Exists(links.filter(minimum_percent=None)), then=Value(ComesFrom.FIGURE)),
                When(Exists(links), then=Value(ComesFrom.SHARE)),
                default=Value(ComesFrom.PERSON),
            )
        )

    def rules(self, *, in_hard_area=False) -> Rules:
        lowered = in_hard_area and self.hard_area_pass_mark is not None
        counted = [indicator for indicator in self.indicators if not indicator.only_informs]
        return Rules(
            model=ScoringModel(self.scoring_model),
            maxima={indicator.code: indicator.maximum for indicator in counted},
            pass_mark=self.hard_area_pass_mark if lowered else self.pass_mark,
            floor=self.floor,
            step=self.step,
            grades=tuple(rules.Grade(grade.rank, grade.name, grade.from_points) for grade in self.grade_list),
            ranks={indicator.code: indicator.rank for indicator in counted},
            optional=frozenset(indicator.code for indicator in counted if indicator.applies_to),
            computed=frozenset(indicator.code for indicator in counted if indicator.is_computed),
        )


class Grade(models.Model):
    """A grade within a title, rank 1 the lowest: 'Khá' from so many points, 'Mức độ 2' by its indicators."""

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="grades", verbose_name=_("bộ tiêu chí")
    )
    rank = models.PositiveSmallIntegerField(_("bậc"))
    name = models.CharField(_("tên mức"), max_length=60)
    from_points = models.DecimalField(_("từ điểm"), max_digits=6, decimal_places=2, null=True, blank=True)
    confidence = confidence_field(_("độ chắc"))

    class Meta:
        verbose_name = _("mức đạt")
        verbose_name_plural = _("mức đạt")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "rank"], name="grade_rank_in_set"),
            models.CheckConstraint(name="grade_rank_from_one", condition=Q(rank__gte=1)),
        ]

    def __str__(self):
        return self.name


class ComesFrom(models.TextChoices):
    """Where the value of an indicator comes from; a figure without a percent to reach decides nothing."""

    PERSON = "person", _("tự chấm")
    SHARE = "share", _("tính từ người dân")
    FIGURE = "figure", _("chỉ để xem")


class Criterion(models.Model):
    """A line of a set, on two levels: the criterion (section) and under it the indicators that are scored.

    What it rests on: `basis_place` is the article or clause of the set's own decision, or of another one that
    `basis_number` names; `law_text` is the wording that was read there. `rank` is the lowest grade that asks
    for the indicator. One that applies to some only (`applies_to`) may be left open.
    """

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
    maximum_confidence = confidence_field(_("độ chắc của điểm tối đa"))
    rank = models.PositiveSmallIntegerField(_("từ bậc"), default=1)
    applies_to = models.CharField(_("chỉ áp dụng cho"), max_length=200, blank=True)
    comes_from = models.CharField(max_length=6, choices=ComesFrom, default=ComesFrom.PERSON, editable=False)
    evidence_hint = models.TextField(_("gợi ý minh chứng"), blank=True)
    basis_number = models.CharField(_("văn bản"), max_length=80, blank=True)
    basis_place = models.CharField(_("điều, khoản"), max_length=200, blank=True)
    basis_url = address_field(_("nơi đăng"))
    law_text = models.TextField(_("lời văn bản"), blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    source = models.TextField(_("nguồn"), blank=True)
    confidence = confidence_field(_("độ chắc"))

    class Meta:
        verbose_name = _("tiêu chí")
        verbose_name_plural = _("tiêu chí")
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_code_in_set"),
            models.UniqueConstraint(fields=["criteria_set", "position"], name="criterion_place_in_set"),
            models.CheckConstraint(name="criterion_rank_from_one", condition=Q(rank__gte=1)),
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

    @property
    def is_computed(self):
        """Whether its value comes from the people of the group, and nobody enters it."""
        return self.comes_from != ComesFrom.PERSON

    @property
    def only_informs(self):
        """Whether it shows a figure and decides nothing: a share for which the text names no percent."""
        return self.comes_from == ComesFrom.FIGURE

    @property
    def basis(self):
        """What it rests on in one line: 'Điều 7, Thông tư 24/2023/TT-BGDĐT'. Empty where nothing is known."""
        of_set = self.criteria_set
        place = self.basis_place or ("" if self.basis_number else of_set.basis_place)
        return ", ".join(filter(None, [place, self.basis_number or of_set.basis_number]))


class Denominator(models.TextChoices):
    """Of whom a share is taken."""

    ADULTS = "adults", _("người lớn")
    MEMBERS = "members", _("thành viên")
    LEARNERS = "learners", _("người học")
    HOUSEHOLDS = "households", _("hộ gia đình")
    VILLAGES = "villages", _("thôn, tổ dân phố")
    UNITS = "units", _("đơn vị")


class TitleLink(models.Model):
    """That an indicator asks for a share of people or groups who hold another title.

    Several of one indicator must all be reached. Without a percent the figure is shown and decides nothing.
    One that is `waived_when_empty` asks nothing where there is nobody of the kind: learners of an office.
    """

    indicator = models.ForeignKey(Criterion, models.CASCADE, related_name="links", verbose_name=_("chỉ số"))
    source_level = models.CharField(_("danh hiệu phải có"), max_length=10, choices=Level)
    source_scope = models.CharField(_("phạm vi của danh hiệu đó"), max_length=40, choices=Scope, blank=True)
    denominator = models.CharField(_("tính trên"), max_length=12, choices=Denominator)
    minimum_percent = models.DecimalField(
        _("ít nhất (%)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    waived_when_empty = models.BooleanField(_("không có ai thì không tính"), default=False)
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    confidence = confidence_field(_("độ chắc"))
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("điều kiện từ danh hiệu khác")
        verbose_name_plural = _("điều kiện từ danh hiệu khác")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "source_level", "source_scope", "denominator"], name="title_link_once"
            ),
            models.CheckConstraint(
                name="title_link_percent_within_100",
                condition=Q(minimum_percent=None) | Q(minimum_percent__gt=0, minimum_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.get_source_level_display()} / {self.get_denominator_display()}"
