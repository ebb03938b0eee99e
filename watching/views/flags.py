"""What looks unusual at or below an organization, and the records behind each of it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from assessments import flags, outliers, tasks
from assessments.models import Flag, Reading, ReadingState, Rule
from assessments.workflow import Refused
from audit.models import Look, Sight
from organizations import boards, oversight
from organizations.models import Kind
from reports import scope
from watching.forms import ReviewForm

PAGE_SIZE = 50
RULE, WHICH, ALL = "dau-hieu", "xem", "tat-ca"


@require_safe
def index(request):
    about = scope.of(request)
    if about is None:
        return redirect("reports:summary")
    organization = about.organization
    found = Flag.objects.at_or_below(organization).filter(reading__campaign=about.campaign)
    shows_all = request.GET.get(WHICH) == ALL
    listed = found if shows_all else found.to_review()
    counted = dict(listed.order_by().values_list("rule").annotate(Count("pk")))
    rule = request.GET.get(RULE)
    shown = listed.filter(rule=rule) if rule in Rule else listed
    shown = shown.select_related("organization", "by", "reviewed_by").in_order()
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    chosen = {WHICH: ALL} if shows_all else {}
    return render(
        request,
        "watching/flags.html",
        {
            "about": about,
            "summary_url": about.url("reports:summary"),
            "above": [(about.url("watching:flags", each), each) for each in about.above],
            "page": page,
            "rows": [(flag, outliers.sentence(flag)) for flag in page],
            "rules": outliers.rules(),
            "shelves": [
                (
                    each.label,
                    counted[each],
                    about.url("watching:flags", **chosen, **{RULE: each}),
                    each == rule,
                )
                for each in Rule
                if each in counted
            ],
            "rule": rule if rule in Rule else "",
            "everything": about.url("watching:flags", **chosen),
            "listed": sum(counted.values()),
            "shows_all": shows_all,
            "open": found.to_review().count() if shows_all else sum(counted.values()),
            "reviewed": found.exclude(reviewed_at=None).count(),
            "open_url": about.url("watching:flags"),
            "all_url": about.url("watching:flags", **{WHICH: ALL}),
            "draws_url": about.url("watching:draws"),
            "again_url": about.url("watching:read_again")
            if _may_read_again(request.user, organization)
            else "",
        }
        | _readings(about),
    )


def _readings(about):
    """Since when the flags are as they are: of many readings the oldest."""
    province = about.organization.within(Kind.PROVINCE)
    readings = Reading.objects.filter(campaign=about.campaign)
    if about.organization.kind != Kind.CENTRE:
        readings = readings.filter(place=province or about.organization)
    first = readings.order_by("read_at").first()
    return {
        "read_at": first.read_at if first else None,
        "is_reading": readings.filter(state=ReadingState.RUNNING).exists(),
    }


def _may_read_again(user, organization) -> bool:
    return organization.kind == Kind.PROVINCE and oversight.is_at_or_above(user, organization)


@require_POST
def read_again(request):
    about = scope.of(request)
    if about is None:
        raise Http404
    if not _may_read_again(request.user, about.organization):
        raise PermissionDenied
    reading = flags.reading_of(about.organization, about.campaign)
    if flags.start(reading):
        reading.hand_to(tasks.read_for_flags)
    return redirect(about.url("watching:flags"))


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    """One flag: its sentence, what was written about it, and exactly the records it counted."""
    flag = _flag(request, pk)
    may_review = flags.may_review(flag, request.user)
    if request.method == "POST" and not may_review:
        raise PermissionDenied
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flags.review(flag, by=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã ghi là đã xem xét."))
        return redirect("watching:flag", flag.pk)
    records = outliers.records_behind(flag)
    page = Paginator(records.with_all().order_by("confirmed_at", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    if people := tuple(record.citizen_id for record in page if record.citizen_id):
        lookers.note(request, Sight.LIST, flag.organization, listed=people)
    where = {scope.ORGANIZATION: flag.organization.code, scope.YEAR: flag.reading.campaign.year}
    return render(
        request,
        "watching/flag.html",
        {
            "flag": flag,
            "sentence": outliers.sentence(flag),
            "rule": dict(outliers.rules())[flag.rule],
            "place": boards.name_of(flag.organization),
            "steps": [(f"{reverse('watching:flags')}?{urlencode(where)}", _("Dấu hiệu cần xem"))],
            "page": page,
            "opened": _opened(records) if flag.by_id else None,
            "form": form if may_review and not flag.reviewed_at else None,
        },
    )


def _flag(request, pk):
    flag = get_object_or_404(
        Flag.objects.select_related(
            "organization", "by", "reviewed_by", "reading__campaign", "reading__place"
        ),
        pk=pk,
    )
    if not any(own.contains(flag.organization) for own in scope.overseen_by(request.user)):
        raise Http404
    return flag


def _opened(records) -> int:
    """How many of the records whoever confirmed them had opened by itself before, as the looks tell."""
    looks = Look.objects.filter(
        Q(sight=Sight.RECORD) | Q(sight=Sight.FILE),
        record=OuterRef("pk"),
        viewer=OuterRef("confirmed_by"),
        at__lte=OuterRef("confirmed_at"),
    )
    return records.filter(Exists(looks)).count()
