import django.contrib.auth.models
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import accounts.models.claim_code
import accounts.models.user
import audit.clock
import audit.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        default=accounts.models.user.new_username,
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\w.@+-]+\\Z", "Chỉ dùng chữ, số và các dấu . - _ @ +"
                            ),
                            accounts.models.user.not_a_number,
                        ],
                        verbose_name="tên tài khoản",
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="họ và tên")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang dùng")),
                ("is_staff", models.BooleanField(default=False, verbose_name="vào trang quản trị")),
                ("date_joined", models.DateTimeField(default=audit.clock.now, verbose_name="mở lúc")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "tài khoản",
                "verbose_name_plural": "tài khoản",
                "indexes": [
                    models.Index(django.db.models.functions.text.Lower("username"), name="user_of_username"),
                    models.Index(django.db.models.functions.text.Lower("email"), name="user_of_email"),
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("board_member", "thành viên ban khuyến học"),
                            ("board_chair", "trưởng ban khuyến học"),
                            ("officer", "cán bộ hội khuyến học"),
                            ("representative", "người đại diện"),
                            ("stand_in", "cán bộ hội xác nhận thay"),
                            ("helper", "người giúp điền hồ sơ"),
                        ],
                        max_length=20,
                        verbose_name="vai trò",
                    ),
                ),
                ("valid_from", models.DateField(default=audit.clock.today, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="organizations.organization",
                        verbose_name="tổ chức",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người",
                    ),
                ),
            ],
            options={
                "verbose_name": "phân công",
                "verbose_name_plural": "phân công",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="appointment_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "stand_in"), _negated=True),
                            ("valid_to__isnull", False),
                            _connector="OR",
                        ),
                        name="appointment_of_a_stand_in_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "helper"), _negated=True),
                            ("valid_to__isnull", False),
                            _connector="OR",
                        ),
                        name="appointment_of_a_helper_ends",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "organization", "role", "valid_from"), name="appointment_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Citizen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="họ và tên")),
                ("name_search", models.CharField(editable=False, max_length=100)),
                ("name_sort", models.CharField(db_index=True, editable=False, max_length=620)),
                ("birth_year", models.PositiveSmallIntegerField(verbose_name="năm sinh")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="ngày sinh")),
                (
                    "gender",
                    models.CharField(
                        choices=[("female", "Nữ"), ("male", "Nam")], max_length=6, verbose_name="giới tính"
                    ),
                ),
                (
                    "identity_number",
                    audit.encryption.EncryptedTextField(null=True, verbose_name="số căn cước"),
                ),
                ("identity_digest", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                (
                    "phone",
                    models.CharField(blank=True, db_index=True, max_length=16, verbose_name="số điện thoại"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, db_index=True, max_length=254, verbose_name="e-mail"),
                ),
                (
                    "village_text",
                    models.CharField(blank=True, max_length=200, verbose_name="thôn, tổ dân phố đã gõ"),
                ),
                (
                    "unit_text",
                    models.CharField(blank=True, max_length=200, verbose_name="nơi làm việc, học tập đã gõ"),
                ),
                (
                    "population",
                    models.CharField(
                        choices=[
                            ("villager", "Nông dân, người dân trong xã"),
                            ("worker", "Công nhân, người lao động"),
                            ("official", "Cán bộ, công chức, viên chức, doanh nhân"),
                            ("learner", "Học sinh, sinh viên, học viên"),
                        ],
                        default="villager",
                        max_length=10,
                        verbose_name="công việc",
                    ),
                ),
                ("departed_on", models.DateField(blank=True, null=True, verbose_name="rời danh sách ngày")),
                (
                    "added_at",
                    models.DateTimeField(
                        default=audit.clock.now, editable=False, null=True, verbose_name="có trên cổng từ"
                    ),
                ),
                ("consent_version", models.CharField(blank=True, max_length=20, verbose_name="bản đồng ý")),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="đồng ý lúc")),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commune_citizens",
                        to="organizations.organization",
                        verbose_name="xã, phường",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="organizations.household",
                        verbose_name="hộ",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_citizens",
                        to="organizations.organization",
                        verbose_name="nơi làm việc, học tập",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citizen",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="village_citizens",
                        to="organizations.organization",
                        verbose_name="thôn, tổ dân phố",
                    ),
                ),
            ],
            options={
                "verbose_name": "người dân",
                "verbose_name_plural": "người dân",
                "indexes": [
                    models.Index(fields=["commune", "name_sort"], name="citizen_of_commune"),
                    models.Index(django.db.models.functions.text.Lower("email"), name="citizen_of_email"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("identity_digest", None), ("identity_number", None)),
                            models.Q(("identity_digest__isnull", False), ("identity_number__isnull", False)),
                            _connector="OR",
                        ),
                        name="citizen_number_and_digest_together",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("given_at", models.DateTimeField(default=audit.clock.now, verbose_name="cấp lúc")),
                (
                    "expires_at",
                    models.DateTimeField(
                        default=accounts.models.claim_code._expiry, verbose_name="hết hạn lúc"
                    ),
                ),
                ("used_at", models.DateTimeField(null=True, verbose_name="dùng lúc")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="số lần sai")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người cấp",
                    ),
                ),
                (
                    "citizen",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claim_code",
                        to="accounts.citizen",
                        verbose_name="người dân",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="nơi cấp",
                    ),
                ),
            ],
            options={
                "verbose_name": "mã nhận tài khoản",
                "verbose_name_plural": "mã nhận tài khoản",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("given_at"))),
                        name="claim_code_expires_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Headship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(default=audit.clock.today, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "citizen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="headships",
                        to="accounts.citizen",
                        verbose_name="người đại diện",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="headships",
                        to="organizations.household",
                        verbose_name="hộ gia đình",
                    ),
                ),
            ],
            options={
                "verbose_name": "người đại diện gia đình",
                "verbose_name_plural": "người đại diện gia đình",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="headship_opens_before_it_closes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("household",),
                        name="headship_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="họ và tên")),
                ("name_sort", models.CharField(editable=False, max_length=620)),
                ("birth_year", models.PositiveSmallIntegerField(null=True, verbose_name="năm sinh")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("adult", "người lớn"),
                            ("learner", "người đang đi học"),
                            ("child", "trẻ nhỏ"),
                        ],
                        default="adult",
                        max_length=7,
                        verbose_name="là",
                    ),
                ),
                ("valid_from", models.DateField(default=audit.clock.today, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
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
                    "citizen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.citizen",
                        verbose_name="người dân",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_members",
                        to="organizations.household",
                        verbose_name="hộ gia đình",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_members",
                        to="organizations.organization",
                        verbose_name="tổ chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "thành viên",
                "verbose_name_plural": "thành viên",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("household__isnull", False), ("organization", None)),
                            models.Q(("household", None), ("organization__isnull", False)),
                            _connector="OR",
                        ),
                        name="member_of_one_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="member_comes_before_leaving",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("household", "citizen"),
                        name="member_once_in_a_household",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("organization", "citizen"),
                        name="member_once_in_an_organization",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("listed", "Có tên trong danh sách thành viên"),
                            ("counted", "Được tính vào kết quả của nhóm"),
                        ],
                        max_length=8,
                        verbose_name="việc",
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="bản đồng ý")),
                ("given_at", models.DateTimeField(default=audit.clock.now, verbose_name="đồng ý lúc")),
                ("paper_of", models.DateField(blank=True, null=True, verbose_name="ngày trên giấy")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="rút lại lúc")),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="accounts.member",
                        verbose_name="thành viên",
                    ),
                ),
            ],
            options={
                "verbose_name": "sự đồng ý",
                "verbose_name_plural": "sự đồng ý",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("member", "purpose"),
                        name="consent_standing_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            ("withdrawn_at__gte", models.F("given_at")),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_after_it_was_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True, verbose_name="mã")),
                ("subject", models.CharField(max_length=200, verbose_name="tiêu đề")),
                ("body", models.TextField(verbose_name="nội dung")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="trang liên quan")),
                ("at", models.DateTimeField(default=audit.clock.now, verbose_name="lúc")),
                ("read_at", models.DateTimeField(null=True, verbose_name="đọc lúc")),
                ("planned_at", models.DateTimeField(null=True, verbose_name="đã tính cách gửi lúc")),
                (
                    "citizen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="accounts.citizen",
                        verbose_name="người dân",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản",
                    ),
                ),
            ],
            options={
                "verbose_name": "tin nhắn",
                "verbose_name_plural": "tin nhắn",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("planned_at", None)), fields=["id"], name="message_to_plan"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("citizen", None), ("user__isnull", False)),
                            models.Q(("citizen__isnull", False), ("user", None)),
                            _connector="OR",
                        ),
                        name="message_to_one",
                    )
                ],
            },
        ),
    ]
