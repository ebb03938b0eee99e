"""What the portal keeps about the person who looks, and what they change of it."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import changes, lookers
from accounts.drafts import Draft
from accounts.forms import ChangePasswordForm, ContactForm
from accounts.models import Citizen
from accounts.places import Home
from accounts.registration import CONSENTS
from accounts.views.answers import contact_rows, home_rows, person_rows, seat_words
from accounts.views.homes import chosen_commune, commune_page, home_page, texts_of_home
from organizations import boards

LOOKS_PER_PAGE = 50


def _citizens():
    return Citizen.objects.select_related("commune__parent", "village", "unit")


@require_safe
def profile(request):
    citizen = _citizens().filter(user=request.user).first()
    seats = request.user.appointments.in_office().select_related("organization")
    context = {
        "account_rows": _account_rows(request.user),
        "seats": [seat_words(seat) for seat in seats],
        "citizen": citizen,
    }
    if citizen:
        context |= {
            "home": Home.of(citizen),
            "board": boards.address_of(citizen.board),
            "rows": _rows(citizen, masked=request.looker is not None),
            "consent": CONSENTS.get(citizen.consent_version),
        }
    return render(request, "accounts/profile.html", context)


@require_safe
def looks(request):
    """Who looked at what the portal keeps about the person, be it alone or in a list."""
    citizen = lookers.citizen_of(request.user)
    if citizen is None:
        return redirect("accounts:profile")
    page = Paginator(lookers.at_person(citizen), LOOKS_PER_PAGE).get_page(request.GET.get("page"))
    told = lookers.sentences(list(page))
    return render(request, "accounts/looks.html", {"page": page, "looks": told})


def _account_rows(user):
    kept = _("Không ai xem được, kể cả người quản trị cổng")
    return [
        {"term": _("Tên tài khoản"), "value": user.username, "change": "", "what": ""},
        {
            "term": _("Mật khẩu"),
            "value": kept,
            "change": reverse("accounts:profile_password"),
            "what": _("mật khẩu"),
        },
    ]


def _rows(citizen, *, masked):
    return [
        *person_rows(citizen),
        *contact_rows(citizen, reverse("accounts:profile_contact"), masked=masked),
        *home_rows(Home.of(citizen), reverse("accounts:profile_home")),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request):
    citizen = get_object_or_404(Citizen, user=request.user)
    now = {"phone": citizen.phone, "email": citizen.email}
    form = ContactForm(request.POST or None, initial=now | request.parked.dict())
    if request.method == "POST" and form.is_valid():
        changes.change_contact(citizen, **form.cleaned_data, by=request.user)
        messages.success(request, _("Đã lưu số điện thoại và e-mail."))
        return redirect("accounts:profile")
    return render(request, "accounts/contact.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def commune(request):
    citizen, draft = _citizen_with_draft(request)
    context = {"step": None, "back": "accounts:profile_home", "title": _("Đổi nơi ở")}
    now = _commune(citizen, draft)
    return commune_page(
        request, draft, now=now, near=now.parent, then="accounts:profile_home", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
def home(request):
    citizen, draft = _citizen_with_draft(request)

    def save(home):
        moved = changes.change_home(citizen, home, by=request.user)
        draft.forget()
        messages.success(request, _saved_words(home, moved))
        return redirect("accounts:profile")

    context = {"step": None, "back": "accounts:profile", "title": _("Đổi nơi ở, nơi làm việc, công việc")}
    kept = [citizen.village_text, citizen.unit_text]
    return home_page(request, draft, _commune(citizen, draft), kept=kept, done=save, context=context)


def _citizen_with_draft(request):
    """What is being changed, beginning with how it is now."""
    citizen = get_object_or_404(_citizens(), user=request.user)
    draft = Draft(request, "home")
    draft.values.setdefault("texts", texts_of_home(Home.of(citizen)))
    return citizen, draft


def _commune(citizen, draft):
    return chosen_commune(draft) or citizen.commune


def _saved_words(home, moved):
    board = {"board": boards.address_of(home.board)}
    if not moved:
        return _("Đã lưu. Nơi xác nhận điểm của bạn vẫn là %(board)s.") % board
    return (
        _(
            "Đã lưu. Từ nay nơi xác nhận điểm của bạn là %(board)s. Hồ sơ chưa gửi sẽ do nơi này xác nhận; "
            "hồ sơ đã gửi vẫn ở nơi cũ."
        )
        % board
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        changes.change_password(request.user, form.cleaned_data["password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Đã đổi mật khẩu. Các máy khác phải đăng nhập lại."))
        return redirect("accounts:profile")
    return render(request, "accounts/password.html", {"form": form})
