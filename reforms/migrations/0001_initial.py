import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReformFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("name", models.CharField(max_length=200, verbose_name="tên tệp")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "đang kiểm tra"),
                            ("judged", "đã kiểm tra, chưa thực hiện"),
                            ("running", "đang thực hiện"),
                            ("done", "đã xong"),
                        ],
                        default="checking",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("sent_at", models.DateTimeField(default=audit.clock.now, verbose_name="gửi lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp thay đổi đơn vị",
                "verbose_name_plural": "tệp thay đổi đơn vị",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FileRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="dòng")),
                ("cells", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "chờ kiểm tra"),
                            ("good", "đúng, chờ thực hiện"),
                            ("bad", "cần sửa"),
                            ("done", "đã thực hiện"),
                        ],
                        default="new",
                        max_length=4,
                        verbose_name="tình trạng",
                    ),
                ),
                ("verdict", models.TextField(blank=True, verbose_name="kết quả kiểm tra")),
                (
                    "reform",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.reform",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="reforms.reformfile",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("file", "number"), name="file_row_once")],
            },
        ),
    ]
