import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import recognitions.codes
import recognitions.models.certificate


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("assessments", "0002_learning_and_held_results"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guessing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=32, unique=True, verbose_name="mạng")),
                ("since", models.DateTimeField(verbose_name="từ lúc")),
                ("misses", models.PositiveIntegerField(default=1, verbose_name="số mã không có")),
            ],
            options={
                "verbose_name": "mạng gõ mã không có",
                "verbose_name_plural": "những mạng gõ mã không có",
            },
        ),
        migrations.CreateModel(
            name="PublishedKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="khóa công khai")),
                ("since", models.DateTimeField(default=audit.clock.now, verbose_name="dùng từ lúc")),
            ],
            options={
                "verbose_name": "khóa ký giấy chứng nhận",
                "verbose_name_plural": "khóa ký giấy chứng nhận",
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CommendationList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer_name", models.CharField(max_length=250, verbose_name="tên hội lập danh sách")),
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
                    "body_kind",
                    models.CharField(
                        choices=[
                            ("commune", "xã, phường, đặc khu"),
                            ("province", "tỉnh, thành phố"),
                            ("centre", "trung ương"),
                        ],
                        max_length=10,
                        verbose_name="cấp khen",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("praise", "giấy khen"), ("honour", "bằng khen"), ("mention", "biểu dương")],
                        max_length=7,
                        verbose_name="hình thức",
                    ),
                ),
                ("begun_at", models.DateTimeField(default=audit.clock.now, verbose_name="lập lúc")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="số quyết định")),
                ("number_key", models.CharField(blank=True, editable=False, max_length=60)),
                ("decided_on", models.DateField(null=True, verbose_name="ngày quyết định")),
                ("year", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("signer_name", models.CharField(blank=True, max_length=150, verbose_name="người ký")),
                ("signer_post", models.CharField(blank=True, max_length=150, verbose_name="chức vụ")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="ghi quyết định lúc")),
                (
                    "begun_by",
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
                        related_name="+",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="hội lập danh sách",
                    ),
                ),
            ],
            options={
                "verbose_name": "danh sách khen thưởng",
                "verbose_name_plural": "danh sách khen thưởng",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("year__isnull", False)),
                        fields=("issuer", "year", "number_key"),
                        name="commendation_one_number_a_year",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_on", None)),
                        fields=("issuer", "campaign", "level", "form"),
                        name="commendation_one_open_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("decided_on", None),
                                ("number", ""),
                                ("number_key", ""),
                                ("signer_name", ""),
                                ("signer_post", ""),
                                ("year", None),
                            ),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                models.Q(("number_key", ""), _negated=True),
                                models.Q(("signer_name", ""), _negated=True),
                                models.Q(("signer_post", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decided_on__isnull", False),
                                ("year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="commendation_decided_with_number_day_and_signer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body_kind__in", ["commune", "province", "centre"])),
                        name="commendation_of_an_association",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
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
                ("issuer_name", models.CharField(max_length=250, verbose_name="tên nơi ra quyết định")),
                ("within_name", models.CharField(max_length=200, verbose_name="tên phạm vi")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("gathering", "đang lập danh sách"),
                            ("gathered", "chờ ký biên bản"),
                            ("minuted", "đã ký biên bản"),
                            ("submitted", "đã trình"),
                            ("deciding", "đang ghi công nhận"),
                            ("decided", "đã có quyết định"),
                            ("dropped", "đã bỏ"),
                        ],
                        default="gathering",
                        max_length=9,
                        verbose_name="tình trạng",
                    ),
                ),
                ("is_provisional", models.BooleanField(default=False, verbose_name="theo tiêu chí bản tạm")),
                (
                    "provisional_basis",
                    models.CharField(blank=True, max_length=200, verbose_name="căn cứ dùng bản tạm"),
                ),
                ("looked_at", models.PositiveIntegerField(default=0, verbose_name="số hồ sơ đã xác nhận")),
                ("nominated", models.PositiveIntegerField(default=0, verbose_name="số được đề nghị")),
                ("gathered_at", models.DateTimeField(verbose_name="lập lúc")),
                ("minutes_number", models.CharField(blank=True, max_length=60, verbose_name="số biên bản")),
                ("minutes_on", models.DateField(null=True, verbose_name="ngày họp")),
                ("minutes_chair", models.CharField(blank=True, max_length=150, verbose_name="chủ trì")),
                ("minutes_secretary", models.CharField(blank=True, max_length=150, verbose_name="thư ký")),
                ("minuted_at", models.DateTimeField(null=True, verbose_name="ghi biên bản lúc")),
                ("told_at", models.DateTimeField(null=True, verbose_name="đã báo kết quả giữ lại lúc")),
                (
                    "submission_number",
                    models.CharField(blank=True, max_length=60, verbose_name="số tờ trình"),
                ),
                ("submission_on", models.DateField(null=True, verbose_name="ngày trình")),
                (
                    "submission_to",
                    models.CharField(blank=True, max_length=200, verbose_name="nơi nhận tờ trình"),
                ),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="trình lúc")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="số quyết định")),
                ("number_key", models.CharField(blank=True, editable=False, max_length=60)),
                ("decided_on", models.DateField(null=True, verbose_name="ngày quyết định")),
                ("year", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("signer_name", models.CharField(blank=True, max_length=150, verbose_name="người ký")),
                ("signer_post", models.CharField(blank=True, max_length=150, verbose_name="chức vụ")),
                ("valid_until", models.DateField(null=True, verbose_name="có giá trị đến hết ngày")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="ghi quyết định lúc")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gathered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="organizations.organization",
                        verbose_name="nơi ra quyết định",
                    ),
                ),
                (
                    "minuted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "within",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="phạm vi",
                    ),
                ),
            ],
            options={
                "verbose_name": "quyết định công nhận",
                "verbose_name_plural": "quyết định công nhận",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("year__isnull", False)),
                        fields=("issuer", "year", "number_key"),
                        name="decision_one_number_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["gathering", "gathered", "dropped"]),
                            models.Q(
                                models.Q(("minutes_number", ""), _negated=True),
                                models.Q(("minutes_chair", ""), _negated=True),
                                ("minuted_at__isnull", False),
                                ("minuted_by__isnull", False),
                                ("minutes_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_minuted_with_number_day_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["submitted", "deciding", "decided"]), _negated=True),
                            models.Q(
                                models.Q(("submission_number", ""), _negated=True),
                                ("submission_on__gte", models.F("minutes_on")),
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_submitted_after_the_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["deciding", "decided"]), _negated=True),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                models.Q(("number_key", ""), _negated=True),
                                models.Q(("signer_name", ""), _negated=True),
                                models.Q(("signer_post", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decided_on__gte", models.F("submission_on")),
                                ("year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_decided_with_number_day_and_signer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("decided_on")),
                            _connector="OR",
                        ),
                        name="decision_in_force_from_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_provisional", False),
                            models.Q(("provisional_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_on_provisional_with_a_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificatePrinting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="yêu cầu lúc")),
                ("portal", models.CharField(max_length=200, verbose_name="địa chỉ cổng")),
                ("after", models.PositiveIntegerField(default=0, verbose_name="sau giấy thứ")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drawing", "đang vẽ"),
                            ("done", "đã xong"),
                            ("removed", "đã xóa sau 7 ngày"),
                        ],
                        default="drawing",
                        max_length=7,
                        verbose_name="tình trạng",
                    ),
                ),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="số giấy")),
                ("drawn", models.PositiveIntegerField(default=0, verbose_name="số giấy đã vẽ")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người in",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="printings",
                        to="recognitions.decision",
                        verbose_name="quyết định",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần in giấy chứng nhận",
                "verbose_name_plural": "các lần in giấy chứng nhận",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "drawing")),
                        fields=("decision", "by", "after"),
                        name="certificates_drawn_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelSetting",
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
                        unique=True,
                        verbose_name="danh hiệu",
                    ),
                ),
                (
                    "on_provisional",
                    models.BooleanField(default=False, verbose_name="được công nhận theo tiêu chí bản tạm"),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                (
                    "body_kind",
                    models.CharField(
                        choices=[("commune", "xã, phường, đặc khu"), ("province", "tỉnh, thành phố")],
                        default="commune",
                        max_length=10,
                        verbose_name="cấp ra quyết định",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="đặt lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đặt",
                    ),
                ),
            ],
            options={
                "verbose_name": "quy định công nhận",
                "verbose_name_plural": "quy định công nhận",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on_provisional", False), models.Q(("basis", ""), _negated=True), _connector="OR"
                        ),
                        name="level_setting_on_provisional_with_a_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body_kind__in", ["commune", "province"])),
                        name="level_setting_of_a_deciding_body",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder_name", models.CharField(max_length=200, verbose_name="tên")),
                ("name_sort", models.CharField(editable=False, max_length=1220)),
                ("place_name", models.CharField(blank=True, max_length=400, verbose_name="nơi ở, đơn vị")),
                ("is_open", models.BooleanField(default=True)),
                ("left_out_at", models.DateTimeField(null=True, verbose_name="để lại lúc")),
                (
                    "left_out_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="lý do để lại"),
                ),
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
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nominations",
                        to="recognitions.decision",
                    ),
                ),
                (
                    "left_out_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "người, nhóm được đề nghị",
                "verbose_name_plural": "người, nhóm được đề nghị",
                "indexes": [models.Index(fields=["decision", "name_sort"], name="nomination_in_order")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("decision", "assessment"), name="nomination_once_a_decision"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)),
                        fields=("assessment",),
                        name="nomination_in_one_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_out_at", None), ("left_out_by", None), ("left_out_reason", "")),
                            models.Q(
                                models.Q(("left_out_reason", ""), _negated=True),
                                ("left_out_at__isnull", False),
                                ("left_out_by__isnull", False),
                                ("is_open", False),
                            ),
                            _connector="OR",
                        ),
                        name="nomination_left_out_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recognition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder_name", models.CharField(max_length=200, verbose_name="tên")),
                ("place_name", models.CharField(blank=True, max_length=400, verbose_name="nơi ở, đơn vị")),
                ("valid_from", models.DateField(verbose_name="có giá trị từ ngày")),
                ("valid_until", models.DateField(null=True, verbose_name="có giá trị đến hết ngày")),
                (
                    "code",
                    models.CharField(
                        default=recognitions.codes.new_code,
                        editable=False,
                        max_length=20,
                        unique=True,
                        verbose_name="mã kiểm tra",
                    ),
                ),
                ("recognised_at", models.DateTimeField(verbose_name="ghi công nhận lúc")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="thu hồi lúc")),
                (
                    "revocation_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="lý do thu hồi"),
                ),
                (
                    "revocation_number",
                    models.CharField(blank=True, max_length=60, verbose_name="số quyết định thu hồi"),
                ),
                ("revoked_on", models.DateField(null=True, verbose_name="ngày quyết định thu hồi")),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="được cấp lại lúc")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="recognitions.decision",
                        verbose_name="quyết định",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacement",
                        to="recognitions.recognition",
                        verbose_name="cấp lại cho",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "công nhận",
                "verbose_name_plural": "công nhận",
                "indexes": [models.Index(fields=["decision", "holder_name"], name="recognition_of_decision")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None), ("revoked_at", None)),
                        fields=("assessment",),
                        name="recognition_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("revocation_number", ""),
                                ("revocation_reason", ""),
                                ("revoked_at", None),
                                ("revoked_by", None),
                                ("revoked_on", None),
                            ),
                            models.Q(
                                models.Q(("revocation_reason", ""), _negated=True),
                                models.Q(("revocation_number", ""), _negated=True),
                                ("revoked_at__isnull", False),
                                ("revoked_by__isnull", False),
                                ("revoked_on__gte", models.F("valid_from")),
                            ),
                            _connector="OR",
                        ),
                        name="recognition_revoked_by_a_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="recognition_in_force_from_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces", None),
                            models.Q(("replaces", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="recognition_not_of_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commendation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(editable=False, max_length=20)),
                (
                    "body_kind",
                    models.CharField(
                        choices=[
                            ("commune", "xã, phường, đặc khu"),
                            ("province", "tỉnh, thành phố"),
                            ("centre", "trung ương"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("exemplary", "tiêu biểu, năm năm liền"),
                            ("highest", "điểm cao nhất"),
                            ("person", "do người đề nghị"),
                        ],
                        max_length=9,
                        verbose_name="đề nghị theo",
                    ),
                ),
                ("chosen_at", models.DateTimeField(default=audit.clock.now, verbose_name="chọn lúc")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.campaign",
                    ),
                ),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người chọn",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chosen",
                        to="recognitions.commendationlist",
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commendations",
                        to="recognitions.recognition",
                        verbose_name="công nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "người, nhóm được khen",
                "verbose_name_plural": "người, nhóm được khen",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "campaign", "body_kind"), name="commended_once_a_year_and_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True), name="commended_of_somebody"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="ngày")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="số lần")),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_days",
                        to="recognitions.recognition",
                        verbose_name="công nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "ngày có người kiểm tra",
                "verbose_name_plural": "những ngày có người kiểm tra",
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("recognition", "day"), name="check_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=recognitions.models.certificate.new_key,
                        editable=False,
                        max_length=40,
                        unique=True,
                        verbose_name="khóa",
                    ),
                ),
                ("made_at", models.DateTimeField(default=audit.clock.now, verbose_name="tạo lúc")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="ngừng lúc")),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_pages",
                        to="accounts.citizen",
                        verbose_name="người dân",
                    ),
                ),
            ],
            options={
                "verbose_name": "liên kết chia sẻ",
                "verbose_name_plural": "liên kết chia sẻ",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("citizen",),
                        name="shared_page_one_open",
                    )
                ],
            },
        ),
    ]
