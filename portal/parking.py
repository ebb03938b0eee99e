"""What people typed survives the end of their session, and a record that was saved elsewhere meanwhile.

A form that arrives without a session, with an old token, or beside what another device saved is not saved.
What was typed in it is kept for KEPT_FOR under the account of who typed it and the page it stood on, and the
page fills its form with `request.parked`. Where nobody is known yet it waits in the anonymous session, which
Django's login() carries over. It is sealed: forms hold identity numbers.
"""

import base64
import datetime
import json
from http import HTTPStatus
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

from accounts.models import User
from audit import clock, encryption
from portal.models import ParkedForm

KEPT_FOR = datetime.timedelta(days=30)  # as static/js/device.js keeps what has not reached us
PURPOSE = "parked"
SESSION_KEY = "parked_forms"  # page → what was typed there before anybody had signed in
SHOWN_KEY = "parked_shown"  # which of them this session has shown again
PAGE_OF = "page_of"  # the field of a form, and the header of a script, that say for whom their page was made
PAGE_OF_HEADER = "X-Page-Of"
DROP = "drop-typed"
JSON = "application/json"  # what the scripts of static/js ask for, who keep what was typed on the device
LIMIT_BYTES = 256 * 1024
MOST_PAGES = 5
MOST_PAGES_OF_ONE = 20
LAST_USER_COOKIE = "nguoi_dung"
MOST_PEOPLE = 3  # of one browser
LAST_USER_AGE = 30 * 24 * 60 * 60
WHY = {
    "session": gettext_lazy("Đây là những gì bạn gõ trước khi cổng tự đăng xuất, chưa được lưu."),
    "stale": gettext_lazy("Đây là những gì bạn vừa gõ, chưa được lưu."),
    "elsewhere": gettext_lazy("Đây là những gì bạn gõ ở trang này, chưa được lưu."),
}


class Parked(QueryDict):
    """Typed fields as a form takes them, and beside them what a page says about them."""

    @classmethod
    def of(cls, sealed, why):
        kept = json.loads(encryption.open_sealed(sealed, PURPOSE))
        parked = cls(mutable=True)
        for name, values in kept["typed"].items():
            parked.setlist(name, values)
        parked._mutable = False
        parked.files, parked.title = kept["files"], WHY[why]
        return parked


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
        if request.method == "POST" and not request.was_parked:
            if _went_through(request, response):
                _forget_shown(request, action=request.path)
            elif response.status_code == HTTPStatus.CONFLICT and not request.by_script:
                park(request, request.path, "elsewhere", is_shown=True)
        _remember_user(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST":
            if _is_anothers(request):
                return _refuse_anothers(request)
            if not request.user.is_authenticated and _is_closed(view):
                return _send_to_sign_in(request)
            if DROP in request.POST:
                _forget_shown(request, page=request.path)
                request.was_parked = True
                return redirect(request.get_full_path())
        request.typed = request.POST if request.method == "POST" else request.parked or None
        return None


def stale_page(request, reason=""):
    """The CSRF_FAILURE_VIEW. An old token from a page of ours is no attack: keep what was typed, go back."""
    if _is_anothers(request):
        return _refuse_anothers(request)
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


def park(request, page, why, *, owner=None, action=None, leave_out=(), is_shown=False):
    """Keep the typed fields of this request for the page, to be seen by the owner alone when it is known.

    Returns whether there was anything, and room for it.
    """
    typed = {
        name: values for name, values in request.POST.lists() if _is_kept(name) and name not in leave_out
    }
    if not any(value.strip() for values in typed.values() for value in values):
        return False
    files = [file.name for _field, files in request.FILES.lists() for file in files]
    text = json.dumps({"typed": typed, "files": files}, ensure_ascii=False)
    if len(text.encode()) > LIMIT_BYTES:
        return False
    page = urlsplit(page).path
    sealed = encryption.seal(text, PURPOSE)
    kept = {"action": action or request.path, "why": why}
    owner = owner or request.user.pk
    if owner:
        now = clock.now()
        row, _is_new = ParkedForm.objects.update_or_create(
            owner_id=owner, page=page, defaults=kept | {"sealed": sealed, "at": now}
        )
        User.objects.filter(pk=owner).update(parked_until=now + KEPT_FOR)
        _make_room(owner)
        if is_shown:
            _note_shown(request, row)
    else:
        entries = request.session.get(SESSION_KEY, {})
        entries.pop(page, None)
        entries[page] = kept | {
            "sealed": base64.b64encode(sealed).decode(),
            "of": request.POST.get(PAGE_OF, ""),
        }
        request.session[SESSION_KEY] = dict(list(entries.items())[-MOST_PAGES:])
    request.was_parked = True
    return True


def forget_old():
    """Take away what nobody came back for."""
    ParkedForm.objects.filter(at__lte=clock.now() - KEPT_FOR).delete()


def _make_room(owner):
    newest = ParkedForm.objects.filter(owner=owner).order_by("-at", "-pk").values_list("pk", flat=True)
    ParkedForm.objects.filter(pk__in=list(newest[MOST_PAGES_OF_ONE:])).delete()


def _send_to_sign_in(request):
    if request.by_script:
        return JsonResponse({}, status=401)
    page = page_before(request) or request.get_full_path()
    if park(request, page, "session", owner=_account(_last_user(request))):
        said = _("Cổng đã tự đăng xuất. Đăng nhập lại: những gì bạn vừa gõ vẫn còn.")
    else:
        said = _("Cổng đã tự đăng xuất. Đăng nhập lại rồi làm tiếp.")
    messages.warning(request, said)
    return redirect_to_login(page)


def _is_anothers(request):
    """Whether the page was made for somebody else than who is, or was last, signed in here.

    A page that one person left open comes with an old token: what is typed in it is for nobody else's eyes.
    """
    of = request.headers.get(PAGE_OF_HEADER) or request.POST.get(PAGE_OF)
    known = request.user.pk or _last_user(request)
    return bool(of and known) and of != page_of(known)


def page_of(pk):
    return f"u{pk}"


def _refuse_anothers(request):
    if request.by_script:
        return JsonResponse({"another": request.user.is_authenticated}, status=401)
    of = next((pk for pk in _people_here(request) if page_of(pk) == request.POST.get(PAGE_OF)), None)
    owner = _account(of)
    is_kept = bool(owner) and park(request, page_before(request) or request.path, "session", owner=owner)
    return render(request, "portal/of_another.html", {"is_kept": is_kept}, status=403)


def _parked_for(request):
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        entry = request.session.get(SESSION_KEY, {}).get(request.path)
        if entry and entry["of"] in ("", page_of(request.user.pk)):
            return Parked.of(base64.b64decode(entry["sealed"]), entry["why"])
        row = _kept_of(request.user, request.path) if request.user.is_authenticated else None
        if not row:
            return None
        parked = Parked.of(row.sealed, row.why)
    except (KeyError, InvalidTag):  # sealed under a key that has left the ring
        return None
    _note_shown(request, row)
    return parked


def _kept_of(user, page):
    now = clock.now()
    if user.parked_until is None or user.parked_until <= now:
        return None
    return ParkedForm.objects.filter(owner=user, page=page, at__gt=now - KEPT_FOR).first()


def _note_shown(request, row):
    shown = request.session.get(SHOWN_KEY, [])
    if row.pk not in shown:
        request.session[SHOWN_KEY] = [*shown, row.pk][-MOST_PAGES_OF_ONE:]


def _went_through(request, response):
    return response.status_code == 200 if request.by_script else 300 <= response.status_code < 400


def _forget_shown(request, **which):
    """What went through, or is given up, is not shown again; what another device typed meanwhile is."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    if shown := request.session.get(SHOWN_KEY):
        ParkedForm.objects.filter(owner=request.user.pk, pk__in=shown, **which).delete()
    entries = request.session.get(SESSION_KEY, {})
    ((name, value),) = which.items()
    left = {page: entry for page, entry in entries.items() if {**entry, "page": page}[name] != value}
    if len(left) < len(entries):
        request.session[SESSION_KEY] = left


def _remember_user(request, response):
    """Who signed in here last, and before, signed: the session that would know is gone when a form comes."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return
    people, pk = _people_here(request), request.user.pk
    if people[:1] != [pk]:
        people = [pk, *(each for each in people if each != pk)][:MOST_PEOPLE]
        response.set_signed_cookie(
            LAST_USER_COOKIE,
            ".".join(map(str, people)),
            max_age=LAST_USER_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _people_here(request):
    """Who signed in in this browser, the last first."""
    people = request.get_signed_cookie(LAST_USER_COOKIE, default="")
    return [int(pk) for pk in people.split(".") if pk.isdigit()]


def _last_user(request):
    return next(iter(_people_here(request)), None)


def _account(pk):
    """The same where that account still is."""
    return User.objects.filter(pk=pk, is_active=True).values_list("pk", flat=True).first()


def _is_kept(name):
    return name not in ("csrfmiddlewaretoken", PAGE_OF) and "password" not in name.lower()


def _is_closed(view):
    """Whether LoginRequiredMiddleware closes it."""
    return getattr(view, "login_required", True)


def _came_from_here(request):
    """Origin is set by the browser and cannot be made up by another site's page."""
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def _plain_refusal(request, page=""):
    return render(request, "portal/stale.html", {"page": page}, status=403)
