import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("assessments", "0001_initial"),
        ("criteria", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField(default=audit.clock.now, verbose_name="đề nghị lúc")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đề nghị",
                    ),
                ),
                (
                    "criteria_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposal",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "verbose_name": "đề nghị ban hành",
                "verbose_name_plural": "đề nghị ban hành",
            },
        ),
        migrations.CreateModel(
            name="Rerun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("revision", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "đang chạy"), ("done", "đã xong"), ("stopped", "đã dừng")],
                        default="running",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("begun_at", models.DateTimeField(default=audit.clock.now, verbose_name="bắt đầu lúc")),
                ("records", models.PositiveIntegerField(verbose_name="số hồ sơ")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "criteria_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rerun",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "verbose_name": "áp dụng thử",
                "verbose_name_plural": "áp dụng thử",
            },
        ),
        migrations.CreateModel(
            name="Carrying",
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
                        choices=[("running", "đang chuyển"), ("done", "đã xong")],
                        default="running",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("begun_at", models.DateTimeField(default=audit.clock.now, verbose_name="bắt đầu lúc")),
                ("carried", models.PositiveIntegerField(default=0, verbose_name="số hồ sơ đã chuyển")),
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
                        related_name="carryings",
                        to="criteria.criteriaset",
                    ),
                ),
            ],
            options={
                "verbose_name": "chuyển hồ sơ sang bộ tiêu chí mới",
                "verbose_name_plural": "chuyển hồ sơ sang bộ tiêu chí mới",
                "constraints": [
                    models.UniqueConstraint(fields=("from_set", "to_set"), name="carrying_once_a_pair")
                ],
            },
        ),
        migrations.CreateModel(
            name="RerunCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[("achieved", "đạt"), ("not_achieved", "không đạt")], max_length=12
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("achieved", "đạt"),
                            ("not_achieved", "không đạt"),
                            ("unknown", "không biết"),
                        ],
                        max_length=12,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
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
                (
                    "rerun",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="revising.rerun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rerun", "province", "commune", "before", "after"),
                        name="rerun_count_one_of_a_kind",
                    )
                ],
            },
        ),
    ]
