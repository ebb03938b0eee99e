"""Moving people of a list, taking them from it, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from audit import clock
from audit.models import Sight
from organizations.journal import Refused
from people import moves
from people.forms import DepartForm, MoveForm, PlaceNameForm, SelectionForm, UndoForm
from people.models import Transfer, TransferKind
from people.views.places import kept, steps_to
from vietnamese.numbers import format_integer

PAGE_SIZE = 50
MOST_NAMED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, code):
    """Which place: first looked for by its name, then chosen; the people stand in the address."""
    organization = kept(request, code)
    chosen = SelectionForm(request.GET, organization=organization).chosen
    asked = PlaceNameForm(request.GET)
    form = MoveForm(request.typed, organization=organization, query=asked.name)
    if request.method == "POST" and form.is_valid():
        step = moves.move
        what = {"target": form.place, "reason": form.cleaned_data["reason"]}
        return _carry_out(request, organization, chosen, step, **what)
    context = {"asked": asked, "selected": _selected(request), "title": _("Chuyển sang nơi khác")}
    return _ask(request, organization, chosen, form, "people/move.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def depart(request, code):
    organization = kept(request, code)
    chosen = SelectionForm(request.GET, organization=organization).chosen
    form = DepartForm(request.typed)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        what = {"kind": TransferKind(given["kind"]), "day": given["day"], "reason": given["reason"]}
        return _carry_out(request, organization, chosen, moves.depart, **what)
    return _ask(
        request, organization, chosen, form, "people/depart.html", title=_("Ghi đã chuyển đi, đã mất")
    )


def _carry_out(request, organization, chosen, step, **what):
    people = list(chosen.order_by("pk").values_list("pk", flat=True)[: moves.MOST])
    try:
        transfer = step(people, organization=organization, by=request.user, **what)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("people:list", organization.code)
    done = _("Đã ghi cho %(people)s người. Hoàn tác được ở trang này.")
    messages.success(request, done % {"people": format_integer(transfer.moved.count())})
    if len(people) == moves.MOST:
        most = _("Mỗi lần ghi nhiều nhất %(people)s người. Còn ai trong danh sách thì làm thêm lần nữa.")
        messages.info(request, most % {"people": format_integer(moves.MOST)})
    return redirect(transfer)


def _ask(request, organization, chosen, form, template, **context):
    count = chosen.count()
    if not count:
        messages.error(request, _("Đánh dấu ít nhất một người, rồi bấm lại."))
        return redirect("people:list", organization.code)
    named = list(chosen.in_order()[:MOST_NAMED])
    lookers.note(request, Sight.LIST, organization, listed=tuple(citizen.pk for citizen in named))
    context |= {
        "organization": organization,
        "form": form,
        "named": named,
        "count": count,
        "more": count - len(named),
        "steps": steps_to(organization),
    }
    return render(request, template, context)


def _selected(request):
    """The choice of people in the address, to be sent on by the search for a place."""
    return [(name, value) for name in ("people", "ten", "tat_ca") for value in request.GET.getlist(name)]


@require_safe
def index(request, code):
    organization = kept(request, code)
    done = Transfer.objects.filter(organization=organization).select_related("by", "target", "organization")
    page = Paginator(done, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"organization": organization, "page": page, "steps": steps_to(organization)}
    return render(request, "people/transfers.html", context)


@require_safe
def detail(request, code, pk):
    organization, transfer = _transfer(request, code, pk)
    return _page_of(request, organization, transfer, UndoForm())


@require_POST
def undo(request, code, pk):
    organization, transfer = _transfer(request, code, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page_of(request, organization, transfer, form)
    try:
        moves.undo(transfer, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã hoàn tác: mọi người trở lại nơi cũ."))
    return redirect(transfer)


def _page_of(request, organization, transfer, form):
    moved = transfer.moved.select_related("citizen", "source", "target").order_by("citizen__name_sort", "pk")
    page = Paginator(moved, PAGE_SIZE).get_page(request.GET.get("page"))
    if people := tuple(one.citizen_id for one in page):
        lookers.note(request, Sight.LIST, organization, listed=people)
    to_all = (reverse("people:transfers", args=[organization.code]), _("Các lần chuyển"))
    context = {
        "organization": organization,
        "transfer": transfer,
        "page": page,
        "form": form if transfer.can_undo(clock.now()) else None,
        "steps": steps_to(organization, to_all),
    }
    return render(request, "people/transfer.html", context)


def _transfer(request, code, pk):
    organization = kept(request, code)
    done = Transfer.objects.filter(organization=organization)
    return organization, get_object_or_404(
        done.select_related("by", "target", "undone_by", "organization"), pk=pk
    )
