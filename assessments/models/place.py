from django.db import models

from assessments.models.assessment import Assessment
from organizations.models import Organization


class FormerPlace(models.Model):
    """Where a record lay until a day, before a reform of the tree carried it on while it was open."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="former_places")
    board = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    commune = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    province = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    valid_to = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["assessment", "valid_to"], name="former_place_of_record")]

    def __str__(self):
        return f"{self.assessment_id} {self.valid_to}"


class LaterPlace(models.Model):
    """Where a record that stays with a board which was split counts in the tree since: with its person."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="later_place")
    board = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.assessment_id} {self.board}"
