"""Beginning to look with another user's eyes, and ending it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import seeing_as
from accounts.seeing_as_forms import SeeAsForm
from organizations.models import Organization


@never_cache
@sensitive_post_parameters("account")
@require_http_methods(["GET", "HEAD", "POST"])
def see_as(request, code):
    visible = Organization.objects.visible_to(request.user).in_force()
    organization = get_object_or_404(visible, code=code)
    if not seeing_as.may_look(request.user, organization):
        raise PermissionDenied(
            _("Chỉ cán bộ hội khuyến học của %(place)s xem cùng người dùng được.") % {"place": organization}
        )
    form = SeeAsForm(request.typed, organization=organization, by=request.user)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        seeing_as.begin(request, form.user, organization=organization, reason=reason)
        return redirect("portal:home")
    context = {
        "organization": organization,
        "form": form,
        "minutes": seeing_as.LASTS.seconds // 60,
        "steps": [
            (reverse("organizations:index"), _("Tổ chức")),
            (organization.get_absolute_url(), organization.full_name),
        ],
    }
    return render(request, "accounts/see_as.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request):
    """The button, and where whoever's time is over is led."""
    organization = seeing_as.end(request)
    if organization is None:
        return redirect("portal:home")
    messages.success(request, _("Đã thôi xem cùng. Bạn trở lại tài khoản của mình."))
    return redirect(organization)
