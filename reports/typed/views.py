"""Typed yearly figures: who has delivered, a commune's sheet, its Excel file."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Campaign
from organizations import oversight
from organizations.models import Kind, Organization
from reports import excel, scope, views
from reports.typed import entry, files, sums
from reports.typed.forms import FiguresForm, FileForm, GiveBackForm
from reports.typed.models import TypedFigures
from vietnamese import workbooks

FROM_LAST_YEAR = "tu-nam-truoc"


@require_safe
def index(request):
    """The communes of a place: who has delivered, those who owe first."""
    about = views.scope_or_404(request)
    typed = TypedFigures.objects.filter(organization=OuterRef("pk"), campaign=about.campaign)
    communes = sums.communes(about.organization).annotate(
        delivered_at=Subquery(typed.values("delivered_at")[:1]),
        saved_at=Subquery(typed.values("saved_at")[:1]),
    )
    owing_first = F("delivered_at").asc(nulls_first=True)
    owing = sums.owing(about.organization, about.campaign).count()
    return render(
        request,
        "reports/typed/index.html",
        views.frame(about)
        | {
            "page": views.page_of(request, communes.order_by(owing_first, "path")),
            "owing": owing,
            "delivered": communes.count() - owing,
            "years": [(each, about.of_year(each, "reports:typed")) for each in views.years(about)],
            "forms_url": about.url("reports:forms"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code, year):
    about = _year(request, code, year)
    if request.method != "POST":
        typed, last = about.typed, about.last
        initial = _saved(typed)
        if FROM_LAST_YEAR in request.GET and last and _may_type(request.user, about.commune, typed):
            initial |= entry.carried_over(last)
        return _page(request, about, FiguresForm(year=about, initial=initial))
    _must_be_officer(request.user, about.commune)
    deliver = request.POST.get("act") == "deliver"
    form = FiguresForm(request.POST, year=about, deliver=deliver)
    if not form.is_valid() or (deliver and not form.is_checked):
        return _page(request, about, form)
    checked = form.odd if deliver else []
    try:
        entry.save(
            about,
            form.figures,
            version=form.cleaned_data["version"],
            deliver=deliver,
            checked=checked,
            by=request.user,
        )
    except entry.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, about, form)
    messages.success(request, _("Đã nộp số liệu.") if deliver else _("Đã lưu bản nháp."))
    return redirect("reports:typed_edit", code, year)


@require_safe
def template(request, code, year):
    about, file = _year(request, code, year), io.BytesIO()
    files.write(about, file)
    file.seek(0)
    name = f"so-lieu-{code}-{year}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=excel.CONTENT_TYPE)


@require_POST
def upload(request, code, year):
    """What the file holds, in the fields of the page: nothing is saved before it was looked at."""
    about = _year(request, code, year)
    _must_be_officer(request.user, about.commune)
    file_form, typed = FileForm(request.POST, request.FILES), about.typed
    if typed and typed.is_delivered:
        messages.error(request, _("Số liệu năm này đã nộp, không sửa được nữa."))
        return redirect("reports:typed_edit", code, year)
    if file_form.is_valid():
        try:
            given, where = files.read(about, file_form.cleaned_data["file"].file)
        except workbooks.Unreadable as reason:
            file_form.add_error("file", str(reason))
        else:
            given = _typed_here(request, typed) | {name: value for name, value in given.items() if value}
            form = FiguresForm(_as_typed(given), year=about, cells=where)
            form.is_valid()
            return _page(request, about, form, from_file=True)
    typed_here = request.POST if "version" in request.POST else None
    return _page(request, about, FiguresForm(typed_here, year=about, initial=_saved(typed)), file_form)


@require_POST
def give_back(request, code, year):
    about = _year(request, code, year)
    if not oversight.is_above(request.user, about.commune):
        raise PermissionDenied
    form = GiveBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ghi lý do trả lại, để xã biết sửa gì."))
        return redirect("reports:typed_edit", code, year)
    try:
        entry.give_back(about, reason=form.cleaned_data["reason"], by=request.user)
    except entry.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã trả lại số liệu để xã sửa."))
    return redirect("reports:typed_edit", code, year)


def _year(request, code, year):
    """A commune of today at or below one's own, in a year that was opened."""
    communes = Organization.objects.in_force().filter(kind=Kind.COMMUNE)
    commune = get_object_or_404(communes, code=code)
    if not any(own.contains(commune) for own in scope.overseen_by(request.user)):
        raise Http404
    return entry.Year(commune, get_object_or_404(Campaign, year=year))


def _may_type(user, commune, typed):
    return user.appointments.as_officer(commune).exists() and not (typed and typed.is_delivered)


def _saved(typed):
    return entry.figures_of(typed) | {"note": typed.note, "version": typed.version} if typed else {}


def _must_be_officer(user, commune):
    if not user.appointments.as_officer(commune).exists():
        raise PermissionDenied


def _typed_here(request, typed):
    """What stood in the fields of the page, where these came along with the file."""
    if "version" in request.POST:
        return request.POST.dict()
    return {"version": typed.version if typed else 0, "note": typed.note if typed else ""}


def _as_typed(given):
    typed = QueryDict(mutable=True)
    typed.update(given)
    return typed


def _page(request, about, form, file_form=None, *, from_file=False):
    typed = about.typed
    address = reverse("reports:typed_edit", args=[about.commune.code, about.campaign.year])
    above = scope.Scope(about.commune, about.campaign, ())
    error_form = next((one for one in (form, file_form) if one and one.errors), None)
    return render(
        request,
        "reports/typed/edit.html",
        {
            "about": about,
            "typed": typed,
            "is_open": _may_type(request.user, about.commune, typed),
            "may_give_back": bool(typed and typed.is_delivered)
            and oversight.is_above(request.user, about.commune),
            "give_back_form": GiveBackForm(),
            "figures": form,
            "form": error_form or form,
            "file_form": file_form or FileForm(),
            "from_file": from_file,
            "asks_to_check": form.is_bound and form.remarks,
            "last_url": f"{address}?{FROM_LAST_YEAR}=1" if about.last else "",
            "index_url": above.url("reports:typed"),
        },
    )
