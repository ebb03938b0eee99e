from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Outcome, State
from assessments.models.campaign import Campaign
from criteria.models import CriteriaSet, Level
from organizations.models import Organization


class BoardTally(models.Model):
    """How many records of one board stand alike; what stands above the board is the sum of its boards.

    Commune and province are those of the records' day, as the tables of figures place them: where there is
    none, the board itself. The group is that of the criteria set. A person's population is of today and
    changes without a step: it is no part of a record, and none of a tally.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tallies")
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level)
    province = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    commune = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    board = models.ForeignKey(Organization, models.PROTECT, related_name="tallies")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+")
    state = models.CharField(_("tình trạng"), max_length=12, choices=State)
    outcome = models.CharField(_("kết quả"), max_length=12, choices=Outcome, blank=True)
    closed_from = models.CharField(_("tình trạng khi khóa"), max_length=12, choices=State, blank=True)
    # No CHECK: a counter that is wrong must keep nobody from a step. The nightly recount finds it.
    count = models.IntegerField(_("số hồ sơ"), default=0)

    class Meta:
        verbose_name = _("số đếm của ban")
        verbose_name_plural = _("số đếm của các ban")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "campaign",
                    "level",
                    "province",
                    "commune",
                    "board",
                    "criteria_set",
                    "state",
                    "outcome",
                    "closed_from",
                ],
                name="tally_one_of_a_kind",
            ),
        ]

    def __str__(self):
        return f"{self.board} {self.campaign}: {self.count} {self.get_state_display()}"
