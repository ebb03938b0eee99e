"""Beginning a rehearsal, outside of it; its clock, its sheet and its mail, inside."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Message
from assessments import queue
from audit import clock
from rehearsal import making, script, sheets, spaces
from rehearsal.forms import BoardForm, StageForm

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """What a rehearsal is; the one under way, or the boards to begin one for."""
    boards = queue.boards_of(request.user)
    form = BoardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        board = get_object_or_404(boards, code=form.cleaned_data["board"])
        try:
            space = making.make(board, request.user)
        except making.NotMade as reason:
            messages.error(request, str(reason))
        else:
            return HttpResponseRedirect(_way_in(request, space))
    space = spaces.of_user(request.user)
    context = {
        "boards": boards,
        "space": space,
        "card": space and space.card,
        "way_in": space and _way_in(request, space),
        "stages": script.STAGES,
        "most_people": making.MOST_PEOPLE,
        "days_kept": spaces.KEPT.days,
    }
    return render(request, "rehearsal/start.html", context)


def _way_in(request, space):
    return f"{request.META.get('SCRIPT_NAME', '').rstrip('/')}{space.address}/xac-nhan/"


@require_POST
def remove(request):
    space = spaces.of_user(request.user)
    if space:
        spaces.remove(space)
    messages.success(request, _("Đã xóa buổi diễn tập."))
    return redirect("rehearsal:start")


# --- Inside -------------------------------------------------------------------------------------------


@require_POST
def move_on(request):
    """Let the people act and set the clock to the next moment; a second click finds it there."""
    form = StageForm(request.POST)
    space = spaces.current()
    if form.is_valid() and script.move_on(space, form.cleaned_data["stage"]):
        messages.success(request, _("Bây giờ là %(day)s.") % {"day": script.STAGES[space.card.stage].called})
    return redirect("inside:sheet" if space.card.stage == script.LAST else "assessments:board_queue")


@require_safe
def sheet(request):
    card = spaces.current().card
    context = {
        "card": card,
        "sheet": sheets.of(card),
        "now": clock.now(),
        "made_on": timezone.localdate(),  # the real day: the paper lies in a folder of this year
        "is_over": card.stage == script.LAST,
    }
    return render(request, "rehearsal/sheet.html", context)


@require_safe
def outbox(request):
    """What the portal would have told people."""
    told = Message.objects.select_related("citizen", "user")
    page = Paginator(told, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "rehearsal/outbox.html", {"page": page})
