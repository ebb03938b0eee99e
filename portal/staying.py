"""When a session ends, said before it does, how one press makes it last anew, and what is left after it."""

import datetime
import time
from dataclasses import dataclass

from django.conf import settings
from django.utils.cache import add_never_cache_headers

from audit import clock

KEY = "ends_at"
SAID_BEFORE = 30 * 60  # seconds


@dataclass(frozen=True)
class End:
    left: int  # seconds

    @property
    def is_near(self):
        return self.left <= SAID_BEFORE

    @property
    def at(self):
        return clock.now() + datetime.timedelta(seconds=self.left)

    @property
    def said_before(self):
        return SAID_BEFORE


def of(request) -> End | None:
    """Counted by the real clock, as Django counts sessions. None where nobody's session ends."""
    ends_at = request.session.get(KEY) if request.user.is_authenticated else None
    return End(max(0, int(ends_at - time.time()))) if ends_at else None


class SessionEndMiddleware:
    """Right inside of SessionMiddleware: a session that is saved lasts from now on.

    No browser keeps a page made for somebody: at a shared device the next person presses Back after them.
    It may keep what a sent form was answered with, which is all that Back can then lead to.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(
            request, "user", None
        )  # nobody where an address was put right before anybody was known
        if user is None or not user.is_authenticated:
            return response
        if request.session.modified:
            request.session[KEY] = time.time() + settings.SESSION_COOKIE_AGE
        if request.method != "POST" and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
