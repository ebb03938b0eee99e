"""Officers and boards: the first account of an organization, and the one-time link that hands it over."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts.models import Appointment, User
from audit import clock, events


class FirstSignInTokens(PasswordResetTokenGenerator):
    """Signed, good for settings.PASSWORD_RESET_TIMEOUT, and void once the password is set."""

    key_salt = "accounts.officers.FirstSignInTokens"

    def _now(self):
        return timezone.make_naive(clock.now())


tokens = FirstSignInTokens()


class LinkUsed(Exception):
    """Somebody has set the password with this link already."""


@transaction.atomic
def create(organization, role, *, full_name, by=None):
    """An account without a password, appointed at the organization from today."""
    now = clock.now()
    user = User.objects.create(full_name=full_name, password=make_password(None), date_joined=now)
    appointment = Appointment.objects.create(user=user, organization=organization, role=role)
    told = {"by": by, "at": now, "organization": organization}
    events.record("open_account", user, **told)
    events.record("appoint", appointment, new=role, **told)
    return user


def first_sign_in_path(user):
    return reverse("accounts:first_sign_in", args=[uid_of(user), tokens.make_token(user)])


def uid_of(user):
    return urlsafe_base64_encode(force_bytes(user.pk))


def holder_of(uid, token, tokens=tokens):
    """The account a link hands over, or None when the link was used, is too old or was never given."""
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(uid).decode(), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None
    return user if tokens.check_token(user, token) else None


def take_over(user, *, password, **names):
    """Set what the person signs in with. Of two who hold the link one wins; the other gets LinkUsed."""
    hashed = make_password(password)
    with transaction.atomic():
        taken = User.objects.filter(pk=user.pk, password=user.password).update(password=hashed, **names)
        if not taken:
            raise LinkUsed
        events.record("password", user, by=user, at=clock.now())
    user.refresh_from_db()
