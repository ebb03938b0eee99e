from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="matters",
            field=models.BooleanField(default=False, verbose_name="cần đến tay người nhận"),
        ),
    ]
