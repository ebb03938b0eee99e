import datetime

import django.db.models.deletion
from django.db import migrations, models

import audit.clock
import organizations.fields

ENDED = {"district": datetime.date(2025, 6, 30)}
KINDS = ["centre", "province", "district", "commune", "village", "unit", "clan"]


def put_in(apps, schema_editor):
    level = apps.get_model("organizations", "TreeLevel")
    level.objects.bulk_create([level(kind=kind, valid_to=ENDED.get(kind)) for kind in KINDS])


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TreeLevel",
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
                            ("centre", "trung ương"),
                            ("province", "tỉnh, thành phố"),
                            ("district", "huyện, quận (đã bỏ từ 01/07/2025)"),
                            ("commune", "xã, phường, đặc khu"),
                            ("village", "thôn, tổ dân phố"),
                            ("unit", "đơn vị"),
                            ("clan", "dòng họ"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="cấp",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
            ],
            options={
                "verbose_name": "cấp",
                "verbose_name_plural": "các cấp",
            },
        ),
        migrations.CreateModel(
            name="Organization",
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
                            ("centre", "trung ương"),
                            ("province", "tỉnh, thành phố"),
                            ("district", "huyện, quận (đã bỏ từ 01/07/2025)"),
                            ("commune", "xã, phường, đặc khu"),
                            ("village", "thôn, tổ dân phố"),
                            ("unit", "đơn vị"),
                            ("clan", "dòng họ"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("thanh-pho", "Thành phố"),
                            ("tinh", "Tỉnh"),
                            ("quan", "Quận"),
                            ("huyen", "Huyện"),
                            ("thi-xa", "Thị xã"),
                            ("phuong", "Phường"),
                            ("xa", "Xã"),
                            ("thi-tran", "Thị trấn"),
                            ("dac-khu", "Đặc khu"),
                            ("thon", "Thôn"),
                            ("ban", "Bản"),
                            ("ap", "Ấp"),
                            ("to-dan-pho", "Tổ dân phố"),
                            ("khu-pho", "Khu phố"),
                            ("agency", "Cơ quan"),
                            ("school", "Trường học"),
                            ("enterprise", "Doanh nghiệp"),
                            ("armed_force", "Lực lượng vũ trang"),
                            ("cooperative", "Hợp tác xã"),
                            ("other", "Khác"),
                        ],
                        max_length=12,
                        verbose_name="loại",
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                ("full_name", models.CharField(max_length=200, verbose_name="tên đầy đủ")),
                ("name_search", models.CharField(editable=False, max_length=200)),
                ("name_sort", models.CharField(editable=False, max_length=1220)),
                ("path", organizations.fields.PathField(editable=False, max_length=32, unique=True)),
                ("valid_from", models.DateField(default=datetime.date(2025, 7, 1), verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("is_hard_area", models.BooleanField(default=False, verbose_name="vùng khó khăn")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="số điện thoại")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="địa chỉ")),
                (
                    "heir",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organizations.organization",
                        verbose_name="cấp trên",
                    ),
                ),
            ],
            options={
                "verbose_name": "tổ chức",
                "verbose_name_plural": "tổ chức",
                "indexes": [
                    models.Index(fields=["parent", "name_sort"], name="organization_children"),
                    models.Index(fields=["kind", "name_sort"], name="organization_of_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "centre"), ("parent", None)),
                            models.Q(models.Q(("kind", "centre"), _negated=True), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="organization_has_parent_but_the_centre",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="organization_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên hộ")),
                (
                    "clan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="clan_households",
                        to="organizations.organization",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "hộ gia đình",
                "verbose_name_plural": "hộ gia đình",
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("thanh-pho", "Thành phố"),
                            ("tinh", "Tỉnh"),
                            ("quan", "Quận"),
                            ("huyen", "Huyện"),
                            ("thi-xa", "Thị xã"),
                            ("phuong", "Phường"),
                            ("xa", "Xã"),
                            ("thi-tran", "Thị trấn"),
                            ("dac-khu", "Đặc khu"),
                            ("thon", "Thôn"),
                            ("ban", "Bản"),
                            ("ap", "Ấp"),
                            ("to-dan-pho", "Tổ dân phố"),
                            ("khu-pho", "Khu phố"),
                            ("agency", "Cơ quan"),
                            ("school", "Trường học"),
                            ("enterprise", "Doanh nghiệp"),
                            ("armed_force", "Lực lượng vũ trang"),
                            ("cooperative", "Hợp tác xã"),
                            ("other", "Khác"),
                        ],
                        max_length=12,
                        verbose_name="loại",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                ("full_name", models.CharField(max_length=200, verbose_name="tên đầy đủ")),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_to", models.DateField(verbose_name="đến hết ngày")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_names",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "valid_to"), name="former_name_one_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__lte", models.F("valid_to"))),
                        name="former_name_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", organizations.fields.PathField(max_length=32)),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_to", models.DateField(null=True, verbose_name="đến hết ngày")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="organizations.organization",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["path"], name="placement_path")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "valid_from"), name="placement_one_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="placement_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reform",
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
                            ("merge", "nhập"),
                            ("split", "chia tách"),
                            ("move", "chuyển về nơi khác"),
                            ("rename", "đổi tên, đổi loại"),
                            ("close", "thôi dùng"),
                        ],
                        max_length=6,
                        verbose_name="loại",
                    ),
                ),
                ("day", models.DateField(verbose_name="có hiệu lực từ ngày")),
                ("legal_basis", models.CharField(max_length=200, verbose_name="văn bản")),
                ("plan", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "mới lập, chưa thực hiện"),
                            ("done", "đã thực hiện"),
                            ("undone", "đã hoàn tác"),
                        ],
                        default="planned",
                        max_length=7,
                        verbose_name="tình trạng",
                    ),
                ),
                ("recorded_by", models.BigIntegerField(null=True)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now, verbose_name="lập lúc")),
                ("done_at", models.DateTimeField(null=True, verbose_name="thực hiện lúc")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="hoàn tác lúc")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reforms",
                        to="organizations.organization",
                    ),
                ),
                (
                    "sources",
                    models.ManyToManyField(related_name="reforms_from", to="organizations.organization"),
                ),
                (
                    "targets",
                    models.ManyToManyField(related_name="reforms_into", to="organizations.organization"),
                ),
            ],
            options={
                "verbose_name": "thay đổi đơn vị",
                "verbose_name_plural": "thay đổi đơn vị",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("legal_basis", ""), _negated=True), name="reform_has_legal_basis"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("state", "planned"), ("undone_at", None)),
                            models.Q(("done_at__isnull", False), ("state", "done"), ("undone_at", None)),
                            models.Q(
                                ("done_at__isnull", False), ("state", "undone"), ("undone_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="reform_done_and_undone_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReformChange",
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
                    "reform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="organizations.reform",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_suggested", models.BooleanField(default=False)),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="precessions",
                        to="organizations.organization",
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("old", "new"), name="succession_once")],
            },
        ),
        migrations.CreateModel(
            name="SupportLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "supporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helps",
                        to="organizations.organization",
                        verbose_name="hội hỗ trợ",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helped_by_lines",
                        to="organizations.organization",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "tuyến hỗ trợ",
                "verbose_name_plural": "tuyến hỗ trợ",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                        ),
                        name="support_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supporter", models.F("unit")), _negated=True),
                        name="support_of_another",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_in, migrations.RunPython.noop),
    ]
