"""The groups somebody speaks for: each in this year, and its registration."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Member
from assessments import chain, windows, workflow
from assessments.models import Assessment, Campaign, WindowStep
from audit import clock
from criteria.models import Level
from groups import families, households, shown, speaking
from organizations.models import Household, Kind


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    """The groups one speaks for; with a press, the own household where nobody speaks for it yet."""
    now = clock.now()
    campaign = Campaign.objects.current(now)
    headless = speaking.headless_household_of(request.user)
    if request.method == "POST":
        return _become_head(request, headless)
    bodies = list(speaking.bodies_of(request.user))
    return render(
        request,
        "groups/mine.html",
        {
            "campaign": campaign,
            "groups": speaking.groups_of(request.user, campaign, now),
            "headless": headless,
            "memberships": speaking.memberships_of(request.user).exists(),
            "bodies": bodies,
            "waiting": speaking.waiting_at(bodies, campaign).count() if campaign and bodies else 0,
            "villages": [each for each in bodies if each.kind == Kind.VILLAGE],
        },
    )


def _become_head(request, headless):
    if headless is None:
        messages.error(request, _("Hộ của bạn đã có người đại diện, hoặc bạn chưa được ghi vào hộ nào."))
        return redirect("groups:mine")
    try:
        families.become_head(headless, request.user.citizen, by=request.user)
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Bạn là người đại diện của %(household)s.") % {"household": headless})
    return redirect("groups:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def household(request, pk):
    return _group(request, get_object_or_404(speaking.households_of(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def organization(request, code):
    return _group(request, get_object_or_404(speaking.organizations_of(request.user), code=code))


def _group(request, subject):
    """One group in this year: how it stands, what counts for it, and its registration."""
    now = clock.now()
    campaign = Campaign.objects.current(now)
    level = speaking.level_of(subject)
    record = _record_of(subject, level, campaign)
    if request.method == "POST":
        return _register(request, subject, level, campaign)
    why_not = ""
    if record is None and campaign is not None:
        why_not = workflow.why_not_register_group(subject, level, campaign, now)
    links = chain.links(level, chain.scope_of(level, subject), subject)
    return render(
        request,
        "groups/group.html",
        {
            "subject": subject,
            "level": level,
            "campaign": campaign,
            "record": record,
            "why_not": why_not,
            "registration": campaign and links and _registration_words(campaign, links[0].body, level, now),
            "stops": chain.stops(record) if record else [],
            "way": links,
            "shown": shown.of(record, request.user, as_told=True) if record else [],
            "tips": shown.tips(record, as_told=True) if record else [],
            "members": Member.objects.of(subject).present().count(),
            "members_url": speaking.url_of(subject, "_members"),
            "earlier": _earlier(subject, level, campaign),
        },
    )


def _record_of(subject, level, campaign):
    records = Assessment.objects.filter(**chain.whose(subject), level=level, campaign=campaign)
    return records.with_all().first()


def _earlier(subject, level, campaign):
    records = Assessment.objects.filter(**chain.whose(subject), level=level).exclude(campaign=campaign)
    return records.select_related("campaign", "criteria_set").order_by("-campaign__year")


def _registration_words(campaign, board, level, now):
    return windows.words(windows.opening_at(WindowStep.REGISTRATION, campaign, board, now, level), now)


def _register(request, subject, level, campaign):
    if campaign is None:
        raise Http404
    try:
        if isinstance(subject, Household):
            record = households.register_one(subject, campaign, by=request.user)
        else:
            record = workflow.register_group(subject, level, campaign, by=request.user)
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(speaking.url_of(subject))
    messages.success(
        request,
        _("Đã đăng ký %(title)s năm %(year)s. Hồ sơ chưa gửi.")
        % {"title": Level(level).label, "year": campaign},
    )
    return redirect(record)
