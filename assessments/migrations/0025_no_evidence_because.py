from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0024_evidence_of_before"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="evidence", name="evidence_holds_what_its_kind_says"),
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
                name="evidence_holds_what_its_kind_says",
                condition=Q(kind__in=["text", "none"]) & ~Q(text="")
                | Q(kind="link") & ~Q(url="")
                | Q(kind="file") & ~Q(file=""),
            ),
        ),
    ]
