"""What stands behind the scores: adding it, taking it away, and handing it out to whoever may see it."""

import datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from assessments import arriving, evidence, learning, review, workflow
from assessments.forms.citizen import EvidenceForm, newest_of
from assessments.models import Assessment, Helping
from assessments.views.citizen import to_fill_in
from assessments.workflow import Refused
from audit import looks
from audit.models import Sight

# Whatever is in a file, it may do nothing, and no other site shows it.
SHUT = "default-src 'none'; sandbox; frame-ancestors 'none'"
IN_A_PAGE_OF_OURS = "default-src 'none'; sandbox; frame-ancestors 'self'"
PAGE_OF_PICTURES = datetime.timedelta(minutes=10)  # a look at the page is one at the small pictures on it


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, pk, code):
    assessment = to_fill_in(request, pk)
    indicator = _indicator(assessment, code)
    if request.method != "POST" and not request.parked and not workflow.can_write(assessment):
        return redirect(assessment)
    asked = workflow.asked_back(assessment)
    if request.method != "POST" and asked and code not in asked:
        return redirect(_scores_page(assessment, indicator))
    if "discard" in request.POST:
        return redirect(request.path)
    others = [
        each
        for each in assessment.criteria_set.indicators
        if each != indicator and (not asked or each.code in asked)
    ]
    learnt = [] if request.helping else list(assessment.learning.exclude(done_on=None))
    told = next((each for each in learnt if str(each.pk) == request.GET.get("ke-hoach")), None)
    served = [piece for piece in assessment.evidence.for_pages() if piece.indicators.all()]
    pieces = [piece for piece in served if indicator in piece.indicators.all()]
    initial = {"newest": newest_of(pieces)} | ({"text": learning.words(told)} if told else {})
    form = EvidenceForm(request.typed, request.FILES or None, others=others, by=request.user, initial=initial)
    elsewhere = form.written_since(pieces) if form.is_bound and form.is_valid() else []
    if elsewhere:
        form.has_seen(pieces)
    elif request.method == "POST" and form.is_valid() and _saved(request, assessment, indicator, form):
        page = _scores_page(assessment, indicator, "minh-chung")
        page = request.path if "again" in request.POST else page
        return JsonResponse({"next": page}) if request.by_script else redirect(page)
    if request.method == "POST" and request.by_script:
        return JsonResponse({}, status=422)  # the script sends the page itself, which says why
    return render(
        request,
        "assessments/evidence.html",
        {
            "assessment": assessment,
            "indicator": indicator,
            "form": form,
            "learnt": learnt,
            "most": settings.EVIDENCE_MAX_BYTES,
            "pieces": pieces,
            "of_others": [piece for piece in served if piece not in pieces],
            "stale": elsewhere,
            "back": _scores_page(assessment, indicator),
        },
        # What stands on the page is kept for when it is opened again: portal/parking.py.
        status=HTTPStatus.CONFLICT if elsewhere and request.method == "POST" else HTTPStatus.OK,
    )


def _saved(request, assessment, indicator, form):
    try:
        evidence.add(
            assessment,
            [indicator, *form.also_serves],
            by=request.user,
            **{name: form.cleaned_data[name] for name in ("text", "url", "file", "none")},
        )
    except evidence.NoRoom as problem:
        form.add_error("file", str(problem))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        said = _("Đã lưu minh chứng cho %(indicator)s. Hồ sơ chưa gửi.") % {"indicator": indicator.called}
        messages.success(request, said)
        return True
    return False


@require_POST
def arrive(request, pk, named, offset):
    """Take the next piece of a file; nothing asks how far it has come. The answer is from where to go on."""
    assessment = to_fill_in(request, pk)
    if not arriving.is_name(named):
        raise Http404
    if not workflow.can_write(assessment):
        return redirect(assessment)  # then the script sends the page itself, which says why
    try:
        return JsonResponse({"offset": arriving.append(request.user, named, offset, request.body)})
    except (evidence.Unfit, evidence.NoRoom) as problem:
        return JsonResponse({"problem": str(problem)}, status=422)


@require_POST
def share(request, pk, code, piece):
    said = _("Đã dùng minh chứng này cho %(indicator)s. Hồ sơ chưa gửi.")
    return _change(request, pk, code, piece, evidence.share, said)


@require_POST
def drop(request, pk, code, piece):
    said = _("Đã bỏ minh chứng khỏi %(indicator)s. Hồ sơ chưa gửi.")
    return _change(request, pk, code, piece, evidence.drop, said)


def _change(request, pk, code, piece, act, said):
    assessment = to_fill_in(request, pk)
    indicator = _indicator(assessment, code)
    piece = assessment.evidence.filter(pk=piece).first()
    if piece:  # else the first of two clicks did it
        try:
            is_kept = act(piece, indicator, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(assessment)
        said %= {"indicator": indicator.called}
        if is_kept:
            said += " " + _("Minh chứng ấy vẫn được giữ lại cùng kết quả đã xác nhận trước đó.")
        messages.success(request, said)
    return redirect("assessments:evidence", assessment.pk, code)


@require_safe
def file(request, pk, piece):
    """Pictures open in the browser, as they are our own copies; a PDF is saved, or shown inside our page."""
    piece = _visible_file(request, pk, piece)
    within = piece.is_pdf and "xem" in request.GET
    try:
        response = FileResponse(
            piece.file.open("rb"),
            as_attachment=not (piece.is_picture or within),
            filename=piece.name,
            content_type=piece.content_type,
        )
    except OSError:
        raise Http404 from None
    _note(request, piece)
    _shut(response, "private, no-store")
    if within:
        response["Content-Security-Policy"] = IN_A_PAGE_OF_OURS
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_safe
def thumbnail(request, pk, piece):
    piece = _visible_file(request, pk, piece)
    try:
        response = HttpResponse(evidence.thumbnail(piece), content_type=piece.content_type)
    except OSError:
        raise Http404 from None
    _note(request, piece, once_in=PAGE_OF_PICTURES)
    return _shut(response, "private, max-age=600")


def _visible_file(request, pk, piece):
    """Of a record one may see or is filling in; the board's members see what was sent to them."""
    helps = Helping.objects.by_whom_still_may(request.user).filter(assessment=pk).exists()
    records = Assessment.objects.all() if helps else Assessment.objects.visible_to(request.user)
    assessment = get_object_or_404(records.select_related("citizen", "board"), pk=pk)
    if not (helps or review.is_open_to_board(assessment) or _is_own(assessment, request.user)):
        raise Http404
    piece = get_object_or_404(assessment.evidence.exclude(file=""), pk=piece)
    piece.assessment = assessment
    return piece


def _is_own(assessment, user):
    return Assessment.objects.written_by(user).filter(pk=assessment.pk).exists()


def _note(request, piece, **what):
    record = piece.assessment
    if not _is_own(record, looks.viewer_of(request)):
        lookers.note(request, Sight.FILE, record.board, record=record.pk, subject=record.citizen_id, **what)


def _shut(response, cache):
    response["Content-Security-Policy"] = SHUT
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = cache
    return response


def _indicator(assessment, code):
    indicator = next((each for each in assessment.criteria_set.indicators if each.code == code), None)
    if indicator is None:
        raise Http404
    return indicator


def _scores_page(assessment, indicator, place="chi-so"):
    part = next(each for each in assessment.criteria_set.sections if each.pk == indicator.parent_id)
    page = reverse("assessments:section", args=[assessment.pk, part.code])
    return f"{page}#{place}-{indicator.code}"
