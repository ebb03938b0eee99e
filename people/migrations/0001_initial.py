import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import audit.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("assessments", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Roster",
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
                    "work",
                    models.CharField(
                        choices=[
                            ("villager", "Nông dân, người dân trong xã"),
                            ("worker", "Công nhân, người lao động"),
                            ("official", "Cán bộ, công chức, viên chức, doanh nhân"),
                            ("learner", "Học sinh, sinh viên, học viên"),
                        ],
                        max_length=10,
                        verbose_name="những người này là",
                    ),
                ),
                ("sealed_head", audit.encryption.EncryptedTextField()),
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
                "verbose_name": "danh sách gửi lên",
                "verbose_name_plural": "danh sách gửi lên",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                        choices=[
                            ("move", "chuyển nơi"),
                            ("leave", "thôi làm việc, học tập ở đơn vị"),
                            ("away", "đã chuyển đi nơi khác"),
                            ("died", "đã mất"),
                            ("merge", "gộp hai lần ghi của một người"),
                        ],
                        max_length=5,
                        verbose_name="việc",
                    ),
                ),
                ("day", models.DateField(default=audit.clock.today, verbose_name="từ ngày")),
                ("reason", models.CharField(max_length=200, verbose_name="lý do")),
                ("number_moved", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="ghi lúc")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="hoàn tác lúc")),
                (
                    "undone_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="lý do hoàn tác"),
                ),
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
                        related_name="transfers",
                        to="organizations.organization",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lần chuyển người",
                "verbose_name_plural": "lần chuyển người",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="transfer_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                                models.Q(("undone_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_undone_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Moved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfers",
                        to="accounts.citizen",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved",
                        to="people.transfer",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("transfer", "citizen"), name="moved_once")],
            },
        ),
        migrations.CreateModel(
            name="TransferChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("create", "Create"),
                            ("update", "Update"),
                            ("delete", "Delete"),
                            ("shift", "Shift"),
                        ],
                        max_length=6,
                    ),
                ),
                ("table", models.CharField(max_length=60)),
                ("keys", models.JSONField()),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="people.transfer",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NotTheSame",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.citizen"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.citizen"
                    ),
                ),
            ],
            options={
                "verbose_name": "hai người khác nhau",
                "verbose_name_plural": "hai người khác nhau",
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="not_the_same_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="not_the_same_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nudge",
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
                        choices=[("message", "tin nhắn"), ("call", "gọi điện, gặp")],
                        max_length=7,
                        verbose_name="cách nhắc",
                    ),
                ),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="nhắc lúc")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhắc",
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
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nudges",
                        to="accounts.citizen",
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
                "verbose_name": "lời nhắc đăng ký",
                "verbose_name_plural": "lời nhắc đăng ký",
                "indexes": [models.Index(fields=["citizen", "campaign", "at"], name="nudges_of_citizen")],
            },
        ),
        migrations.CreateModel(
            name="RosterRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="dòng")),
                ("sealed_cells", audit.encryption.EncryptedTextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unread", "chờ kiểm tra"),
                            ("new", "người mới, sẽ thêm"),
                            ("join", "cùng một người, sẽ ghép"),
                            ("ask", "cần bạn quyết định"),
                            ("here", "đã có trong danh sách"),
                            ("bad", "cần sửa"),
                            ("added", "đã thêm"),
                            ("joined", "đã ghép với người đã có"),
                        ],
                        default="unread",
                        max_length=6,
                        verbose_name="tình trạng",
                    ),
                ),
                ("verdict", models.TextField(blank=True, verbose_name="kết quả kiểm tra")),
                ("is_other", models.BooleanField(default=False)),
                (
                    "citizen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="roster_rows",
                        to="accounts.citizen",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.citizen",
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="people.roster"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["roster", "state"], name="roster_rows_by_state")],
                "constraints": [models.UniqueConstraint(fields=("roster", "number"), name="roster_row_once")],
            },
        ),
    ]
