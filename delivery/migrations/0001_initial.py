import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("email", "e-mail"), ("none", "không có cách nào")],
                        max_length=5,
                        verbose_name="cách gửi",
                    ),
                ),
                ("matters", models.BooleanField(default=False, verbose_name="cần đến tay người nhận")),
                ("is_urgent", models.BooleanField(default=False, verbose_name="gửi ngay")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "chờ gửi"),
                            ("held", "để dồn sang hôm sau"),
                            ("sending", "đang gửi"),
                            ("sent", "đã gửi"),
                            ("dropped", "không cần gửi nữa"),
                            ("failed", "không gửi được"),
                        ],
                        default="queued",
                        max_length=7,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("needless", "việc đã xong"),
                            ("read", "đã đọc trên cổng"),
                            ("not_wanted", "người nhận đã tắt"),
                            ("departed", "đã rời danh sách"),
                            ("no_contact", "chưa có số di động và e-mail"),
                            ("refused", "địa chỉ không nhận được"),
                            ("gave_up", "gửi nhiều lần không được"),
                        ],
                        max_length=10,
                        verbose_name="vì sao",
                    ),
                ),
                ("parcel", models.UUIDField(null=True, verbose_name="lần gửi")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
                ("next_at", models.DateTimeField(null=True, verbose_name="thử lúc")),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="còn gửi lúc")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="gửi lúc")),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="mã của nơi gửi")),
                ("told_at", models.DateTimeField(null=True, verbose_name="báo trực tiếp lúc")),
                (
                    "citizen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="accounts.citizen",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="accounts.message",
                        verbose_name="tin",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lần gửi tin",
                "verbose_name_plural": "các lần gửi tin",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["channel", "next_at", "id"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["is_urgent", "next_at"],
                        name="delivery_due_at_night",
                    ),
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["parcel"],
                        name="delivery_parcel",
                    ),
                    models.Index(
                        condition=models.Q(("sent_at__isnull", False)),
                        fields=["channel", "sent_at"],
                        name="delivery_sent",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "channel"), name="delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("citizen", None), ("user__isnull", False)),
                            models.Q(("citizen__isnull", False), ("user", None)),
                            _connector="OR",
                        ),
                        name="delivery_to_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("next_at__isnull", False), ("state__in", ["queued", "held", "sending"])
                            ),
                            models.Q(
                                ("next_at", None),
                                models.Q(("state__in", ["queued", "held", "sending"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_open_or_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at", None), ("told_by", None)),
                            models.Q(("told_at__isnull", False), ("told_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_told_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotWanted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "SMS"), ("email", "e-mail"), ("none", "không có cách nào")],
                        max_length=5,
                        verbose_name="cách gửi",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels_off",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "cách gửi đã tắt",
                "verbose_name_plural": "các cách gửi đã tắt",
                "constraints": [models.UniqueConstraint(fields=("user", "channel"), name="channel_off_once")],
            },
        ),
    ]
