"""Sending a list of people in: what would happen, the doubtful to decide, the work and its progress."""

from functools import partial
from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from accounts.models import Citizen, FileState, Gender
from audit.models import Sight
from organizations.models import Organization
from people import columns, rosters, tasks
from people.forms import DecisionForm, RosterForm, RowsForm
from people.models import WAITING, Roster, RowState
from people.views.places import kept, steps_to
from reports import excel
from vietnamese import identity, workbooks

PAGE_SIZE = 50
FILES_SHOWN = 30
AT_WORK = [RowState.UNREAD, *WAITING]


@require_http_methods(["GET", "HEAD", "POST"])
def index(request, code):
    organization = kept(request, code)
    posted = request.method == "POST"
    form = RosterForm(request.POST if posted else None, request.FILES or None, organization=organization)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            roster = rosters.take(
                given["file"].file,
                name=given["file"].name,
                organization=organization,
                work=given["work"],
                by=request.user,
            )
        except workbooks.Unreadable as reason:
            form.add_error("file", str(reason))
        else:
            if roster.state == FileState.CHECKING:
                roster.hand_to(tasks.work_on_roster)
            return redirect("people:roster", organization.code, roster.pk)
    sent = Roster.objects.filter(organization=organization).select_related("by")[:FILES_SHOWN]
    context = {"organization": organization, "form": form, "sent": sent, "steps": steps_to(organization)}
    return render(request, "people/rosters.html", context)


@require_safe
def template(request, code):
    kept(request, code)
    return _workbook(rosters.template, "mau-danh-sach-nguoi.xlsx")


@require_safe
def detail(request, code, pk):
    organization, roster = _roster(request, code, pk)
    counted = dict(roster.rows.order_by().values_list("state").annotate(Count("pk")))
    chosen = RowsForm(request.GET)
    rows = roster.rows.select_related("match__village", "match__unit", "match__commune", "citizen")
    if chosen.is_valid() and chosen.cleaned_data["loai"]:
        rows = rows.filter(state=chosen.cleaned_data["loai"])
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    people = {pk for row in page for pk in (row.match_id, row.citizen_id) if pk}
    if people:
        lookers.note(request, Sight.LIST, organization, listed=tuple(sorted(people)))
    head = roster.head
    known = _known(request.user, page)
    context = {
        "organization": organization,
        "roster": roster,
        "chosen": chosen,
        "page": page,
        "lines": [_line(row, head["places"], known) for row in page],
        "asks": any(row.state == RowState.ASK for row in page),
        "counts": [(state.label, counted[state]) for state in RowState if counted.get(state)],
        "asked": counted.get(RowState.ASK, 0),
        "waiting": sum(counted.get(state, 0) for state in WAITING),
        "done": sum(number for state, number in counted.items() if state not in AT_WORK),
        "total": sum(counted.values()),
        "without_slip": rosters.without_slip(roster),
        "unused": rosters.unused_of(head),
        "is_own": roster.by == request.user,
        "steps": steps_to(organization, _to_index(organization)),
    }
    return render(request, "people/roster.html", context)


@require_safe
def download(request, code, pk):
    """To who sent it alone: it holds what they typed, whole numbers too."""
    organization, roster = _roster(request, code, pk, by=request.user)
    rosters.record_taken(roster, by=request.user)
    lookers.note(request, Sight.EXPORT, organization)
    return _workbook(partial(rosters.given_back, roster), f"ket-qua-{roster.pk}.xlsx")


@require_POST
def start(request, code, pk):
    organization, roster = _roster(request, code, pk)
    if rosters.start(roster, by=request.user):
        roster.hand_to(tasks.work_on_roster)
    return redirect("people:roster", organization.code, roster.pk)


@require_POST
def decide(request, code, pk):
    organization, roster = _roster(request, code, pk)
    form = DecisionForm(request.POST, roster=roster)
    if form.is_valid():
        chosen = roster.rows.filter(pk__in=form.cleaned_data["rows"])
        for row in chosen.select_related("match", "roster__organization"):
            rosters.decide(row, is_same=form.cleaned_data["answer"] == "same", by=request.user)
        messages.success(request, _("Đã ghi quyết định. Bấm nút thực hiện để cổng làm tiếp."))
    else:
        messages.error(request, _("Đánh dấu ít nhất một dòng, rồi bấm lại."))
    return redirect(f"{reverse('people:roster', args=[organization.code, roster.pk])}?loai={RowState.ASK}")


def _roster(request, code, pk, **more):
    organization = kept(request, code)
    sent = Roster.objects.filter(organization=organization, **more).select_related("organization", "by")
    return organization, get_object_or_404(sent, pk=pk)


def _to_index(organization):
    return reverse("people:rosters", args=[organization.code]), _("Từ tệp Excel")


def _workbook(write, name):
    file = BytesIO()
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=excel.CONTENT_TYPE)


# --- What is shown of a row -----------------------------------------------------------------------


def _line(row, places, known):
    """Name and birth as typed, the number masked, what will happen, and whom it may mean."""
    said = columns.said_in(row.cells, places)
    return {
        "row": row,
        "name": columns.name_in(said),
        "birth": said.get(columns.BIRTH, ""),
        "number": identity.mask(said.get(columns.NUMBER, "")),
        "verdict": rosters.verdict_of(row),
        "match": _match_words(row.match, known) if row.match and row.state == RowState.ASK else "",
    }


def _known(user, page):
    """The places of the people on the page that the user sees into."""
    people = [row.match for row in page if row.match]
    places = {pk for one in people for pk in (one.commune_id, one.village_id, one.unit_id) if pk}
    visible = Organization.objects.visible_to(user).filter(pk__in=places)
    return set(visible.values_list("pk", flat=True))


def _match_words(citizen: Citizen, known):
    """Of whom the user does not see no more than what decides: gender, and whether there is an account."""
    said = [
        Gender(citizen.gender).label.lower(),
        _("có tài khoản") if citizen.user_id else _("chưa có tài khoản"),
    ]
    if known.intersection({citizen.commune_id, citizen.village_id, citizen.unit_id}):
        said += [
            str(citizen.village or citizen.village_text or _("chưa rõ thôn")),
            str(citizen.unit) if citizen.unit_id else "",
            citizen.masked_identity_number or _("chưa có số căn cước"),
        ]
    return _("Người đã có: %(said)s.") % {"said": ", ".join(filter(None, said))}
