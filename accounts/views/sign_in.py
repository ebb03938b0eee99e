"""Signing in and out, and the first sign-in of an officer."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import guesses, officers
from accounts.forms import FirstSignInForm, SignInForm
from accounts.sign_in import BACKEND
from accounts.views.answers import seat_words
from accounts.views.not_kept import not_kept
from audit import clock


@method_decorator(not_kept, name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self):
        """Where the person wanted to go, unless it is this page."""
        url = super().get_redirect_url()
        return "" if urlsplit(url).path == self.request.path else url

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, "held"):
            response.status_code = 429
            response["Retry-After"] = int(guesses.HELD_FOR.total_seconds())
        return response


def locked_out(request, response, credentials, *args, **kwargs):
    """Too many wrong passwords for one name from one address (AXES_LOCKOUT_CALLABLE)."""
    context = {
        "limit": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60,
        "again_at": clock.now() + settings.AXES_COOLOFF_TIME,
    }
    return render(request, "accounts/locked_out.html", context, status=429)


# Open to all: who presses it when the session has ended wanted just that.
@login_not_required
@require_POST
def sign_out(request):
    logout(request)
    messages.success(request, _("Đã đăng xuất."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@not_kept
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request, uid, token):
    user = officers.holder_of(uid, token)
    if user is None:
        return render(request, "accounts/link_used.html", status=410)
    initial = {"full_name": user.full_name, "username": ""} | request.parked.dict()
    form = FirstSignInForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid() and _take_over(form, user):
        login(request, user, backend=BACKEND)
        messages.success(request, _("Tài khoản đã sẵn sàng. Lần sau đăng nhập bằng tên tài khoản vừa đặt."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    seats = user.appointments.in_office().select_related("organization")
    context = {"form": form, "seats": [seat_words(seat) for seat in seats]}
    return render(request, "accounts/first_sign_in.html", context)


def _take_over(form, user):
    given = form.cleaned_data
    try:
        officers.take_over(
            user, username=given["username"], full_name=given["full_name"], password=given["password1"]
        )
    except officers.LinkUsed:
        form.add_error(None, _("Đường dẫn này vừa được dùng. Hãy đăng nhập bằng tên tài khoản đã đặt."))
        return False
    except IntegrityError:
        form.add_error("username", _("Đã có người dùng tên tài khoản này. Chọn tên khác."))
        return False
    return True
