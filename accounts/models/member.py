from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.citizen import NAME_LENGTH, Citizen
from accounts.models.user import User
from audit import clock
from organizations.models import Household, Organization
from vietnamese import text


class HeadshipQuerySet(models.QuerySet):
    def in_office(self, on=None):
        return self.filter(clock.in_force(on))


class Headship(models.Model):
    """Who speaks for a household, from when to when: what an appointment is for an organization.

    Of a citizen, with or without an account: whoever takes the account over later speaks for it too.
    """

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="headships", verbose_name=_("hộ gia đình")
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="headships", verbose_name=_("người đại diện")
    )
    valid_from = models.DateField(_("từ ngày"), default=clock.today)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = HeadshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("người đại diện gia đình")
        verbose_name_plural = _("người đại diện gia đình")
        constraints = [
            models.CheckConstraint(
                name="headship_opens_before_it_closes",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(valid_to=None), name="headship_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.citizen}, {self.household}"


class MemberKind(models.TextChoices):
    ADULT = "adult", _("người lớn")
    LEARNER = "learner", _("người đang đi học")
    CHILD = "child", _("trẻ nhỏ")


class MemberQuerySet(models.QuerySet):
    def of(self, subject):
        """Those of a household or an organization."""
        field = "household" if isinstance(subject, Household) else "organization"
        return self.filter(**{field: subject})

    def present(self, on=None):
        return self.filter(clock.in_force(on))

    def having_consented(self, purpose):
        """Those who agreed to the purpose and did not take it back."""
        given = Consent.objects.standing().filter(purpose=purpose)
        return self.filter(pk__in=given.values("member"))

    def in_order(self):
        return self.order_by("kind", "name_sort", "pk")


class Member(models.Model):
    """Somebody of a group that earns a title, from when to when; `citizen` where the portal knows the person.

    Whoever leaves keeps the row: what the group was judged by stays.
    """

    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="group_members", verbose_name=_("hộ gia đình")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="group_members", verbose_name=_("tổ chức")
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="memberships", verbose_name=_("người dân")
    )
    full_name = models.CharField(_("họ và tên"), max_length=NAME_LENGTH)
    name_sort = models.CharField(max_length=6 * NAME_LENGTH + 20, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True)
    kind = models.CharField(_("là"), max_length=7, choices=MemberKind, default=MemberKind.ADULT)
    valid_from = models.DateField(_("từ ngày"), default=clock.today)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành viên")
        verbose_name_plural = _("thành viên")
        constraints = [
            models.CheckConstraint(
                name="member_of_one_group",
                condition=Q(household__isnull=False, organization=None)
                | Q(household=None, organization__isnull=False),
            ),
            models.CheckConstraint(
                name="member_comes_before_leaving",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
            models.UniqueConstraint(
                fields=["household", "citizen"],
                condition=Q(valid_to=None),
                name="member_once_in_a_household",
            ),
            models.UniqueConstraint(
                fields=["organization", "citizen"],
                condition=Q(valid_to=None),
                name="member_once_in_an_organization",
            ),
        ]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        """Fill what is derived, for every way in."""
        self.full_name = text.nfc(self.full_name)
        self.name_sort = text.name_sort_key(self.full_name)[: 6 * NAME_LENGTH + 20]

    @property
    def subject(self):
        return self.household or self.organization


class Purpose(models.TextChoices):
    """What a member agrees to, each by itself."""

    LISTED = "listed", _("Có tên trong danh sách thành viên")
    COUNTED = "counted", _("Được tính vào kết quả của nhóm")


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """That a member agreed to one purpose, to which text, and perhaps took it back.

    Adults agree for themselves: from the own account, or on paper, which somebody typed in. `given_by` is
    who pressed; the day of the sheet tells paper from the own press.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents", verbose_name=_("thành viên"))
    purpose = models.CharField(_("việc"), max_length=8, choices=Purpose)
    version = models.CharField(_("bản đồng ý"), max_length=20)
    given_at = models.DateTimeField(_("đồng ý lúc"), default=clock.now)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    paper_of = models.DateField(_("ngày trên giấy"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("rút lại lúc"), null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("sự đồng ý")
        verbose_name_plural = _("sự đồng ý")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose"], condition=Q(withdrawn_at=None), name="consent_standing_once"
            ),
            models.CheckConstraint(
                name="consent_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_it_was_given",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.get_purpose_display()}"
