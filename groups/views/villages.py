"""A village's households: registered, put in from a file, and who speaks for each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Headship
from assessments import workflow
from assessments.models import Campaign
from audit import clock
from groups import families, households, speaking
from groups.forms import (
    HeadChoiceForm,
    HouseholdsFileForm,
)
from organizations.models import Household, Kind
from vietnamese import numbers

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def village(request, code):
    """Register households ticked in the list, or put in from a file."""
    place = get_object_or_404(speaking.bodies_of(request.user).filter(kind=Kind.VILLAGE), code=code)
    campaign = Campaign.objects.current(clock.now())
    if campaign is None:
        raise Http404
    form, faults, done = HouseholdsFileForm(), [], None
    if request.method == "POST" and request.POST.get("act") == "file":
        form = HouseholdsFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                rows = households.read(form.cleaned_data["file"], place)
                done = households.register(
                    households.put_in(rows, place, by=request.user), campaign, by=request.user
                )
            except households.Faulty as problem:
                faults = problem.faults
    elif request.method == "POST":
        chosen = set(map(numbers.key, request.POST.getlist("ho")[:PAGE_SIZE])) - {None}
        if chosen:
            ticked = Household.objects.filter(village=place, pk__in=chosen).order_by("name", "pk")
            done = households.register(ticked, campaign, by=request.user)
        else:
            messages.error(request, _("Chưa chọn hộ nào. Đánh dấu ít nhất một hộ."))
    found = households.of(place, campaign)
    if (query := request.GET.get("xem")) == "chua":
        found = found.filter(record=None)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "groups/village.html",
        {
            "place": place,
            "campaign": campaign,
            "page": page,
            "only_left": query == "chua",
            "all_ticked": request.GET.get("chosen") == "all",
            "form": form,
            "faults": faults,
            "done": done,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def village_household(request, code, pk):
    """Who speaks for a household: named by the board of its village among the grown-ups who live there."""
    place = get_object_or_404(speaking.bodies_of(request.user).filter(kind=Kind.VILLAGE), code=code)
    subject = get_object_or_404(Household.objects.filter(village=place).select_related("clan"), pk=pk)
    form = HeadChoiceForm(request.typed, people=families.who_may_head(subject))
    if request.method == "POST" and form.is_valid():
        try:
            families.name_head(subject, form.cleaned_data["citizen"], by=request.user)
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"name": form.cleaned_data["citizen"], "household": subject}
            messages.success(request, _("%(name)s là người đại diện của %(household)s.") % said)
            return redirect("groups:village_household", code, pk)
    heads = (
        Headship.objects.filter(household=subject).select_related("citizen").order_by("-valid_from", "-pk")
    )
    standing = next((each for each in heads if each.valid_to is None), None)
    return render(
        request,
        "groups/village_household.html",
        {
            "place": place,
            "subject": subject,
            "form": form,
            "people": families.who_may_head(subject).exists(),
            "head": standing,
            "former": [each for each in heads if each.valid_to is not None],
        },
    )
