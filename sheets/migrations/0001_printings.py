import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("assessments", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Printing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="yêu cầu lúc")),
                (
                    "order",
                    models.CharField(
                        choices=[("name", "Theo tên"), ("household", "Theo hộ")],
                        default="name",
                        max_length=9,
                        verbose_name="thứ tự",
                    ),
                ),
                ("with_sent", models.BooleanField(default=False, verbose_name="cả người đã gửi hồ sơ")),
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
                ("pages", models.PositiveIntegerField(default=0, verbose_name="số phiếu")),
                ("drawn", models.PositiveIntegerField(default=0, verbose_name="số phiếu đã vẽ")),
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
                "verbose_name": "lần in phiếu giấy",
                "verbose_name_plural": "các lần in phiếu giấy",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="TypedSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dated_on", models.DateField(verbose_name="ngày ghi trên phiếu")),
                ("numbers", models.CharField(max_length=200, verbose_name="điểm trên phiếu")),
                ("typed_at", models.DateTimeField(verbose_name="nhập lúc")),
                ("has_photo", models.BooleanField(default=False, verbose_name="có ảnh phiếu")),
                (
                    "helping",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheets",
                        to="assessments.helping",
                        verbose_name="lần điền giúp",
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu đã nhập",
                "verbose_name_plural": "phiếu đã nhập",
            },
        ),
    ]
