import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import assessments.models.campaign
import audit.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("criteria", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="năm")),
                (
                    "contest_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="số ngày được đề nghị xem lại"),
                ),
                ("listed_on", models.DateField(blank=True, null=True, verbose_name="ngày chốt danh sách")),
                (
                    "risk_from",
                    models.DateField(blank=True, null=True, verbose_name="chưa gửi là có nguy cơ từ ngày"),
                ),
                (
                    "reminder_days",
                    models.JSONField(
                        default=assessments.models.campaign.usual_reminder_days,
                        verbose_name="nhắc trước khi hết hạn mấy ngày",
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt đánh giá",
                "verbose_name_plural": "đợt đánh giá",
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="TotalsCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("records", models.PositiveIntegerField(verbose_name="hồ sơ")),
                ("differing", models.PositiveIntegerField(verbose_name="chỗ lệch")),
            ],
            options={
                "verbose_name": "lần tính lại tổng điểm",
                "verbose_name_plural": "các lần tính lại tổng điểm",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReviewStage",
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
                ("scope", models.CharField(blank=True, max_length=40, verbose_name="phạm vi")),
                ("order", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                (
                    "body_kind",
                    models.CharField(
                        choices=[
                            ("centre", "trung ương"),
                            ("province", "tỉnh, thành phố"),
                            ("district", "huyện, quận (đã bỏ từ 01/07/2025)"),
                            ("commune", "xã, phường, đặc khu"),
                            ("village", "thôn, tổ dân phố"),
                            ("unit", "đơn vị"),
                            ("clan", "dòng họ"),
                        ],
                        max_length=10,
                        verbose_name="cấp xem xét",
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[("check", "thẩm tra, chuyển lên"), ("recognise", "xác nhận kết quả")],
                        max_length=9,
                        verbose_name="việc",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                ("confidence", models.CharField(blank=True, max_length=20, verbose_name="độ chắc")),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
            ],
            options={
                "verbose_name": "bước xét danh hiệu nhóm",
                "verbose_name_plural": "các bước xét danh hiệu nhóm",
                "ordering": ["level", "scope", "order", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "scope", "body_kind", "valid_from"), name="review_stage_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="review_stage_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level", "citizen"), _negated=True),
                        name="review_stage_of_a_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                        default="citizen",
                        max_length=10,
                        verbose_name="danh hiệu",
                    ),
                ),
                ("in_hard_area", models.BooleanField(default=False, verbose_name="vùng khó khăn")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "chưa gửi"),
                            ("submitted", "đã gửi"),
                            ("returned", "bị trả lại"),
                            ("confirmed", "đã xác nhận"),
                            ("unsent", "chưa gửi"),
                            ("unconfirmed", "ban chưa xác nhận"),
                            ("recognised", "đã công nhận"),
                        ],
                        default="registered",
                        max_length=12,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "closed_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "chưa gửi"),
                            ("submitted", "đã gửi"),
                            ("returned", "bị trả lại"),
                            ("confirmed", "đã xác nhận"),
                            ("unsent", "chưa gửi"),
                            ("unconfirmed", "ban chưa xác nhận"),
                            ("recognised", "đã công nhận"),
                        ],
                        max_length=12,
                        verbose_name="tình trạng khi khóa",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")],
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "own_total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm tự chấm"
                    ),
                ),
                (
                    "confirmed_total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xác nhận"
                    ),
                ),
                (
                    "review_total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xem lại"
                    ),
                ),
                (
                    "receipt_number",
                    models.CharField(max_length=30, null=True, unique=True, verbose_name="số biên nhận"),
                ),
                ("registered_at", models.DateTimeField(verbose_name="đăng ký lúc")),
                ("saved_at", models.DateTimeField(verbose_name="lưu lần cuối lúc")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="gửi lúc")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="xác nhận lúc")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="lượt")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="board_assessments",
                        to="organizations.organization",
                        verbose_name="nơi xác nhận",
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="accounts.citizen",
                        verbose_name="người dân",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commune_assessments",
                        to="organizations.organization",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="criteria.criteriaset",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="organizations.household",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_assessments",
                        to="organizations.organization",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="province_assessments",
                        to="organizations.organization",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.reviewstage",
                        verbose_name="bước xét",
                    ),
                ),
            ],
            options={
                "verbose_name": "hồ sơ",
                "verbose_name_plural": "hồ sơ",
                "indexes": [
                    models.Index(
                        fields=[
                            "campaign",
                            "level",
                            "province",
                            "commune",
                            "board",
                            "criteria_set",
                            "state",
                            "outcome",
                            "closed_from",
                        ],
                        name="assessment_figures",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["registered", "submitted", "returned"])),
                        fields=["campaign", "level", "board"],
                        name="assessment_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["unsent", "unconfirmed"])),
                        fields=["campaign", "level", "board"],
                        name="assessment_closed",
                    ),
                    models.Index(
                        fields=["board", "campaign", "state", "submitted_at"], name="assessment_queue"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("citizen__isnull", False), ("household", None), ("organization", None)),
                            models.Q(("citizen", None), ("household__isnull", False), ("organization", None)),
                            models.Q(("citizen", None), ("household", None), ("organization__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_of_one_subject",
                    ),
                    models.UniqueConstraint(
                        fields=("citizen", "campaign", "level"), name="assessment_one_a_citizen"
                    ),
                    models.UniqueConstraint(
                        fields=("household", "campaign", "level"), name="assessment_one_a_household"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "campaign", "level"), name="assessment_one_an_organization"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("citizen__isnull", False), ("level", "citizen"), ("stage", None)),
                            models.Q(models.Q(("level", "citizen"), _negated=True), ("citizen", None)),
                            _connector="OR",
                        ),
                        name="assessment_of_a_citizen_or_a_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("outcome__in", ["achieved", "not_achieved"]),
                                ("state__in", ["confirmed", "recognised"]),
                            ),
                            models.Q(
                                ("confirmed_at", None),
                                ("confirmed_by", None),
                                ("outcome", ""),
                                (
                                    "state__in",
                                    ["registered", "submitted", "returned", "unsent", "unconfirmed"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_judged_with_outcome_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_total", None),
                            ("state__in", ["confirmed", "recognised"]),
                            _connector="OR",
                        ),
                        name="assessment_reviewed_when_judged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_from", "registered"), ("state", "unsent")),
                            models.Q(
                                ("closed_from__in", ["submitted", "returned"]), ("state", "unconfirmed")
                            ),
                            models.Q(
                                models.Q(("state__in", ["unsent", "unconfirmed"]), _negated=True),
                                ("closed_from", ""),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_closed_from_where_it_stood",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["registered", "unsent"]),
                            models.Q(("receipt_number__isnull", False), ("submitted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="assessment_sent_with_receipt_and_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("query", models.CharField(blank=True, max_length=100, verbose_name="tìm theo tên")),
                ("seed", models.BigIntegerField(verbose_name="số gieo")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looking", "đang xem hồ sơ chọn ngẫu nhiên"),
                            ("ready", "đã xem, chờ bấm xác nhận"),
                            ("running", "đang xác nhận"),
                            ("done", "đã xong"),
                            ("undoing", "đang hủy xác nhận"),
                            ("undone", "đã hủy xác nhận"),
                        ],
                        default="looking",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="lập lúc")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="organizations.organization",
                        verbose_name="ban",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người làm",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần xác nhận nhiều người",
                "verbose_name_plural": "các lần xác nhận nhiều người",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="lượt")),
                ("at", models.DateTimeField(verbose_name="đề nghị lúc")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="xem lại lúc")),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contest",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đề nghị",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xem lại",
                    ),
                ),
            ],
            options={
                "verbose_name": "đề nghị xem lại",
                "verbose_name_plural": "đề nghị xem lại",
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at", None)),
                        fields=["assessment"],
                        name="contest_undecided",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contest_decided_when_and_by_whom",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("numerator", models.PositiveIntegerField(verbose_name="có danh hiệu")),
                ("denominator", models.PositiveIntegerField(verbose_name="tính trên")),
                ("counted_at", models.DateTimeField(verbose_name="đếm lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_shares",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.titlelink",
                        verbose_name="điều kiện",
                    ),
                ),
            ],
            options={
                "verbose_name": "tỷ lệ đã đếm",
                "verbose_name_plural": "tỷ lệ đã đếm",
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "link"), name="counted_share_once"),
                    models.CheckConstraint(
                        condition=models.Q(("numerator__lte", models.F("denominator"))),
                        name="counted_share_part_of_the_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriteriaMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="chuyển lúc")),
                ("looked_at", models.DateTimeField(null=True, verbose_name="xem lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria_moves",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "from_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criteriaset",
                    ),
                ),
                (
                    "to_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves_here",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "verbose_name": "hồ sơ chuyển sang bộ tiêu chí mới",
                "verbose_name_plural": "hồ sơ chuyển sang bộ tiêu chí mới",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "to_set"), name="criteria_move_once_a_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="lập lúc")),
                ("strata", models.JSONField(default=list, verbose_name="cách chia")),
                ("share", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="phần trăm")),
                ("least", models.PositiveSmallIntegerField(verbose_name="ít nhất")),
                ("most", models.PositiveSmallIntegerField(verbose_name="nhiều nhất")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listing", "đang lập danh sách"),
                            ("announced", "đã công bố, chưa rút mẫu"),
                            ("drawing", "đang rút mẫu"),
                            ("drawn", "đã rút mẫu"),
                        ],
                        default="listing",
                        max_length=9,
                        verbose_name="tình trạng",
                    ),
                ),
                ("announced_at", models.DateTimeField(null=True, verbose_name="công bố lúc")),
                (
                    "population",
                    models.PositiveIntegerField(default=0, verbose_name="số hồ sơ trong danh sách"),
                ),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="dấu của danh sách")),
                ("seed", models.CharField(blank=True, max_length=32, verbose_name="số gieo")),
                ("packed", models.BinaryField(default=bytes)),
                ("drawn_at", models.DateTimeField(null=True, verbose_name="rút mẫu lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "drawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người rút mẫu",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="organizations.organization",
                        verbose_name="nơi",
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt hậu kiểm",
                "verbose_name_plural": "các đợt hậu kiểm",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("least__gte", 1),
                            ("most__gte", models.F("least")),
                            ("share__gt", 0),
                            ("share__lte", 100),
                        ),
                        name="draw_takes_some",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "drawn"), _negated=True),
                        fields=("organization", "campaign"),
                        name="draw_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawStratum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=100, verbose_name="nhóm")),
                ("population", models.PositiveIntegerField(verbose_name="số hồ sơ")),
                ("size", models.PositiveIntegerField(verbose_name="số rút")),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="assessments.draw",
                    ),
                ),
            ],
            options={
                "verbose_name": "nhóm hậu kiểm",
                "verbose_name_plural": "nhóm hậu kiểm",
                "ordering": ["code"],
                "constraints": [models.UniqueConstraint(fields=("draw", "code"), name="draw_stratum_once")],
            },
        ),
        migrations.CreateModel(
            name="DrawnRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("agrees", "đúng"), ("finding", "có phát hiện")],
                        max_length=7,
                        verbose_name="kết quả hậu kiểm",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_evidence", "thiếu minh chứng"),
                            ("wrong_evidence", "minh chứng không đúng"),
                            ("points", "điểm không có căn cứ"),
                            ("wrong_person", "không đúng người hoặc nơi"),
                            ("other", "khác"),
                        ],
                        max_length=14,
                        verbose_name="loại phát hiện",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="kiểm tra lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người kiểm tra",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="assessments.draw",
                    ),
                ),
                (
                    "stratum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="assessments.drawstratum",
                    ),
                ),
            ],
            options={
                "verbose_name": "hồ sơ hậu kiểm",
                "verbose_name_plural": "hồ sơ hậu kiểm",
                "ordering": ["stratum__code", "assessment"],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "assessment"), name="drawn_record_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at", None),
                                ("checked_by", None),
                                ("kind", ""),
                                ("reason", ""),
                                ("verdict", ""),
                            ),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                                ("kind", ""),
                                ("verdict", "agrees"),
                            ),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                                ("verdict", "finding"),
                                models.Q(("kind", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="drawn_record_checked_when_by_whom_and_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("text", "Lời kể"), ("link", "Đường dẫn"), ("file", "Ảnh hoặc tệp")],
                        max_length=4,
                        verbose_name="loại",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="lời kể")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="đường dẫn")),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to="evidence/%Y/%m/", verbose_name="tệp"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="tên")),
                ("size", models.PositiveIntegerField(null=True, verbose_name="cỡ (byte)")),
                ("content_type", models.CharField(blank=True, max_length=60)),
                ("added_at", models.DateTimeField(default=audit.clock.now, verbose_name="thêm lúc")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="assessments.assessment",
                    ),
                ),
                ("dropped_from", models.ManyToManyField(related_name="+", to="criteria.criterion")),
                ("indicators", models.ManyToManyField(related_name="evidence", to="criteria.criterion")),
            ],
            options={
                "verbose_name": "minh chứng",
                "verbose_name_plural": "minh chứng",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "text"), models.Q(("text", ""), _negated=True)),
                            models.Q(("kind", "link"), models.Q(("url", ""), _negated=True)),
                            models.Q(("kind", "file"), models.Q(("file", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="evidence_holds_what_its_kind_says",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("registration", "đăng ký"),
                            ("self_assessment", "tự chấm"),
                            ("confirmation", "xác nhận"),
                            ("answer", "bổ sung hồ sơ bị trả lại"),
                            ("contest", "đề nghị xem lại"),
                            ("paper", "nhập phiếu giấy"),
                        ],
                        max_length=20,
                        verbose_name="bước",
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
                ("opens_at", models.DateTimeField(verbose_name="mở từ")),
                ("closes_at", models.DateTimeField(verbose_name="đóng lúc")),
                ("reason", models.TextField(verbose_name="lý do")),
                ("decision_number", models.CharField(max_length=60, verbose_name="số quyết định")),
                ("approved_at", models.DateTimeField(default=audit.clock.now, verbose_name="duyệt lúc")),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="đã ghi nhận hết hạn"),
                ),
                ("ended_reason", models.TextField(blank=True, verbose_name="lý do kết thúc sớm")),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người duyệt",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="assessments.assessment",
                        verbose_name="hồ sơ được gia hạn",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người kết thúc sớm",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="organizations.organization",
                        verbose_name="nơi được gia hạn",
                    ),
                ),
            ],
            options={
                "verbose_name": "gia hạn",
                "verbose_name_plural": "gia hạn",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_at__lt", models.F("closes_at")),
                            models.Q(("ended_by__isnull", False), ("opens_at", models.F("closes_at"))),
                            _connector="OR",
                        ),
                        name="extension_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by", None), ("ended_reason", "")),
                            models.Q(
                                ("ended_by__isnull", False), models.Q(("ended_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="extension_ended_early_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None), ("closed_at__gte", models.F("closes_at")), _connector="OR"
                        ),
                        name="extension_end_recorded_after_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("decision_number", ""), _negated=True),
                        ),
                        name="extension_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assessment__isnull", False), ("organization", None)),
                            models.Q(("assessment", None), ("organization__isnull", False)),
                            _connector="OR",
                        ),
                        name="extension_of_a_subtree_or_a_record",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "campaign", "level", "step", "decision_number", "closes_at"),
                        name="extension_of_a_subtree_once",
                    ),
                    models.UniqueConstraint(
                        fields=("assessment", "step", "decision_number", "closes_at"),
                        name="extension_of_a_record_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_to", models.DateField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_places",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["assessment", "valid_to"], name="former_place_of_record")],
            },
        ),
        migrations.CreateModel(
            name="FrozenList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("up_to", models.BigIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True, verbose_name="chốt xong lúc")),
                ("households_up_to", models.BigIntegerField(db_default=0, default=0)),
                ("places_up_to", models.BigIntegerField(db_default=0, default=0)),
                (
                    "groups_done_at",
                    models.DateTimeField(null=True, verbose_name="chốt xong hộ, thôn, đơn vị lúc"),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="frozen_list",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
            ],
            options={
                "verbose_name": "danh sách đã chốt",
                "verbose_name_plural": "danh sách đã chốt",
            },
        ),
        migrations.CreateModel(
            name="Helping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked",
                    models.CharField(
                        choices=[
                            ("in_person", "Gặp và nhờ trực tiếp"),
                            ("by_phone", "Gọi điện nhờ"),
                            ("by_family", "Người nhà nhờ thay"),
                            ("on_paper", "Điền phiếu giấy, nhờ gõ vào cổng"),
                        ],
                        max_length=10,
                        verbose_name="nhờ thế nào",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="vì sao cần giúp")),
                ("began_at", models.DateTimeField(verbose_name="bắt đầu lúc")),
                ("wrote_at", models.DateTimeField(null=True, verbose_name="điền lần cuối lúc")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="kết thúc lúc")),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sent", "đã gửi hồ sơ"),
                            ("stopped", "người giúp thôi"),
                            ("taken_over", "người ấy tự làm tiếp"),
                            ("refused", "người ấy nói không nhờ"),
                        ],
                        max_length=10,
                        verbose_name="kết thúc vì",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="người ấy nói")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpings",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="ban",
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người giúp",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần điền giúp",
                "verbose_name_plural": "các lần điền giúp",
                "indexes": [models.Index(fields=["helper", "ended_at"], name="helping_of_helper")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("asked", ""), _negated=True)
                        ),
                        name="helping_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ending", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ending", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="helping_ends_somehow",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("assessment", "helper"),
                        name="helping_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LaterPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="later_place",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Listed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="nơi xác nhận",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed",
                        to="assessments.campaign",
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.citizen"
                    ),
                ),
            ],
            options={
                "verbose_name": "người trong danh sách đã chốt",
                "verbose_name_plural": "người trong danh sách đã chốt",
                "indexes": [models.Index(fields=["campaign", "board"], name="listed_at_board")],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "citizen"), name="listed_once_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed_groups",
                        to="assessments.campaign",
                    ),
                ),
                (
                    "clan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="dòng họ",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.household",
                        verbose_name="hộ gia đình",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="thôn hoặc đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "hộ, thôn, đơn vị trong danh sách đã chốt",
                "verbose_name_plural": "hộ, thôn, đơn vị trong danh sách đã chốt",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("household__isnull", False)),
                        fields=("campaign", "household"),
                        name="household_listed_once_a_year",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("household", None)),
                        fields=("campaign", "organization"),
                        name="place_listed_once_a_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lowering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="lượt")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")],
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xác nhận"
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="chấm lúc")),
                ("agreed_at", models.DateTimeField(null=True, verbose_name="đồng ý lúc")),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đồng ý",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lowerings",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người chấm",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần chấm thấp hơn",
                "verbose_name_plural": "lần chấm thấp hơn",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at", None), ("agreed_by", None)),
                            models.Q(
                                ("agreed_at__gte", models.F("decided_at")),
                                ("agreed_by__isnull", False),
                                models.Q(("agreed_by", models.F("decided_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lowering_agreed_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("agreed_at", None)),
                        fields=("assessment", "round"),
                        name="lowering_waits_once_a_round",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins_at", models.DateTimeField(verbose_name="từ lúc")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="đến lúc")),
                ("words", models.CharField(max_length=300, verbose_name="lời báo trên mọi trang")),
                ("recorded_at", models.DateTimeField(default=audit.clock.now, verbose_name="ghi lúc")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lần gián đoạn",
                "verbose_name_plural": "gián đoạn",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None), ("begins_at__lt", models.F("ends_at")), _connector="OR"
                        ),
                        name="outage_begins_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="outage_says_something"
                    ),
                    models.UniqueConstraint(fields=("begins_at", "words"), name="outage_recorded_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="lượt")),
                ("dated_at", models.DateTimeField(verbose_name="ngày trên phiếu")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")],
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xác nhận"
                    ),
                ),
                ("typed_at", models.DateTimeField(verbose_name="nhập lúc")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="xác nhận lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác nhận",
                    ),
                ),
                (
                    "typed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhập",
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu giấy",
                "verbose_name_plural": "phiếu giấy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at", None), ("signed_by", None)),
                            models.Q(
                                ("signed_at__gte", models.F("typed_at")),
                                ("signed_by__isnull", False),
                                models.Q(("signed_by", models.F("typed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_signed_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("signed_at__isnull", False)),
                        fields=("assessment", "round"),
                        name="paper_signed_once_a_round",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "đang đọc"), ("done", "đã đọc")],
                        default="done",
                        max_length=7,
                        verbose_name="tình trạng",
                    ),
                ),
                ("read_at", models.DateTimeField(null=True, verbose_name="đọc lúc")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="nơi",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần đọc dấu hiệu",
                "verbose_name_plural": "các lần đọc dấu hiệu",
                "constraints": [models.UniqueConstraint(fields=("campaign", "place"), name="reading_once")],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("nhanh", "Nhiều người trong ít phút"),
                            ("cung-diem", "Cùng một tổng điểm"),
                            ("khac-noi-ben", "Tỷ lệ đạt khác các ban cùng xã"),
                            ("khac-nam-truoc", "Tỷ lệ đạt khác năm trước"),
                            ("nhieu-ban", "Một người cho nhiều ban"),
                            ("gio-cuoi", "Trong giờ cuối"),
                            ("ban-dem", "Ban đêm"),
                        ],
                        max_length=15,
                        verbose_name="dấu hiệu",
                    ),
                ),
                ("begins_at", models.DateTimeField(null=True, verbose_name="từ lúc")),
                ("until", models.DateTimeField(null=True, verbose_name="đến lúc")),
                ("people", models.PositiveIntegerField(verbose_name="số người")),
                ("figures", models.JSONField(default=dict, verbose_name="số liệu")),
                ("found_at", models.DateTimeField(verbose_name="thấy lúc")),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="xem xét lúc")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác nhận",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="organizations.organization",
                        verbose_name="nơi",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xem xét",
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="assessments.reading",
                    ),
                ),
            ],
            options={
                "verbose_name": "dấu hiệu",
                "verbose_name_plural": "dấu hiệu",
                "constraints": [
                    models.UniqueConstraint(fields=("reading", "key"), name="flag_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("note", ""), ("reviewed_at", None), ("reviewed_by", None)),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="flag_reviewed_when_by_whom_and_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                    "audience",
                    models.CharField(
                        choices=[
                            ("unsent", "người chưa gửi hồ sơ"),
                            ("returned", "người có hồ sơ bị trả lại"),
                            ("board", "ban còn người chờ xác nhận"),
                        ],
                        max_length=8,
                        verbose_name="nhắc ai",
                    ),
                ),
                ("closes_at", models.DateTimeField(verbose_name="đóng lúc")),
                ("days", models.PositiveSmallIntegerField(verbose_name="trước mấy ngày")),
                ("up_to", models.BigIntegerField(default=0)),
                ("begun_at", models.DateTimeField(verbose_name="bắt đầu lúc")),
                ("done_at", models.DateTimeField(null=True, verbose_name="xong lúc")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
            ],
            options={
                "verbose_name": "lượt nhắc hạn",
                "verbose_name_plural": "các lượt nhắc hạn",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "level", "audience", "closes_at", "days"), name="reminder_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="mở lại lúc")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="đã ghi nhận hết hạn")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "chưa gửi"),
                            ("submitted", "đã gửi"),
                            ("returned", "bị trả lại"),
                            ("confirmed", "đã xác nhận"),
                            ("unsent", "chưa gửi"),
                            ("unconfirmed", "ban chưa xác nhận"),
                            ("recognised", "đã công nhận"),
                        ],
                        max_length=12,
                        verbose_name="tình trạng trước đó",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")],
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "own_total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm tự chấm"
                    ),
                ),
                (
                    "confirmed_total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xác nhận"
                    ),
                ),
                (
                    "review_total",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xem lại"
                    ),
                ),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="gửi lúc")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="xác nhận lúc")),
                ("round", models.PositiveSmallIntegerField(verbose_name="lượt")),
                ("in_hard_area", models.BooleanField(verbose_name="vùng khó khăn")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reopenings",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="nơi xác nhận",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người mở lại",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="xã, phường",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác nhận",
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criteriaset",
                        verbose_name="bộ tiêu chí",
                    ),
                ),
                (
                    "extension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="assessments.extension",
                        verbose_name="gia hạn",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="tỉnh, thành phố",
                    ),
                ),
            ],
            options={
                "verbose_name": "mở lại hồ sơ",
                "verbose_name_plural": "mở lại hồ sơ",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["extension"],
                        name="reopening_under_way",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "extension"), name="reopening_once_an_extension"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("state__in", ["unsent", "unconfirmed"])),
                            models.Q(("confirmed_at__isnull", False), ("state", "confirmed")),
                            _connector="OR",
                        ),
                        name="reopening_of_a_closed_record",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="lượt")),
                ("came_at", models.DateTimeField(verbose_name="đến lúc")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="mở xem lúc")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("sent_on", "chuyển lên"),
                            ("sent_back", "trả lại"),
                            ("recognised", "xác nhận kết quả"),
                            ("passed_over", "cấp này không còn xét"),
                        ],
                        max_length=11,
                        verbose_name="kết quả",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                ("at", models.DateTimeField(verbose_name="quyết lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_steps",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="nơi xem xét",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người quyết",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.reviewstage",
                        verbose_name="bước",
                    ),
                ),
            ],
            options={
                "verbose_name": "chặng xét",
                "verbose_name_plural": "các chặng xét",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("at__gte", models.F("came_at"))),
                        name="review_step_answered_after_it_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "sent_back"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_step_sent_back_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "passed_over"), ("by", None)),
                            models.Q(
                                models.Q(("answer", "passed_over"), _negated=True), ("by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="review_step_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "own_points",
                    models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name="tự chấm"),
                ),
                ("own_passed", models.BooleanField(null=True, verbose_name="tự đánh giá")),
                (
                    "confirmed_points",
                    models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name="ban chấm"),
                ),
                ("confirmed_passed", models.BooleanField(null=True, verbose_name="ban đánh giá")),
                ("reason", models.TextField(blank=True, verbose_name="lý do đổi")),
                (
                    "review_points",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm xem lại"
                    ),
                ),
                ("review_passed", models.BooleanField(null=True, verbose_name="đánh giá xem lại")),
                ("review_reason", models.TextField(blank=True, verbose_name="lý do khi xem lại")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "helped_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người điền giúp",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="criteria.criterion",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xem lại",
                    ),
                ),
            ],
            options={
                "verbose_name": "điểm",
                "verbose_name_plural": "điểm",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "indicator", "round"), name="score_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("own_points", None), ("own_points__gte", 0), _connector="OR"),
                            models.Q(
                                ("confirmed_points", None), ("confirmed_points__gte", 0), _connector="OR"
                            ),
                            models.Q(("review_points", None), ("review_points__gte", 0), _connector="OR"),
                        ),
                        name="score_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_by", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="score_changed_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            models.Q(("review_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="score_reviewed_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnedScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="lý do trả lại")),
                (
                    "score",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="returned",
                        to="assessments.score",
                        verbose_name="điểm",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ số bị trả lại",
                "verbose_name_plural": "chỉ số bị trả lại",
                "ordering": ["score__indicator__position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="returned_score_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="điểm trên phiếu"
                    ),
                ),
                ("passed", models.BooleanField(null=True, verbose_name="đánh giá trên phiếu")),
                ("reason", models.TextField(blank=True, verbose_name="lý do đổi")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="assessments.paper",
                        verbose_name="phiếu giấy",
                    ),
                ),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="assessments.score",
                        verbose_name="điểm",
                    ),
                ),
            ],
            options={
                "verbose_name": "điểm trên phiếu giấy",
                "verbose_name_plural": "điểm trên phiếu giấy",
                "ordering": ["score__indicator__position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("paper", "score"), name="paper_score_once")],
            },
        ),
        migrations.CreateModel(
            name="LoweredScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name="điểm"),
                ),
                ("passed", models.BooleanField(null=True, verbose_name="đánh giá")),
                ("reason", models.TextField(verbose_name="lý do đổi")),
                (
                    "lowering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="assessments.lowering",
                    ),
                ),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lowerings",
                        to="assessments.score",
                    ),
                ),
            ],
            options={
                "verbose_name": "điểm chấm thấp hơn",
                "verbose_name_plural": "điểm chấm thấp hơn",
                "ordering": ["score__indicator__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("lowering", "score"), name="lowered_score_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="lowered_score_says_why"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContestedScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="lý do")),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="assessments.contest",
                        verbose_name="đề nghị",
                    ),
                ),
                (
                    "score",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contested",
                        to="assessments.score",
                        verbose_name="điểm",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ số đề nghị xem lại",
                "verbose_name_plural": "chỉ số đề nghị xem lại",
                "ordering": ["score__indicator__position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="contested_score_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StandIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="lý do")),
                ("begun_at", models.DateTimeField(default=audit.clock.now, verbose_name="từ lúc")),
                ("valid_to", models.DateField(verbose_name="đến hết ngày")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="thôi lúc")),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stand_ins",
                        to="organizations.organization",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác nhận thay",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seat",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stand_in",
                        to="accounts.appointment",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần xác nhận thay",
                "verbose_name_plural": "các lần xác nhận thay",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="stand_in_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__gte", models.F("begun_at")), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="stand_in_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "chưa gửi"),
                            ("submitted", "đã gửi"),
                            ("returned", "bị trả lại"),
                            ("confirmed", "đã xác nhận"),
                            ("unsent", "chưa gửi"),
                            ("unconfirmed", "ban chưa xác nhận"),
                            ("recognised", "đã công nhận"),
                        ],
                        max_length=12,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")],
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "verbose_name": "bước",
                "verbose_name_plural": "diễn biến",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["assessment", "at"], name="step_of_assessment"),
                    models.Index(fields=["at", "state"], name="step_of_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("registration", "đăng ký"),
                            ("self_assessment", "tự chấm"),
                            ("confirmation", "xác nhận"),
                            ("answer", "bổ sung hồ sơ bị trả lại"),
                            ("contest", "đề nghị xem lại"),
                            ("paper", "nhập phiếu giấy"),
                        ],
                        max_length=20,
                        verbose_name="bước",
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
                ("opens_at", models.DateTimeField(verbose_name="mở từ")),
                ("closes_at", models.DateTimeField(verbose_name="đóng lúc")),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="đã ghi nhận đóng"),
                ),
                ("provinces_may", models.BooleanField(default=False, verbose_name="tỉnh được đặt riêng")),
                (
                    "lost_minutes",
                    models.PositiveIntegerField(default=0, verbose_name="số phút gián đoạn đã cộng"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="windows",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="windows",
                        to="organizations.organization",
                        verbose_name="riêng tỉnh",
                    ),
                ),
            ],
            options={
                "verbose_name": "thời hạn",
                "verbose_name_plural": "thời hạn",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                        name="window_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None), ("closed_at__gte", models.F("closes_at")), _connector="OR"
                        ),
                        name="window_closing_recorded_after_it",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("province", None)),
                        fields=("campaign", "step", "level"),
                        name="window_one_for_the_nation",
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "step", "level", "province"), name="window_one_for_a_province"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")], max_length=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "chờ xác nhận"),
                            ("to_look", "cần xem riêng"),
                            ("confirmed", "đã xác nhận"),
                            ("skipped", "bỏ qua"),
                            ("undone", "đã hủy xác nhận"),
                            ("kept", "không hủy được"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="tình trạng",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                ("is_drawn", models.BooleanField(default=False, verbose_name="được chọn ngẫu nhiên để xem")),
                ("looked_at", models.DateTimeField(null=True, verbose_name="xem lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="assessments.batch",
                    ),
                ),
            ],
            options={
                "verbose_name": "hồ sơ trong lần xác nhận nhiều người",
                "verbose_name_plural": "hồ sơ trong lần xác nhận nhiều người",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "assessment"), name="batch_row_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardTally",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "chưa gửi"),
                            ("submitted", "đã gửi"),
                            ("returned", "bị trả lại"),
                            ("confirmed", "đã xác nhận"),
                            ("unsent", "chưa gửi"),
                            ("unconfirmed", "ban chưa xác nhận"),
                            ("recognised", "đã công nhận"),
                        ],
                        max_length=12,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")],
                        max_length=12,
                        verbose_name="kết quả",
                    ),
                ),
                (
                    "closed_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "chưa gửi"),
                            ("submitted", "đã gửi"),
                            ("returned", "bị trả lại"),
                            ("confirmed", "đã xác nhận"),
                            ("unsent", "chưa gửi"),
                            ("unconfirmed", "ban chưa xác nhận"),
                            ("recognised", "đã công nhận"),
                        ],
                        max_length=12,
                        verbose_name="tình trạng khi khóa",
                    ),
                ),
                ("count", models.IntegerField(default=0, verbose_name="số hồ sơ")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="organizations.organization",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criteriaset",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="assessments.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "số đếm của ban",
                "verbose_name_plural": "số đếm của các ban",
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "campaign",
                            "level",
                            "province",
                            "commune",
                            "board",
                            "criteria_set",
                            "state",
                            "outcome",
                            "closed_from",
                        ),
                        name="tally_one_of_a_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardOutlook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="tính lúc")),
                ("missing", models.PositiveIntegerField(verbose_name="số người không kịp")),
                ("strain", models.FloatField()),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("elsewhere", "Hồ sơ nhầm nơi"),
                            ("nobody", "Chưa có ai phụ trách"),
                            ("never_in", "Chưa ai đăng nhập"),
                            ("still", "Đứng yên"),
                            ("slow", "Chậm"),
                            ("", "Kịp"),
                        ],
                        max_length=10,
                        verbose_name="vì sao",
                    ),
                ),
                ("lately", models.PositiveIntegerField()),
                ("best_day", models.PositiveIntegerField()),
                ("worked_on", models.DateField(null=True)),
                ("elsewhere", models.PositiveIntegerField()),
                ("after_last_year", models.PositiveIntegerField(null=True)),
                ("left_last_year", models.PositiveIntegerField(null=True)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlooks",
                        to="organizations.organization",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlooks",
                        to="assessments.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "dự báo của ban",
                "verbose_name_plural": "dự báo của các ban",
                "indexes": [
                    models.Index(
                        fields=["campaign", "-missing", "-strain", "board"], name="outlook_worst_first"
                    ),
                    models.Index(
                        fields=["campaign", "cause", "-missing", "-strain", "board"], name="outlook_by_cause"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "board"), name="outlook_one_a_board")
                ],
            },
        ),
    ]
