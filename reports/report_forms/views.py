"""The page of all forms, the page of each, and its files."""

from dataclasses import dataclass, replace
from operator import attrgetter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import lookers
from assessments.models import Assessment
from audit import clock
from audit.models import Sight
from reports import cells, lists, sheets, views
from reports.models import FILE, FORM, PDF, Report, SavedTable
from reports.moments import one_moment
from reports.report_forms import free, saved
from reports.report_forms.known import FORMS, KINDS


@require_safe
def index(request):
    about = views.scope_or_404(request)
    kinds = [
        (title, [(about.url("reports:form", form=form.slug), form) for form in forms])
        for title, forms in KINDS
    ]
    return render(
        request,
        "reports/forms.html",
        views.frame(about)
        | {
            "kinds": kinds,
            "extensions_url": about.url("reports:extensions"),
            "typed_url": about.url("reports:typed"),
            "weekly_url": about.url("reports:weekly"),
        },
    )


@require_safe
def form(request, form):
    about, form = views.scope_or_404(request), _form(form)
    now = clock.now()
    asked = form.asked(about.organization, about.campaign, now, form.chosen(request.GET))
    counted = _counted(form, asked, about, now)
    if not all(each.is_there for each in counted.values()):
        return render(request, "reports/counting.html", views.frame(about, criteria=""))
    asked = replace(asked, summaries={key: each.summary for key, each in counted.items()})
    oldest = min(counted.values(), key=attrgetter("at"), default=None)
    return _form_page(request, about, form, asked, views.as_of(oldest, now) if oldest else {})


def _counted(form, asked, about, now):
    """The past days of a large place, which a worker counts."""
    past = form.past(asked)
    if not any(sheets.is_large(about.organization, campaign) for campaign, _moment in past.values()):
        return {}
    return {
        key: views.counted_by(replace(about, campaign=campaign), now, moment.key)
        for key, (campaign, moment) in past.items()
        if campaign
    }


@one_moment()
def _form_page(request, about, form, asked, as_of):
    chosen = form.chosen(request.GET)
    content, columns = form.content(asked), form.columns_for(asked)
    page = views.page_of(request, content.rows)
    rows, total = list(page), content.total
    if form.names_people and rows:
        people = tuple(record.citizen_id for record in rows)
        lookers.note(request, Sight.LIST, about.organization, listed=people)
    return render(
        request,
        "reports/form.html",
        views.frame(about)
        | as_of
        | {
            "form": form,
            "page": page,
            "headings": cells.headings(columns),
            "rows": [
                _row(row, columns, number, _urls(about, asked, row))
                for number, row in enumerate(rows, page.start_index())
            ],
            "total": _row(total, columns, None, _urls(about, asked)) if total and rows else None,
            "notes": form.notes(asked),
            "forms_url": about.url("reports:forms"),
            "excel_url": about.url("reports:form_excel", form=form.slug, **chosen),
            "pdf_url": about.url("reports:form_pdf", form=form.slug, **chosen),
            "choices": form.choices(chosen) if form.choices else None,
            "tables": saved.of(request.user, about) if form is free.FREE else [],
            "save_url": about.url("reports:table_save", **chosen) if form is free.FREE else "",
            "years": [
                (each, about.of_year(each, "reports:form", form=form.slug)) for each in views.years(about)
            ],
        },
    )


@require_safe
@one_moment()
def table_rows(request):
    """The records counted in one cell of a free table."""
    about, now = views.scope_or_404(request), clock.now()
    asked = free.FREE.asked(about.organization, about.campaign, now, request.GET)
    page = views.page_of(request, free.behind(asked, request.GET).by_name().values_list("pk", flat=True))
    page.object_list = lists.record_rows(Assessment.objects.filter(pk__in=list(page)).by_name())
    if people := tuple(row.citizen.pk for row in page if row.citizen):
        lookers.note(request, Sight.LIST, about.organization, listed=people)
    return render(
        request,
        "reports/table_rows.html",
        views.frame(about)
        | {
            "page": page,
            "cell": free.words_of_cell(asked, request.GET, bool(page.paginator.count)),
            "words": free.words_of(asked.query),
            "forms_url": about.url("reports:forms"),
            "table_url": about.url("reports:form", form=free.FREE.slug, **asked.query),
        },
    )


@require_POST
def excel(request, form):
    return _file(request, _form(form), {})


@require_POST
def pdf(request, form):
    return _file(request, _form(form), {FILE: PDF})


def _file(request, form, kind):
    """The choices stand in the address, as they do in that of the page."""
    about = views.scope_or_404(request)
    chosen = form.chosen(request.GET)
    back = about.url("reports:form", form=form.slug, **chosen)
    return views.export_of(request, about, Report.FORM, {FORM: form.slug} | kind | chosen, back)


@require_POST
def table_save(request):
    """Keep the choices under a name, for oneself or for all below the organization."""
    about = views.scope_or_404(request)
    query = free.FREE.chosen(request.GET)
    try:
        saved.keep(about.organization, query, request.POST, by=request.user)
    except saved.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã lưu bảng."))
    return redirect(about.url("reports:form", form=free.FREE.slug, **query))


@require_POST
def table_forget(request, pk):
    table = get_object_or_404(SavedTable.objects.filter(by=request.user), pk=pk)
    table.delete()
    messages.success(request, _("Đã bỏ bảng “%(name)s”.") % {"name": table.name})
    return redirect("reports:form", free.FREE.slug)


def _form(slug):
    if slug not in FORMS:
        raise Http404
    return FORMS[slug]


@dataclass(frozen=True)
class Cell:
    headers: str
    text: str
    is_number: bool
    url: str = ""


def _urls(about, asked, row=None):
    """The address of the rows behind a column's number in this row, or in the sum."""
    return lambda rows: rows.url(about, row, is_broken_down=asked.is_broken_down)


def _row(row, columns, number, url) -> list[Cell]:
    values = [column.read(row) if column.read else number for column in columns]
    return [
        Cell(
            above,
            cells.words(value, column),
            cells.is_number(value),
            url(column.rows) if column.rows and value else "",
        )
        for above, value, column in zip(cells.headers(columns), values, columns, strict=True)
    ]
