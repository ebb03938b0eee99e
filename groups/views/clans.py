"""The clan a household belongs to, as either side changes it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import workflow
from groups import families, speaking
from groups.forms import (
    ClanForm,
    HeadForm,
)
from organizations.models import Kind
from vietnamese import numbers

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def household_clan(request, pk):
    """The clan a household belongs to: joined and left by its head."""
    subject = get_object_or_404(speaking.households_of(request.user), pk=pk)
    clans = families.clans_for(subject)
    form = ClanForm(request.typed, clans=clans)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "leave":
                if subject.clan is not None:
                    families.leave_clan(subject, subject.clan, by=request.user)
                messages.success(request, _("Hộ của bạn không thuộc dòng họ nào."))
                return redirect("groups:household_clan", pk)
            if form.is_valid():
                families.join_clan(subject, form.cleaned_data["clan"], by=request.user)
                said = {"clan": form.cleaned_data["clan"]}
                messages.success(request, _("Đã ghi hộ của bạn vào %(clan)s.") % said)
                return redirect("groups:household_clan", pk)
        except workflow.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("groups:household_clan", pk)
    return render(
        request,
        "groups/household_clan.html",
        {"subject": subject, "back": speaking.url_of(subject), "form": form, "has_clans": clans.exists()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def clan_households(request, code):
    """The households of a clan: put in and taken out by who speaks for it."""
    clan = get_object_or_404(speaking.organizations_of(request.user).filter(kind=Kind.CLAN), code=code)
    found, form = families.households_of(clan), HeadForm()
    if request.method == "POST" and request.POST.get("act") == "leave":
        chosen = found.filter(pk=numbers.key(request.POST.get("ho"))).first()
        if chosen is not None:
            families.leave_clan(chosen, clan, by=request.user)
            messages.success(request, _("Đã bỏ %(household)s khỏi dòng họ.") % {"household": chosen})
        return redirect("groups:clan_households", code)
    if request.method == "POST":
        form = HeadForm(request.POST)
        if form.is_valid():
            try:
                chosen = families.household_headed_by(clan, **form.cleaned_data)
                families.join_clan(chosen, clan, by=request.user)
            except workflow.Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Đã ghi %(household)s vào dòng họ.") % {"household": chosen})
                return redirect("groups:clan_households", code)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "groups/clan_households.html",
        {"subject": clan, "back": speaking.url_of(clan), "page": page, "form": form},
    )
