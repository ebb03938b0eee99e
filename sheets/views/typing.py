"""Paper in: code, numbers, next. Every step is one field and the Enter key, with JavaScript or without."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from accounts.models import Appointment
from assessments import workflow
from assessments.models import Assessment
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from organizations import boards
from sheets import codes, typing
from sheets.forms import CodeForm, SheetForm
from sheets.models import TypedSheet
from vietnamese import dates

SHOWN = 10  # of what one typed in last


@require_safe
def index(request):
    """The code of the next sheet: whose it is, and whether it may be typed in."""
    if not Appointment.objects.helping().filter(user=request.user).exists():
        raise PermissionDenied(_("Trang này của ban khuyến học và người được ban cử giúp điền hồ sơ."))
    today = dates.day_words(clock.today())
    asked = "ma" in request.GET
    form = CodeForm(request.GET if asked else None, initial={"ngay": request.GET.get("ngay") or today})
    problem, record = "", None
    if asked and form.is_valid():
        code = form.cleaned_data["ma"]
        try:
            citizen = typing.person_of(code, request.user)
            record = typing.record_of(citizen, typing.campaign_of(code))
            problem = typing.why_not(record, request.user) if record else ""
        except Refused as refusal:
            problem = str(refusal)
        if not problem:
            return redirect(_address(code, form.cleaned_data["ngay"]))
        if record:
            lookers.note(request, Sight.LIST, record.board, listed=(citizen.pk,))
    context = {
        "steps": [(reverse("assessments:helping"), _("Điền giúp"))],
        "form": form,
        "problem": problem,
        "record": record if problem else None,
        "on_paper": record is not None and workflow.can_type_paper(record, request.user, clock.now()),
        "confirms": record is not None
        and Assessment.objects.overseen_by(request.user).filter(pk=record.pk).exists(),
        "last": _last(request),
    }
    return render(request, "sheets/type_in.html", context)


def _address(code, day):
    page = reverse("sheets:sheet", args=[codes.written(code)])
    return f"{page}?{urlencode({'ngay': dates.day_words(day)})}"


def _last(request):
    """What the user typed in last, to compare with the paper and to print a note for who gets no message."""
    found = TypedSheet.objects.filter(helping__helper=request.user).order_by("-pk")
    last = list(found.select_related("helping__assessment__citizen", "helping__assessment__board")[:SHOWN])
    if last:
        people = tuple({each.helping.assessment.citizen_id for each in last})
        lookers.note(request, Sight.LIST, last[0].helping.assessment.board, listed=people)
    return [
        (each, not (citizen.user_id or citizen.phone or citizen.email))
        for each in last
        if (citizen := each.helping.assessment.citizen)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, letters):
    """The numbers of one sheet; what they are sent as stands on the record with the name of who typed."""
    try:
        code = codes.read(letters)
        citizen = typing.person_of(code, request.user)
        campaign = typing.campaign_of(code)
    except (codes.Unreadable, Refused):
        raise Http404 from None
    record = typing.record_of(citizen, campaign)
    why_not = typing.why_not(record, request.user) if record else ""
    try:
        criteria_set = _form_of(record, code)
    except Refused as refusal:
        raise Http404(str(refusal)) from None
    form = SheetForm(
        request.typed,
        request.FILES or None,
        rules=criteria_set.rules(in_hard_area=bool(record and record.in_hard_area)),
        campaign=campaign,
        own_answers=0 if why_not else typing.own_answers(record),
        initial={
            "dated_on": request.GET.get("ngay") or dates.day_words(clock.today()),
            "version": record.version if record else None,
        },
    )
    if request.method == "POST" and form.is_valid() and (following := _typed(request, citizen, code, form)):
        return redirect(following)
    lookers.note(request, Sight.LIST, citizen.board, listed=(citizen.pk,))
    context = {
        "citizen": citizen,
        "board": boards.name_of(citizen.board),
        "campaign": campaign,
        "criteria_set": criteria_set,
        "form": form,
        "why_not": why_not,
        "steps": [(reverse("sheets:type_in"), _("Nhập phiếu giấy"))],
    }
    return render(request, "sheets/sheet.html", context)


def _form_of(record, code):
    """The form on the sheet: the record's own where it is of the same group."""
    if record and record.group == code.group:
        return record.criteria_set
    return workflow.criteria_set_for(code.group, clock.now())


def _typed(request, citizen, code, form):
    """Type it in and say what was read; the address of the next sheet, or nothing where it was refused."""
    given = form.cleaned_data
    record = typing.record_of(citizen, form.campaign)
    if not typing.is_typed_already(record, form.answers, dated_on=given["dated_on"], by=request.user):
        try:
            typing.type_in(
                citizen,
                code,
                form.answers,
                dated_on=given["dated_on"],
                by=request.user,
                photo=given["photo"],
                version=given["version"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return None
    record = typing.record_of(citizen, form.campaign)
    last = TypedSheet.objects.of(record).last()
    last.helping.assessment = record
    messages.success(request, typing.said_of(last))
    return f"{reverse('sheets:type_in')}?{urlencode({'ngay': dates.day_words(given['dated_on'])})}"
