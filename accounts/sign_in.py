"""Signing in with whichever name a person remembers: account name, identity number, telephone or e-mail."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.db.models.functions import Lower

from accounts import guesses
from accounts.models import Citizen, User
from audit import encryption
from vietnamese import identity, phone, text

MOST_SHARING = 8  # a household that shares a telephone; each try costs a password hash

BACKEND = f"{__name__}.AnyNameBackend"


class AnyNameBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        """The one active account that bears the name and has the password.

        A shared telephone may name several accounts: the password tells them apart, and where it fits two of
        them neither is let in. A password that was tried on too many names from there is not looked at.
        """
        if not username or not password:
            return None
        if is_held(request, password):
            raise PermissionDenied
        user = self._fitting(username, password)
        if user is None and request:
            guesses.miss(address_of(request), guesses.PASSWORDS, guesses.kind_of(password))
        return user

    def _fitting(self, username, password):
        candidates = [user for user in accounts_named(username) if self.user_can_authenticate(user)]
        if not candidates:
            make_password(password)  # as slow as a wrong password, so that time does not tell who exists
            return None
        fitting = [user for user in candidates if user.check_password(password)]
        return fitting[0] if len(fitting) == 1 else None


def is_held(request, password):
    """Whether this password is not taken now from where the request comes, whoever it is for."""
    kind = guesses.kind_of(password)
    return request is not None and guesses.is_held(address_of(request), guesses.PASSWORDS, kind)


def accounts_named(typed):
    """The accounts a typed name may mean, few at most."""
    typed = text.nfc(typed)
    # Each way by its own index: one OR over two tables would read every account at each sign-in.
    ways = [_alike(User, "username", typed).values("pk")]
    if number := _cleaned(identity.clean, typed):
        ways.append(Citizen.objects.filter(identity_digest=encryption.digest(number)).values("user"))
    if number := _cleaned(phone.clean, typed):
        ways.append(Citizen.objects.filter(phone=number).values("user"))
    if "@" in typed:
        ways += [_alike(User, "email", typed).values("pk"), _alike(Citizen, "email", typed).values("user")]
    first, *others = (way.order_by() for way in ways)
    return User.objects.filter(pk__in=first.union(*others)).order_by("pk")[:MOST_SHARING]


def _alike(table, name, typed):
    """The rows whose column is what was typed, in capitals or not: as its index is made."""
    return table.objects.alias(lowered=Lower(name)).filter(lowered=Lower(Value(typed)))


def address_of(request):
    """The address a request came from: behind TLS the proxy is next to us, and names whom it answers last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


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
