from django.db import migrations
from django.db.models import F


def leave_in_the_inbox(apps, schema_editor):
    """What was told before anything could leave the portal stands in the inbox alone."""
    apps.get_model("accounts", "Message").objects.filter(planned_at=None).update(planned_at=F("at"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_stand_in_ends"),
    ]

    operations = [migrations.RunPython(leave_in_the_inbox, migrations.RunPython.noop, elidable=True)]
