from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.campaign import Campaign
from assessments.outlook import Cause
from organizations import paths
from organizations.models import Kind, Organization


class BoardOutlookQuerySet(models.QuerySet):
    def below(self, organization):
        if organization.kind == Kind.CENTRE:
            return self
        below = paths.at_or_below(organization.path, "board__path")
        return self.filter(below).exclude(board=organization)

    def worst_first(self):
        return self.order_by("-missing", "-strain", "board")


class BoardOutlook(models.Model):
    """How many of a board's people will not make it, as last worked out: what a list of thousands goes by.

    Beside it the figures that take long to count; the others are counted anew for whoever looks. Of last year
    nothing is kept where nobody of today's board sat there.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="outlooks")
    board = models.ForeignKey(Organization, models.CASCADE, related_name="outlooks")
    at = models.DateTimeField(_("tính lúc"))
    missing = models.PositiveIntegerField(_("số người không kịp"))
    strain = models.FloatField()
    cause = models.CharField(_("vì sao"), max_length=10, choices=Cause, blank=True)
    lately = models.PositiveIntegerField()
    best_day = models.PositiveIntegerField()
    worked_on = models.DateField(null=True)
    elsewhere = models.PositiveIntegerField()
    after_last_year = models.PositiveIntegerField(null=True)
    left_last_year = models.PositiveIntegerField(null=True)

    objects = BoardOutlookQuerySet.as_manager()

    class Meta:
        verbose_name = _("dự báo của ban")
        verbose_name_plural = _("dự báo của các ban")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "board"], name="outlook_one_a_board"),
        ]
        indexes = [
            models.Index(fields=["campaign", "-missing", "-strain", "board"], name="outlook_worst_first"),
            models.Index(
                fields=["campaign", "cause", "-missing", "-strain", "board"], name="outlook_by_cause"
            ),
        ]

    def __str__(self):
        return f"{self.board} {self.campaign}: {self.missing}"
