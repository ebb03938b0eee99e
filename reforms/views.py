"""Changing units: what is asked, the rehearsal before the button, the list with its undo."""

from functools import partial
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers, resettling
from accounts.models import Citizen, FileState
from audit.models import Sight
from organizations.models import Organization, Reform, ReformKind, ReformState
from organizations.reforms import Plan, Refused, record
from reforms import carrying, files, tasks
from reforms.forms import FORMS, FileForm, PlaceForm, UndoForm
from reforms.models import ReformFile, RowState
from reports import excel
from vietnamese import workbooks
from vietnamese.dates import day_words, moment_words
from vietnamese.numbers import format_integer

PAGE_SIZE = 50
TITLES = {
    "nhap": gettext_lazy("Nhập với đơn vị khác"),
    "chia": gettext_lazy("Chia tách"),
    "chuyen": gettext_lazy("Chuyển về nơi khác"),
    "doi-ten": gettext_lazy("Đổi tên, đổi loại"),
    "dong": gettext_lazy("Thôi dùng"),
}


@require_safe
def index(request):
    reforms = Reform.objects.visible_to(request.user).select_related("organization").latest_first()
    page = Paginator(reforms, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, _what(one)) for one in page],
        "may_send": carrying.offices(request.user),
        "steps": [(reverse("organizations:index"), _("Tổ chức"))],
    }
    return render(request, "reforms/index.html", context)


@require_safe
def start(request, code):
    organization, _own = _organization(request, code)
    choices = [
        (reverse("reforms:plan", args=[organization.code, slug]), title) for slug, title in TITLES.items()
    ]
    context = {"organization": organization, "choices": choices, "steps": _steps(organization)}
    return render(request, "reforms/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, code, what):
    organization, own = _organization(request, code)
    if what not in FORMS:
        raise Http404
    form = FORMS[what](request.typed, organization=organization, own=own)
    if request.method == "POST" and form.is_valid():
        reform = record(
            form.plan(),
            day=form.cleaned_data["day"],
            legal_basis=form.cleaned_data["legal_basis"],
            organization=own,
            by=request.user,
        )
        return redirect(reform)
    start_url = reverse("reforms:start", args=[organization.code])
    context = {
        "organization": organization,
        "form": form,
        "title": TITLES[what],
        "start_url": start_url,
        "steps": [*_steps(organization), (start_url, _("Thay đổi"))],
    }
    return render(request, "reforms/plan.html", context)


@require_safe
def detail(request, pk):
    return _page_of(request, _reform(request, pk))


@require_POST
def carry_out(request, pk):
    reform = _own_reform(request, pk)
    try:
        carrying.carry_out(reform, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã thực hiện. Trong 30 ngày còn hoàn tác được."))
    return redirect(reform)


@require_POST
def undo(request, pk):
    reform = _own_reform(request, pk)
    form = UndoForm(request.POST)
    if not form.is_valid() and carrying.can_undo(reform):
        return _page_of(request, reform, undo_form=form)
    try:
        carrying.undo(reform, by=request.user, reason=form.cleaned_data.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã hoàn tác: mọi thứ trở lại như trước."))
    return redirect(reform)


@require_POST
def place(request, pk):
    reform = _own_reform(request, pk)
    form = _place_form(reform, request.POST)
    if form is None:
        return redirect(reform)
    if not form.is_valid():
        return _page_of(request, reform, place_form=form)
    target = reform.targets.get(code=form.cleaned_data["target"])
    moved = carrying.place(reform, form.cleaned_data["people"], target, by=request.user)
    words = {"people": format_integer(moved), "place": target}
    messages.success(request, _("Đã xếp %(people)s người vào %(place)s.") % words)
    return redirect(reform)


def _page_of(request, reform, undo_form=None, place_form=None):
    may = carrying.may_reform(request.user, reform)
    is_planned = reform.state == ReformState.PLANNED
    place_form = (place_form or _place_form(reform)) if may else None
    if place_form:
        listed = tuple(key for key, _person in place_form.fields["people"].choices)
        lookers.note(request, Sight.LIST, reform.organization, listed=listed)
    context = {
        "reform": reform,
        "what": _what(reform),
        "facts": _facts(reform),
        "rehearsal": carrying.rehearse(reform) if is_planned else None,
        "may": may,
        "form": undo_form or place_form,
        "undo_form": (undo_form or UndoForm()) if may and carrying.can_undo(reform) else None,
        "waiting": _waiting(reform).count(),
        "place_form": place_form,
        "targets": reform.targets.in_order(),
        "steps": [(reverse("reforms:index"), _("Thay đổi đơn vị"))],
    }
    return render(request, "reforms/detail.html", context)


def _waiting(reform):
    people = Citizen.objects.none()
    if reform.state == ReformState.DONE:
        for source in reform.sources.all():
            people = people | resettling.waiting_at(source)
    return people


def _place_form(reform, data=None):
    waiting = list(_waiting(reform).in_order()[:PAGE_SIZE])
    if not waiting or not reform.targets.exists():
        return None
    return PlaceForm(data, people=waiting, targets=reform.targets.in_order())


# --- Many in a file -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def file_index(request):
    own = _own_office(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            if not sent.is_whole:
                raise workbooks.Unreadable(_("Tệp lớn hơn 5 MB. Hãy chia thành nhiều tệp."))
            taken = files.take(sent.file, name=sent.name, organization=own, by=request.user)
        except workbooks.Unreadable as reason:
            form.add_error("file", str(reason))
        else:
            if taken.state == FileState.CHECKING:
                taken.hand_to(tasks.work_on_file)
            return redirect("reforms:file", taken.pk)
    sent_before = _files_of(request)[:PAGE_SIZE]
    context = {"form": form, "own": own, "files": sent_before, "steps": _file_steps()[:1]}
    return render(request, "reforms/files.html", context)


@require_safe
def file_template(request):
    return _workbook(files.template, "mau-thay-doi-don-vi.xlsx")


@require_safe
def file_detail(request, pk):
    one = _file(request, pk)
    counted = {state: one.rows.filter(state=state).count() for state in RowState}
    page = Paginator(one.rows.select_related("reform"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "file": one,
        "page": page,
        "good": counted[RowState.GOOD],
        "bad": counted[RowState.BAD],
        "done": counted[RowState.DONE],
        "rows": sum(counted.values()),
        "may": carrying.may_reform(request.user, one),
        "steps": _file_steps(),
    }
    return render(request, "reforms/file.html", context)


@require_safe
def file_download(request, pk):
    one = _file(request, pk)
    return _workbook(partial(files.judged, one), f"ket-qua-{one.pk}.xlsx")


@require_POST
def file_start(request, pk):
    one = _file(request, pk)
    if not carrying.may_reform(request.user, one):
        raise PermissionDenied
    if one.start():
        one.hand_to(tasks.work_on_file)
    return redirect("reforms:file", one.pk)


def _workbook(write, name):
    file = BytesIO()
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=excel.CONTENT_TYPE)


def _own_office(request):
    """The highest association the user works for: the file is made on its behalf."""
    offices = carrying.offices(request.user)
    if not offices:
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học lập được thay đổi đơn vị."))
    return min(offices, key=lambda one: len(one.path))


def _files_of(request):
    below = Organization.objects.visible_to(request.user).order_by().values("pk")
    return ReformFile.objects.filter(organization__in=below)


def _file(request, pk):
    return get_object_or_404(_files_of(request).select_related("organization"), pk=pk)


def _file_steps():
    return [
        (reverse("reforms:index"), _("Thay đổi đơn vị")),
        (reverse("reforms:files"), _("Từ tệp Excel")),
    ]


# --- What the pages share -------------------------------------------------------------------------


def _organization(request, code):
    """One that the user may change, and the own association on whose behalf."""
    offices = carrying.offices(request.user)
    found = get_object_or_404(Organization.objects.visible_to(request.user), code=code)
    above = [one for one in offices if one.contains(found) and one != found]
    if found.valid_to is not None:
        raise Http404
    if not above:
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học cấp trên thay đổi được đơn vị này."))
    return found, min(above, key=lambda one: len(one.path))


def _reform(request, pk):
    return get_object_or_404(Reform.objects.visible_to(request.user).select_related("organization"), pk=pk)


def _own_reform(request, pk):
    """One that the user may carry out, and not only read."""
    reform = _reform(request, pk)
    if not carrying.may_reform(request.user, reform):
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học của nơi lập hoặc cấp trên làm được việc này."))
    return reform


def _steps(organization):
    return [
        (reverse("organizations:index"), _("Tổ chức")),
        (organization.get_absolute_url(), str(organization)),
    ]


def _what(reform):
    """'Nhập Xã An, Xã Bình thành Xã An Bình', in the names of its day."""
    told = Plan.of(reform)
    names = {
        "sources": ", ".join(told.called.get(code, code) for code in told.sources),
        "targets": ", ".join(
            [
                *(_new_name(unit) for unit in told.new),
                *(told.called.get(code, code) for code in told.existing),
            ]
        ),
        "parent": told.called.get(told.parent, told.parent),
        "name": told.name,
    }
    sentence = {
        ReformKind.MERGE: _("Nhập %(sources)s thành %(targets)s"),
        ReformKind.SPLIT: _("Chia %(sources)s thành %(targets)s"),
        ReformKind.MOVE: _("Chuyển %(sources)s về %(parent)s"),
        ReformKind.RENAME: _("Đổi tên, đổi loại %(sources)s: %(name)s"),
        ReformKind.CLOSE: _("Thôi dùng %(sources)s"),
    }[reform.kind]
    return sentence % names


def _new_name(unit):
    one = Organization(kind=unit.kind, type=unit.type)
    one.set_name(unit.name, unit.full_name)
    return one.full_name


def _facts(reform):
    facts = [
        (_("Có hiệu lực từ ngày"), day_words(reform.day)),
        (_("Văn bản"), reform.legal_basis),
        (_("Thuộc"), str(reform.organization)),
        (_("Tình trạng"), reform.get_state_display().capitalize()),
        (_("Lập lúc"), moment_words(reform.recorded_at)),
        (_("Thực hiện lúc"), reform.done_at and moment_words(reform.done_at)),
        (_("Hoàn tác lúc"), reform.undone_at and moment_words(reform.undone_at)),
    ]
    return [(term, value) for term, value in facts if value]
