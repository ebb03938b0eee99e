"""Asking for a link to set a new password, and the page behind the link."""

import time

from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import recovering, regaining
from accounts.recovering_forms import AskForm, FactForm
from accounts.views.not_kept import not_kept

TAKES = 0.4  # seconds, more than any answer needs: time does not tell who has an account


@login_not_required
@not_kept
@sensitive_post_parameters("username")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begun = time.monotonic()
        recovering.ask(form.cleaned_data["username"])
        time.sleep(max(0, TAKES - (time.monotonic() - begun)))
        return render(request, "accounts/recovery_asked.html")
    return render(request, "accounts/recovery_ask.html", {"form": form})


@login_not_required
@not_kept
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request):
    # In the query, which no table of failed tries keeps (AXES_SENSITIVE_PARAMETERS).
    uid, _dot, token = request.GET.get("ma", "").partition(".")
    if not recovering.is_good(uid, token):
        return render(request, "accounts/link_used.html", status=410)
    form = FactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, username=uid, fact=form.cleaned_data["fact"], link=token)
        if user:
            return redirect(regaining.path_for(user))
        form.add_error("fact", _("Chưa khớp. Xem lại rồi gõ lại."))
    return render(request, "accounts/recover.html", {"form": form})
