from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CriteriaSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("citizen", "Công dân học tập"),
                            ("family", "Gia đình học tập"),
                            ("clan", "Dòng họ học tập"),
                            ("community", "Cộng đồng học tập"),
                            ("unit", "Đơn vị học tập"),
                        ],
                        max_length=10,
                        verbose_name="danh hiệu",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "thôn, tổ dân phố"),
                            ("commune", "cấp xã"),
                            ("district", "cấp huyện (đã bỏ từ 01/07/2025)"),
                            ("province", "cấp tỉnh"),
                        ],
                        max_length=40,
                        verbose_name="phạm vi",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("I", "Nhóm I: người dân trong xã"),
                            ("II", "Nhóm II: người lao động"),
                            ("III", "Nhóm III: cán bộ, công nhân viên, doanh nhân"),
                            ("IV", "Nhóm IV: học sinh, sinh viên, học viên"),
                        ],
                        max_length=4,
                        verbose_name="nhóm",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="phiên bản")),
                ("title", models.CharField(max_length=300, verbose_name="tên")),
                ("basis_number", models.CharField(max_length=40, verbose_name="số quyết định")),
                ("basis_date", models.DateField(null=True, verbose_name="ngày quyết định")),
                ("basis_issuer", models.CharField(blank=True, max_length=200, verbose_name="nơi ban hành")),
                ("basis_place", models.CharField(blank=True, max_length=100, verbose_name="phụ lục")),
                (
                    "basis_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(["http", "https"])],
                        verbose_name="nơi đăng văn bản",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="ghi chú cho cán bộ")),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "bản thảo"),
                            ("published", "đã ban hành trên cổng"),
                            ("retired", "thôi dùng"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        choices=[("official", "bản chính thức"), ("provisional", "bản tạm")],
                        max_length=12,
                        verbose_name="hiệu lực văn bản",
                    ),
                ),
                (
                    "scoring_model",
                    models.CharField(
                        choices=[("points", "chấm điểm"), ("pass_fail", "ĐẠT / KHÔNG ĐẠT")],
                        max_length=10,
                        verbose_name="cách chấm",
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="tổng điểm"
                    ),
                ),
                (
                    "total_confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc của tổng điểm",
                    ),
                ),
                (
                    "pass_mark",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="điểm đạt"
                    ),
                ),
                (
                    "pass_mark_confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc của điểm đạt",
                    ),
                ),
                (
                    "floor",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        verbose_name="điểm thấp nhất mỗi chỉ số",
                    ),
                ),
                (
                    "floor_confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc của điểm thấp nhất",
                    ),
                ),
                (
                    "step",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("1"), max_digits=4, verbose_name="bước điểm"
                    ),
                ),
                (
                    "step_confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc của bước điểm",
                    ),
                ),
                (
                    "hard_area_pass_mark",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        verbose_name="điểm đạt ở vùng khó khăn",
                    ),
                ),
                (
                    "hard_area_pass_mark_confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc của điểm đạt ở vùng khó khăn",
                    ),
                ),
                ("drafted_by", models.BigIntegerField(editable=False, null=True, verbose_name="người soạn")),
                (
                    "published_by",
                    models.BigIntegerField(editable=False, null=True, verbose_name="người ban hành"),
                ),
                (
                    "published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="ban hành lúc"),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("is_graded", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "bộ tiêu chí",
                "verbose_name_plural": "bộ tiêu chí",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "scope", "group", "basis_number", "version"),
                        name="criteria_set_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="criteria_set_valid_from_before_to",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scoring_model", "points"), _negated=True),
                            models.Q(("floor__isnull", False), ("pass_mark__isnull", False)),
                            _connector="OR",
                        ),
                        name="criteria_set_points_have_a_pass_mark",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step__gt", 0)), name="criteria_set_step_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scope", ""), models.Q(("level__in", ["community", "unit"]), _negated=True)
                            ),
                            models.Q(
                                ("level", "community"),
                                ("scope__in", ["village", "commune", "district", "province"]),
                            ),
                            models.Q(("level", "unit"), ("scope__in", ["commune", "district", "province"])),
                            _connector="OR",
                        ),
                        name="criteria_set_of_a_scope_its_level_has",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total", None),
                            models.Q(
                                models.Q(
                                    ("pass_mark", None),
                                    ("pass_mark__lte", models.F("total")),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("hard_area_pass_mark", None),
                                    ("hard_area_pass_mark__lte", models.F("total")),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="criteria_set_marks_within_the_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_by", None), ("status", "draft")),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                models.Q(
                                    models.Q(("drafted_by", None), ("published_by", None)),
                                    models.Q(
                                        ("drafted_by__isnull", False),
                                        ("published_by__isnull", False),
                                        models.Q(("drafted_by", models.F("published_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="criteria_set_published_by_another_than_the_drafter",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "published"), ("valid_to", None)),
                        fields=("level", "scope", "group"),
                        name="criteria_set_one_without_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="thứ tự")),
                ("code", models.CharField(max_length=20, verbose_name="mã")),
                ("text", models.TextField(verbose_name="nội dung")),
                (
                    "maximum",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="điểm tối đa"
                    ),
                ),
                (
                    "maximum_confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc của điểm tối đa",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=1, verbose_name="từ bậc")),
                ("applies_to", models.CharField(blank=True, max_length=200, verbose_name="chỉ áp dụng cho")),
                (
                    "comes_from",
                    models.CharField(
                        choices=[
                            ("person", "tự chấm"),
                            ("share", "tính từ người dân"),
                            ("figure", "chỉ để xem"),
                        ],
                        default="person",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("evidence_hint", models.TextField(blank=True, verbose_name="gợi ý minh chứng")),
                ("basis_number", models.CharField(blank=True, max_length=80, verbose_name="văn bản")),
                ("basis_place", models.CharField(blank=True, max_length=200, verbose_name="điều, khoản")),
                (
                    "basis_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(["http", "https"])],
                        verbose_name="nơi đăng",
                    ),
                ),
                ("law_text", models.TextField(blank=True, verbose_name="lời văn bản")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("source", models.TextField(blank=True, verbose_name="nguồn")),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc",
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="criteria.criteriaset",
                        verbose_name="bộ tiêu chí",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="criteria.criterion",
                        verbose_name="thuộc tiêu chí",
                    ),
                ),
            ],
            options={
                "verbose_name": "tiêu chí",
                "verbose_name_plural": "tiêu chí",
                "constraints": [
                    models.UniqueConstraint(fields=("criteria_set", "code"), name="criterion_code_in_set"),
                    models.UniqueConstraint(
                        fields=("criteria_set", "position"), name="criterion_place_in_set"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank__gte", 1)), name="criterion_rank_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(verbose_name="bậc")),
                ("name", models.CharField(max_length=60, verbose_name="tên mức")),
                (
                    "from_points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="từ điểm"
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc",
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grades",
                        to="criteria.criteriaset",
                        verbose_name="bộ tiêu chí",
                    ),
                ),
            ],
            options={
                "verbose_name": "mức đạt",
                "verbose_name_plural": "mức đạt",
                "ordering": ["rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("criteria_set", "rank"), name="grade_rank_in_set"),
                    models.CheckConstraint(condition=models.Q(("rank__gte", 1)), name="grade_rank_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source_level",
                    models.CharField(
                        choices=[
                            ("citizen", "Công dân học tập"),
                            ("family", "Gia đình học tập"),
                            ("clan", "Dòng họ học tập"),
                            ("community", "Cộng đồng học tập"),
                            ("unit", "Đơn vị học tập"),
                        ],
                        max_length=10,
                        verbose_name="danh hiệu phải có",
                    ),
                ),
                (
                    "source_scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "thôn, tổ dân phố"),
                            ("commune", "cấp xã"),
                            ("district", "cấp huyện (đã bỏ từ 01/07/2025)"),
                            ("province", "cấp tỉnh"),
                        ],
                        max_length=40,
                        verbose_name="phạm vi của danh hiệu đó",
                    ),
                ),
                (
                    "denominator",
                    models.CharField(
                        choices=[
                            ("adults", "người lớn"),
                            ("members", "thành viên"),
                            ("learners", "người học"),
                            ("households", "hộ gia đình"),
                            ("villages", "thôn, tổ dân phố"),
                            ("units", "đơn vị"),
                        ],
                        max_length=12,
                        verbose_name="tính trên",
                    ),
                ),
                (
                    "minimum_percent",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True, verbose_name="ít nhất (%)"
                    ),
                ),
                (
                    "waived_when_empty",
                    models.BooleanField(default=False, verbose_name="không có ai thì không tính"),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "đúng nguyên văn"),
                            ("partial", "bản đọc được bị cắt"),
                            ("neighbour", "theo bản cũ hoặc bản tương tự"),
                            ("inferred", "suy luận"),
                            ("unknown", "chưa biết"),
                            ("placeholder", "cổng tạm đặt"),
                        ],
                        max_length=20,
                        verbose_name="độ chắc",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="criteria.criterion",
                        verbose_name="chỉ số",
                    ),
                ),
            ],
            options={
                "verbose_name": "điều kiện từ danh hiệu khác",
                "verbose_name_plural": "điều kiện từ danh hiệu khác",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "source_level", "source_scope", "denominator"),
                        name="title_link_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_percent", None),
                            models.Q(("minimum_percent__gt", 0), ("minimum_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="title_link_percent_within_100",
                    ),
                ],
            },
        ),
    ]
