"""Giving people who cannot sign in their account back: an officer hands out a link that works once."""

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import officers
from accounts.models import Appointment, Citizen, ClaimCode, Message, User
from accounts.registration import CONSENT_VERSION
from audit import clock, events
from organizations import boards
from organizations.models import Organization


class RegainTokens(officers.FirstSignInTokens):
    """Void too once the person has signed in with the old password, which stays good until then."""

    key_salt = "accounts.regaining.RegainTokens"


tokens = RegainTokens()


def may_hand_over(user, organization: Organization) -> bool:
    """The officers of the association: they see who stands before them with an identity card."""
    return user.appointments.as_officer(organization).exists()


def within_reach(organization: Organization):
    """Those who live at or below it, but nobody who acts for a body above or elsewhere or runs the portal."""
    below = Organization.objects.at_or_below(Organization.objects.filter(pk=organization.pk))
    below = below.order_by().values("pk")
    elsewhere = Appointment.objects.lasting().exclude(organization__in=below).values("user")
    barred = Q(user__in=elsewhere) | Q(user__is_staff=True) | Q(user__is_active=False)
    return Citizen.objects.filter(commune__in=below).exclude(barred)


@transaction.atomic
def hand_over(citizen: Citizen, *, organization: Organization, reason: str, by) -> str:
    """The path of the link. Who has no account gets one; the person is told, whoever asked for it."""
    if not may_hand_over(by, organization) or not within_reach(organization).contains(citizen):
        raise PermissionDenied
    citizen = Citizen.objects.select_for_update().get(pk=citizen.pk)
    now = clock.now()
    told = {"by": by, "at": now, "organization": organization, "subject": citizen.pk}
    entries = []
    if citizen.user is None:
        entries.append(open_account(citizen, told))
    entries.append(events.Entry("hand_over", citizen.user, private={"reason": reason}, **told))
    events.record_many(entries)
    Message.objects.tell([_notice(citizen, organization, reason, by, now)])
    return path_for(citizen.user)


def open_account(citizen, told) -> events.Entry:
    """Give the person an account that nobody can sign in to yet; the event that tells it."""
    citizen.user = User.objects.create(
        full_name=citizen.full_name, password=make_password(None), date_joined=told["at"]
    )
    citizen.save(update_fields=["user"])
    return events.Entry("open_account", citizen.user, **told)


def path_for(user):
    return reverse("accounts:regain", args=[officers.uid_of(user), tokens.make_token(user)])


def holder_of(uid, token):
    """The account a link gives back, or None when the link was used, is too old or was never given."""
    user = officers.holder_of(uid, token, tokens)
    return user if user and Citizen.objects.filter(user=user).exists() else None


@transaction.atomic
def take_back(user, *, password):
    """Set the new password; who had agreed to nothing yet agrees with it. Raises officers.LinkUsed."""
    officers.take_over(user, password=password)
    citizen, now = user.citizen, clock.now()
    ClaimCode.objects.filter(citizen=citizen, used_at=None).update(used_at=now)
    if citizen.consent_version != CONSENT_VERSION:
        citizen.consent_version, citizen.consented_at = CONSENT_VERSION, now
        citizen.save(update_fields=["consent_version", "consented_at"])
        told = {"by": user, "at": now, "organization": citizen.board, "subject": citizen.pk}
        events.record("consent", citizen, new=CONSENT_VERSION, **told)


def _notice(citizen, organization, reason, by, now):
    return Message(
        citizen=citizen,
        key=f"hand_over:{citizen.pk}:{now.timestamp()}",
        subject=_("Đường dẫn để đặt mật khẩu mới"),
        body=_(
            "%(officer)s, %(board)s, đã cấp đường dẫn để bạn đặt mật khẩu mới. Lý do ghi lại: “%(reason)s”. "
            "Nếu bạn không nhờ việc này, hãy đổi mật khẩu và báo hội khuyến học cấp trên."
        )
        % {"officer": by, "board": boards.name_of(organization), "reason": reason},
    )
