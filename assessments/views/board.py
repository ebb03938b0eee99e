"""The board's work: its list, several at once, one record."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import claiming, lookers
from assessments import (
    contests,
    extensions,
    helping,
    history,
    lowerings,
    on_time,
    pace,
    papers,
    queue,
    review,
    standing_in,
    turnout,
    unsent,
    windows,
    workflow,
)
from assessments.forms.board import PeopleForm, QueueForm, ReadPeopleForm, ReviewForm
from assessments.models import Assessment, Campaign, StandIn, State, WindowStep
from audit import clock
from audit.models import Sight
from organizations import boards

PAGE_SIZE = 25


# --- The list -------------------------------------------------------------------------------------


@require_safe
def board_queue(request):
    now = clock.now()
    own = list(queue.boards_of(request.user))
    filters = QueueForm(request.GET, campaigns=Campaign.objects.until(now))
    board = _chosen_board(request.user, filters, own)
    context = {
        "board": board,
        "board_name": boards.name_of(board),
        "acts": board in own,
        "stand_ins": [
            (each, standing_in.words(each), standing_in.may_end(request.user, each))
            for each in StandIn.objects.standing().filter(board=board).with_all().latest_first()
        ],
        "filters": filters,
        "campaign": filters.campaign,
        "helped": helping.share(queue.records_of(board, filters.campaign)) if filters.campaign else None,
        "to_review": contests.waiting_for(request.user).count(),
        "other_years": [year for year in filters.campaigns if year != filters.campaign.year],
    }
    if filters.campaign:
        context |= _list(request, board, filters, now) | {"own_boards": _waiting(own, filters.campaign)}
    return render(request, "board/queue.html", context)


def _chosen_board(user, filters, own):
    """The board named in the address where one may look at it, else the first one sits on."""
    if "board" in filters.errors:
        raise Http404
    if code := filters.cleaned_data["board"]:
        return get_object_or_404(queue.boards_seen_by(user), code=code)
    if not own:
        raise PermissionDenied
    return own[0]


def _waiting(own, campaign):
    """Each board with how many wait there; nothing to choose between where one sits on one alone."""
    if len(own) < 2:
        return []
    waiting = queue.waiting_by_board(own, campaign)
    return [(board, waiting.get(board.pk, 0)) for board in own]


def _list(request, board, filters, now):
    records = queue.records_of(board, filters.campaign)
    counts = queue.counts(records)
    opening = windows.opening_at(WindowStep.CONFIRMATION, filters.campaign, board, now)
    deadline = _deadline(opening, now)
    is_open = deadline["is_open"]
    found = records.matching(filters.query) if filters.query else records
    found_counts = queue.counts(found) if filters.query else counts
    shelf = filters.shelf
    on_shelf = shelf.in_order(shelf.of(found), by_name=filters.by_name)
    page = Paginator(on_shelf.with_all(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = queue.rows(list(page), request.user, shelf)
    _note_list(request, board, page)
    since = is_open and counts.waiting and pace.waits_since(counts.waiting_since, opening.opens_at)
    is_current = filters.campaign == next(iter(filters.campaigns.values()))
    return deadline | {
        "counts": counts,
        "is_locked": bool(opening and now >= opening.closes_at),
        "turnout": turnout.of(board, filters.campaign) if is_current else None,
        "lists_unregistered": is_current and claiming.may_keep(request.user, board),
        "at_risk": is_open and unsent.is_at_risk(filters.campaign, now) and counts.all_but_sent,
        "pace": queue.pace_of(records, counts.waiting, opening, now) if is_open else None,
        "waits_since": since,
        "waited_days": since and (now - since).days,
        "found_waiting": found_counts.waiting,
        "shelf": shelf,
        "shelves": [(each, found_counts.by_shelf[each.name]) for each in queue.SHELVES],
        "page": page,
        "rows": rows,
        "selectable": is_open and shelf == queue.WAITING and any(row.may_confirm for row in rows),
        "all_ticked": request.GET.get("chosen") == "all",
    }


def _deadline(opening, now):
    return {
        "deadline": windows.sentence(opening, now),
        "is_open": bool(opening and opening.is_open(now)),
    }


# --- Several at once ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def board_batch(request):
    """Show those chosen as they would be confirmed; confirm those that still are as they were shown."""
    if not queue.boards_of(request.user).exists():
        raise PermissionDenied
    form = ReadPeopleForm(request.POST) if request.method == "POST" else PeopleForm(request.GET)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["person"]))
        return redirect(f"{reverse('assessments:board_queue')}?{_back(request)}")
    chosen = form.cleaned_data["person"]
    records = _read_of(request.user, chosen)
    if records:
        _note_list(request, records[0].board, records)
    context = {
        "gone": len(chosen) - len(records),
        "back_query": _back(request),
        "back": f"{reverse('assessments:board_queue')}?{_back(request)}",
    }
    context |= _window_words(records)
    if request.method == "POST":
        return render(request, "board/batch_done.html", context | _confirm_chosen(request, records, chosen))
    return render(request, "board/batch.html", context | _preview(request, records))


def _read_of(user, chosen):
    """Those chosen that are of the user's boards."""
    of_boards = Assessment.objects.of_citizens().of_boards_of(user)
    return list(of_boards.filter(pk__in=chosen).with_all().by_name())


def _window_words(records):
    """One deadline for all: those ticked in the list are of one board and year."""
    if not records:
        return {"deadline": "", "is_open": False}
    now = clock.now()
    first = records[0]
    return _deadline(windows.opening_at(WindowStep.CONFIRMATION, first.campaign, first.board, now), now)


def _preview(request, records):
    rows = queue.rows(records, request.user)
    ready = [
        row for row in rows if row.may_confirm and row.assessment.state == State.SUBMITTED and not row.second
    ]
    failing = [row for row in ready if not row.result.achieved]
    return {
        "ready": [(row, _address_without(request, [row])) for row in ready],
        "others": [
            (row, row.note or row.second or _state_words(row.assessment)) for row in rows if row not in ready
        ],
        "failing": len(failing),
        "without_failing": _address_without(request, failing),
    }


def _confirm_chosen(request, records, chosen):
    confirmed, skipped = workflow.confirm_many(
        [(assessment, chosen[assessment.pk]) for assessment in records], by=request.user
    )
    # A second click finds what the first has just confirmed: that is no reason to call it skipped.
    mine = {
        assessment.pk
        for assessment in Assessment.objects.filter(
            pk__in=[assessment.pk for assessment, _reason in skipped],
            state=State.CONFIRMED,
            confirmed_by=request.user,
        )
        if assessment.version == chosen[assessment.pk] + 1
    }
    done = Assessment.objects.filter(pk__in={assessment.pk for assessment in confirmed} | mine)
    left = [(assessment, reason) for assessment, reason in skipped if assessment.pk not in mine]
    return {
        "confirmed": list(done.with_all().by_name()),
        "skipped": left,
        "left_out": len(chosen) - len(confirmed) - len(mine),
    }


@require_POST
def board_undo_batch(request):
    """Take back what the last batch confirmed; what changed since is told."""
    if not queue.boards_of(request.user).exists():
        raise PermissionDenied
    form = ReadPeopleForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["person"]))
        return redirect(f"{reverse('assessments:board_queue')}?{_back(request)}")
    chosen = form.cleaned_data["person"]
    records = _read_of(request.user, chosen)
    if records:
        _note_list(request, records[0].board, records)
    _undone, skipped = workflow.undo_many([(each, chosen[each.pk]) for each in records], by=request.user)
    # A second click finds them waiting again: that is what was wanted.
    waiting = set(
        Assessment.objects.filter(pk__in=chosen, state=State.SUBMITTED).values_list("pk", flat=True)
    )
    return render(
        request,
        "board/batch_undone.html",
        {
            "undone": [each for each in records if each.pk in waiting],
            "skipped": [(each, reason) for each, reason in skipped if each.pk not in waiting],
            "back": f"{reverse('assessments:board_queue')}?{_back(request)}",
        },
    )


def _address_without(request, rows):
    """The preview of the same choice but for some."""
    left_out = {str(row.assessment.pk) for row in rows}
    query = request.GET.copy()
    query.setlist("person", [number for number in query.getlist("person") if number not in left_out])
    return f"{request.path}?{query.urlencode()}"


def _state_words(assessment):
    return _("Hồ sơ đang ở tình trạng “%(state)s”.") % {"state": assessment.state_words}


def _back(request):
    """The filter of the list one came from."""
    query = QueryDict(request.POST.get("back") or request.GET.get("back"), mutable=True)
    query.pop("chosen", None)
    return query.urlencode()


# --- One record -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def board_detail(request, pk):
    records = Assessment.objects.overseen_by(request.user).with_all()
    assessment = get_object_or_404(records, pk=pk)
    if request.method == "POST":
        if not Assessment.objects.for_confirmer(request.user).filter(pk=pk).exists():
            raise PermissionDenied
        form = ReviewForm(
            request.POST,
            assessment=assessment,
            own=workflow.own_scores(assessment),
            act=request.POST.get("act", ""),
            lowering=lowerings.waiting(assessment),
        )
        if _take_step(request, assessment, form):
            return redirect("assessments:board_detail", pk)
        assessment = get_object_or_404(records, pk=pk)
    else:
        form = ReviewForm(
            request.typed,
            assessment=assessment,
            own=workflow.own_scores(assessment),
            lowering=lowerings.waiting(assessment),
        )
    if assessment.citizen is None or assessment.citizen.user_id != request.user.pk:
        lookers.note(
            request, Sight.RECORD, assessment.board, record=assessment.pk, subject=assessment.citizen_id
        )
    return render(request, "board/detail.html", _detail(request, assessment, form))


@require_POST
def board_undo(request, pk):
    """Take back one confirmation. A second click finds it waiting again."""
    assessment = get_object_or_404(Assessment.objects.overseen_by(request.user).with_all(), pk=pk)
    form = ReadPeopleForm(request.POST)
    read = form.cleaned_data["person"].get(pk, 0) if form.is_valid() else 0
    try:
        if assessment.state != State.SUBMITTED:
            workflow.undo(assessment, by=request.user, version=read)
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Đã hủy xác nhận hồ sơ của %(name)s. Hồ sơ chờ xác nhận lại.") % {"name": assessment.subject},
        )
    return redirect("assessments:board_detail", pk)


def _take_step(request, assessment, form):
    """Do what the button says and tell how it went; whether there is nothing left to do here."""
    try:
        workflow.ask_unchanged(assessment, form.read_version)
        if not form.is_valid():
            return False
        if form.act == ReviewForm.CONFIRM:
            workflow.confirm(assessment, by=request.user, version=form.read_version, changes=form.changes())
            said = _said_of(assessment)
        elif form.act == ReviewForm.RETURN:
            workflow.send_back(
                assessment,
                by=request.user,
                version=form.read_version,
                reason=form.return_reason(),
                only=form.only(),
            )
            said = _("Đã trả lại hồ sơ của %(name)s. Lý do đã được báo cho người gửi.") % {
                "name": assessment.subject
            }
        else:
            return False
    except workflow.Stale as stale:
        waits = lowerings.waiting(assessment)
        if waits and waits.decided_by == request.user and form.was_kept_in(assessment, waits):
            messages.success(request, _said_of(assessment))
            return True
        messages.error(
            request, _("%(stale)s Những gì bạn gõ vẫn còn. Xem lại rồi bấm lần nữa.") % {"stale": stale}
        )
        return False
    except workflow.Refused as refusal:
        return _tell_refused(request, assessment, form, refusal)
    messages.success(request, said)
    return True


def _said_of(assessment):
    """What confirming has come to: it may wait for another."""
    said = {"name": assessment.subject}
    if assessment.state == State.SUBMITTED:
        return (
            _(
                "Đã ghi điểm bạn chấm cho %(name)s, thấp hơn điểm tự chấm. "
                "Một thành viên khác của ban đồng ý thì mới có hiệu lực."
            )
            % said
        )
    said["result"] = history.result_words(assessment)
    return _("Đã xác nhận hồ sơ của %(name)s: %(result)s.") % said


def _tell_refused(request, assessment, form, refusal):
    """Say who was faster, or what else stands in the way. One's own second click is no fault."""
    current = Assessment.objects.get(pk=assessment.pk)
    if current.state == State.SUBMITTED:
        messages.error(request, str(refusal))
        return False
    is_second_click = history.last_step(current).by == request.user and form.was_kept_in(current)
    tell = messages.success if is_second_click else messages.error
    tell(request, history.last_step_words(current))
    return is_second_click


def _detail(request, assessment, form):
    now, user = clock.now(), request.user
    deadline = _deadline(windows.opening_of(WindowStep.CONFIRMATION, assessment, now), now)
    can_confirm = workflow.can_confirm(assessment, request.user)
    unsaved = form.typed() if form.is_bound and not can_confirm else []
    if form.is_bound and form.read_version != assessment.version:
        lowering = lowerings.waiting(assessment)
        form = form.carried_over(assessment, workflow.own_scores(assessment), lowering=lowering)
    lowering = form.lowering
    is_second = lowering is not None and lowering.decided_by_id != user.pk
    form = form if can_confirm else None
    last_year = queue.last_years_of([assessment]).get(assessment.citizen_id)
    reads = review.of(assessment, last_year) if review.is_open_to_board(assessment) else None
    return deadline | {
        "assessment": assessment,
        "board_name": boards.name_of(assessment.board),
        "note": queue.who_confirms(assessment, request.user),
        "on_time": on_time.words(assessment),
        "may_extend": extensions.records_for(request.user).filter(pk=assessment.pk).exists(),
        "form": form,
        "also_looking": lookers.also_looking(assessment.pk, assessment.board_id, user.pk, now)
        if form
        else [],
        "is_reported_stray": form is not None and workflow.is_reported(assessment),
        "unsaved": unsaved,
        "helped_words": [helping.words(each) for each in helping.of(assessment) if each.wrote_at],
        "review": reads,
        "sections": sections_of(reads, form) if reads else [],
        "result": form and form.result(),
        "rules": assessment.rules(),
        "last_year": last_year,
        "lowering": lowering,
        "seconds": queue.seconds(assessment, user) if form and not is_second else [],
        "can_undo": workflow.can_undo(assessment, request.user, now),
        **_contested(assessment, request.user, now),
        **_on_paper(assessment, request.user, now),
        "history": history.of(assessment),
        "earlier": list(history.earlier(assessment, user)),
        "next": queue.next_waiting(assessment, user, leave=bool(form)) if deadline["is_open"] else None,
        "back": _list_of(assessment),
    }


def _contested(assessment, user, now):
    """What the citizen asks to be looked at again, and by whom that is done."""
    asked = contests.of(assessment) if assessment.is_judged else None
    waits = asked is not None and asked.decided_at is None
    return {
        "contest": asked,
        "contest_open": waits and windows.is_open(WindowStep.CONTEST, assessment, now),
        "can_review": waits and workflow.can_review(assessment, user, now),
        "reviewer": contests.who_reviews(assessment) if waits else "",
    }


def _on_paper(assessment, user, now):
    """The sheet of before the lock that waits for a second member, and whether one may be typed in."""
    if assessment.closed_from != State.SUBMITTED:
        return {"can_type_paper": False, "paper": None}
    waiting = papers.waiting(assessment)
    return {
        "can_type_paper": workflow.can_type_paper(assessment, user, now),
        "paper": waiting,
        "paper_result": waiting and history.judged_words(waiting.outcome, waiting.total),
        "paper_scores": waiting and waiting.scores.select_related("score__indicator"),
        "paper_deadline": windows.words(windows.opening_of(WindowStep.PAPER, assessment, now), now),
    }


def sections_of(reads, form):
    """The criteria, each with its lines and, where the board may write, their fields."""
    return [
        (section.criterion, [(line, form and form.fields_of(line.indicator)) for line in section.lines])
        for section in reads.sections
    ]


def _note_list(request, board, records):
    people = tuple(record.citizen_id for record in records if record.citizen_id)
    if people:
        lookers.note(request, Sight.LIST, board, listed=people)


def _list_of(assessment):
    query = urlencode({"board": assessment.board.code, "year": assessment.campaign.year})
    return f"{reverse('assessments:board_queue')}?{query}"
