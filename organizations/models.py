import datetime

from django.db import models, transaction
from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit import clock
from organizations import paths
from organizations.fields import PathField
from vietnamese import search, text

NAME_LENGTH = 200
SORT_LENGTH = 6 * NAME_LENGTH + 20


TODAYS_ERA_BEGAN = datetime.date(2025, 7, 1)


class Kind(models.TextChoices):
    CENTRE = "centre", _("trung ương")
    PROVINCE = "province", _("tỉnh, thành phố")
    DISTRICT = "district", _("huyện, quận (đã bỏ từ 01/07/2025)")
    COMMUNE = "commune", _("xã, phường, đặc khu")
    VILLAGE = "village", _("thôn, tổ dân phố")
    UNIT = "unit", _("đơn vị")
    CLAN = "clan", _("dòng họ")


class Type(models.TextChoices):
    """What a body is called by law; it may change while the body and its code stay."""

    CITY = "thanh-pho", _("Thành phố")
    PROVINCE = "tinh", _("Tỉnh")
    URBAN_DISTRICT = "quan", _("Quận")
    DISTRICT = "huyen", _("Huyện")
    TOWN_DISTRICT = "thi-xa", _("Thị xã")
    WARD = "phuong", _("Phường")
    RURAL_COMMUNE = "xa", _("Xã")
    TOWNSHIP = "thi-tran", _("Thị trấn")
    SPECIAL_ZONE = "dac-khu", _("Đặc khu")
    HAMLET = "thon", _("Thôn")
    HIGHLAND_HAMLET = "ban", _("Bản")
    SOUTHERN_HAMLET = "ap", _("Ấp")
    RESIDENTIAL_GROUP = "to-dan-pho", _("Tổ dân phố")
    QUARTER = "khu-pho", _("Khu phố")
    AGENCY = "agency", _("Cơ quan")
    SCHOOL = "school", _("Trường học")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    ARMED_FORCE = "armed_force", _("Lực lượng vũ trang")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    OTHER = "other", _("Khác")


class OrganizationQuerySet(models.QuerySet):
    def acted_for_by(self, user):
        """Those the user holds an appointment at today."""
        return self.filter(clock.in_force(at="appointments__"), appointments__user=user).distinct()

    def at_or_below(self, organizations):
        """The given ones and everything under them."""
        subtree = Q(pk__in=[])
        for path in organizations.values_list("path", flat=True):
            subtree |= paths.at_or_below(path)
        return self.filter(subtree)

    def visible_to(self, user):
        return self.at_or_below(Organization.objects.acted_for_by(user))

    def helped_by(self, user):
        """Those in force beside the tree whom an association helps today that the user is an officer of."""
        lines = SupportLine.objects.in_force().filter(
            clock.in_force(at="supporter__appointments__"),
            supporter__appointments__user=user,
            supporter__appointments__role="officer",
        )
        return self.in_force().filter(pk__in=lines.values("unit"))

    def readable_by(self, user):
        """Those visible to the user or helped, and the closed ones they came from: that is their history."""
        visible = Organization.objects.visible_to(user).order_by().values("pk")
        helped = Organization.objects.helped_by(user).order_by().values("pk")
        came_from = Succession.objects.filter(new__in=visible).values("old")
        return self.filter(Q(pk__in=visible) | Q(pk__in=helped) | Q(pk__in=came_from))

    def with_people(self):
        """Annotate `people`: how many act for each today with an account in use."""
        active = clock.in_force(at="appointments__") & Q(appointments__user__is_active=True)
        return self.annotate(people=Count("appointments__user", filter=active, distinct=True))

    def in_force(self, on=None):
        return self.filter(clock.in_force(on))

    def without_people(self):
        """Those of today whose board nobody acts for with an account in use; a clan has none.

        Who stands in from above for a time fills no board.
        """
        active = clock.in_force(at="appointments__") & Q(appointments__user__is_active=True)
        active &= ~Q(appointments__role="stand_in")
        with_people = Organization.objects.filter(active).order_by().values("pk")
        return self.in_force().exclude(kind=Kind.CLAN).exclude(pk__in=with_people)

    def matching(self, query):
        """Those whose name holds every word of the query, with or without accents."""
        return self.filter(search.every_word(query))

    def in_order(self):
        return self.order_by("name_sort", "pk")

    def free_places(self, parents):
        """For each parent's key the paths that are free below it.

        The caller's transaction holds the parents' rows until its end: whoever gives one of them a child
        meanwhile waits for the next free place.
        """
        keys = [parent.pk for parent in parents]
        list(self.select_for_update().filter(pk__in=keys).values_list("pk"))
        last = dict(self.filter(parent__in=keys).order_by().values_list("parent").annotate(Max("path")))
        return {parent.pk: paths.free_after(parent.path, last.get(parent.pk)) for parent in parents}


class Organization(models.Model):
    """Every body that has a board or stands above boards, now or formerly.

    `code` is the official code (42, 18073), with its era when closed (18073@2025), or one of our own, which
    starts with a letter. `path` is the place in the tree of today, see organizations.paths. `heir` is where a
    closed one counts in the tree of today: what it became, else what stands above all it was split into or
    above itself.
    """

    kind = models.CharField(_("cấp"), max_length=10, choices=Kind)
    type = models.CharField(_("loại"), max_length=12, choices=Type, blank=True)
    code = models.CharField(_("mã"), max_length=20, unique=True)
    name = models.CharField(_("tên"), max_length=NAME_LENGTH)
    full_name = models.CharField(_("tên đầy đủ"), max_length=NAME_LENGTH)
    name_search = models.CharField(max_length=NAME_LENGTH, editable=False)
    name_sort = models.CharField(max_length=SORT_LENGTH, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("cấp trên")
    )
    path = PathField(max_length=paths.WIDTH * 8, unique=True, editable=False)
    valid_from = models.DateField(_("từ ngày"), default=TODAYS_ERA_BEGAN)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    is_hard_area = models.BooleanField(_("vùng khó khăn"), default=False)
    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("địa chỉ"), max_length=NAME_LENGTH, blank=True)
    heir = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tổ chức")
        verbose_name_plural = _("tổ chức")
        constraints = [
            models.CheckConstraint(
                name="organization_has_parent_but_the_centre",
                condition=Q(kind=Kind.CENTRE, parent=None) | ~Q(kind=Kind.CENTRE) & Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="organization_opens_before_it_closes",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "name_sort"], name="organization_children"),
            models.Index(fields=["kind", "name_sort"], name="organization_of_kind"),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.set_name(self.name, self.full_name)
        if not self.path:
            self.path = self.parent.next_child_path() if self.parent else paths.segment(1)
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("organizations:detail", args=[self.code])

    def set_name(self, name, full_name=""):
        """The one rule for names, for every way in: NFC, with the keys they are searched and sorted by.

        Without a full name it is built from the type for places ("Xã Thạch Khê"); units bear their own.
        """
        self.name = text.nfc(name)
        self.full_name = text.nfc(full_name) or self._built_name()
        self.name_search = text.fold(self.full_name)[:NAME_LENGTH]
        self.name_sort = text.sort_key(self.name)[:SORT_LENGTH]

    def _built_name(self):
        if self.kind in (Kind.UNIT, Kind.CLAN, Kind.CENTRE) or not self.type:
            return self.name
        # Not get_type_display: it translates every choice, and the catalogue has ten thousand names to build.
        return f"{Type(self.type).label} {self.name}"

    def next_child_path(self):
        """A free place under this organization; the caller's transaction holds its row."""
        with transaction.atomic():
            return next(Organization.objects.free_places([self])[self.pk])

    @property
    def order_in_tables(self):
        """By kind from the top, then by name; two of one name always the same way round."""
        return Kind.values.index(self.kind), self.name_sort, self.pk

    @property
    def ancestors(self):
        return Organization.objects.filter(path__in=paths.ancestors(self.path)).order_by("path")

    def lineage(self):
        """What stands above it, the root first, and itself."""
        return [*self.ancestors, self]

    def within(self, kind):
        """The organization of a kind that this one is or stands below."""
        if self.kind == kind:
            return self
        return next((organization for organization in self.ancestors if organization.kind == kind), None)

    def contains(self, other):
        """Whether the other is this one or stands below it."""
        return self.path <= other.path < paths.successor(self.path)

    def full_name_on(self, day):
        """What it was called on a day."""
        former = self.former_names.filter(valid_to__gte=day).order_by("valid_to").first()
        return former.full_name if former else self.full_name

    def code_on(self, day):
        """The code it bore on a day: one of a closed era bore it plain to its last day."""
        return self.code.partition("@")[0] if self.valid_to and self.valid_to >= day else self.code

    @property
    def last_day(self):
        """The day on which to look at what stood below it: today, or the last one of a closed one."""
        return self.valid_to if self.is_closed else clock.today()

    @property
    def is_closed(self):
        return self.valid_to is not None and self.valid_to < clock.today()


class Placement(models.Model):
    """Where an organization stood in the tree, and until when: half of every figure of a past day."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    path = PathField(max_length=paths.WIDTH * 8)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "valid_from"], name="placement_one_a_day"),
            models.CheckConstraint(
                name="placement_opens_before_it_closes",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
        ]
        indexes = [models.Index(fields=["path"], name="placement_path")]

    def __str__(self):
        return f"{self.organization} {self.valid_from}"


class SupportLineQuerySet(models.QuerySet):
    def in_force(self, on=None):
        return self.filter(clock.in_force(on))


class SupportLine(models.Model):
    """An association that helps a unit beside the tree: it sees who takes part and how far they are.

    It confirms nothing, appoints nobody and takes no file along.
    """

    supporter = models.ForeignKey(
        Organization, models.PROTECT, related_name="helps", verbose_name=_("hội hỗ trợ")
    )
    unit = models.ForeignKey(
        Organization, models.PROTECT, related_name="helped_by_lines", verbose_name=_("đơn vị")
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = SupportLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("tuyến hỗ trợ")
        verbose_name_plural = _("tuyến hỗ trợ")
        constraints = [
            models.CheckConstraint(
                name="support_opens_before_it_closes",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
            models.CheckConstraint(name="support_of_another", condition=~Q(supporter=F("unit"))),
        ]

    def __str__(self):
        return f"{self.supporter} → {self.unit}"


class FormerName(models.Model):
    """What an organization was called, and until when. The name of today stands on itself."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="former_names")
    type = models.CharField(_("loại"), max_length=12, choices=Type, blank=True)
    name = models.CharField(_("tên"), max_length=NAME_LENGTH)
    full_name = models.CharField(_("tên đầy đủ"), max_length=NAME_LENGTH)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "valid_to"], name="former_name_one_a_day"),
            models.CheckConstraint(
                name="former_name_opens_before_it_closes", condition=Q(valid_from__lte=F("valid_to"))
            ),
        ]

    def __str__(self):
        return f"{self.full_name} {self.valid_to}"


class TreeLevel(models.Model):
    """From when to when a level of the tree exists. Below an ended one nothing new is founded."""

    kind = models.CharField(_("cấp"), max_length=10, choices=Kind, unique=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("cấp")
        verbose_name_plural = _("các cấp")

    def __str__(self):
        return self.get_kind_display()

    @classmethod
    def exists_on(cls, kind, day):
        ended = Q(valid_to__lt=day) | Q(valid_from__gt=day)
        return not cls.objects.filter(ended, kind=kind).exists()


class Succession(models.Model):
    """What became of an organization of a closed era. Suggested ones wait for a person to confirm."""

    old = models.ForeignKey(Organization, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Organization, models.PROTECT, related_name="precessions")
    is_suggested = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="succession_once")]

    def __str__(self):
        return f"{self.old} → {self.new}"


class ReformKind(models.TextChoices):
    MERGE = "merge", _("nhập")
    SPLIT = "split", _("chia tách")
    MOVE = "move", _("chuyển về nơi khác")
    RENAME = "rename", _("đổi tên, đổi loại")
    CLOSE = "close", _("thôi dùng")


class ReformState(models.TextChoices):
    PLANNED = "planned", _("mới lập, chưa thực hiện")
    DONE = "done", _("đã thực hiện")
    UNDONE = "undone", _("đã hoàn tác")


class ReformQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organization__in=Organization.objects.visible_to(user).order_by().values("pk"))

    def latest_first(self):
        return self.order_by("-pk")


class Reform(models.Model):
    """One dated change of the tree with its legal basis: planned, carried out whole, perhaps undone.

    `plan` names sources and targets as they were called when it was planned (see organizations.reforms.Plan).
    `organization` is the one on whose behalf it is made; all it touches stands below.
    """

    kind = models.CharField(_("loại"), max_length=6, choices=ReformKind)
    day = models.DateField(_("có hiệu lực từ ngày"))
    legal_basis = models.CharField(_("văn bản"), max_length=NAME_LENGTH)
    plan = models.JSONField()
    state = models.CharField(_("tình trạng"), max_length=7, choices=ReformState, default=ReformState.PLANNED)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reforms")
    sources = models.ManyToManyField(Organization, related_name="reforms_from")
    targets = models.ManyToManyField(Organization, related_name="reforms_into")
    # Accounts stand on a floor above: plain ids, as in the record of events.
    recorded_by = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(_("lập lúc"), default=clock.now)
    done_at = models.DateTimeField(_("thực hiện lúc"), null=True)
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True)

    objects = ReformQuerySet.as_manager()

    class Meta:
        verbose_name = _("thay đổi đơn vị")
        verbose_name_plural = _("thay đổi đơn vị")
        constraints = [
            models.CheckConstraint(name="reform_has_legal_basis", condition=~Q(legal_basis="")),
            models.CheckConstraint(
                name="reform_done_and_undone_at_a_moment",
                condition=Q(state="planned", done_at=None, undone_at=None)
                | Q(state="done", done_at__isnull=False, undone_at=None)
                | Q(state="undone", done_at__isnull=False, undone_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.day}"

    def get_absolute_url(self):
        return reverse("reforms:detail", args=[self.pk])


class Action(models.TextChoices):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SHIFT = "shift"  # a prefix of paths


class Change(models.Model):
    """What was done to rows of one table, with the values before and after: what an undo goes by."""

    action = models.CharField(max_length=6, choices=Action)
    table = models.CharField(max_length=60)
    keys = models.JSONField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self):
        return f"{self.action} {self.table}"


class ReformChange(Change):
    """What a reform did."""

    reform = models.ForeignKey(Reform, models.PROTECT, related_name="changes")

    class Meta(Change.Meta):
        abstract = False


class Household(models.Model):
    """A family. Outside the tree: one province has 310,000 of them. Its members point here."""

    village = models.ForeignKey(Organization, models.PROTECT, related_name="households")
    clan = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="clan_households"
    )
    name = models.CharField(_("tên hộ"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("hộ gia đình")
        verbose_name_plural = _("hộ gia đình")

    def __str__(self):
        return self.name
