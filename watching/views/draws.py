"""Samples that are checked again: announced, drawn, redone by anybody, checked, and what was found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from assessments import draws, extensions, tasks
from assessments.models import Draw, Stratum, Verdict
from assessments.workflow import Refused
from audit.models import Sight
from organizations import boards
from organizations.models import Organization
from reports import findings as found
from reports import scope, views
from reports.models import DRAW, Report
from reports.moments import one_moment
from vietnamese import numbers
from watching.forms import AnnounceForm, CheckForm

PAGE_SIZE = 50
WHICH = "xem"
LEFT, WRONG, RIGHT = "con", "phat-hien", "dung"
SHELVES = {
    LEFT: Q(verdict=""),
    WRONG: Q(verdict=Verdict.FINDING),
    RIGHT: Q(verdict=Verdict.AGREES),
}
USUAL = {"strata": [Stratum.PLACE], "share": 5, "least": 3, "most": 20}


# --- Which there are, and one more ----------------------------------------------------------------


@require_safe
def index(request):
    about = scope.of(request)
    if about is None:
        return redirect("reports:summary")
    below = Organization.objects.at_or_below(Organization.objects.filter(pk=about.organization.pk))
    made = Draw.objects.without_list().filter(campaign=about.campaign, organization__in=below)
    made = made.annotate(
        drawn=Count("records"),
        checked=Count("records", filter=Q(records__verdict__in=Verdict.values)),
        found=Count("records", filter=Q(records__verdict=Verdict.FINDING)),
    )
    page = Paginator(made.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "watching/draws.html",
        {
            "about": about,
            "summary_url": about.url("reports:summary"),
            "above": [(about.url("watching:draws", each), each) for each in about.above],
            "page": page,
            "flags_url": about.url("watching:flags"),
            "announce_url": about.url("watching:announce")
            if draws.may_draw(request.user, about.organization)
            else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request):
    about = scope.of(request)
    if about is None:
        raise Http404
    if not draws.may_draw(request.user, about.organization):
        raise PermissionDenied(_("Chỉ cán bộ của hội khuyến học ấy lập được đợt hậu kiểm."))
    if waiting := draws.open_of(about.organization, about.campaign):
        messages.info(request, _("Đợt này đã công bố mà chưa rút mẫu. Rút mẫu xong thì lập được đợt mới."))
        return redirect("watching:draw", waiting.pk)
    form = AnnounceForm(request.POST or None, initial=USUAL)
    context = {"form": form, "about": about, "steps": [(about.url("watching:draws"), _("Hậu kiểm"))]}
    if request.method == "POST" and form.is_valid():
        rules = draws.by_rules(about.organization, about.campaign, **form.cleaned_data)
        in_short = draws.rules_in_short(rules)
        try:
            # It cannot be taken back: only what was looked at before is announced.
            if request.POST.get("seen") != in_short:
                context |= {"foreseen": draws.foreseen(rules), "seen": in_short}
            else:
                draw = draws.announce(
                    about.organization, about.campaign, by=request.user, **form.cleaned_data
                )
                _work(draw)
                return redirect("watching:draw", draw.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "watching/announce.html", context)


def _work(draw):
    """A short list is done before the answer; a long one is the worker's."""
    if draws.is_long(draw):
        draw.hand_to(tasks.work_on_draw)
    else:
        draws.work(draw.pk)


# --- What is published ----------------------------------------------------------------------------


@login_not_required
@require_safe
def detail(request, pk):
    """The rules, the seed and the list: with these anybody draws again, so anybody may read them."""
    draw = get_object_or_404(Draw.objects.without_list(), pk=pk)
    earlier = Draw.objects.filter(organization=draw.organization, campaign=draw.campaign, pk__lte=draw.pk)
    page = Paginator(draw.parts.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    names = draws.names_of(part.code for part in page)
    oversees = request.user.is_authenticated and _oversees(request.user, draw)
    return render(
        request,
        "watching/draw.html",
        {
            "draw": draw,
            "place": boards.name_of(draw.organization),
            "turn": earlier.count(),
            "strata": [Stratum(each).label for each in draw.strata],
            "page": page,
            "parts": [(part, names[part.code]) for part in page],
            "size": sum(draw.parts.values_list("size", flat=True)),
            "oversees": oversees,
            "may_draw": oversees and draws.may_draw(request.user, draw.organization),
            "steps": [(_draws_url(draw), _("Hậu kiểm"))] if oversees else [],
        },
    )


@login_not_required
@require_safe
def published_list(request, pk):
    draw = get_object_or_404(Draw.objects.without_list(), pk=pk)
    if not draw.is_announced:
        raise Http404
    return _csv(draws.list_of(draw), f"danh-sach-{draw.pk}.csv")


@login_not_required
@require_safe
def published_sample(request, pk):
    draw = get_object_or_404(Draw.objects.without_list(), pk=pk)
    if not draw.is_drawn:
        raise Http404
    return _csv(draws.sample_of(draw), f"mau-{draw.pk}.csv")


def _csv(text, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
def start(request, pk):
    draw = _draw(request, pk)
    if draws.start(draw, by=request.user):
        _work(draw)
    return redirect("watching:draw", draw.pk)


# --- Checking -------------------------------------------------------------------------------------


@require_safe
def records(request, pk):
    draw = _draw(request, pk)
    which = request.GET.get(WHICH)
    counted = draw.records.aggregate(**{name: Count("pk", filter=holds) for name, holds in SHELVES.items()})
    if which not in SHELVES:
        which = LEFT if counted[LEFT] or not counted[WRONG] else WRONG
    rows = draw.records.filter(SHELVES[which]).select_related("assessment__citizen", "assessment__board")
    page = Paginator(rows.order_by("stratum", "assessment"), PAGE_SIZE).get_page(request.GET.get("page"))
    if people := tuple(row.assessment.citizen_id for row in page if row.assessment.citizen_id):
        lookers.note(request, Sight.LIST, draw.organization, listed=people)
    labels = {LEFT: _("Chưa kiểm tra"), WRONG: _("Có phát hiện"), RIGHT: _("Đúng")}
    return render(
        request,
        "watching/records.html",
        _on(draw)
        | {
            "page": page,
            "which": which,
            "shelves": [(labels[name], counted[name], f"?{WHICH}={name}", name == which) for name in SHELVES],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def check(request, pk, row):
    draw = _draw(request, pk)
    checked = get_object_or_404(
        draw.records.select_related("draw__organization", "stratum", "checked_by"), pk=row
    )
    record = checked.assessment
    may_check = draws.to_check_by(request.user).filter(pk=checked.pk).exists()
    if request.method == "POST" and not may_check:
        raise PermissionDenied
    read = checked.checked_at.isoformat() if checked.checked_at else ""
    form = CheckForm(
        request.POST or None,
        initial={
            "verdict": checked.verdict,
            "kind": checked.kind,
            "reason": checked.reason,
            "checked_at": read,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given.pop("checked_at") != read:
                raise Refused(_("Người khác vừa ghi hồ sơ này. Đọc lại trang rồi ghi nếu còn cần."))
            draws.check(checked, by=request.user, **given)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("watching:draw_check", draw.pk, checked.pk)
        messages.success(request, _("Đã ghi kết quả của %(name)s.") % {"name": record.subject})
        return redirect(_next(draw, checked, request.user))
    lookers.note(request, Sight.RECORD, record.board, record=record.pk, subject=record.citizen_id)
    return render(
        request,
        "watching/check.html",
        _on(draw)
        | {
            "row": checked,
            "record": record,
            "stratum": draws.names_of([checked.stratum.code])[checked.stratum.code],
            "form": form if may_check else None,
            "may_reopen": extensions.records_for(request.user).filter(pk=record.pk).exists(),
        },
    )


def _next(draw, checked, user):
    """The next one nobody has checked that this officer may; else the list."""
    left = draws.to_check_by(user).filter(SHELVES[LEFT], draw=draw).order_by("stratum", "assessment").first()
    if left:
        return reverse("watching:draw_check", args=[draw.pk, left.pk])
    return reverse("watching:draw_records", args=[draw.pk])


# --- What was found -------------------------------------------------------------------------------


@require_safe
@one_moment()
def findings(request, pk):
    draw = _draw(request, pk)
    rows, total = found.by_unit(draw)
    share = draws.estimate(draw)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "watching/findings.html",
        _on(draw)
        | {
            "page": page,
            "total": total,
            "kinds": found.by_kind(draw),
            "estimate": None if share is None else numbers.format_decimal(share * 100, 1),
            "few": draws.FEW,
        },
    )


@require_POST
def findings_export(request, pk):
    draw = _draw(request, pk)
    about = scope.Scope(draw.organization, draw.campaign, ())
    back = reverse("watching:draw_findings", args=[draw.pk])
    return views.export_of(request, about, Report.FINDINGS, {DRAW: draw.pk}, back)


# --- Which draw -----------------------------------------------------------------------------------


def _draw(request, pk):
    """One whose organization stands at or below a body one sits on."""
    draw = get_object_or_404(Draw.objects.without_list(), pk=pk)
    if not _oversees(request.user, draw):
        raise Http404
    return draw


def _oversees(user, draw):
    return any(own.contains(draw.organization) for own in scope.overseen_by(user))


def _draws_url(draw):
    where = f"?{scope.ORGANIZATION}={draw.organization.code}&{scope.YEAR}={draw.campaign.year}"
    return reverse("watching:draws") + where


def _on(draw):
    return {
        "draw": draw,
        "place": boards.name_of(draw.organization),
        "steps": [
            (_draws_url(draw), _("Hậu kiểm")),
            (reverse("watching:draw", args=[draw.pk]), _("Đợt hậu kiểm")),
        ],
    }
