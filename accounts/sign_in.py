"""Signing in with whichever name a person remembers: account name, identity number, telephone or e-mail."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from accounts.models import User
from audit import encryption
from vietnamese import identity, phone, text

MOST_SHARING = 8  # a household that shares a telephone; each try costs a password hash


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
    for clean, condition in (
        (identity.clean, lambda number: Q(citizen__identity_digest=encryption.digest(number))),
        (phone.clean, lambda number: Q(citizen__phone=number)),
    ):
        try:
            named |= condition(clean(typed))
        except ValueError:
            continue
    if "@" in typed:
        named |= Q(email__iexact=typed) | Q(citizen__email__iexact=typed)
    return User.objects.filter(named).distinct().order_by("pk")[:MOST_SHARING]


def name_for_tables(request, credentials=None):
    """What the table of failed sign-ins keeps of a typed name: a digest, as it may be an identity number."""
    typed = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return encryption.digest(text.fold(typed))[:32]
