"""What titles are judged by, for everybody; drafts and how sure a figure is, for those who keep them."""

from io import BytesIO
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Appointment, User
from assessments.models import TotalsCheck
from audit import clock
from criteria import differences, writing
from criteria.drafts import Draft
from criteria.models import Confidence, CriteriaSet, Level, Status
from reports import excel
from revising import carrying, publishing, rerunning, workbooks
from revising.models import Rerun

PAGE_SIZE = 50
WHICH, ALL = "xem", "tat-ca"
UNSURE = [each for each in Confidence if each != Confidence.EXACT]


@login_not_required
@require_safe
def index(request):
    """Those in force; the centre's officers see their drafts above, and everybody may see what was before."""
    today = clock.today()
    keeps = publishing.works_at_centre(request.user)
    shows_all = request.GET.get(WHICH) == ALL
    sets = CriteriaSet.objects.exclude(status=Status.DRAFT)
    if not shows_all:
        sets = sets.filter(clock.in_force(today), status=Status.PUBLISHED)
    sets = sets.annotate(unsure=Count("criteria", filter=Q(criteria__confidence__in=UNSURE)))
    sets = sorted(sets, key=_in_order)
    page = Paginator(sets, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "revising/index.html",
        {
            "page": page,
            "titles": [
                (title, list(rows)) for title, rows in groupby(page, key=lambda each: each.full_title)
            ],
            "shows_all": shows_all,
            "today": today,
            "keeps": keeps,
            "is_staff": is_appointed(request.user),
            "check": TotalsCheck.objects.first() if is_appointed(request.user) else None,
            "drafts": _drafts() if keeps else [],
        },
    )


def _in_order(criteria_set):
    levels = list(Level)
    return (
        levels.index(Level(criteria_set.level)),
        criteria_set.scope,
        criteria_set.group,
        -criteria_set.valid_from.toordinal(),
        -criteria_set.version,
        criteria_set.pk,
    )


def _drafts():
    """Each draft with what it would have done to the year before, as far as that was tried."""
    drafts = sorted(CriteriaSet.objects.filter(status=Status.DRAFT).select_related("proposal"), key=_in_order)
    reruns = {rerun.criteria_set_id: rerun for rerun in Rerun.objects.filter(criteria_set__in=drafts)}
    sums = rerunning.came_to(list(reruns.values()))
    return [
        (draft, reruns.get(draft.pk), sums.get(getattr(reruns.get(draft.pk), "pk", None))) for draft in drafts
    ]


def is_appointed(user) -> bool:
    """Whether somebody acts for an organization: they see how sure a figure is."""
    return user.is_authenticated and Appointment.objects.confirming().filter(user=user).exists()


@login_not_required
@require_safe
def detail(request, pk):
    criteria_set = seen_by(request.user, pk)
    keeps = publishing.works_at_centre(request.user)
    is_draft = criteria_set.status == Status.DRAFT
    proposal = publishing.asked(criteria_set) if is_draft else None
    now = clock.now()
    return render(
        request,
        "revising/detail.html",
        {
            "set": criteria_set,
            "steps": steps_to(),
            "keeps": keeps,
            "is_staff": is_appointed(request.user),
            "is_draft": is_draft,
            "figures": _figures(criteria_set),
            "before": publishing.in_force_before(criteria_set),
            "proposal": proposal,
            "why_not": publishing.why_not_publish(criteria_set, request.user) if is_draft else "",
            "drafter": User.objects.filter(pk=criteria_set.drafted_by).first(),
            "publisher": User.objects.filter(pk=criteria_set.published_by).first(),
            "carried": [(each, carrying.words(each, now)) for each in criteria_set.carryings.order_by("pk")]
            if keeps
            else [],
        },
    )


def _figures(criteria_set):
    """(label, value, how sure) of what the points are held against."""
    names = ["total", "pass_mark", "hard_area_pass_mark", "floor", "step"]
    return [
        (
            criteria_set._meta.get_field(name).verbose_name,
            getattr(criteria_set, name),
            getattr(criteria_set, f"get_{name}_confidence_display")(),
        )
        for name in names
        if criteria_set.pass_mark is not None and getattr(criteria_set, name) is not None
    ]


@login_not_required
@require_safe
def difference(request, pk):
    """What it says otherwise than the version it follows."""
    criteria_set = seen_by(request.user, pk)
    before = publishing.in_force_before(criteria_set)
    return render(
        request,
        "revising/difference.html",
        {
            "set": criteria_set,
            "before": before,
            "difference": differences.between(before, criteria_set) if before else None,
            "steps": steps_to(criteria_set),
            "is_draft": criteria_set.status == Status.DRAFT,
        },
    )


@login_not_required
@require_safe
def download(request, pk, kind):
    """The set as a file that can be sent in again."""
    drafts = [Draft.of(seen_by(request.user, pk))]
    name = f"tieu-chi-{pk}.{kind}"
    if kind == "xlsx":
        file = BytesIO()
        workbooks.write(drafts, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=excel.CONTENT_TYPE)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(
        writing.yaml_of(drafts), content_type="application/yaml; charset=utf-8", headers=headers
    )


def seen_by(user, pk) -> CriteriaSet:
    """What was published everybody reads; a draft those who keep the criteria."""
    criteria_set = get_object_or_404(CriteriaSet, pk=pk)
    if criteria_set.status == Status.DRAFT and not publishing.works_at_centre(user):
        raise Http404
    return criteria_set


def steps_to(criteria_set=None):
    steps = [(reverse("revising:index"), _("Tiêu chí"))]
    if criteria_set is not None:
        steps.append((reverse("revising:detail", args=[criteria_set.pk]), str(criteria_set)))
    return steps
