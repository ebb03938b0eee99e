"""/dien-tap/<key>/… is the whole portal in the space of that key."""

from django.conf import settings
from django.shortcuts import render
from django.urls import get_script_prefix, set_script_prefix

from portal import display
from rehearsal import script, spaces
from rehearsal.signing_in import person_outside, session_in

# What is rehearsed: reading of these parts, and doing in those. The rest says that it is not there.
READ = {"portal", "assessments", "organizations", "people", "reports", "inside", "accounts:inbox"}
DONE = {"assessments", "inside", "accounts:message_read", "accounts:inbox_read_all", "portal:display"}
TAKEN_ALONG = ("download", "export", "template")
# Cookies say how pages look and that a form is ours; who is signed in stays on either side.
SHARED = {settings.CSRF_COOKIE_NAME, display.COOKIE}


class SpaceMiddleware:
    """Outermost of all that asks the database: inside of it everything is the space's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        found = self._space_of(request)
        if found is None:
            return self.get_response(request)
        space, path = found
        outside = get_script_prefix()
        try:
            with spaces.entered(space, script.now_of(space.card)):
                self._turn_inwards(request, space, path)
                response = self.get_response(request)
        finally:
            set_script_prefix(outside)
        for name in set(response.cookies) - SHARED:
            del response.cookies[name]
        return response

    def _space_of(self, request):
        """The space an address leads into and the path within it; None for who has none of that key."""
        prefix, _slash, rest = request.path_info.lstrip("/").partition("/")
        key, slash, path = rest.partition("/")
        if prefix != spaces.PREFIX or not key or not slash:
            return None
        space = spaces.find(key, person_outside(request))
        return (space, f"/{path}") if space else None

    def _turn_inwards(self, request, space, path):
        script_name = request.META.get("SCRIPT_NAME", "").rstrip("/") + space.address
        request.META["SCRIPT_NAME"], request.META["PATH_INFO"] = script_name, path
        request.path_info, request.path = path, script_name + path
        set_script_prefix(f"{script_name}/")
        request.urlconf = "rehearsal.inside"
        shared = {name: value for name, value in request.COOKIES.items() if name in SHARED}
        request.COOKIES = shared | {settings.SESSION_COOKIE_NAME: session_in(space)}

    def process_view(self, request, view, args, kwargs):
        if spaces.current() and not _is_rehearsed(request):
            return render(request, "rehearsal/not_here.html", status=403)
        return None


def _is_rehearsed(request):
    match = request.resolver_match
    names = {match.namespace, match.view_name}
    is_read = request.method in ("GET", "HEAD", "OPTIONS")
    return bool(names & (READ if is_read else DONE)) and not match.view_name.endswith(TAKEN_ALONG)
