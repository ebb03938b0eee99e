"""The targets that count for a place, and setting those of a province or of the centre."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports import targets
from reports.models import Target
from reports.target_forms import TargetForm
from reports.views import frame, scope_or_404
from vietnamese import numbers


@require_http_methods(["GET", "HEAD", "POST"])
def target_list(request):
    """Shows them; a POST sets one, or removes the one it names."""
    about = scope_or_404(request)
    may_set = targets.may_set(request.user, about.organization)
    form = TargetForm(initial={"year": about.campaign.year})
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied(_("Chỉ tiêu do cán bộ hội của tỉnh và của trung ương đặt cho nơi mình."))
        own = Target.objects.filter(organization=about.organization)
        if key := request.POST.get("remove"):
            target = get_object_or_404(own, pk=numbers.key(key))
            targets.remove(target, by=request.user)
            messages.success(request, _("Đã bỏ chỉ tiêu: %(target)s.") % {"target": target})
            return redirect(about.url("reports:targets"))
        form = TargetForm(request.POST)
        if form.is_valid():
            target = targets.put(about.organization, form.cleaned_data, by=request.user)
            messages.success(request, _("Đã lưu chỉ tiêu: %(target)s.") % {"target": target})
            return redirect(about.url("reports:targets"))
    own = targets.set_for(about.organization).order_by("-year", "level", "whom")
    context = {
        "own": [(each, may_set and each.organization == about.organization) for each in own],
        "shipped": sorted(targets.shipped(), key=lambda target: -target.year),
        "may_set": may_set,
        "form": form,
    }
    return render(request, "reports/targets.html", frame(about, criteria="") | context)
