"""The officer's page that gives an account back, and the page behind its link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import lookers, officers, regaining
from accounts.forms import NewPasswordForm, OpenAccountForm
from accounts.models import Citizen
from accounts.regaining_forms import FindPersonForm, HandOverForm
from accounts.registration import CONSENT_VERSION
from accounts.sign_in import BACKEND
from accounts.views.answers import written
from accounts.views.not_kept import not_kept
from audit import clock
from audit.models import Sight
from organizations.models import Organization


@never_cache
@sensitive_post_parameters("identity_number")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, code):
    visible = Organization.objects.visible_to(request.user).in_force()
    organization = get_object_or_404(visible.select_related("parent"), code=code)
    if not regaining.may_hand_over(request.user, organization):
        raise PermissionDenied(
            _("Chỉ cán bộ hội khuyến học của %(place)s cấp lại được tài khoản.") % {"place": organization}
        )
    form = FindPersonForm(request.typed, organization=organization)
    context = {
        "organization": organization,
        "steps": [
            (reverse("organizations:index"), _("Tổ chức")),
            (organization.get_absolute_url(), organization.full_name),
        ],
    }
    if form.is_valid():
        people = tuple(citizen.pk for citizen in form.found)
        lookers.note(request, Sight.LIST, organization, listed=people)
        answered = "save" in request.POST
        data = form.data if answered else None
        form = HandOverForm(data, found=form.found, organization=organization, initial=form.cleaned_data)
        if answered and form.is_valid():
            return _slip(request, form, context)
    return render(request, "accounts/hand_over.html", context | {"form": form})


def _slip(request, form, context):
    given = form.cleaned_data
    citizen = get_object_or_404(Citizen, pk=given["person"])
    path = regaining.hand_over(
        citizen, organization=context["organization"], reason=given["reason"], by=request.user
    )
    context |= {
        "citizen": citizen,
        "address": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        "at": clock.now(),
    }
    return render(request, "accounts/hand_over_slip.html", context)


@login_not_required
@not_kept
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def regain(request, uid, token):
    user = regaining.holder_of(uid, token)
    if user is None:
        return render(request, "accounts/link_used.html", status=410)
    has_agreed = user.citizen.consent_version == CONSENT_VERSION
    form = (NewPasswordForm if has_agreed else OpenAccountForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            regaining.take_back(user, password=form.cleaned_data["password1"])
        except officers.LinkUsed:
            return render(request, "accounts/link_used.html", status=410)
        login(request, user, backend=BACKEND)
        messages.success(request, _saved_words(user, is_new=not has_agreed))
        return redirect(settings.LOGIN_REDIRECT_URL if has_agreed else "accounts:profile")
    context = {"form": form, "person": user.citizen, "rows": [] if has_agreed else written(user.citizen)}
    return render(request, "accounts/regain.html", context)


def _saved_words(user, *, is_new):
    saved = _("Đã đặt mật khẩu mới. Lần sau đăng nhập bằng %(name)s.") % {"name": _sign_in_name(user)}
    if is_new:
        saved += " " + _("Xem lại những gì cổng giữ về bạn ở dưới; chỗ nào sai thì sửa hoặc báo nơi ghi.")
    return saved


def _sign_in_name(user):
    """What the person knows by heart, if the portal knows any of it."""
    citizen = user.citizen
    if citizen.identity_number:
        return _("số căn cước")
    if citizen.phone:
        return _("số điện thoại")
    return _("e-mail") if citizen.email else _("tên tài khoản %(name)s") % {"name": user.username}
