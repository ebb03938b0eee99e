from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen
from assessments.models.assessment import Assessment
from assessments.models.campaign import Campaign
from criteria.models import Level
from organizations.models import Household, Organization, Succession


class FrozenList(models.Model):
    """How far the lists of a year are written down: the people up to this key, and when all were.

    The same of households, villages and units, which follow the people.
    """

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, related_name="frozen_list", verbose_name=_("năm")
    )
    up_to = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(_("chốt xong lúc"), null=True)
    households_up_to = models.BigIntegerField(default=0, db_default=0)
    places_up_to = models.BigIntegerField(default=0, db_default=0)
    groups_done_at = models.DateTimeField(_("chốt xong hộ, thôn, đơn vị lúc"), null=True)

    class Meta:
        verbose_name = _("danh sách đã chốt")
        verbose_name_plural = _("danh sách đã chốt")

    def __str__(self):
        return f"{self.campaign} {self.up_to}"


class ListedQuerySet(models.QuerySet):
    @staticmethod
    def that_count_at(board) -> Q:
        """Those of a board's list, and of what became the board since; of a split place whoever is here."""
        # Looked up first, for an OR over another table would read the list of the nation.
        closed = Organization.objects.exclude(valid_to=None).order_by()
        whole = [board.pk, *closed.filter(heir=board).values_list("pk", flat=True)]
        became = Succession.objects.filter(new=board, is_suggested=False)
        parted = list(
            closed.filter(pk__in=became.values("old")).exclude(heir=board).values_list("pk", flat=True)
        )
        found = Q(board__in=whole)
        if parted:
            here = Citizen.objects.of_boards([board]).order_by().values("pk")
            found |= Q(board__in=parted, citizen__in=here)
        return found

    @staticmethod
    def has_record():
        return Exists(
            Assessment.objects.filter(
                citizen=OuterRef("citizen"), campaign=OuterRef("campaign"), level=Level.CITIZEN
            )
        )


class Listed(models.Model):
    """Somebody on the list of a board on the year's day: of them the year's rates are counted.

    Who leaves, dies or comes afterwards changes no row; what became of them is told beside.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="listed")
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="+")
    board = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("nơi xác nhận"))

    objects = ListedQuerySet.as_manager()

    class Meta:
        verbose_name = _("người trong danh sách đã chốt")
        verbose_name_plural = _("người trong danh sách đã chốt")
        constraints = [models.UniqueConstraint(fields=["campaign", "citizen"], name="listed_once_a_year")]
        indexes = [models.Index(fields=["campaign", "board"], name="listed_at_board")]

    def __str__(self):
        return f"{self.campaign_id} {self.citizen_id}"


class ListedGroup(models.Model):
    """A household that was there on the year's day, with its village and clan; or a village or unit itself.

    Of them the year's shares are counted: who is founded or closed afterwards changes no row.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="listed_groups")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="+", verbose_name=_("hộ gia đình")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("thôn hoặc đơn vị")
    )
    clan = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("dòng họ")
    )

    class Meta:
        verbose_name = _("hộ, thôn, đơn vị trong danh sách đã chốt")
        verbose_name_plural = _("hộ, thôn, đơn vị trong danh sách đã chốt")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "household"],
                condition=Q(household__isnull=False),
                name="household_listed_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["campaign", "organization"],
                condition=Q(household=None),
                name="place_listed_once_a_year",
            ),
        ]

    def __str__(self):
        return f"{self.campaign_id} {self.household_id or self.organization_id}"
