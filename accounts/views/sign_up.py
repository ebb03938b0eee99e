"""Opening an account, four short pages. What was typed waits in a sealed draft until the last one."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import guesses, registration, sign_in
from accounts.drafts import Draft
from accounts.forms import OpenAccountForm, WhoForm
from accounts.models import Citizen, User
from accounts.models.user import new_username
from accounts.places import Home, province_of_birth
from accounts.sign_in import BACKEND
from accounts.views.answers import contact_rows, home_rows, person_rows
from accounts.views.homes import (
    chosen_commune,
    commune_page,
    home_page,
    keep_texts,
    texts_of,
    texts_of_home,
)
from accounts.views.not_kept import not_kept
from organizations import boards


def page(view):
    """A page of the sign-up: for people without an account, with the draft as a second argument."""

    @login_not_required
    @not_kept
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request):
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        return view(request, Draft(request, "sign_up"))

    return wrapper


@page
def who(request, draft):
    doubts = []
    if request.method == "POST":
        form = WhoForm(request.POST)
        if form.is_valid() and not _is_refused(form, sign_in.address_of(request)):
            doubts = _new_doubts(form, draft)
            if not doubts:
                # The account name is drawn now, so that pressing twice at the end opens one account.
                draft.keep(who=_typed(form), username=_free_username(draft))
                return redirect("accounts:sign_up_commune")
    else:
        form = WhoForm(initial=(draft["who"] or {}) | request.parked.dict())
    return render(
        request, "accounts/sign_up_who.html", {"form": form, "doubts": doubts, "draft": draft.sealed}
    )


def _free_username(draft):
    """The one drawn before, unless this draft has opened its account and is used for the next person."""
    drawn = draft["username"]
    return new_username() if not drawn or User.objects.filter(username=drawn).exists() else drawn


def _is_refused(form, address):
    """As somebody bears the number already, or as too many such were typed from there to be told."""
    if guesses.is_held(address, guesses.NUMBERS):
        form.add_error("identity_number", registration.HELD)
    elif registration.is_taken(form.cleaned_data["identity_number"]):
        guesses.miss(address, guesses.NUMBERS)
        form.add_error("identity_number", registration.TAKEN)
    return bool(form.errors)


def _new_doubts(form, draft):
    """Doubts this person has not been shown yet: shown once, the same ones pass."""
    doubts = form.doubts
    if not doubts or doubts == draft["doubts"]:
        return []
    draft.keep(doubts=doubts)
    return doubts


def _typed(form):
    return {name: form[name].data or "" for name in form.fields}


@page
def commune(request, draft):
    if not draft["who"]:
        return _back_to(request, draft, "accounts:sign_up")
    context = {"step": 2, "back": "accounts:sign_up", "title": _("Mở tài khoản")}
    now, near = chosen_commune(draft), None
    if request.method == "POST":
        near = now.parent if now else province_of_birth(draft["who"]["identity_number"])
    return commune_page(request, draft, now=now, near=near, then="accounts:sign_up_home", context=context)


@page
def home(request, draft):
    commune = chosen_commune(draft)
    if not draft["who"] or commune is None:
        return _back_to(request, draft, "accounts:sign_up_commune" if draft["who"] else "accounts:sign_up")

    def go_on(home):
        keep_texts(draft, texts_of_home(home))
        draft.keep(home=home.as_kept())
        return redirect("accounts:sign_up_check")

    kept = [draft["home"][name] for name in ("village_text", "unit_text")] if draft["home"] else []
    context = {"step": 3, "back": "accounts:sign_up_commune", "title": _("Mở tài khoản")}
    return home_page(request, draft, commune, kept=kept, done=go_on, context=context)


def _back_to(request, draft, name):
    """To the page whose answers are missing; what was typed on this one stays."""
    if request.method == "POST":
        keep_texts(draft, texts_of(request.POST))
        messages.warning(
            request, _("Cổng không còn giữ những gì bạn gõ ở bước trước. Hãy làm lại từ bước này.")
        )
    return redirect(name)


@page
def check(request, draft):
    whose = WhoForm(draft["who"] or {})
    home = Home.from_kept(draft["home"]) if draft["home"] else None
    if not whose.is_valid() or home is None or home.commune.pk != draft["commune"]:
        return _step_is_missing(request, draft, whose)
    form = OpenAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = registration.open_account(
                whose.cleaned_data,
                home,
                password=form.cleaned_data["password1"],
                username=draft["username"],
            )
        except registration.NumberTaken:
            if opened := _opened_by(request, draft):  # pressed twice
                return _welcome(request, draft, opened)
            form.add_error(None, registration.TAKEN)
        else:
            return _welcome(request, draft, user)
    context = {
        "form": form,
        "home": home,
        "board": boards.address_of(home.board),
        "rows": _answers(Citizen(**whose.cleaned_data), home),
        "draft": draft.sealed,
    }
    return render(request, "accounts/sign_up_check.html", context)


def _answers(citizen, home):
    first_page = reverse("accounts:sign_up")
    return [
        *person_rows(citizen, first_page),
        *contact_rows(citizen, first_page),
        *home_rows(home, reverse("accounts:sign_up_home")),
    ]


def _opened_by(request, draft):
    """The account this very draft has opened already; its password is asked, as drafts stay in old pages."""
    return authenticate(request, username=draft["username"], password=request.POST["password1"])


def _step_is_missing(request, draft, whose):
    if request.method == "POST" and not draft["who"]:
        messages.warning(
            request,
            _(
                "Cổng không còn giữ những gì bạn gõ ở các bước trước. Nếu bạn vừa bấm Đăng ký, "
                "tài khoản có thể đã mở rồi: hãy thử đăng nhập. Nếu chưa mở, hãy gõ lại từ bước 1."
            ),
        )
    if not whose.is_valid():
        return redirect("accounts:sign_up")
    return redirect("accounts:sign_up_home" if chosen_commune(draft) else "accounts:sign_up_commune")


def _welcome(request, draft, user):
    draft.forget()
    login(request, user, backend=BACKEND)
    board = boards.address_of(user.citizen.board)
    messages.success(request, _("Đã mở tài khoản. Nơi xác nhận điểm của bạn: %(board)s.") % {"board": board})
    return redirect(settings.LOGIN_REDIRECT_URL)
