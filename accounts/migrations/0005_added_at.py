from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery

import audit.clock


def take_from_the_record(apps, schema_editor):
    """Somebody is on the portal since the first thing that the record of events says of them."""
    citizens, events = apps.get_model("accounts", "Citizen"), apps.get_model("audit", "Event")
    of_citizen = events.objects.filter(subject=OuterRef("pk")).order_by().values("subject")
    citizens.objects.update(added_at=Subquery(of_citizen.annotate(first=Min("at")).values("first")))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_sign_in_by_index"),
        ("audit", "0005_looks_with_anothers_eyes"),
    ]

    operations = [
        migrations.AddField(
            model_name="citizen",
            name="added_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="có trên cổng từ"),
        ),
        migrations.RunPython(take_from_the_record, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="citizen",
            name="added_at",
            field=models.DateTimeField(
                default=audit.clock.now, editable=False, null=True, verbose_name="có trên cổng từ"
            ),
        ),
    ]
