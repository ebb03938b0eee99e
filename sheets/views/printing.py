"""Paper out: the page that prints sheets for the people of a place."""

from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from assessments.models import Campaign
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from criteria.models import Group
from people.views.places import kept, steps_to
from sheets import printing as printings
from sheets import tasks
from sheets.forms import EmptyForm, PrintForm
from sheets.models import Order, Printing, PrintingState

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def index(request, code):
    """A few are drawn while one waits; more are the worker's."""
    organization = kept(request, code)
    campaign = Campaign.objects.current(clock.now())
    posted = request.method == "POST"
    form = PrintForm(request.POST if posted else None, initial={"with_sent": "", "order": Order.NAME})
    if posted and campaign and form.is_valid():
        found = printings.people(organization, campaign, **form.cleaned_data)
        count = found.count()
        if not count:
            form.add_error("with_sent", _("Không có ai như vậy trong danh sách."))
        elif count > printings.MOST:
            form.add_error(
                None, _("Danh sách có nhiều người quá để in một lần. In riêng từng thôn, từng đơn vị.")
            )
        else:
            try:
                return _printed(request, organization, campaign, form, found, count)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {
        "organization": organization,
        "campaign": campaign,
        "form": form,
        "unsent": printings.people(organization, campaign).count() if campaign else 0,
        "at_once": printings.AT_ONCE,
        "groups": Group.choices,
        "own": Printing.objects.filter(organization=organization, by=request.user)[:SHOWN],
        "steps": steps_to(organization),
    }
    return render(request, "sheets/print.html", context)


def _printed(request, organization, campaign, form, found, count):
    if count <= printings.AT_ONCE:
        pdf = printings.at_once(found, organization=organization, campaign=campaign, by=request.user)
        lookers.note(request, Sight.EXPORT, organization)
        return _file(BytesIO(pdf), Printing(organization=organization, campaign=campaign).file_name)
    asked = {"organization": organization, "campaign": campaign, "by": request.user, **form.cleaned_data}
    running = Printing.objects.filter(state=PrintingState.DRAWING, **asked).first()
    if running is None:  # else a second click
        running = Printing.objects.create(pages=count, **asked)
        running.hand_to(tasks.draw_sheets)
    return redirect("sheets:printing", organization.code, running.pk)


@require_safe
def detail(request, code, pk):
    organization, made = _own(request, code, pk)
    context = {
        "organization": organization,
        "printing": made,
        "steps": steps_to(organization, (reverse("sheets:print", args=[code]), _("In phiếu giấy"))),
    }
    return render(request, "sheets/printing.html", context)


@require_safe
def download(request, code, pk):
    organization, made = _own(request, code, pk)
    if made.state != PrintingState.DONE:
        raise Http404
    try:
        file = printings.kept(made)
    except OSError:
        raise Http404 from None
    lookers.note(request, Sight.EXPORT, organization)
    return _file(file, made.file_name)


@require_safe
def empty(request, code):
    organization = kept(request, code)
    campaign = Campaign.objects.current(clock.now())
    form = EmptyForm(request.GET)
    if campaign is None or not form.is_valid():
        return redirect("sheets:print", organization.code)
    pdf = printings.empty(form.cleaned_data["nhom"], campaign)
    return _file(BytesIO(pdf), f"phieu-trong-nhom-{form.cleaned_data['nhom']}-{campaign.year}.pdf")


def _own(request, code, pk):
    """What one asked for oneself, while one keeps the list."""
    organization = kept(request, code)
    own = Printing.objects.filter(organization=organization, by=request.user)
    return organization, get_object_or_404(own.select_related("organization", "campaign"), pk=pk)


def _file(file, name):
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
