"""Which associations help a unit beside the tree, for those above who set it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import supporting
from accounts.supporting_forms import SupportForm
from audit import clock
from organizations.models import Kind, Organization


@require_http_methods(["GET", "HEAD", "POST"])
def lines(request, code):
    unit = _unit(request, code)
    form = SupportForm(request.typed, pool=supporting.supporters_for(request.user, unit))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            line = supporting.begin(unit, **given, by=request.user)
        except supporting.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Đã giao %(name)s hỗ trợ %(unit)s.") % {"name": line.supporter, "unit": unit}
            )
            return redirect("accounts:support_lines", unit.code)
    today = clock.today()
    found = unit.helped_by_lines.select_related("supporter").order_by("-valid_from", "-pk")
    context = {
        "unit": unit,
        "form": form,
        "rows": [(line, line.valid_to is not None and line.valid_to < today) for line in found],
        "steps": [
            (reverse("organizations:index"), _("Tổ chức")),
            (unit.get_absolute_url(), unit.full_name),
        ],
    }
    return render(request, "accounts/support_lines.html", context)


@require_POST
def end(request, code, pk):
    unit = _unit(request, code)
    line = get_object_or_404(unit.helped_by_lines.select_related("supporter", "unit"), pk=pk)
    try:
        supporting.end(line, by=request.user)
    except supporting.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s đã thôi hỗ trợ.") % {"name": line.supporter})
    return redirect("accounts:support_lines", unit.code)


def _unit(request, code):
    visible = Organization.objects.visible_to(request.user).in_force().filter(kind=Kind.UNIT)
    unit = get_object_or_404(visible.select_related("parent"), code=code)
    if not supporting.may_set(request.user, unit):
        raise PermissionDenied(
            _("Chỉ cán bộ hội khuyến học cấp trên của %(unit)s làm được việc này.") % {"unit": unit}
        )
    return unit
