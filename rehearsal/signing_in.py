"""Who enters a rehearsal is signed in there, in a session of the space whose key no browser ever holds."""

import dataclasses
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user

from accounts.models import User
from rehearsal.spaces import Space


def stored(key: str | None = None):
    """A session of the database that is the default one now."""
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def sign_in(user: User) -> str:
    """Begin a session of the user; returns its key."""
    session = stored()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.sign_in.AnyNameBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def session_in(space: Space) -> str:
    """The key of the session there; a new one where it has ended."""
    card = space.card
    if not stored(card.session).load():
        card = dataclasses.replace(card, session=sign_in(User.objects.get(pk=card.user)))
        with space.held():
            space.write(dataclasses.replace(space.card, session=card.session))
    return card.session


def person_outside(request):
    """Who is signed in to the portal itself, whatever page is asked for."""
    request.session = stored(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    del request.session
    return user
