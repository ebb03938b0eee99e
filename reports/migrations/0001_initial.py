import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import reports.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("assessments", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenTables",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tables", models.JSONField(verbose_name="bảng")),
                ("k", models.PositiveSmallIntegerField(verbose_name="số người ít nhất")),
                ("published_at", models.DateTimeField(verbose_name="công bố lúc")),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_tables",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
            ],
            options={
                "verbose_name": "số liệu mở",
                "verbose_name_plural": "số liệu mở",
                "ordering": ["-campaign__year"],
            },
        ),
        migrations.CreateModel(
            name="SavedTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="tên bảng")),
                ("query", models.JSONField(verbose_name="lựa chọn")),
                ("is_shared", models.BooleanField(default=False, verbose_name="dùng chung")),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="lưu lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_tables",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lưu",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="của",
                    ),
                ),
            ],
            options={
                "verbose_name": "bảng đã lưu",
                "verbose_name_plural": "bảng đã lưu",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=reports.models.new_code, max_length=12, unique=True, verbose_name="mã tệp"
                    ),
                ),
                (
                    "report",
                    models.CharField(
                        choices=[
                            ("citizens", "Danh sách hồ sơ"),
                            ("summary", "Bảng tổng hợp"),
                            ("extensions", "Danh sách gia hạn"),
                            ("units", "Danh sách đơn vị"),
                            ("form", "Biểu, danh sách"),
                        ],
                        max_length=10,
                        verbose_name="báo cáo",
                    ),
                ),
                ("query", models.JSONField(blank=True, default=dict, verbose_name="lọc")),
                ("is_full", models.BooleanField(default=False, verbose_name="đủ số căn cước")),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "đang chờ"),
                            ("running", "đang ghi"),
                            ("done", "đã xong"),
                            ("failed", "không ghi được"),
                            ("removed", "đã xóa sau 7 ngày"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=audit.clock.now, verbose_name="yêu cầu lúc")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="giao việc lúc")),
                ("claim", models.CharField(blank=True, max_length=16, verbose_name="mã nhận việc")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("rows_expected", models.PositiveIntegerField(default=0, verbose_name="số dòng cần ghi")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="số dòng đã ghi")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="xong lúc")),
                ("file", models.CharField(blank=True, max_length=60, verbose_name="tệp")),
                ("checksum", models.CharField(blank=True, max_length=64, verbose_name="mã kiểm tra")),
                (
                    "question",
                    models.CharField(blank=True, max_length=64, verbose_name="dấu của điều được hỏi"),
                ),
                ("data_version", models.CharField(blank=True, max_length=64, verbose_name="dấu của số liệu")),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_room", "máy chủ hết chỗ lưu tệp"),
                            ("too_long", "quá nhiều dòng cho một tệp Excel"),
                            ("no_right", "người xuất không còn phụ trách nơi ấy"),
                        ],
                        max_length=8,
                        verbose_name="vì sao không ghi được",
                    ),
                ),
                ("traces", models.CharField(blank=True, max_length=64, verbose_name="mã của trang ẩn")),
                ("signature", models.CharField(blank=True, max_length=128, verbose_name="chữ ký")),
                ("public_key", models.CharField(blank=True, max_length=64, verbose_name="khóa công khai")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xuất",
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
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="tổ chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp đã xuất",
                "verbose_name_plural": "tệp đã xuất",
                "indexes": [models.Index(fields=["state", "heartbeat_at"], name="export_open")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "running"]), models.Q(("question", ""), _negated=True)
                        ),
                        fields=("by", "question"),
                        name="one_open_export_a_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_full", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="export_in_full_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=30)),
                ("counted_at", models.DateTimeField(null=True, verbose_name="đếm lúc")),
                ("seconds", models.FloatField(default=0, verbose_name="đếm mất")),
                ("claimed_at", models.DateTimeField(null=True)),
                ("figures", models.JSONField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.campaign",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "số liệu đếm sẵn",
                "verbose_name_plural": "số liệu đếm sẵn",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "campaign", "about"), name="sheet_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
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
                ("number", models.PositiveIntegerField(default=0, verbose_name="số")),
                ("as_of", models.DateTimeField(verbose_name="số liệu lúc")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "đang chờ"),
                            ("running", "đang ghi"),
                            ("done", "đã xong"),
                            ("failed", "không ghi được"),
                            ("removed", "đã xóa sau 7 ngày"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("claim", models.CharField(blank=True, max_length=16)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="số hồ sơ")),
                ("seal", models.CharField(blank=True, max_length=80, verbose_name="dấu niêm phong")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="tệp trước")),
                ("checksum", models.CharField(blank=True, max_length=64, verbose_name="mã kiểm tra")),
                ("signature", models.CharField(blank=True, max_length=128, verbose_name="chữ ký")),
                ("public_key", models.CharField(blank=True, max_length=64, verbose_name="khóa công khai")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="xong lúc")),
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
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="tỉnh, thành phố",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp chốt năm",
                "verbose_name_plural": "tệp chốt năm",
                "ordering": ["-campaign__year", "province__name_sort", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "level", "province", "number"), name="snapshot_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
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
                        verbose_name="Danh hiệu",
                    ),
                ),
                (
                    "whom",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Mọi người"),
                            ("adults", "Người lớn, trừ học sinh, sinh viên"),
                            ("villager", "Nông dân, người dân trong xã"),
                            ("worker", "Công nhân, người lao động"),
                            ("official", "Cán bộ, công chức, viên chức, doanh nhân"),
                            ("learner", "Học sinh, sinh viên, học viên"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="Của ai",
                    ),
                ),
                (
                    "figure",
                    models.CharField(
                        choices=[("da-dang-ky", "đăng ký"), ("dat", "đạt")],
                        default="dat",
                        max_length=12,
                        verbose_name="Chỉ tiêu về",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="Đến hết năm")),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="Tỷ lệ (%)")),
                ("basis", models.CharField(max_length=200, verbose_name="Theo văn bản")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="ghi chú")),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="organizations.organization",
                        verbose_name="nơi đặt",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ tiêu",
                "verbose_name_plural": "chỉ tiêu",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "level", "whom", "figure", "year"), name="target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                        name="target_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level", "citizen"), ("whom", ""), _connector="OR"),
                        name="target_of_a_population_is_of_citizens",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TypedFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("population", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số dân")),
                (
                    "households",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số hộ gia đình"),
                ),
                ("clans", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số dòng họ")),
                (
                    "villages",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số thôn, tổ dân phố"),
                ),
                (
                    "units",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Số cơ quan, trường học, doanh nghiệp"
                    ),
                ),
                (
                    "members",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Tổng số hội viên"),
                ),
                (
                    "new_members",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Hội viên mới trong năm"
                    ),
                ),
                (
                    "clan_boards",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Số ban khuyến học dòng họ"
                    ),
                ),
                (
                    "fund_opening",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Số dư đầu năm"
                    ),
                ),
                (
                    "fund_from_province",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Thu từ cấp tỉnh"
                    ),
                ),
                (
                    "fund_from_commune",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Thu ở cấp xã"
                    ),
                ),
                (
                    "fund_from_units",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="Thu từ cơ quan, đơn vị",
                    ),
                ),
                (
                    "fund_from_clans",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Thu từ dòng họ"
                    ),
                ),
                (
                    "scholarships",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số suất học bổng"),
                ),
                (
                    "scholarships_paid",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Tiền học bổng"
                    ),
                ),
                (
                    "awards",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số lượt khen thưởng"),
                ),
                (
                    "awards_paid",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="Tiền khen thưởng",
                    ),
                ),
                (
                    "other_paid",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Chi khác"
                    ),
                ),
                (
                    "centres",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Số trung tâm học tập cộng đồng"
                    ),
                ),
                (
                    "classes",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số lớp, chuyên đề"),
                ),
                (
                    "learners",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Số lượt người học"),
                ),
                (
                    "centres_good",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Trung tâm xếp loại tốt"
                    ),
                ),
                (
                    "centres_fair",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Trung tâm xếp loại khá"
                    ),
                ),
                (
                    "centres_average",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="Trung tâm xếp loại trung bình"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Ghi chú")),
                ("checked", models.JSONField(blank=True, default=list, verbose_name="điều đã kiểm tra lại")),
                ("saved_at", models.DateTimeField(verbose_name="lưu lần cuối lúc")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="nộp lúc")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="typed_figures",
                        to="assessments.campaign",
                        verbose_name="năm",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="typed_figures",
                        to="organizations.organization",
                        verbose_name="xã, phường",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "số liệu nhập",
                "verbose_name_plural": "số liệu nhập",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "campaign"), name="typed_figures_once_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("named_at", models.DateTimeField(default=audit.clock.now, verbose_name="ghi tên lúc")),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi tên",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weekly_readers",
                        to="organizations.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "người nhận báo cáo tuần",
                "verbose_name_plural": "người nhận báo cáo tuần",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "user"), name="weekly_reader_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monday", models.DateField(verbose_name="tuần từ")),
                ("counted_at", models.DateTimeField(verbose_name="đếm lúc")),
                ("counts", models.JSONField(verbose_name="số liệu")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.campaign",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weekly_reports",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "báo cáo tuần",
                "verbose_name_plural": "báo cáo tuần",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "campaign", "monday"), name="weekly_report_once"
                    )
                ],
            },
        ),
    ]
