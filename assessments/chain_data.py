"""The shipped chains of review and windows of the titles of groups, put into the database.

What is there already stays: the centre may have changed it.
"""

import yaml
from django.conf import settings
from django.db import transaction

from assessments.models import Campaign, ReviewStage, Window
from assessments.models.campaign import start_of

SHIPPED = settings.BASE_DIR / "assessments" / "data" / "chains.yaml"
KEY = ("level", "scope", "body_kind", "valid_from")


@transaction.atomic
def load() -> int:
    """Put in what is missing, and the windows of every year that is open; how many rows are new."""
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    new = 0
    for row in data["stages"]:
        row = {"scope": ""} | row
        key = {name: row.pop(name) for name in KEY}
        new += ReviewStage.objects.get_or_create(**key, defaults=row)[1]
    return new + sum(_open(campaign, data) for campaign in Campaign.objects.order_by("year"))


def _open(campaign, data):
    new = 0
    for row in data["windows"]:
        (opens, closes) = (
            start_of(campaign.year + year, month) for year, month in (row["opens"], row["closes"])
        )
        for level in row["levels"]:
            for step in row["steps"]:
                new += Window.objects.get_or_create(
                    campaign=campaign,
                    level=level,
                    step=step,
                    province=None,
                    defaults={"opens_at": opens, "closes_at": closes},
                )[1]
    return new
