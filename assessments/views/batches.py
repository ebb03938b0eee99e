"""The pages on which a member confirms the whole list: look at some, preview, confirm, take back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lookers
from assessments import batches, lanes, outliers, queue, review, tasks, windows
from assessments.forms.batch import BeginForm
from assessments.models import Assessment, Batch, BatchState, Outcome, RowState, WindowStep
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from organizations import boards
from vietnamese import numbers

PAGE_SIZE = 50


@require_POST
def begin(request):
    """Read the list as it is now. Confirms nobody."""
    own = queue.boards_of(request.user)
    form = BeginForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Không đọc được danh sách. Mở lại danh sách rồi bấm lại."))
        return redirect("assessments:board_queue")
    board = get_object_or_404(own, code=form.cleaned_data["board"])
    campaign = form.cleaned_data["year"]
    try:
        made = batches.begin(board, campaign, by=request.user, query=form.cleaned_data["name"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_list_of(board, campaign))
    return redirect("assessments:batch", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request, pk):
    """One batch on its way: each state of it asks for the next step, and a second click finds it done."""
    own = Batch.objects.filter(by=request.user, board__in=queue.boards_of(request.user).order_by())
    made = get_object_or_404(own.select_related("board", "campaign", "by"), pk=pk)
    if request.method == "POST":
        _take(request, made)
        return redirect("assessments:batch", pk)
    now = clock.now()
    opening = windows.opening_at(WindowStep.CONFIRMATION, made.campaign, made.board, now)
    counted = dict(made.rows.order_by().values_list("state").annotate(Count("pk")))
    ready = counted.get(RowState.WAITING, 0)
    context = {
        "batch": made,
        "board_name": boards.name_of(made.board),
        "deadline": windows.sentence(opening, now),
        "is_open": bool(opening and opening.is_open(now)),
        "back": _list_of(made.board, made.campaign),
        "counts": {state.value: counted.get(state, 0) for state in RowState},
        "all": sum(counted.values()),
        "done": sum(counted.values()) - ready - counted.get(RowState.TO_LOOK, 0),
        "left_to_undo": counted.get(RowState.CONFIRMED, 0),
        "rules": lanes.rules(),
        "not_yours": _not_ones_own(made) if made.state in (BatchState.LOOKING, BatchState.READY) else 0,
        "unusual": outliers.before(made, now) if made.state == BatchState.READY else [],
        "drawn": made.rows.filter(is_drawn=True).count(),
        "looked_at": made.rows.filter(is_drawn=True, looked_at__isnull=False).count(),
    }
    shown = _looking(request, made) if made.state == BatchState.LOOKING and ready else {}
    return render(request, "board/whole.html", context | shown | _lists(request, made))


def _not_ones_own(made):
    """How many wait in the list whom the member may not confirm."""
    waiting = queue.WAITING.of(queue.records_of(made.board, made.campaign))
    found = waiting.matching(made.query) if made.query else waiting
    return found.exclude(pk__in=found.untied_to(made.by).order_by().values("pk")).count()


def _take(request, made):
    act = request.POST.get("act")
    try:
        if act == "look":
            batches.look(made, _numbers(request, "row"), _numbers(request, "apart"))
        elif (act == "confirm" and batches.start(made)) or (act == "undo" and batches.start_undo(made)):
            _work(made)
    except Refused as refusal:
        messages.error(request, str(refusal))


def _numbers(request, name):
    typed = map(numbers.key, request.POST.getlist(name)[: batches.LOOKED_AT_ONCE])
    return [number for number in typed if number is not None]


def _work(made):
    """A short list is done before the answer; a long one is the worker's."""
    if made.rows.count() <= batches.CHUNK:
        batches.work(made.pk)
    else:
        made.hand_to(tasks.work_on_batch)


def _looking(request, made):
    """The next of those drawn, with all that stands behind their points."""
    rows = batches.to_look_at(made)
    records = list(_with_all(Assessment.objects.filter(pk__in=[row.assessment_id for row in rows])))
    by_key = {record.pk: record for record in records}
    last_year = queue.last_years_of(records)
    for record in records:
        lookers.note(request, Sight.RECORD, made.board, record=record.pk, subject=record.citizen_id)
    return {
        "shown": [
            (row, record, review.of(record, last_year.get(record.citizen_id)))
            for row in rows
            if (record := by_key.get(row.assessment_id))
        ]
    }


def _lists(request, made):
    """Whom it is about, a page of them; who is left out, and why."""
    state = request.GET.get("xem")
    told = state if state in RowState else _first_to_tell(made)
    rows = (
        made.rows.filter(state=told)
        .select_related("assessment__citizen")
        .order_by("assessment__citizen__name_sort", "pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    people = tuple(row.assessment.citizen_id for row in page if row.assessment.citizen_id)
    if people:
        lookers.note(request, Sight.LIST, made.board, listed=people)
    failing = made.rows.filter(state=RowState.WAITING, outcome=Outcome.NOT_ACHIEVED).count()
    return {"page": page, "told": RowState(told), "failing": failing}


def _first_to_tell(made):
    """What one wants to see first: who was skipped, else who needs a look, else everybody."""
    for state in (RowState.SKIPPED, RowState.KEPT, RowState.TO_LOOK):
        if made.rows.filter(state=state).exists():
            return state
    return RowState.CONFIRMED if made.state in (BatchState.DONE, BatchState.RUNNING) else RowState.WAITING


def _with_all(records):
    return records.select_related("citizen", "campaign", "board", "criteria_set").by_name()


def _list_of(board, campaign):
    query = urlencode({"board": board.code, "year": campaign.year})
    return f"{reverse('assessments:board_queue')}?{query}"
