"""The pages on which the centre and provinces see and set deadlines, and the centre records outages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from assessments import deadlines, outages, windows
from assessments.deadlines import Place
from assessments.forms.deadlines import GiveBackForm, OutageForm, WindowForm
from assessments.models import Campaign, Outage, Window, WindowStep
from assessments.workflow import Refused
from audit import clock, events
from audit.models import Event
from criteria.models import Level
from vietnamese import dates

LEVELS = {
    "cong-dan": Level.CITIZEN,
    "gia-dinh": Level.FAMILY,
    "dong-ho": Level.CLAN,
    "cong-dong": Level.COMMUNITY,
    "don-vi": Level.UNIT,
}
STEPS = {
    "dang-ky": WindowStep.REGISTRATION,
    "tu-cham": WindowStep.SELF_ASSESSMENT,
    "xac-nhan": WindowStep.CONFIRMATION,
    "bo-sung": WindowStep.ANSWER,
    "xem-lai": WindowStep.CONTEST,
    "phieu-giay": WindowStep.PAPER,
}
YEAR, LEVEL = "nam", "danh-hieu"
SET, LENGTHENED = "set_window", "lengthen"


# --- Windows --------------------------------------------------------------------------------------


@require_safe
def index(request):
    bodies = _bodies(request)
    now = clock.now()
    years = list(Campaign.objects.all())
    slug = request.GET.get(LEVEL) or "cong-dan"
    campaign = _chosen(years, request.GET.get(YEAR), now)
    if slug not in LEVELS:
        raise Http404
    context = {
        "campaign": campaign,
        "other_years": [(_index_url(each.year, slug), each) for each in years if each != campaign],
        "levels": [
            (_index_url(campaign.year if campaign else "", each), level.label, each == slug)
            for each, level in LEVELS.items()
        ],
        "level": LEVELS[slug].label,
        "tables": [_table(body, campaign, slug, now) for body in bodies] if campaign else [],
        "is_centre": outages.centre_of(request.user) is not None,
    }
    return render(request, "deadlines/index.html", context)


def _bodies(request):
    bodies = list(deadlines.bodies_of(request.user))
    if not bodies:
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học tỉnh và trung ương mở được trang này."))
    return bodies


def _chosen(years, year, now):
    if not year:
        return Campaign.objects.current(now) or (years[0] if years else None)
    for campaign in years:
        if str(campaign.year) == year:
            return campaign
    raise Http404


def _table(body, campaign, slug, now):
    """The body, and a row for each step: what holds there, and the way to change it."""
    rows = []
    for step_slug, step in STEPS.items():
        place = Place(body, campaign, LEVELS[slug], step)
        standing = place.in_effect
        rows.append(
            {
                "step": step.label.capitalize(),
                "nation": place.nation,
                "own": place.own,
                "standing": standing,
                "sentence": _now_words(standing, now),
                "why_not": deadlines.why_not(place, now),
                "url": reverse("assessments:window", args=[body.code, campaign.year, slug, step_slug]),
            }
        )
    return {"body": body, "is_nation": rows and place.is_nation, "rows": rows}


def _now_words(window, now):
    return capfirst(windows.words(window, now)) + "."


@require_http_methods(["GET", "HEAD", "POST"])
def window(request, code, year, level, step):
    place = _place(request, code, year, level, step)
    now = clock.now()
    form = WindowForm(request.typed, place=place)
    why_not = deadlines.why_not(place, now)
    if not why_not and request.method == "POST" and form.is_to_save and _set(request, place, form):
        return redirect(_index_url(year, level))
    before = deadlines.terms_of(place.own) if place.own else None
    standing = place.in_effect
    context = {
        "place": place,
        "level": place.level.label,
        "step": place.step.label,
        "sentence": _now_words(standing, now),
        "why_not": why_not,
        "form": form,
        "to_check": request.method == "POST" and not why_not and form.is_to_check,
        "before": deadlines.in_words(before or (standing and deadlines.terms_of(standing))),
        "history": _history(place),
        "steps": [(_index_url(year, level), _("Thời hạn"))],
    }
    if context["to_check"]:
        context["after"] = form.terms.words
        context["warning"] = deadlines.warning(place, form.terms)
    return render(request, "deadlines/window.html", context)


def _place(request, code, year, level, step):
    if level not in LEVELS or step not in STEPS:
        raise Http404
    body = get_object_or_404(deadlines.bodies_of(request.user), code=code)
    campaign = get_object_or_404(Campaign, year=year)
    return Place(body, campaign, LEVELS[level], STEPS[step])


def _set(request, place, form):
    before = place.own or place.in_effect
    old = deadlines.terms_of(before).words if before else _("chưa đặt")
    try:
        deadlines.set_window(place, form.terms, by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    said = {"step": place.step.label, "old": old, "new": form.terms.words}
    messages.success(request, _("Đã lưu thời hạn %(step)s. Trước: %(old)s. Nay: %(new)s.") % said)
    return True


def _index_url(year, level):
    return f"{reverse('assessments:deadlines')}?{YEAR}={year}&{LEVEL}={level}"


def _history(place):
    """What was done to the body's own window, as sentences, newest first."""
    if place.own is None:
        return []
    told = Event.objects.filter(
        object_type=Window._meta.label_lower, object_id=place.own.pk, verb__in=[SET, LENGTHENED]
    ).order_by("-at", "-sequence")
    names = dict(User.objects.filter(pk__in=told.values("actor")).values_list("pk", "full_name"))
    return [
        {"at": event.at, "text": _sentence(event, names), "reason": events.private_of(event).get("reason")}
        for event in told
    ]


def _sentence(event, names):
    said = {"who": names.get(event.actor, _("Cổng")), "old": event.old or _("chưa đặt"), "new": event.new}
    if event.verb == LENGTHENED:
        return _("%(who)s cộng thời gian gián đoạn: từ %(old)s thành %(new)s.") % said
    return _("%(who)s đặt thời hạn. Trước: %(old)s. Sau: %(new)s.") % said


# --- Outages --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def outage_list(request):
    _ask_centre(request)
    form = OutageForm(request.typed)
    if request.method == "POST" and form.is_valid():
        outages.record(
            begins_at=form.begins_at,
            ends_at=form.ends_at,
            words=form.cleaned_data["words"],
            by=request.user,
        )
        messages.success(request, _("Đã ghi lần gián đoạn. Lời báo hiện trên mọi trang đến khi hết."))
        return redirect("assessments:outages")
    now = clock.now()
    recorded = [
        (outage, outages.in_words(outage), outage.is_over(now))
        for outage in Outage.objects.select_related("recorded_by").latest_first()
    ]
    return render(
        request,
        "deadlines/outages.html",
        {"form": form, "recorded": recorded, "to_give_back": _to_give_back(now), "steps": _steps()},
    )


def _ask_centre(request):
    if outages.centre_of(request.user) is None:
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học trung ương ghi được việc này."))


def _steps():
    return [(reverse("assessments:deadlines"), _("Thời hạn"))]


def _to_give_back(now):
    """The years and titles whose windows lost minutes that nobody has given back."""
    found = []
    for campaign in Campaign.objects.until(now)[:2]:
        for slug, level in LEVELS.items():
            if lost := outages.to_give_back(campaign, level, now):
                found.append((campaign, level.label, len(lost), _give_back_url(campaign, slug)))
    return found


def _give_back_url(campaign, slug):
    return reverse("assessments:give_back", args=[campaign.year, slug])


@require_http_methods(["GET", "HEAD", "POST"])
def outage_end(request, pk):
    _ask_centre(request)
    outage = get_object_or_404(Outage, pk=pk)
    form = OutageForm(request.typed, outage=outage)
    if request.method == "POST" and form.is_valid():
        given = {"ends_at": form.ends_at, "words": form.cleaned_data["words"]}
        try:
            outages.end(outage, **given, by=request.user)
        except Refused as refusal:
            outage.refresh_from_db()
            if (outage.ends_at, outage.words) != (given["ends_at"], given["words"]):
                form.add_error(None, str(refusal))
        if not form.errors:
            messages.success(request, _("Đã lưu lúc hết gián đoạn."))
            return redirect("assessments:outages")
    steps = [*_steps(), (reverse("assessments:outages"), _("Gián đoạn"))]
    context = {"form": form, "outage": outage, "words": outages.in_words(outage), "steps": steps}
    return render(request, "deadlines/outage_end.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request, year, level):
    _ask_centre(request)
    if level not in LEVELS:
        raise Http404
    campaign = get_object_or_404(Campaign, year=year)
    form = GiveBackForm(request.typed)
    if request.method == "POST" and form.is_valid():
        given = outages.give_back(campaign, LEVELS[level], by=request.user, **form.cleaned_data)
        if given:
            messages.success(
                request, _("Đã cộng thời gian gián đoạn vào %(count)d thời hạn.") % {"count": len(given)}
            )
        else:
            messages.info(request, _("Không còn phút gián đoạn nào chưa cộng."))
        return redirect(_index_url(year, level))
    lost = [
        {
            "step": each.window.get_step_display().capitalize(),
            "where": each.window.province or _("Cả nước"),
            "minutes": each.added,
            "before": dates.until_words(each.window.closes_at),
            "after": dates.until_words(each.closes_at),
        }
        for each in outages.to_give_back(campaign, LEVELS[level], clock.now())
    ]
    steps = [*_steps(), (reverse("assessments:outages"), _("Gián đoạn"))]
    context = {"campaign": campaign, "level": LEVELS[level].label, "lost": lost, "steps": steps}
    if lost:  # else nothing is asked
        context["form"] = form
    return render(request, "deadlines/give_back.html", context)
