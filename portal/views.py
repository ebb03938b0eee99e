"""The pages that belong to no part: the first page, help, and how pages are shown."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from assessments import windows
from assessments.models import Campaign, WindowStep
from audit import clock, sealing
from criteria.models import CriteriaSet, Level
from criteria.rules import ScoringModel
from portal import navigation, parking
from portal.display import CHOICES, COOKIE, COOKIE_AGE, Display
from reports.models import OpenTables
from reports.open_data.publishing import PROVINCES
from vietnamese import dates


@login_not_required
@require_safe
def home(request):
    """What the title is for; whoever is signed in goes on to the own work."""
    start = navigation.start_of(request.user) if request.user.is_authenticated else ""
    if start:
        return redirect(start)
    return render(request, "portal/home.html", _year(clock.now()) | {"published": _published()})


def _published():
    """The nation's figures of the last year that was published, as open data show them."""
    tables = OpenTables.objects.select_related("campaign").first()
    if tables is None or not tables.tables[PROVINCES]:
        return None
    _code, _name, achieved, _not_achieved, _rest, registered = tables.tables[PROVINCES][-1]
    shown = None not in (achieved, registered)
    return {"year": tables.campaign, "achieved": achieved, "registered": registered} if shown else None


@login_not_required
@require_safe
def help_index(request):
    return render(request, "portal/help.html", {"seal": sealing.newest()})


@login_not_required
@require_safe
def help_citizen(request):
    return _help_page(request, "portal/help_citizen.html")


@login_not_required
@require_safe
def help_board(request):
    return _help_page(request, "portal/help_board.html")


@login_not_required
@require_safe
def help_officer(request):
    return _help_page(request, "portal/help_officer.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "portal/privacy.html")


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "portal/accessibility.html")


# Nothing but the look of this browser's pages changes: an old token does not keep anyone from larger letters.
@csrf_exempt
@login_not_required
@require_POST
def display(request):
    """Remember the choice and go back to the page it was made on, with what was typed there."""
    page = parking.page_before(request)
    if page:
        parking.park(request, page, "stale", action=urlsplit(page).path, leave_out=CHOICES)
    response = redirect(page or "portal:home")
    response.set_cookie(
        COOKIE,
        Display.of(request).with_choices(request.POST).as_cookie(),
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_POST
def stay(request):
    """Let the session last anew, and go back to the page it was pressed on, with what was typed there."""
    request.session.modified = True
    if request.by_script:
        return JsonResponse({"left": settings.SESSION_COOKIE_AGE})
    page = parking.page_before(request)
    if page:
        parking.park(request, page, "stale", action=urlsplit(page).path)
    messages.success(request, _("Bạn vẫn đang đăng nhập."))
    return redirect(page or "portal:home")


def _help_page(request, template):
    context = {
        "steps": [(reverse("portal:help"), _("Hướng dẫn"))],
        # A link stands there for whom it opens.
        "reader": navigation.person_of(request.user) if request.user.is_authenticated else None,
    }
    return render(request, template, _year(clock.now()) | context)


def _year(now):
    """The year's deadlines and what is needed to pass, from the rows that decide."""
    campaign = Campaign.objects.current(now)
    sets = CriteriaSet.objects.in_force(Level.CITIZEN, dates.local_day(now))
    return {
        "now": now,
        "campaign": campaign,
        "sending": campaign and windows.of_campaign(WindowStep.SELF_ASSESSMENT, campaign),
        "confirmation": campaign and windows.of_campaign(WindowStep.CONFIRMATION, campaign),
        "points_set": sets.filter(scoring_model=ScoringModel.POINTS).order_by("group").first(),
    }
