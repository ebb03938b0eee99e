"""The pages on which two members of a board type in paper of before the lock."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lookers
from assessments import history, papers, review, windows, workflow
from assessments.forms.board import ReadPeopleForm
from assessments.forms.paper import PaperForm
from assessments.models import Assessment, State, WindowStep
from assessments.views.board import sections_of
from audit import clock
from audit.models import Sight
from organizations import boards

CHANGED = gettext_lazy("Hồ sơ đã thay đổi sau khi bạn mở trang này.")


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, pk):
    """Type in a sheet, or type it anew. It confirms nothing by itself."""
    assessment = _record(request, pk)
    own = workflow.own_scores(assessment)
    form = PaperForm(request.typed, assessment=assessment, own=own)
    if request.method == "POST" and form.is_valid() and _typed(request, assessment, form):
        return redirect("assessments:board_detail", pk)
    assessment = _record(request, pk)
    if form.is_bound and form.read_version != assessment.version:
        form = form.carried_over(assessment, own)
    lookers.note(request, Sight.RECORD, assessment.board, record=assessment.pk, subject=assessment.citizen_id)
    now = clock.now()
    reads = review.of(assessment, None)
    context = {
        "assessment": assessment,
        "board_name": boards.name_of(assessment.board),
        "deadline": windows.words(windows.opening_of(WindowStep.PAPER, assessment, now), now),
        "window": windows.of(WindowStep.CONFIRMATION, assessment),
        "can_type": workflow.can_type_paper(assessment, request.user, now),
        "form": form,
        "review": reads,
        "sections": sections_of(reads, form),
    }
    return render(request, "board/paper.html", context)


@require_POST
def paper_sign(request, pk):
    """Confirm by the sheet another member typed in. A second click finds it confirmed."""
    assessment = _record(request, pk)
    form = ReadPeopleForm(request.POST)
    read = form.cleaned_data["person"].get(pk, 0) if form.is_valid() else 0
    try:
        if assessment.state != State.CONFIRMED or assessment.confirmed_by != request.user:
            workflow.sign_paper(assessment, by=request.user, version=read)
    except workflow.Stale:
        messages.error(request, CHANGED + " " + _("Xem lại phiếu rồi bấm lần nữa."))
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = {"name": assessment.subject, "result": history.result_words(assessment)}
        messages.success(request, _("Đã xác nhận hồ sơ của %(name)s theo phiếu giấy: %(result)s.") % said)
    return redirect("assessments:board_detail", pk)


def _typed(request, assessment, form):
    """Keep what was typed and say what comes next; whether there is nothing left to do here."""
    given = form.cleaned_data
    standing = papers.waiting(assessment)
    if standing and standing.typed_by == request.user and papers.says(standing, given["dated_on"], form.all):
        return True  # a second click
    try:
        workflow.type_paper(
            assessment,
            form.changes(),
            dated_on=given["dated_on"],
            by=request.user,
            version=form.read_version,
        )
    except workflow.Stale:
        messages.error(request, CHANGED + " " + _("Những gì bạn gõ vẫn còn. Xem lại rồi bấm lần nữa."))
        return False
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request,
        _("Đã lưu phiếu giấy của %(name)s. Một thành viên khác của ban xác nhận thì mới có hiệu lực.")
        % {"name": assessment.subject},
    )
    return True


def _record(request, pk):
    """A record of which the user may type in paper; to others it is there to be read, or not at all."""
    records = Assessment.objects.overseen_by(request.user).select_related(
        "citizen", "campaign", "board", "commune", "province", "criteria_set", "confirmed_by"
    )
    assessment = get_object_or_404(records, pk=pk)
    if not Assessment.objects.for_confirmer(request.user).filter(pk=pk).exists() or not assessment.is_sent:
        raise PermissionDenied
    return assessment
