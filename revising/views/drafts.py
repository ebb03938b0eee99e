"""What officers of the centre do with a draft. For everybody else these addresses do not exist."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import clock
from criteria import reading
from criteria.models import CriteriaSet, Status
from criteria.publishing import Refused
from criteria.reading import Fault, Unreadable
from organizations.models import Organization
from revising import carrying, drafting, publishing, rerunning, tasks, workbooks
from revising.drafting import Stale
from revising.forms import DraftForm, UploadForm
from revising.models import Rerun, RerunState
from revising.views.sets import seen_by, steps_to
from vietnamese import numbers

PAGE_SIZE = 50
PROVINCE = "tinh"


def for_centre(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not publishing.works_at_centre(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _draft(pk):
    return get_object_or_404(CriteriaSet, pk=pk, status=Status.DRAFT)


# --- Writing --------------------------------------------------------------------------------------


@require_POST
@for_centre
def copy(request, pk):
    draft = drafting.copy(seen_by(request.user, pk), by=request.user)
    messages.success(request, _("Đã lập bản thảo. Mọi thứ còn như bản đang dùng, chưa ai thấy."))
    return redirect("revising:edit", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_centre
def edit(request, pk):
    draft = seen_by(request.user, pk)
    if draft.status != Status.DRAFT:
        return redirect("revising:detail", pk)
    if "discard" in request.POST:
        return redirect(request.path)
    form = DraftForm(draft, request.typed)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            drafting.save(draft, form, by=request.user)
        except Stale as told:
            stale = told
            form.hold_on_to(CriteriaSet.objects.get(pk=pk).revision)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu bản thảo."))
            return redirect("revising:detail" if "done" in request.POST else "revising:edit", pk)
    return render(
        request,
        "revising/edit.html",
        {"set": draft, "form": form, "stale": stale, "steps": steps_to(draft)},
    )


@require_POST
@for_centre
def remove(request, pk):
    if drafting.remove(_draft(pk), by=request.user):
        messages.success(request, _("Đã bỏ bản thảo."))
    return redirect("revising:index")


# --- As files ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_centre
def upload(request):
    """Each set of the file becomes a draft; of a file with a fault nothing is taken."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            drafts = _read(sent)
        except Unreadable as problem:
            form.refuse(str(fault) for fault in problem.faults)
        else:
            made = drafting.take(drafts, by=request.user)
            words = _("Đã lập %(count)d bản thảo từ tệp.") % {"count": len(made)}
            messages.success(request, words)
            return redirect("revising:detail", made[0].pk) if len(made) == 1 else redirect("revising:index")
    return render(request, "revising/upload.html", {"form": form, "steps": steps_to()})


def _read(sent):
    if not sent.is_whole:
        raise Unreadable([Fault("", _("Tệp quá lớn nên không đọc."))])
    if sent.name.lower().endswith(".xlsx"):
        return workbooks.read(sent.file)
    return reading.read(sent.file)


# --- Trying ---------------------------------------------------------------------------------------


@require_safe
@for_centre
def trial(request, pk):
    draft = _draft(pk)
    rerun = Rerun.objects.filter(criteria_set=draft).select_related("campaign").first()
    context = {
        "set": draft,
        "rerun": rerun,
        "steps": steps_to(draft),
        "year": rerun.campaign if rerun else rerunning.year_before(draft),
        "without_scores": rerunning.codes_without_scores(draft),
    }
    if rerun:
        context |= _results(request, rerun) | {"is_stale": rerun.revision != draft.revision}
    return render(request, "revising/trial.html", context)


def _results(request, rerun):
    sums = rerunning.came_to([rerun]).get(rerun.pk)
    number = numbers.key(request.GET.get(PROVINCE))
    province = get_object_or_404(Organization, pk=number) if number else None
    rows = rerunning.by_commune(rerun, province) if province else rerunning.by_province(rerun)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    place = "commune" if province else "province"
    names = Organization.objects.in_bulk([row[place] for row in page if row[place]])
    return {
        "sums": sums,
        "done": sums["records"] if sums else 0,
        "province": province,
        "page": page,
        "rows": [(names.get(row[place]), row) for row in page],
        "is_running": rerun.state == RerunState.RUNNING,
        "is_stopped": rerun.state == RerunState.STOPPED,
    }


@require_POST
@for_centre
def try_out(request, pk):
    """Begin, stop or go on, as the pressed button says."""
    draft = _draft(pk)
    rerun = Rerun.objects.filter(criteria_set=draft).first()
    if "stop" in request.POST and rerun:
        rerunning.stop(rerun)
    elif "go_on" in request.POST and rerun:
        if rerunning.go_on(rerun):
            rerun.hand_to(tasks.work_on_rerun)
    elif "start" in request.POST and not (rerun and rerun.state == RerunState.RUNNING):
        if year := rerunning.year_before(draft):
            rerunning.start(draft, year, by=request.user).hand_to(tasks.work_on_rerun)
        else:
            messages.error(request, _("Chưa có năm nào đã xác nhận để áp dụng thử."))
    return redirect("revising:trial", pk)


# --- Publishing -----------------------------------------------------------------------------------


@require_POST
@for_centre
def ask(request, pk):
    draft = _draft(pk)
    try:
        publishing.ask(draft, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Đã đề nghị ban hành. Một người khác của trung ương hội đọc và ban hành.")
        )
    return redirect("revising:detail", pk)


@require_POST
@for_centre
def publish(request, pk):
    """By another than who drafted and who asked; a second click finds it done."""
    draft = get_object_or_404(CriteriaSet, pk=pk)
    if draft.status != Status.DRAFT:
        return redirect("revising:detail", pk)
    if request.POST.get("revision", "") != str(draft.revision):
        messages.error(request, _("Bản thảo vừa được sửa. Đọc lại rồi ban hành."))
        return redirect("revising:detail", pk)
    try:
        publishing.publish(draft, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        for each in carrying.begin(clock.now()):
            each.hand_to(tasks.work_on_carrying)
        messages.success(
            request, _("Đã ban hành. Hồ sơ chưa gửi được chuyển sang bản mới khi bản ấy có hiệu lực.")
        )
    return redirect("revising:detail", pk)
