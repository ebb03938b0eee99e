"""The boards below an association, those first whose people will not make it; and what it does about one."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import board_notes, lookers
from accounts.models import Appointment, Role, User
from accounts.supporting_forms import NoteForm
from assessments import helping, looking_ahead, queue, standing_in
from assessments.forms.upwards import BoardsForm, TakeOverForm
from assessments.looking_ahead import Told
from assessments.models import BoardOutlook, Campaign, StandIn
from assessments.outlook import Cause
from assessments.queue import BOARD_KINDS
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from organizations import boards, oversight
from organizations.models import Organization
from vietnamese.numbers import format_integer

PAGE_SIZE = 25
MOST_PLACES = 200  # in the choice of a place


@dataclass(frozen=True)
class Row:
    """A board in the list: how it stands, whom to call, who stands in."""

    told: Told
    person: User | None
    phone: str
    stand_in: StandIn | None


# --- The list -------------------------------------------------------------------------------------


@require_safe
def board_list(request):
    now = clock.now()
    own = list(_own(request.user))
    if not own:
        raise PermissionDenied(_("Trang này của cán bộ hội khuyến học."))
    form = BoardsForm(request.GET)
    place = _place(form, own)
    campaign = Campaign.objects.current(now)
    context = {"place": place, "form": form, "causes": []}
    if campaign:
        context |= _list(request, place, campaign, form.chosen_cause, now)
    context |= _places(place, own)
    return render(request, "upwards/list.html", context)


def _own(user):
    """The associations the user is an officer of."""
    seats = user.appointments.officers().filter(organization__kind__in=boards.ASSOCIATIONS)
    return Organization.objects.filter(pk__in=seats.values("organization")).in_order()


def _place(form, own):
    if "place" in form.errors:
        raise Http404
    if not form.code:
        return own[0]
    place = get_object_or_404(Organization, code=form.code)
    if not any(each.contains(place) for each in own):
        raise Http404
    return place


def _list(request, place, campaign, cause, now):
    below = BoardOutlook.objects.filter(campaign=campaign).below(place)
    counted = {
        each: (count, missing)
        for each, count, missing in below.order_by()
        .values_list("cause")
        .annotate(Count("pk"), Sum("missing"))
    }
    total = sum(count for count, _missing in counted.values())
    found = below.filter(cause=cause) if cause else below
    rows = found.worst_first().select_related("board__parent")
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = counted.get(cause, (0, 0))[0] if cause else total
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page)
    people = rows_of(looking_ahead.of(shown, campaign, now), now)
    _note(request, place, people)
    return {
        "page": page,
        "rows": people,
        "at": shown[0].at if shown else None,
        "total": total,
        "missing": sum(missing for _count, missing in counted.values()),
        "boards_missing": total - counted.get(Cause.NONE, (0, 0))[0],
        "causes": [(each, counted[each][0]) for each in Cause if each and each in counted],
        "chosen": cause,
    }


def _places(place, own):
    """What the list can be narrowed to: the associations above as far as they are one's own, and below."""
    above = [each for each in place.ancestors if any(one.contains(each) for one in own)]
    below = place.children.in_force().filter(kind__in=boards.ASSOCIATIONS).in_order()
    places = list(below[:MOST_PLACES]) or (
        list(above[-1].children.in_force().filter(kind__in=boards.ASSOCIATIONS).in_order()[:MOST_PLACES])
        if above
        else []
    )
    choices = [*above, *(each for each in own if each not in above and each != place), place]
    choices += [each for each in places if each not in choices]
    steps = [(f"{reverse('assessments:board_list')}?place={each.code}", str(each)) for each in above]
    return {"places": choices if len(choices) > 1 else [], "steps": steps}


def rows_of(told: list[Told], now) -> list[Row]:
    """With whom to call at each, in two statements for all."""
    bodies = [each.board for each in told]
    people = _people(bodies)
    stand_ins = {
        each.board_id: each
        for each in StandIn.objects.standing().filter(board__in=bodies).with_all().order_by("begun_at", "pk")
    }
    return [
        Row(
            each,
            person := people.get(each.board.pk),
            phone_of(person, each.board),
            stand_ins.get(each.board.pk),
        )
        for each in told
    ]


def _people(bodies):
    """Board → its chair, else another member."""
    seats = Appointment.objects.filled().filter(organization__in=bodies).exclude(role=Role.STAND_IN)
    found = {}
    for seat in seats.select_related("user__citizen").order_by("user__full_name", "pk"):
        if seat.organization_id not in found or seat.role == Role.BOARD_CHAIR:
            found[seat.organization_id] = seat.user
    return found


def phone_of(person, board) -> str:
    """The person's own, else the one of the place."""
    citizen = getattr(person, "citizen", None)
    return (citizen.phone if citizen else "") or board.phone


def _note(request, place, rows):
    """Whose telephone was shown."""
    citizens = [getattr(row.person, "citizen", None) for row in rows if row.person]
    if listed := tuple(each.pk for each in citizens if each and each.phone):
        lookers.note(request, Sight.LIST, place, listed=listed)


# --- One board --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def board_outlook(request, code):
    """How it stands, whom to call, a note to its people; who stands in for it."""
    board = _board(request, code)
    now = clock.now()
    told = _told(board, now)
    form = NoteForm(request.typed, initial={"words": _usual_words(told) if told else ""})
    if request.method == "POST" and form.is_valid():
        sent = _write(board, form.cleaned_data["words"], request.user)
        _say_sent(request, board, sent)
        return redirect("assessments:board_outlook", board.code)
    campaign = Campaign.objects.current(now)
    members = _members(board)
    row = rows_of([told], now)[0] if told else None
    _note(request, board, [Row(told, user, "", None) for user, _role, _phone in members])
    past = StandIn.objects.filter(board=board).with_all().latest_first()
    context = {
        "board": board,
        "board_name": boards.name_of(board),
        "row": row,
        "members": members,
        "form": form,
        "helped": helping.share(queue.records_of(board, campaign)) if campaign else None,
        "standing": [(each, standing_in.words(each)) for each in past if each.is_standing],
        "past": [standing_in.over_words(each) for each in past if not each.is_standing],
        "may_take_over": bool(told and told.outlook.missing and standing_in.may_begin(request.user, board)),
        "may_appoint": oversight.is_right_above(request.user, board),
        "steps": _steps(request, board),
    }
    return render(request, "upwards/board.html", context)


@require_POST
def nudge(request, code):
    """The usual words, with one click; once a day."""
    board = _board(request, code)
    told = _told(board, clock.now())
    if told is None or not told.outlook.figures.left:
        messages.error(request, _("%(board)s không còn ai cần nhắc.") % {"board": _name(board)})
    else:
        occasion = f"nudge:{board.pk}:{clock.today():%Y-%m-%d}"
        if sent := _write(board, _usual_words(told), request.user, occasion=occasion):
            _say_sent(request, board, sent)
        elif _people([board]):
            messages.success(request, _("Hôm nay đã nhắc %(board)s rồi.") % {"board": boards.name_of(board)})
        else:
            _say_sent(request, board, 0)
    back = request.POST.get("back", "")
    return redirect(f"{reverse('assessments:board_list')}{f'?{back}' if back else ''}")


def _write(board, words, by, occasion=""):
    association = _speaking_for(by, board)
    body = _("%(name)s, %(association)s, nhắn cho %(board)s: “%(words)s”") % {
        "name": by,
        "association": boards.name_of(association),
        "board": boards.name_of(board),
        "words": words,
    }
    return board_notes.send(
        board,
        words,
        by=by,
        subject=_("Hội khuyến học nhắn cho ban"),
        body=body,
        verb="board_note",
        occasion=occasion,
        link=f"{reverse('assessments:board_queue')}?board={board.code}",
    )


def _speaking_for(user, board):
    """The nearest association above of which the user is an officer."""
    above = board.ancestors.filter(pk__in=user.appointments.officers().values("organization"))
    return above.order_by("-path").first()


def _usual_words(told):
    figures = told.outlook.figures
    return _(
        "Còn %(left)s người chưa xong, còn %(days)s ngày: cần %(needed)s người mỗi ngày. "
        "Cần giúp thì báo hội."
    ) % {
        "left": format_integer(figures.left),
        "days": format_integer(figures.days),
        "needed": format_integer(figures.needed),
    }


def _say_sent(request, board, sent):
    if sent:
        words = {"people": format_integer(sent), "board": boards.name_of(board)}
        messages.success(request, _("Đã nhắn cho %(people)s người của %(board)s.") % words)
    else:
        messages.error(request, _("Ban chưa có ai để nhận. Cần phân công người trước."))


# --- Taking over ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request, code):
    board = _board(request, code)
    if not standing_in.may_begin(request.user, board):
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học ngay trên ban này xác nhận thay được."))
    now = clock.now()
    form = TakeOverForm(request.typed, initial={"valid_to": standing_in.last_day(board, now)})
    if request.method == "POST" and form.is_valid():
        try:
            standing_in.begin(board, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Từ lúc này bạn xác nhận thay ban. Người của ban đã được báo."))
            return redirect(f"{reverse('assessments:board_queue')}?board={board.code}")
    context = {
        "board": board,
        "board_name": boards.name_of(board),
        "form": form,
        "told": _told(board, now),
        "steps": [*_steps(request, board), (_address(board), _name(board))],
    }
    return render(request, "upwards/take_over.html", context)


@require_POST
def end_take_over(request, code, pk):
    visible = Organization.objects.visible_to(request.user).in_force().filter(kind__in=BOARD_KINDS)
    board = get_object_or_404(visible, code=code)
    stand_in = get_object_or_404(StandIn.objects.with_all().filter(board=board), pk=pk)
    try:
        standing_in.end(stand_in, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = {"name": stand_in.by, "board": boards.name_of(board)}
        messages.success(request, _("%(name)s đã thôi xác nhận thay %(board)s.") % words)
    if oversight.is_above(request.user, board):
        return redirect("assessments:board_outlook", board.code)
    return redirect(f"{reverse('assessments:board_queue')}?board={board.code}")


# --- What the pages share ---------------------------------------------------------------------------


def _board(request, code):
    visible = Organization.objects.visible_to(request.user).in_force().filter(kind__in=BOARD_KINDS)
    board = get_object_or_404(visible.select_related("parent"), code=code)
    if not oversight.is_above(request.user, board):
        raise PermissionDenied(_("Trang này của cán bộ hội khuyến học cấp trên."))
    return board


def _told(board, now):
    campaign = Campaign.objects.current(now)
    return looking_ahead.of_board(board, campaign, now) if campaign else None


def _members(board):
    """(who, as what, telephone) of each who confirms there, the chair first."""
    seats = board.appointments.filled().exclude(role=Role.STAND_IN).select_related("user__citizen")
    in_order = sorted(seats.order_by("user__full_name", "pk"), key=lambda seat: seat.role != Role.BOARD_CHAIR)
    return [(seat.user, seat.get_role_display(), phone_of(seat.user, board)) for seat in in_order]


def _steps(request, board):
    association = _speaking_for(request.user, board)
    address = f"{reverse('assessments:board_list')}?place={association.code}"
    return [(address, _("Các ban"))]


def _address(board):
    return reverse("assessments:board_outlook", args=[board.code])


def _name(board):
    return capfirst(boards.name_of(board))
