import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="yêu cầu lúc")),
                ("asked_by", models.BigIntegerField(null=True, verbose_name="người yêu cầu")),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "đang chờ"), ("running", "đang kiểm tra"), ("done", "đã xong")],
                        default="queued",
                        max_length=7,
                        verbose_name="tình trạng",
                    ),
                ),
                ("claim", models.CharField(blank=True, max_length=16)),
                ("heartbeat_at", models.DateTimeField(null=True, verbose_name="còn chạy lúc")),
                ("stream", models.BigIntegerField(null=True)),
                ("sequence", models.BigIntegerField(default=0)),
                ("sequence_hash", models.CharField(blank=True, max_length=64)),
                ("read", models.BigIntegerField(default=0, verbose_name="số việc đã đọc")),
                ("expected", models.BigIntegerField(default=0, verbose_name="số việc cần đọc")),
                ("found", models.BigIntegerField(default=0, verbose_name="số lỗi")),
                ("faults", models.TextField(blank=True, verbose_name="các lỗi")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="xong lúc")),
            ],
            options={
                "verbose_name": "lần kiểm tra",
                "verbose_name_plural": "lần kiểm tra",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                ("subject", models.BigIntegerField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="ngày")),
                ("at", models.DateTimeField(verbose_name="niêm phong lúc")),
                ("streams", models.BigIntegerField(verbose_name="số chuỗi")),
                ("moved", models.BigIntegerField(verbose_name="số chuỗi có việc mới")),
                ("heads_hash", models.CharField(max_length=64)),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="dấu niêm phong")),
            ],
            options={
                "verbose_name": "niêm phong",
                "verbose_name_plural": "niêm phong",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="StreamHead",
            fields=[
                ("stream", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream", models.BigIntegerField(verbose_name="tổ chức")),
                ("sequence", models.BigIntegerField(verbose_name="số thứ tự")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("actor", models.BigIntegerField(null=True, verbose_name="người làm")),
                ("subject", models.BigIntegerField(null=True, verbose_name="làm cho")),
                ("verb", models.CharField(max_length=40, verbose_name="việc")),
                ("object_type", models.CharField(max_length=60, verbose_name="loại đối tượng")),
                ("object_id", models.BigIntegerField(verbose_name="số đối tượng")),
                ("old", models.CharField(blank=True, max_length=100, verbose_name="giá trị cũ")),
                ("new", models.CharField(blank=True, max_length=100, verbose_name="giá trị mới")),
                ("private", models.BinaryField(null=True)),
                ("previous_hash", models.CharField(max_length=64, verbose_name="mã băm dòng trước")),
                ("hash", models.CharField(max_length=64, verbose_name="mã băm")),
            ],
            options={
                "verbose_name": "sự việc",
                "verbose_name_plural": "nhật ký",
                "indexes": [
                    models.Index(fields=["object_type", "object_id"], name="event_of_object"),
                    models.Index(fields=["subject"], name="event_of_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "sequence"), name="event_place_in_stream")
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="lúc")),
                ("viewer", models.BigIntegerField(null=True, verbose_name="người xem")),
                ("organization", models.BigIntegerField(null=True, verbose_name="xem cho tổ chức")),
                (
                    "sight",
                    models.CharField(
                        choices=[
                            ("record", "hồ sơ"),
                            ("file", "tệp minh chứng"),
                            ("list", "danh sách có tên"),
                            ("export", "tệp xuất ra"),
                            ("eyes", "xem cùng, như người ấy thấy"),
                        ],
                        max_length=6,
                        verbose_name="xem gì",
                    ),
                ),
                ("page", models.CharField(max_length=60, verbose_name="trang")),
                ("subject", models.BigIntegerField(null=True, verbose_name="của ai")),
                ("record", models.BigIntegerField(null=True, verbose_name="hồ sơ")),
                ("place", models.BigIntegerField(null=True, verbose_name="của nơi nào")),
                ("code", models.CharField(blank=True, max_length=12, verbose_name="mã tệp")),
            ],
            options={
                "verbose_name": "lượt xem",
                "verbose_name_plural": "lượt xem",
                "indexes": [
                    models.Index(
                        condition=models.Q(("record__isnull", False)),
                        fields=["record", "at"],
                        name="look_at_record",
                    ),
                    models.Index(
                        condition=models.Q(("subject__isnull", False)),
                        fields=["subject"],
                        name="look_at_person",
                    ),
                    models.Index(
                        condition=models.Q(("sight", "export")), fields=["place"], name="look_at_place"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.BigIntegerField(db_index=True)),
                (
                    "look",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listed", to="audit.look"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealedHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("stream", models.BigIntegerField()),
                ("sequence", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["day", "stream"], name="sealed_head_of_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "sequence"), name="sealed_head_once")
                ],
            },
        ),
    ]
