"""Who is told of an organization's figures each week; its officers and those above name them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from audit import clock
from organizations import oversight
from reports import views, weekly
from reports.models import WeeklyReader, WeeklyReport
from vietnamese import dates, numbers


class NameForm(forms.Form):
    user = forms.ModelChoiceField(
        label=gettext_lazy("Người nhận"),
        queryset=None,
        empty_label=gettext_lazy("Chọn một người"),
        error_messages={"required": gettext_lazy("Chọn một người trong danh sách.")},
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = weekly.candidates(organization)
        self.fields["user"].error_messages["invalid_choice"] = self.fields["user"].error_messages["required"]


@require_http_methods(["GET", "HEAD", "POST"])
def index(request):
    about = views.scope_or_404(request)
    may_name = oversight.is_at_or_above(request.user, about.organization)
    if request.method == "POST":
        if not may_name:
            raise PermissionDenied
        form = NameForm(request.POST, organization=about.organization)
        if form.is_valid():
            weekly.name(about.organization, form.cleaned_data["user"], by=request.user)
            messages.success(request, _("Đã ghi tên người nhận."))
            return redirect(about.url("reports:weekly"))
    else:
        form = NameForm(organization=about.organization)
    readers = WeeklyReader.objects.filter(organization=about.organization).select_related("user")
    reports = WeeklyReport.objects.filter(organization=about.organization, campaign=about.campaign)
    last_two = [*reports.order_by("-monday")[:2], None, None][:2]
    return render(
        request,
        "reports/weekly.html",
        views.frame(about)
        | {
            "form": form,
            "may_name": may_name,
            "readers": readers.order_by("user__full_name", "pk"),
            "words": weekly.words_of(*last_two) if last_two[0] else [],
            "is_season": weekly.is_sent_on(dates.local_day(clock.now())),
            "drop_url": about.url("reports:weekly_drop"),
        },
    )


@require_POST
def drop(request):
    about = views.scope_or_404(request)
    if not oversight.is_at_or_above(request.user, about.organization):
        raise PermissionDenied
    readers = WeeklyReader.objects.filter(organization=about.organization)
    reader = get_object_or_404(readers, pk=numbers.key(request.POST.get("reader")))
    weekly.drop(reader, by=request.user)
    messages.success(request, _("Đã bỏ tên người nhận."))
    return redirect(about.url("reports:weekly"))
