"""What lies with the bodies that judge groups, and one record as such a body reads it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from accounts.models import Member, Purpose
from assessments import chain, history, lowerings, queue, windows, workflow
from assessments import review as reading
from assessments.forms.board import ReviewForm
from assessments.models import Assessment, Campaign, State, WindowStep
from assessments.views.board import sections_of
from audit import clock
from audit.models import Sight
from groups import shown, speaking
from groups.forms import (
    CheckForm,
)
from organizations import boards
from vietnamese import numbers

PAGE_SIZE = 25


@require_safe
def board(request):
    """What lies with the bodies one sits on, by title, the longest waiting first."""
    bodies = list(speaking.bodies_of(request.user))
    if not bodies:
        raise PermissionDenied
    campaigns = {campaign.year: campaign for campaign in Campaign.objects.until(clock.now())}
    campaign = campaigns.get(numbers.key(request.GET.get("nam")))
    campaign = campaign or next(iter(campaigns.values()), None)
    waiting = speaking.waiting_at(bodies, campaign)
    counts = dict(waiting.order_by().values_list("level").annotate(Count("pk")))
    level = request.GET.get("loai")
    if level not in speaking.GROUP_LEVELS:
        level = next((each for each in speaking.GROUP_LEVELS if counts.get(each)), speaking.GROUP_LEVELS[0])
    shelf = "below" if request.GET.get("xem") == "tat-ca" else "waiting"
    found = waiting if shelf == "waiting" else _seen(request.user, campaign)
    records = found.filter(level=level).with_all().order_by("submitted_at", "pk")
    return render(
        request,
        "groups/board.html",
        {
            "bodies": bodies,
            "campaign": campaign,
            "other_years": [each for each in campaigns if campaign and each != campaign.year],
            "levels": [
                (each.value, each.label, counts.get(each.value, 0), each == level)
                for each in speaking.GROUP_LEVELS
            ],
            "shelf": shelf,
            "page": Paginator(records, PAGE_SIZE).get_page(request.GET.get("page")),
        },
    )


def _seen(user, campaign):
    return Assessment.objects.groups_overseen_by(user).filter(campaign=campaign)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk):
    """One group's record as a body reads it: sent on, sent back, or at the last link of the chain judged."""
    records = Assessment.objects.groups_overseen_by(request.user).with_all()
    record = get_object_or_404(records, pk=pk)
    may = Assessment.objects.for_confirmer(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not may:
        if _was_mine(record, request.user):
            messages.success(request, history.last_step_words(record))
            return redirect("groups:review", pk)
        raise PermissionDenied
    if request.method == "POST":
        form = _form(record, request.POST, request.POST.get("act", ""))
        if _answered(request, record, form):
            return redirect("groups:review", pk)
        record = get_object_or_404(records, pk=pk)
        if form.is_bound and form.read_version != record.version:
            form = _form(record, {**request.POST.dict(), "version": record.version})
    else:
        form = _form(record, request.typed)
    return _page_of(request, record, form, may)


def _page_of(request, record, form, may):
    listed = Member.objects.of(record.subject).present().having_consented(Purpose.LISTED)
    named = list(listed.select_related("citizen").in_order()[:PAGE_SIZE])
    lookers.note(
        request,
        Sight.RECORD,
        record.board,
        record=record.pk,
        listed=tuple(each.citizen_id for each in named if each.citizen_id),
    )
    now = clock.now()
    opening = windows.opening_of(WindowStep.CONFIRMATION, record, now)
    is_open = windows.is_open(WindowStep.CONFIRMATION, record, now)
    is_waiting = record.state == State.SUBMITTED
    form = form if may and is_open and is_waiting else None
    reads = reading.of(record, None) if reading.is_open_to_board(record) else None
    is_last = isinstance(form, ReviewForm)
    return render(
        request,
        "groups/review.html",
        {
            "assessment": record,
            "subject": record.subject,
            "form": form,
            "is_last": is_last,
            "next": chain.following(record) if is_waiting else None,
            "note": "" if may or not is_waiting else queue.who_confirms(record, request.user),
            "deadline": windows.sentence(opening, now),
            "stops": chain.stops(record),
            "review": reads,
            "sections": sections_of(reads, form if is_last else None) if reads else [],
            "result": form.result() if is_last else None,
            "rules": record.rules(),
            "seconds": queue.seconds(record, request.user) if is_last else [],
            "lowering": lowerings.waiting(record) if is_waiting else None,
            "shown": shown.of(record, request.user),
            "tips": shown.tips(record) if reads else [],
            "members": named,
            "members_in_all": Member.objects.of(record.subject).present().count(),
            "history": history.of(record),
        },
    )


def _form(record, data=None, act=""):
    """The points too where this body gives the result; else only what it says."""
    if record.state == State.SUBMITTED and chain.following(record) is None:
        return ReviewForm(
            data,
            assessment=record,
            own=workflow.own_scores(record),
            act=act,
            lowering=lowerings.waiting(record),
        )
    return CheckForm(data, version=record.version, act=act)


def _answered(request, record, form):
    """Do what the button says and tell how it went; whether there is nothing left to do here."""
    said = {"name": record.subject}
    try:
        workflow.ask_unchanged(record, form.read_version)
        if not form.is_valid():
            return False
        if form.act == CheckForm.RETURN:
            is_points = isinstance(form, ReviewForm)
            workflow.send_back(
                record,
                by=request.user,
                version=record.version,
                reason=form.return_reason() if is_points else form.cleaned_data["reason"],
                only=form.only() if is_points else None,
            )
            messages.success(request, _("Đã trả lại hồ sơ của %(name)s, kèm lý do.") % said)
        elif form.act == CheckForm.SEND_ON:
            workflow.send_on(
                record, by=request.user, version=record.version, reason=form.cleaned_data["reason"]
            )
            said["board"] = boards.name_of(record.board)
            messages.success(request, _("Đã chuyển hồ sơ của %(name)s lên %(board)s.") % said)
        elif form.act == ReviewForm.CONFIRM:
            workflow.confirm(record, by=request.user, version=record.version, changes=form.changes())
            messages.success(request, _said_of(record))
        else:
            return False
    except workflow.Stale as stale:
        if _was_mine(record, request.user):
            return True
        messages.error(
            request, _("%(stale)s Những gì bạn gõ vẫn còn. Xem lại rồi bấm lần nữa.") % {"stale": stale}
        )
        return False
    except workflow.Refused as refusal:
        return _tell_refused(request, record, refusal)
    return True


def _said_of(record):
    if record.state == State.SUBMITTED:
        return _(
            "Đã ghi điểm bạn chấm, thấp hơn điểm tự chấm. Một thành viên khác đồng ý thì mới có hiệu lực."
        )
    return _("Đã xác nhận kết quả của %(name)s: %(result)s.") % {
        "name": record.subject,
        "result": history.result_words(record),
    }


def _tell_refused(request, record, refusal):
    """A second click finds the own first one done: that is no fault."""
    if _was_mine(record, request.user):
        messages.success(request, history.last_step_words(Assessment.objects.get(pk=record.pk)))
        return True
    messages.error(request, str(refusal))
    return False


def _was_mine(record, user):
    """Whether the last answer of the chain was the user's: a second click, not another opinion."""
    last = record.review_steps.last()
    return last is not None and last.by_id == user.pk and last.at >= record.submitted_at
