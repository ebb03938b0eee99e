"""Who sits on a board, for the association that appoints them."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import appointing, officers
from accounts.appointing_forms import AppointForm, EndForm
from audit import clock
from organizations import oversight
from organizations.models import Organization
from vietnamese.dates import day_words

PAGE_SIZE = 50


@require_safe
def seats(request, code):
    organization = _organization(request, code)
    found = organization.appointments.select_related("user", "organization").order_by("-valid_from", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = clock.today()
    with_slip = appointing.may_have_slip(page, request.user)
    context = {
        "organization": organization,
        "page": page,
        "rows": [
            (
                seat,
                seat.valid_from > today,
                seat.valid_to is not None and seat.valid_to < today,
                seat.pk in with_slip,
            )
            for seat in page
        ],
        "has_board": organization.appointments.filled().exists(),
        "steps": _steps(organization)[:-1],
    }
    return render(request, "accounts/appointments.html", context)


@never_cache
@sensitive_post_parameters("account")
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request, code):
    organization = _organization(request, code)
    form = AppointForm(request.typed, organization=organization)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            seat = appointing.appoint(
                form.who,
                organization,
                given["role"],
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
                by=request.user,
            )
        except appointing.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if given.get("user") is None:
                return _slip(request, seat, officers.first_sign_in_path(seat.user))
            words = {"name": seat.user, "time": appointing.time_words(seat)}
            messages.success(request, _("Đã phân công %(name)s, %(time)s.") % words)
            return redirect("accounts:seats", organization.code)
    context = {"organization": organization, "form": form, "steps": _steps(organization)}
    return render(request, "accounts/appoint.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request, code, pk):
    organization = _organization(request, code)
    seat = _seat(organization, pk)
    form = EndForm(request.typed, seat=seat)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            appointing.end(seat, last_day=given["last_day"], reason=given["reason"], by=request.user)
        except appointing.Refused as refusal:
            form.add_error("last_day", str(refusal))
        else:
            words = {"name": seat.user, "day": given["last_day"] and day_words(given["last_day"])}
            if given["last_day"]:
                said = _("%(name)s thôi sau ngày %(day)s.") % words
            else:
                said = _("%(name)s đã thôi.") % words
            messages.success(request, said)
            return redirect("accounts:seats", organization.code)
    context = {"organization": organization, "seat": seat, "form": form, "steps": _steps(organization)}
    return render(request, "accounts/appointment_end.html", context)


@never_cache
@require_POST
def slip(request, code, pk):
    seat = _seat(_organization(request, code), pk)
    return _slip(request, seat, appointing.new_slip(seat, by=request.user))


def _slip(request, seat, path):
    context = {
        "seat": seat,
        "organization": seat.organization,
        "time": appointing.time_words(seat),
        "address": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        "at": clock.now(),
        "steps": _steps(seat.organization),
    }
    return render(request, "accounts/appointment_slip.html", context)


def _organization(request, code):
    visible = Organization.objects.visible_to(request.user).in_force()
    organization = get_object_or_404(visible.select_related("parent"), code=code)
    if not oversight.is_right_above(request.user, organization):
        raise PermissionDenied(
            _("Chỉ cán bộ hội khuyến học ngay trên %(place)s phân công được ở đây.") % {"place": organization}
        )
    return organization


def _seat(organization, pk):
    return get_object_or_404(organization.appointments.select_related("user", "organization"), pk=pk)


def _steps(organization):
    return [
        (reverse("organizations:index"), _("Tổ chức")),
        (organization.get_absolute_url(), organization.full_name),
        (reverse("accounts:seats", args=[organization.code]), _("Phân công")),
    ]
