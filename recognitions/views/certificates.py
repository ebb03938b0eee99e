"""The papers of a recognition, for who holds it and for the body that gave it: files, revoking, reissue."""

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from assessments.workflow import Refused
from audit.models import Sight
from recognitions import badges, certificates, checking, codes, revoking, tasks
from recognitions.certificate_forms import ReissueForm, RevokeForm
from recognitions.models import CertificatePrinting, Decision, PrintingState, Recognition
from recognitions.refusals import beside
from vietnamese import numbers

PAGE_SIZE = 50
DAYS_SHOWN = 30


def _seen(request, pk):
    """A recognition one holds, or sees as an officer; of another's it is noted that one looked."""
    visible = Recognition.objects.visible_to(request.user)
    found = visible.select_related("decision__campaign", "decision__issuer", "assessment")
    return get_object_or_404(found, pk=pk)


def _note(request, recognition, sight):
    if not Recognition.objects.held_by(request.user).filter(pk=recognition.pk).exists():
        record = recognition.assessment
        lookers.note(request, sight, recognition.decision.issuer, subject=record.citizen_id, record=record.pk)


@require_safe
def detail(request, pk):
    recognition = _seen(request, pk)
    _note(request, recognition, Sight.RECORD)
    days = recognition.check_days.all()
    context = {
        "recognition": recognition,
        "decision": recognition.decision,
        "verdict": checking.verdict_of(recognition),
        "code": codes.in_groups(recognition.code),
        "checks": days.aggregate(total=Sum("count"))["total"] or 0,
        "days": days[:DAYS_SHOWN],
        "is_held": Recognition.objects.held_by(request.user).filter(pk=pk).exists(),
        "may_change": Recognition.objects.changeable_by(request.user).standing().filter(pk=pk).exists(),
        "replacement": Recognition.objects.filter(replaces=recognition).first(),
    }
    return render(request, "recognitions/certificate.html", context)


@require_safe
def download(request, pk):
    recognition = _standing(request, pk)
    pdf = certificates.draw(Recognition.objects.filter(pk=pk), certificates.portal_of(request))
    _note(request, recognition, Sight.EXPORT)
    return _file(BytesIO(pdf), f"giay-chung-nhan-{recognition.decision.campaign.year}-{recognition.code}.pdf")


@require_safe
def badge(request, pk):
    recognition = _standing(request, pk)
    signed = badges.credential(recognition, certificates.portal_of(request))
    _note(request, recognition, Sight.EXPORT)
    response = HttpResponse(signed, content_type=badges.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="open-badge-{recognition.code}.jwt"'
    return response


def _standing(request, pk):
    """What was revoked or replaced has no paper any more."""
    recognition = _seen(request, pk)
    if recognition.revoked_at or recognition.replaced_at:
        raise Http404
    return recognition


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, pk):
    recognition = _changeable(request, pk)
    form = RevokeForm(request.POST or None, recognition=recognition)
    if request.method == "POST" and form.is_valid():
        try:
            revoking.revoke(recognition, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("Đã thu hồi. Ai kiểm tra giấy này từ bây giờ đều thấy."))
            return redirect("recognitions:certificate", pk)
    return render(request, "recognitions/revoke.html", {"form": form, "recognition": recognition})


@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request, pk):
    recognition = _changeable(request, pk)
    printed = {"holder_name": recognition.holder_name, "place_name": recognition.place_name}
    form = ReissueForm(request.POST or None, initial=printed, recognition=recognition)
    if request.method == "POST" and form.is_valid():
        try:
            new = revoking.reissue(recognition, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("Đã cấp lại. Giấy cũ không còn dùng được, tải giấy mới ở đây."))
            return redirect("recognitions:certificate", new.pk)
    return render(request, "recognitions/reissue.html", {"form": form, "recognition": recognition})


def _changeable(request, pk):
    recognition = _seen(request, pk)
    if not Recognition.objects.changeable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return recognition


# --- All papers of a decision ---------------------------------------------------------------------


def _given(request, pk):
    """A decision of one's own body, or of one that was merged into it."""
    found = Decision.objects.decided().given_by(request.user)
    return get_object_or_404(found.select_related("campaign", "issuer"), pk=pk)


@require_safe
def of_decision(request, pk):
    decision = _given(request, pk)
    found = decision.recognitions.select_related("assessment").order_by("pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    listed = tuple(each.assessment.citizen_id for each in page if each.assessment.citizen_id)
    if listed:
        lookers.note(request, Sight.LIST, decision.issuer, listed=listed)
    context = {
        "decision": decision,
        "page": page,
        "standing": decision.recognitions.standing().count(),
        "parts": certificates.parts(decision),
        "printings": decision.printings.filter(by=request.user)[:PAGE_SIZE],
    }
    return render(request, "recognitions/certificates.html", context)


@require_POST
def print_all(request, pk):
    decision = _given(request, pk)
    after = numbers.key(request.POST.get("after")) or 0
    portal = certificates.portal_of(request)
    printing = certificates.ask(decision, by=request.user, portal=portal, after=after)
    if printing is None:
        messages.error(request, _("Không còn giấy nào để in."))
        return redirect("recognitions:certificates", pk)
    if printing.heartbeat_at is None:
        printing.hand_to(tasks.draw_certificates)
    return redirect("recognitions:printing", pk, printing.pk)


@require_safe
def printing(request, pk, number):
    decision, made = _own(request, pk, number)
    context = {"decision": decision, "printing": made, "is_outdated": certificates.is_outdated(made)}
    return render(request, "recognitions/printing.html", context)


@require_safe
def download_all(request, pk, number):
    decision, made = _own(request, pk, number)
    if made.state != PrintingState.DONE or certificates.is_outdated(made):
        raise Http404
    try:
        file = certificates.kept(made)
    except OSError:
        raise Http404 from None
    lookers.note(request, Sight.EXPORT, decision.issuer)
    return _file(file, f"giay-chung-nhan-{decision.campaign.year}-{made.pk}.pdf")


def _own(request, pk, number):
    decision = _given(request, pk)
    return decision, get_object_or_404(CertificatePrinting, pk=number, decision=decision, by=request.user)


def _file(file, name):
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
