"""The page to which a file comes back."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import lookers
from assessments.models import Assessment
from audit import clock
from audit.models import Sight
from organizations.models import Organization
from reports import checking, scope


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel cần kiểm tra"),
        help_text=gettext_lazy("Tệp .xlsx do cổng xuất ra, nhiều nhất 10 MB. Cổng không giữ lại tệp này."),
        error_messages={
            "required": gettext_lazy("Chọn một tệp Excel."),
            "empty": gettext_lazy("Tệp trống. Chọn tệp khác."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self):
        sent = self.cleaned_data["file"]
        if not sent.is_whole:
            raise ValidationError(_("Tệp lớn hơn 10 MB. Gửi tệp cho người quản trị cổng."))
        try:
            return checking.read(sent)
        except checking.Unreadable as error:
            raise ValidationError(str(error)) from error


@require_http_methods(["GET", "HEAD", "POST"])
def check_file(request):
    """Whoever sees figures may ask of any file; the rows that changed are for who may see them."""
    own = scope.overseen_by(request.user)
    if not own.exists():
        raise Http404
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context = {"form": form, "steps": [(reverse("reports:summary"), _("Số liệu"))]}
    if form.is_valid():
        sent = form.cleaned_data["file"]
        verdict = checking.judge(sent)
        context |= {"verdict": verdict, "changed": verdict.changed[: checking.MOST_TOLD]}
        if verdict.is_genuine:
            context |= _since(request, sent, verdict.job, own)
    return render(request, "reports/check_file.html", context)


def _since(request, sent, job, own):
    since = checking.since(sent, job, clock.now())
    may_see = Organization.objects.at_or_below(own).filter(pk=job.organization_id).exists()
    if since and since.shown and may_see:
        records = Assessment.objects.filter(pk__in=checking.records_of(job, since.keys))
        if people := tuple(records.values_list("citizen", flat=True)):
            lookers.note(request, Sight.LIST, job.organization, listed=people)
    return {"since": since, "differences": since.shown if since and may_see else [], "may_see": may_see}
