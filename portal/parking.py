"""What people typed survives the end of their session.

A form that arrives without a session, or with an old token, is not saved. What was typed in it is kept in the
new, anonymous session under the page it stood on. Django's login() carries that session over, and the page
fills its form with `request.parked`. It is sealed: forms hold identity numbers, sessions stand in a table.
"""

import base64
import datetime
import json
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse, QueryDict
from django.middleware.csrf import REASON_CSRF_TOKEN_MISSING, REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock, encryption

SESSION_KEY = "parked"
JSON = "application/json"  # what the scripts of static/js ask for, who keep what was typed on the device
LIMIT_BYTES = 256 * 1024
KEPT_FOR = datetime.timedelta(days=1)
KEPT_PAGES = 5
LAST_USER_COOKIE = "nguoi_dung"
LAST_USER_AGE = 30 * 24 * 60 * 60
WHY = {
    "session": gettext_lazy("Đây là những gì bạn gõ trước khi cổng tự đăng xuất, chưa được lưu."),
    "stale": gettext_lazy("Đây là những gì bạn vừa gõ, chưa được lưu."),
}


class Parked(QueryDict):
    """Typed fields as a form takes them, and beside them what a page says about them."""

    def __init__(self, entry):
        super().__init__(mutable=True)
        for name, values in json.loads(_opened(entry["typed"])).items():
            self.setlist(name, values)
        self._mutable = False
        self.title = WHY[entry["why"]]
        self.files = entry["files"]
        self.action = entry["action"]


class ParkedFormMiddleware:
    """Sets request.parked: what was typed on this page before and is not saved yet, empty where nothing was.

    `request.by_script` says that a script sends, which wants JSON and keeps what was typed itself. A form
    view takes it up with Form(request.typed): what is sent, else what is parked, else None.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.parked = (request.method == "GET" and _parked_for(request)) or QueryDict()
        request.was_parked = False
        request.by_script = request.headers.get("Accept") == JSON
        response = self.get_response(request)
        if request.method == "POST" and _went_through(request, response) and not request.was_parked:
            _forget_saved(request)
        _remember_user(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST" and not request.user.is_authenticated and _is_closed(view):
            return _send_to_sign_in(request)
        request.typed = request.POST if request.method == "POST" else request.parked or None
        return None


def stale_page(request, reason=""):
    """The CSRF_FAILURE_VIEW. An old token from a page of ours is no attack: keep what was typed, go back."""
    if request.by_script:
        return JsonResponse({}, status=401 if not request.user.is_authenticated else 403)
    page = page_before(request)
    cookie_is_missing = reason == REASON_NO_CSRF_COOKIE
    is_old = cookie_is_missing or reason == REASON_CSRF_TOKEN_MISSING or reason.startswith("CSRF token from")
    if not (is_old and page and _came_from_here(request)):
        return _plain_refusal(request)
    if not request.user.is_authenticated and _is_closed(request.resolver_match.func):
        return _send_to_sign_in(request)
    if cookie_is_missing:
        # Perhaps this browser keeps no cookies at all: going back by itself would then go round in silence.
        park(request, page, "stale")
        return _plain_refusal(request, page)
    if urlsplit(page).path == resolve_url(settings.LOGIN_URL):
        messages.warning(request, _("Trang mở quá lâu. Gõ lại tên và mật khẩu."))
    elif park(request, page, "stale"):
        messages.warning(request, _("Trang mở quá lâu nên chưa lưu được. Những gì bạn vừa gõ vẫn còn."))
    else:
        messages.warning(request, _("Trang mở quá lâu nên chưa làm được. Hãy làm lại."))
    return redirect(page)


def page_before(request):
    """The page of ours a request came from, path and query, or nothing."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(referer)
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    # A path like //example.com would lead away as an address.
    return page if url_has_allowed_host_and_scheme(page, None) else ""


def park(request, page, why, *, owner=None, action=None, leave_out=()):
    """Keep the typed fields of this request for the page, to be seen by the owner alone when it is known.

    Returns whether there was anything, and room for it.
    """
    typed = {
        name: values for name, values in request.POST.lists() if _is_kept(name) and name not in leave_out
    }
    if not any(value.strip() for values in typed.values() for value in values):
        return False
    text = json.dumps(typed, ensure_ascii=False)
    if len(text.encode()) > LIMIT_BYTES:
        return False
    entries = request.session.get(SESSION_KEY, {})
    entries.pop(urlsplit(page).path, None)
    entries[urlsplit(page).path] = {
        "typed": base64.b64encode(encryption.seal(text, SESSION_KEY)).decode(),
        "files": [file.name for _field, files in request.FILES.lists() for file in files],
        "action": action or request.path,
        "why": why,
        "owner": owner or request.user.pk,
        "at": clock.now().isoformat(),
    }
    request.session[SESSION_KEY] = dict(list(entries.items())[-KEPT_PAGES:])
    request.was_parked = True
    return True


def _send_to_sign_in(request):
    if request.by_script:
        return JsonResponse({}, status=401)
    page = page_before(request) or request.get_full_path()
    if park(request, page, "session", owner=_last_user(request)):
        said = _("Cổng đã tự đăng xuất. Đăng nhập lại: những gì bạn vừa gõ vẫn còn.")
    else:
        said = _("Cổng đã tự đăng xuất. Đăng nhập lại rồi làm tiếp.")
    messages.warning(request, said)
    return redirect_to_login(page)


def _parked_for(request):
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    entry = request.session.get(SESSION_KEY, {}).get(request.path)
    if entry is None or entry["owner"] not in (None, request.user.pk) or _is_old(entry):
        return None
    try:
        return Parked(entry)
    except (KeyError, InvalidTag):  # sealed under a key that has left the ring
        return None


def _went_through(request, response):
    return response.status_code == 200 if request.by_script else 300 <= response.status_code < 400


def _forget_saved(request):
    """A form that went through is saved: what was parked of it is not shown again."""
    entries = request.session.get(SESSION_KEY, {}) if settings.SESSION_COOKIE_NAME in request.COOKIES else {}
    left = {page: entry for page, entry in entries.items() if entry["action"] != request.path}
    if len(left) < len(entries):
        request.session[SESSION_KEY] = left


def _remember_user(request, response):
    """Who signed in here last, signed: the session that would know is gone when its forms arrive late."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return
    if _last_user(request) != request.user.pk:
        response.set_signed_cookie(
            LAST_USER_COOKIE,
            request.user.pk,
            max_age=LAST_USER_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _last_user(request):
    pk = request.get_signed_cookie(LAST_USER_COOKIE, default="")
    return int(pk) if pk.isdigit() else None


def _is_old(entry):
    return clock.now() - datetime.datetime.fromisoformat(entry["at"]) > KEPT_FOR


def _is_kept(name):
    return name != "csrfmiddlewaretoken" and "password" not in name.lower()


def _is_closed(view):
    """Whether LoginRequiredMiddleware closes it."""
    return getattr(view, "login_required", True)


def _came_from_here(request):
    """Origin is set by the browser and cannot be made up by another site's page."""
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def _plain_refusal(request, page=""):
    return render(request, "portal/stale.html", {"page": page}, status=403)


def _opened(typed):
    return encryption.open_sealed(base64.b64decode(typed), SESSION_KEY)
