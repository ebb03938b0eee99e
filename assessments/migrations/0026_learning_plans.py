import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0025_no_evidence_because"),
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
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learning",
                        to="assessments.assessment",
                        verbose_name="hồ sơ",
                    ),
                ),
            ],
            options={
                "verbose_name": "việc học đã định",
                "verbose_name_plural": "kế hoạch học tập",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "form", "what"), name="planned_learning_once"
                    )
                ],
            },
        ),
    ]
