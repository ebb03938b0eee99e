"""The page of a record that lies with the wrong board: pass it on, or ask who can."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import claiming, lookers
from assessments import notices, workflow
from assessments.forms.board import StrayForm
from assessments.models import Assessment
from audit.models import Sight
from organizations import boards


@require_http_methods(["GET", "HEAD", "POST"])
def stray(request, pk):
    """Where the right place is known the person is moved there; else the association above is asked."""
    assessment = get_object_or_404(Assessment.objects.overseen_by(request.user).with_all(), pk=pk)
    if not Assessment.objects.for_confirmer(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    above = notices.who_sorts_out(assessment)
    form = StrayForm(request.typed)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.report_stray(assessment, by=request.user, reason=form.cleaned_data["reason"])
        except workflow.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            said = {"above": boards.name_of(above), "name": assessment.subject}
            messages.success(
                request, _("Đã báo %(above)s và %(name)s. Hồ sơ còn ở ban đến khi được chuyển.") % said
            )
            return redirect("assessments:board_detail", pk)
    lookers.note(request, Sight.RECORD, assessment.board, record=assessment.pk, subject=assessment.citizen_id)
    still_here = assessment.citizen.board.pk == assessment.board_id
    context = {
        "assessment": assessment,
        "board_name": boards.name_of(assessment.board),
        "above": above and boards.name_of(above),
        "may_move": still_here and claiming.may_keep(request.user, assessment.board),
        "form": form,
    }
    return render(request, "board/stray.html", context)
