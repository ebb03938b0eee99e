from django.db import migrations, models


def end_what_is_over(apps, schema_editor):
    over = apps.get_model("delivery", "Delivery").objects.filter(state__in=["sent", "dropped", "failed"])
    over.update(next_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_matters"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_due",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_parcel",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_sent",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_unreached",
        ),
        migrations.AlterField(
            model_name="delivery",
            name="next_at",
            field=models.DateTimeField(null=True, verbose_name="thử lúc"),
        ),
        migrations.RunPython(end_what_is_over, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["channel", "next_at", "id"],
                name="delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["is_urgent", "next_at"],
                name="delivery_due_at_night",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["parcel"], name="delivery_parcel"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False)),
                fields=["channel", "sent_at"],
                name="delivery_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_at__isnull", False), ("state__in", ["queued", "held", "sending"])),
                    models.Q(
                        ("next_at", None),
                        models.Q(("state__in", ["queued", "held", "sending"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="delivery_open_or_over",
            ),
        ),
    ]
