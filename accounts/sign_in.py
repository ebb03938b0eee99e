"""Signing in with whichever name a person remembers: account name, identity number, telephone or e-mail."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from accounts.models import User
from audit import encryption
from vietnamese import identity, phone, text

MOST_SHARING = 8  # a household that shares a telephone; each try costs a password hash

BACKEND = f"{__name__}.AnyNameBackend"


class AnyNameBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        """The one active account that bears the name and has the password.

        A shared telephone may name several accounts: the password tells them apart, and where it fits two of
        them neither is let in.
        """
        if not username or not password:
            return None
        candidates = [user for user in accounts_named(username) if self.user_can_authenticate(user)]
        if not candidates:
            make_password(password)  # as slow as a wrong password, so that time does not tell who exists
            return None
        fitting = [user for user in candidates if user.check_password(password)]
        return fitting[0] if len(fitting) == 1 else None


def accounts_named(typed):
    """The accounts a typed name may mean, few at most."""
    typed = text.nfc(typed)
    named = Q(username__iexact=typed)
    if number := _cleaned(identity.clean, typed):
        named |= Q(citizen__identity_digest=encryption.digest(number))
    if number := _cleaned(phone.clean, typed):
        named |= Q(citizen__phone=number)
    if "@" in typed:
        named |= Q(email__iexact=typed) | Q(citizen__email__iexact=typed)
    return User.objects.filter(named).distinct().order_by("pk")[:MOST_SHARING]


def name_for_tables(request, credentials=None):
    """What the table of failed sign-ins keeps of a typed name: a digest, as it may be an identity number.

    What was typed in the form comes first: after a success the credentials hold the account name instead. All
    ways of writing one number count as one.
    """
    typed = (request.POST.get("username") if request else "") or (credentials or {}).get("username") or ""
    number = _cleaned(identity.clean, typed) or _cleaned(phone.clean, typed)
    return encryption.digest(number or text.fold(typed))[:32]


def _cleaned(clean, typed):
    try:
        return clean(typed)
    except ValueError:
        return ""
