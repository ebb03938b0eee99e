from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("process", models.CharField(max_length=20, verbose_name="tiến trình")),
                ("host", models.CharField(max_length=255, verbose_name="máy")),
                ("at", models.DateTimeField(verbose_name="lúc")),
            ],
            options={
                "verbose_name": "dấu hiệu hoạt động",
                "verbose_name_plural": "dấu hiệu hoạt động",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("process", "host"), name="heartbeat_one_per_process_and_host"
                    )
                ],
            },
        ),
    ]
