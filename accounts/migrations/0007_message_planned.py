from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_stand_in_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="planned_at",
            field=models.DateTimeField(null=True, verbose_name="đã tính cách gửi lúc"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("planned_at", None)), fields=["id"], name="message_to_plan"
            ),
        ),
    ]
