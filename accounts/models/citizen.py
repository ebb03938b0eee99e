import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.appointment import Appointment
from accounts.models.user import User
from audit import clock, encryption
from audit.encryption import EncryptedTextField
from criteria.models import Group
from organizations.models import Household, Kind, Organization
from vietnamese import dates, identity, search, text

NAME_LENGTH = 100


class Gender(models.TextChoices):
    FEMALE = "female", _("Nữ")
    MALE = "male", _("Nam")


class Population(models.TextChoices):
    """What a person does, from which the group of criteria is suggested and by which targets are set."""

    VILLAGER = "villager", _("Nông dân, người dân trong xã")
    WORKER = "worker", _("Công nhân, người lao động")
    OFFICIAL = "official", _("Cán bộ, công chức, viên chức, doanh nhân")
    LEARNER = "learner", _("Học sinh, sinh viên, học viên")


GROUP_OF = {
    Population.VILLAGER: Group.I,
    Population.WORKER: Group.II,
    Population.OFFICIAL: Group.III,
    Population.LEARNER: Group.IV,
}


# The citizen's field for the places that have a list of people.
LIST_OF = {Kind.COMMUNE: "commune", Kind.VILLAGE: "village", Kind.UNIT: "unit"}


class CitizenQuerySet(models.QuerySet):
    def with_identity_number(self, number):
        return self.filter(identity_digest=encryption.digest(number))

    def matching(self, query):
        """Those whose name holds every word of the query, with or without accents."""
        return self.filter(search.every_word(query))

    def in_order(self):
        """By given name, then family and middle names, as every Vietnamese list is."""
        return self.order_by("name_sort", "pk")

    def waiting_for_place(self, *places):
        """Those who typed a village or unit that no list held, for the commune to place."""
        waiting = Q(pk__in=[])
        for place in places or ("village", "unit"):
            waiting |= Q(**{place: None}) & ~Q(**{f"{place}_text": ""})
        return self.present().filter(waiting)

    def present(self):
        """Those who have not gone from the lists: moved away, died, or found to be on them twice."""
        return self.filter(departed_on=None)

    def at(self, organization):
        """Those on the list of a commune, village or unit: who lives, works or learns right there."""
        return self.present().filter(**{LIST_OF[organization.kind]: organization})

    def of_boards(self, boards):
        """Those whom one of the boards confirms: Citizen.board, in words that indexes understand."""
        return self.present().filter(
            Q(unit__in=boards)
            | Q(unit=None, village__in=boards)
            | Q(unit=None, village=None, commune__in=boards)
        )

    def who_may_be_helped_by(self, user):
        """Those of the boards on which the user sits today, or for which it named the user; never oneself."""
        seats = Appointment.objects.helping().filter(user=user)
        places = list(seats.values_list("organization", flat=True))
        return self.of_boards(places).exclude(user=user)

    def with_board_path(self):
        """Annotate where the board of Citizen.board stands in the tree."""
        return self.annotate(board_path=Coalesce("unit__path", "village__path", "commune__path"))


class Citizen(models.Model):
    """A person, with or without an account.

    The identity number stands encrypted, with a keyed digest for uniqueness and look-up. Households share
    telephones and e-mail addresses, so these are not unique.
    """

    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="citizen", verbose_name=_("tài khoản")
    )
    full_name = models.CharField(_("họ và tên"), max_length=NAME_LENGTH)
    name_search = models.CharField(max_length=NAME_LENGTH, editable=False)
    name_sort = models.CharField(max_length=6 * NAME_LENGTH + 20, editable=False, db_index=True)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"))
    birth_date = models.DateField(_("ngày sinh"), null=True, blank=True)
    gender = models.CharField(_("giới tính"), max_length=6, choices=Gender)
    identity_number = EncryptedTextField(_("số căn cước"), null=True)
    identity_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    phone = models.CharField(_("số điện thoại"), max_length=16, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    commune = models.ForeignKey(
        Organization, models.PROTECT, related_name="commune_citizens", verbose_name=_("xã, phường")
    )
    village = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="village_citizens",
        verbose_name=_("thôn, tổ dân phố"),
    )
    village_text = models.CharField(_("thôn, tổ dân phố đã gõ"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="unit_citizens",
        verbose_name=_("nơi làm việc, học tập"),
    )
    unit_text = models.CharField(_("nơi làm việc, học tập đã gõ"), max_length=200, blank=True)
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("hộ")
    )
    population = models.CharField(
        _("công việc"), max_length=10, choices=Population, default=Population.VILLAGER
    )
    departed_on = models.DateField(_("rời danh sách ngày"), null=True, blank=True)
    # None of those who were on the portal before it noted this.
    added_at = models.DateTimeField(_("có trên cổng từ"), null=True, default=clock.now, editable=False)
    consent_version = models.CharField(_("bản đồng ý"), max_length=20, blank=True)
    consented_at = models.DateTimeField(_("đồng ý lúc"), null=True, blank=True)

    objects = CitizenQuerySet.as_manager()

    class Meta:
        verbose_name = _("người dân")
        verbose_name_plural = _("người dân")
        constraints = [
            models.CheckConstraint(
                name="citizen_number_and_digest_together",
                condition=Q(identity_number=None, identity_digest=None)
                | Q(identity_number__isnull=False, identity_digest__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["commune", "name_sort"], name="citizen_of_commune"),
            models.Index(Lower("email"), name="citizen_of_email"),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        """Fill what is derived, for every way in (bulk_create calls it too)."""
        self.full_name = text.nfc(self.full_name)
        self.name_search = text.fold(self.full_name)[:NAME_LENGTH]
        self.name_sort = text.name_sort_key(self.full_name)[: 6 * NAME_LENGTH + 20]
        if self.birth_date:
            self.birth_year = self.birth_date.year
        self.identity_digest = encryption.digest(self.identity_number) if self.identity_number else None

    @property
    def board(self) -> Organization:
        """Who confirms this person: the unit's board, else the village's, else the commune association."""
        return self.unit or self.village or self.commune

    @property
    def board_id(self) -> int:
        return self.unit_id or self.village_id or self.commune_id

    @property
    def birth(self) -> datetime.date | int:
        """The day, or the year where no more is known."""
        return self.birth_date or self.birth_year

    @property
    def titled(self) -> str:
        """'bà Trần Thị Mai'."""
        return f"{_('bà') if self.gender == Gender.FEMALE else _('ông')} {self}"

    @property
    def birth_words(self) -> str:
        return dates.day_words(self.birth_date) if self.birth_date else str(self.birth_year)

    @property
    def suggested_group(self) -> Group:
        return GROUP_OF[self.population]

    @property
    def masked_identity_number(self):
        return identity.mask(self.identity_number) if self.identity_number else ""
