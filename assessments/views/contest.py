"""Points looked at again: what the citizen asks for, what waits for whom, and the answer."""

from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from assessments import contests, history, progress, review, workflow
from assessments.forms.contest import ContestForm, ReviewContestForm
from assessments.models import Assessment
from assessments.views.citizen import own
from audit import clock
from audit.models import Sight
from organizations import boards

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request, pk):
    """The citizen's one request; a second click finds it made."""
    assessment = own(request, pk)
    can_contest = workflow.can_contest(assessment, clock.now())
    if not can_contest and not request.typed:
        return redirect(assessment)
    standing = progress.of(assessment)
    form = ContestForm(request.typed, lines=standing.lines)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.contest(assessment, form.reasons, by=request.user)
        except workflow.Refused as refusal:
            if contests.of(assessment):
                return redirect(assessment)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã gửi đề nghị xem lại. Có kết quả, cổng báo cho bạn."))
            return redirect(assessment)
    return render(
        request,
        "assessments/contest.html",
        {
            "assessment": assessment,
            "standing": standing,
            "form": form,
            "can_contest": can_contest,
            "until": contests.until_words(assessment),
            "reviewer": contests.who_reviews(assessment),
        },
    )


@require_safe
def reviews(request):
    """Everything that waits to be looked at again by this user."""
    waiting = contests.waiting_for(request.user).with_all().order_by("contest__at", "pk")
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    for board, records in groupby(sorted(page, key=attrgetter("board_id")), attrgetter("board")):
        lookers.note(request, Sight.LIST, board, listed=tuple(each.citizen_id for each in records))
    return render(request, "board/reviews.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def review_contest(request, pk):
    records = Assessment.objects.overseen_by(request.user).with_all()
    assessment = get_object_or_404(records, pk=pk)
    asked = contests.of(assessment)
    if asked is None or asked.decided_at:
        return redirect("assessments:board_detail", pk)
    if not Assessment.objects.for_reviewer(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    form = ReviewContestForm(request.typed, assessment=assessment, contested=list(asked.scores.all()))
    if request.method == "POST" and form.is_valid():
        try:
            workflow.review(assessment, form.given, by=request.user, version=form.cleaned_data["version"])
        except workflow.Refused as refusal:
            if contests.of(assessment).decided_at:
                messages.error(request, history.last_step_words(assessment))
                return redirect("assessments:board_detail", pk)
            form.add_error(None, str(refusal))
        else:
            said = {"name": assessment.subject, "result": history.result_words(assessment)}
            messages.success(request, _("Đã xem lại hồ sơ của %(name)s: %(result)s.") % said)
            return redirect("assessments:board_detail", pk)
    lookers.note(request, Sight.RECORD, assessment.board, record=assessment.pk, subject=assessment.citizen_id)
    evidence = {line.indicator.pk: line.evidence for line in review.of(assessment, None).lines}
    return render(
        request,
        "board/review.html",
        {
            "assessment": assessment,
            "board_name": boards.name_of(assessment.board),
            "form": form,
            "rows": [(*row, evidence.get(row[0].score.indicator_id, [])) for row in form.rows()],
            "can_review": workflow.can_review(assessment, request.user, clock.now()),
            "until": contests.until_words(assessment),
        },
    )
