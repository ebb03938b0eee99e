from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from audit import clock
from organizations import paths
from organizations.models import Kind, Organization


class Role(models.TextChoices):
    BOARD_MEMBER = "board_member", _("thành viên ban khuyến học")
    BOARD_CHAIR = "board_chair", _("trưởng ban khuyến học")
    OFFICER = "officer", _("cán bộ hội khuyến học")
    REPRESENTATIVE = "representative", _("người đại diện")
    STAND_IN = "stand_in", _("cán bộ hội xác nhận thay")
    HELPER = "helper", _("người giúp điền hồ sơ")


# Whoever sits on the body that confirms; a representative speaks for a group and confirms nothing.
# A stand-in sits there for a time, because the board cannot (assessments.standing_in). A helper fills in for
# people who ask, and confirms nothing (assessments.workflow.helping).
CONFIRMING_ROLES = [Role.BOARD_MEMBER, Role.BOARD_CHAIR, Role.OFFICER, Role.STAND_IN]

# Whoever speaks for the organization itself, as a group that earns a title.
SPEAKING_ROLES = [Role.BOARD_MEMBER, Role.BOARD_CHAIR, Role.OFFICER, Role.REPRESENTATIVE]
HELPING_ROLES = [*CONFIRMING_ROLES, Role.HELPER]

WITH_LIST = [Kind.COMMUNE, Kind.VILLAGE, Kind.UNIT]  # where people live, work and learn


class AppointmentQuerySet(models.QuerySet):
    def in_office(self, on=None):
        return self.filter(clock.in_force(on))

    def lasting(self):
        """Those of today and those to come: a right that begins on Monday is one already."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))

    def confirming(self):
        """The seats of today from which points are confirmed."""
        return self.in_office().filter(role__in=CONFIRMING_ROLES)

    def helping(self):
        """The seats of today from which one fills in for who asks."""
        return self.in_office().filter(role__in=HELPING_ROLES, user__is_active=True)

    def speaking(self, on=None):
        """The seats whose holder speaks for the organization as a group: not who only helps or stands in."""
        return self.in_office(on).filter(role__in=SPEAKING_ROLES)

    def officers(self):
        return self.in_office().filter(role=Role.OFFICER)

    def as_officer(self, organization):
        """The seats of today on the association itself, not above or below it."""
        return self.officers().filter(organization=organization)

    def keeping(self, organization):
        """The seats of today whose holder keeps the list of its people: on it, or as an officer above."""
        if organization.kind not in WITH_LIST or organization.is_closed:
            return self.none()
        above = Q(role=Role.OFFICER, organization__path__in=paths.ancestors(organization.path))
        return self.confirming().filter(above | Q(organization=organization))

    def filled(self):
        """Those whose holder can sign in: a board without one confirms nobody."""
        return self.confirming().filter(user__is_active=True)

    def seats_of(self, user):
        """Those of them that the user holds."""
        return self.confirming().filter(user=user)


class Appointment(models.Model):
    """Who acts for which organization, as what, from when to when. All rights follow from these rows."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("người"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="appointments", verbose_name=_("tổ chức")
    )
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    valid_from = models.DateField(_("từ ngày"), default=clock.today)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("phân công")
        verbose_name_plural = _("phân công")
        constraints = [
            models.CheckConstraint(
                name="appointment_opens_before_it_closes",
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
            ),
            models.CheckConstraint(
                name="appointment_of_a_stand_in_ends",
                condition=~Q(role="stand_in") | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="appointment_of_a_helper_ends",
                condition=~Q(role="helper") | Q(valid_to__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "role", "valid_from"], name="appointment_once"
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}, {self.organization}"
