import datetime

from django.db import migrations

ENDED = {"district": datetime.date(2025, 6, 30)}
KINDS = ["centre", "province", "district", "commune", "village", "unit", "clan"]


def put_in(apps, schema_editor):
    level = apps.get_model("organizations", "TreeLevel")
    level.objects.bulk_create([level(kind=kind, valid_to=ENDED.get(kind)) for kind in KINDS])


def take_out(apps, schema_editor):
    apps.get_model("organizations", "TreeLevel").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_reforms")]
    operations = [migrations.RunPython(put_in, take_out)]
