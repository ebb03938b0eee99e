import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0001_initial"),
        ("criteria", "0001_initial"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedLearning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("reading", "Đọc sách, báo"),
                            ("course", "Lớp, khóa học"),
                            ("centre", "Trung tâm học tập cộng đồng"),
                            ("online", "Học trên mạng"),
                            ("vocational", "Học nghề"),
                            ("language", "Học tiếng nước ngoài"),
                            ("digital", "Học dùng điện thoại, máy tính"),
                            ("other", "Cách khác"),
                        ],
                        max_length=10,
                        verbose_name="cách học",
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="học gì")),
                ("done_on", models.DateField(null=True, verbose_name="xong ngày")),
            ],
            options={
                "verbose_name": "việc học đã định",
                "verbose_name_plural": "kế hoạch học tập",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ResultHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="đặt lúc")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="thôi lúc")),
                ("told_at", models.DateTimeField(null=True, verbose_name="đã báo mọi người lúc")),
            ],
            options={
                "verbose_name": "giữ kết quả đến khi ký biên bản",
                "verbose_name_plural": "giữ kết quả đến khi ký biên bản",
            },
        ),
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_holds_what_its_kind_says",
        ),
        migrations.AddField(
            model_name="assessment",
            name="released_at",
            field=models.DateTimeField(null=True, verbose_name="cho xem kết quả lúc"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="carried_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="assessments.evidence",
                verbose_name="lấy từ năm trước",
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "Lời kể"),
                    ("link", "Đường dẫn"),
                    ("file", "Ảnh hoặc tệp"),
                    ("none", "Không có minh chứng"),
                ],
                max_length=4,
                verbose_name="loại",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["text", "none"]), models.Q(("text", ""), _negated=True)),
                    models.Q(("kind", "link"), models.Q(("url", ""), _negated=True)),
                    models.Q(("kind", "file"), models.Q(("file", ""), _negated=True)),
                    _connector="OR",
                ),
                name="evidence_holds_what_its_kind_says",
            ),
        ),
        migrations.AddField(
            model_name="plannedlearning",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="learning",
                to="assessments.assessment",
                verbose_name="hồ sơ",
            ),
        ),
        migrations.AddField(
            model_name="resulthold",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người đặt",
            ),
        ),
        migrations.AddField(
            model_name="resulthold",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_holds",
                to="assessments.campaign",
                verbose_name="năm",
            ),
        ),
        migrations.AddField(
            model_name="resulthold",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="resulthold",
            name="province",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_holds",
                to="organizations.organization",
                verbose_name="tỉnh",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedlearning",
            constraint=models.UniqueConstraint(
                fields=("assessment", "form", "what"), name="planned_learning_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="resulthold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("campaign", "province"),
                name="result_hold_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="resulthold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="result_hold_ended_by_somebody",
            ),
        ),
    ]
