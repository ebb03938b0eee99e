"""The page of one's own learning plan: naming, ticking off, taking off."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import learning, workflow
from assessments.forms.learning import PlanForm
from assessments.views.citizen import own
from assessments.workflow import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, pk):
    assessment = own(request, pk)
    if assessment.is_of_group:
        raise Http404
    form = PlanForm(request.typed if "act" not in request.POST else None)
    try:
        said = _act(request, assessment) if "act" in request.POST else _add(request, assessment, form)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(assessment)
    if said:
        messages.success(request, _("%(said)s Hồ sơ chưa gửi.") % {"said": said})
        return redirect(request.path)
    may_write = workflow.can_write(assessment)
    return render(
        request,
        "assessments/learning.html",
        {
            "assessment": assessment,
            "form": form if may_write else None,  # else nothing is asked
            "planned": assessment.learning.all(),
            "may_write": may_write,
        },
    )


def _add(request, assessment, form):
    if request.method != "POST" or not form.is_valid():
        return ""
    learning.plan(assessment, form.cleaned_data["form"], what=form.cleaned_data["what"], by=request.user)
    return _("Đã lưu vào kế hoạch.")


def _act(request, assessment):
    number = request.POST.get("planned", "")
    planned = assessment.learning.filter(pk=number).first() if number.isdecimal() else None
    if planned is None:  # the first of two clicks took it off
        return _("Kế hoạch đã lưu.")
    match request.POST["act"]:
        case "done":
            learning.tick(planned, is_done=True, by=request.user)
            return _("Đã đánh dấu là học xong.")
        case "undone":
            learning.tick(planned, is_done=False, by=request.user)
            return _("Đã bỏ dấu học xong.")
        case "take-off":
            learning.take_off(planned, by=request.user)
            return _("Đã bỏ khỏi kế hoạch.")
    return ""
