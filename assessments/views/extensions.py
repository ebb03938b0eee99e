"""The pages on which the centre and provinces open a step again, for a place or for one record."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from assessments import deadlines, extensions
from assessments.forms.deadlines import EndForm, ExtensionForm, TargetForm
from assessments.models import Campaign
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from organizations import boards
from organizations.models import Kind

MOST_FOUND = 20


@require_safe
def find(request):
    """For which place or which record; a receipt number leads straight on."""
    if not deadlines.bodies_of(request.user).exists():
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học tỉnh và trung ương lập được gia hạn."))
    form = TargetForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    if receipt := given.get("receipt"):
        record = extensions.records_for(request.user).filter(receipt_number=receipt).first()
        if record:
            return redirect("assessments:extend_record", record.pk)
        form.add_error("receipt", _("Không thấy hồ sơ có số biên nhận này ở nơi bạn phụ trách."))
    found = None
    if name := given.get("name"):
        places = extensions.organizations_for(request.user).matching(name).exclude(kind=Kind.CLAN)
        found = Paginator(places.select_related("parent").in_order(), MOST_FOUND).get_page(
            request.GET.get("page")
        )
    steps = [(reverse("assessments:deadlines"), _("Thời hạn"))]
    context = {"form": form, "found": found, "name": given.get("name"), "steps": steps}
    return render(request, "deadlines/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_place(request, code):
    place = get_object_or_404(extensions.organizations_for(request.user), code=code)
    return _extend(request, place, place.full_name)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_record(request, pk):
    records = extensions.records_for(request.user).select_related("campaign", "citizen", "board", "province")
    record = get_object_or_404(records, pk=pk)
    lookers.note(request, Sight.RECORD, record.board, record=record.pk, subject=record.citizen_id)
    return _extend(request, record, record.subject)


def _extend(request, target, name):
    form = ExtensionForm(
        request.typed,
        target=target,
        campaigns=Campaign.objects.until(clock.now()),
    )
    why_not = extensions.why_not(target, request.user)
    if request.method == "POST" and not why_not and form.is_to_save and _grant(request, form, name):
        return redirect(_list_url(target.board if form.is_record else target, form.wanted[0].campaign))
    context = {
        "form": form,
        "target": target,
        "name": name,
        "board": boards.name_of(target.board) if form.is_record else "",
        "why_not": why_not,
        "to_check": request.method == "POST" and not why_not and form.is_to_check,
        "steps": [
            (reverse("assessments:deadlines"), _("Thời hạn")),
            (reverse("assessments:extend"), _("Gia hạn")),
        ],
    }
    if context["to_check"]:
        context["wanted"] = form.wanted
    return render(request, "deadlines/extend.html", context)


def _grant(request, form, name):
    try:
        extensions.grant_all(form.wanted, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    said = {"name": name, "window": form.wanted[0].words}
    messages.success(request, _("Đã lưu gia hạn cho %(name)s, %(window)s.") % said)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pk):
    """End one before its time. A second click finds it ended."""
    extension = get_object_or_404(
        extensions.endable_by(request.user).select_related("campaign", "organization", "assessment__board"),
        pk=pk,
    )
    record = extension.assessment
    place = record.board if record else extension.organization
    form = EndForm(request.typed)
    if request.method == "POST" and form.is_valid():
        try:
            if extension.ended_by != request.user:
                extensions.end(extension, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"name": extension.subject}
            messages.success(request, _("Đã kết thúc sớm gia hạn cho %(name)s.") % said)
            return redirect(_list_url(place, extension.campaign))
    if record:
        lookers.note(request, Sight.RECORD, record.board, record=record.pk, subject=record.citizen_id)
    context = {
        "extension": extension,
        "form": form,
        "why_not": extensions.why_not_end(extension, request.user, clock.now()),
        "back": _list_url(place, extension.campaign),
        "steps": [
            (reverse("assessments:deadlines"), _("Thời hạn")),
            (_list_url(place, extension.campaign), _("Gia hạn")),
        ],
    }
    return render(request, "deadlines/end.html", context)


def _list_url(place, campaign):
    return f"{reverse('reports:extensions')}?to-chuc={place.code}&nam={campaign.year}"
