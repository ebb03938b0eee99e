"""Identity numbers in full: only for a stated reason, which is recorded with whoever read them."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import lookers
from assessments.models import Assessment
from audit import clock, events
from audit.models import Sight
from criteria.models import Level
from organizations.models import Organization
from reports import filters, scope
from reports.models import Report
from reports.views import export_of, scope_or_404
from vietnamese.fields import LinesField


class ReasonForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Vì sao cần đủ số căn cước"),
        help_text=gettext_lazy(
            "Ví dụ: đối chiếu với danh sách của công an xã. Lý do được ghi lại cùng tên bạn."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Ghi lý do, rồi bấm lại.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number(request, pk):
    """The number of one person, to whoever sees the record in a list."""
    below = Organization.objects.at_or_below(scope.overseen_by(request.user))
    records = Assessment.objects.filter(board__in=below.values("pk")).exclude(citizen=None)
    record = get_object_or_404(records.select_related("citizen", "board"), pk=pk)
    lookers.note(request, Sight.LIST, record.board, listed=(record.citizen_id,))
    form = ReasonForm(request.typed)
    context = {"form": form, "record": record}
    if request.method == "POST" and form.is_valid():
        events.record(
            "read_number",
            record.citizen,
            by=request.user,
            at=clock.now(),
            organization=record.board,
            subject=record.citizen_id,
            private={"reason": form.cleaned_data["reason"]},
        )
        context["number"] = record.citizen.identity_number
    return render(request, "reports/number.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def full_list(request):
    """The list as a file with whole numbers, to officers of the place or above it."""
    about = scope_or_404(request)
    if not scope.may_take_numbers(request.user, about.organization):
        raise PermissionDenied
    chosen = filters.RecordFilter(request.GET, about.organization, about.campaign)
    if not chosen.is_valid() or chosen.level != Level.CITIZEN:
        raise Http404
    form, list_url = ReasonForm(request.typed), about.url("reports:list", **chosen.chosen())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return export_of(request, about, Report.CITIZENS, chosen.chosen(), list_url, reason)
    steps = [(list_url, _("Danh sách hồ sơ"))]
    words = "; ".join(chosen.words()) or _("tất cả hồ sơ")
    context = {"form": form, "about": about, "steps": steps, "count": chosen.qs.count(), "words": words}
    return render(request, "reports/full_list.html", context)
