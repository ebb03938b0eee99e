"""Figures, the lists behind them, and the files made of both."""

from collections import defaultdict
from dataclasses import replace

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import lookers
from accounts.models import User
from assessments import deadlines
from assessments.models import Campaign
from audit import clock
from audit.models import Sight
from criteria.models import Level
from reports import (
    documents,
    excel,
    exceptions,
    exports,
    filters,
    lists,
    pdf,
    scope,
    sheets,
    summaries,
    targets,
    tasks,
    wording,
)
from reports.models import ExportJob, JobState, Report
from reports.moments import one_moment
from vietnamese import numbers

ROWS_A_PAGE = 50
DRAWN_FOR = 15 * 60  # seconds
REFRESHED = 10  # seconds, of a page that says how far a file is


@require_safe
def summary(request):
    about = scope.of(request)
    if about is None:
        return _choose(request)
    now = clock.now()
    counted = counted_by(about, now)
    if not counted.is_there:
        return render(request, "reports/counting.html", frame(about, criteria=""))
    page = page_of(request, range(counted.unit_count))
    body, criteria = _drawn(about, counted, page.number, summaries.lists_boards(about, request.user))
    return render(
        request,
        "reports/summary.html",
        frame(about, criteria)
        | as_of(counted, now)
        | {
            "page": page,
            "body": body,
            "years": [(each, about.of_year(each)) for each in years(about)],
            "as_at_url": about.url("reports:summary_as_at"),
            "list_url": about.url("reports:list"),
            "extensions_url": about.url("reports:extensions"),
            "forms_url": about.url("reports:forms"),
            "export_url": about.url("reports:summary_export"),
        },
    )


def _drawn(about, counted, number, lists_boards):
    """The tables and charts, and the criteria in words.

    Those of a sheet are drawn once for all who ask until it is counted again.
    """
    aims = targets.of_year(about.organization, about.campaign.year)

    def draw():
        summary = counted.summary
        standings = targets.standing(aims, summary)
        page = Paginator(summary.units, ROWS_A_PAGE).get_page(number)
        context = {
            "about": about,
            "page": page,
            "units": [summaries.unit_row(line, about) for line in page],
            "units_chart": summaries.units_chart(list(page)),
            "risks": summaries.risks(summary, about, lists_boards),
            "targets": targets.rows(standings, about),
            "targets_chart": targets.chart(standings),
            "targets_url": about.url("reports:targets"),
        }
        body = render_to_string("reports/_summary.html", summaries.on_page(summary, about) | context)
        return body, wording.criteria(counted.criteria_sets)

    if counted.sheet is None:
        return draw()
    key = f"figures-{about.organization.code}-{counted.sheet.pk}-{counted.at.timestamp()}"
    return cache.get_or_set(f"{key}-{number}-{lists_boards}-{targets.digest(aims)}", draw, DRAWN_FOR)


def counted_by(about, now, what=sheets.NOW):
    """The figures, which a worker is asked for where they are old."""
    counted = sheets.of(about.organization, about.campaign, now, what)
    if counted.due:
        tasks.ask_for(counted.due)
    return counted


def as_of(counted, now):
    """Of which moment the figures are, and how old where that is more than a minute."""
    return {
        "as_of": wording.as_of(counted.at),
        "age": wording.age(now - counted.at, counted.due_at) if now - counted.at > sheets.FRESH else "",
        "is_live": counted.at == now,
    }


@require_safe
@one_moment()
def subject_list(request):
    """Whatever may hold the title of a group: the households, or the bodies in force."""
    about = scope_or_404(request)
    form = filters.LevelForm(request.GET)
    if not form.is_valid():
        raise Http404
    level = Level(form.cleaned_data[filters.LEVEL])
    found = form.found(about.organization)
    if level == Level.FAMILY:
        page = page_of(request, found.select_related("village").order_by("village__name_sort", "name", "pk"))
        rows = [(household.name, household.village) for household in page]
    else:
        page = page_of(request, found.select_related("parent").in_order())
        rows = [(body.full_name, body.parent) for body in page]
    return render(
        request,
        "reports/subjects.html",
        frame(about, criteria="") | {"page": page, "rows": rows, "level": level},
    )


@require_safe
@one_moment()
def member_list(request):
    """Who acts for a board today with an account in use; Organization.objects.with_people counts them."""
    about = scope_or_404(request)
    seats = about.organization.appointments.in_office().filter(user__is_active=True)
    members = User.objects.filter(pk__in=seats.values("user")).order_by("full_name", "pk")
    page = page_of(request, members)
    roles = defaultdict(list)
    for seat in seats.filter(user__in=list(page)).order_by("valid_from", "pk"):
        roles[seat.user_id].append(seat.get_role_display())
    rows = [(member, ", ".join(roles[member.pk])) for member in page]
    return render(request, "reports/members.html", frame(about, criteria="") | {"page": page, "rows": rows})


@require_safe
@one_moment()
def record_list(request):
    about = scope_or_404(request)
    chosen = filters.RecordFilter(request.GET, about.organization, about.campaign)
    page = _page_of_rows(request, about, chosen, lists.record_rows)
    return render(
        request,
        "reports/list.html",
        frame(about)
        | {
            "form": chosen.form,
            "chosen": chosen,
            "page": page,
            "bare": about.url("reports:list"),
            "export_url": about.url("reports:list_export", **chosen.chosen()),
            "full_url": about.url("reports:full_list", **chosen.chosen()),
            "may_take_numbers": scope.may_take_numbers(request.user, about.organization),
        },
    )


@require_safe
@one_moment()
def people_list(request):
    about = scope_or_404(request)
    chosen = filters.PeopleFilter(request.GET, about.organization, about.campaign)
    page = _page_of_rows(request, about, chosen, lists.person_rows)
    return render(
        request,
        "reports/people.html",
        frame(about)
        | {"form": chosen.form, "chosen": chosen, "page": page, "bare": about.url("reports:people")},
    )


@require_safe
@one_moment()
def extension_list(request):
    """Every exception at or below an organization, so that none is given in silence."""
    about = scope_or_404(request)
    page = page_of(
        request, exceptions.Exceptions(about.organization, about.campaign, clock.now(), reader=request.user)
    )
    if people := tuple(row.citizen for row in page if row.citizen):
        lookers.note(request, Sight.LIST, about.organization, listed=people)
    return render(
        request,
        "reports/extensions.html",
        frame(about)
        | {
            "page": page,
            "years": [
                (each, replace(about, campaign=each).url("reports:extensions")) for each in years(about)
            ],
            "export_url": about.url("reports:extensions_export"),
            "may_extend": deadlines.bodies_of(request.user).exists(),
        },
    )


def years(about):
    """The years that may be looked at, the latest first."""
    this_year = clock.today().year
    return [campaign for campaign in about.campaigns if campaign.year <= this_year]


@require_POST
def extension_list_export(request):
    about = scope_or_404(request)
    return export_of(request, about, Report.EXTENSIONS, {}, about.url("reports:extensions"))


@require_POST
def summary_export(request):
    about = scope_or_404(request)
    return export_of(request, about, Report.SUMMARY, {}, about.url("reports:summary"))


@require_POST
def record_list_export(request):
    """The choices stand in the address, as they do in that of the list."""
    about = scope_or_404(request)
    chosen = filters.RecordFilter(request.GET, about.organization, about.campaign)
    if not chosen.is_valid() or chosen.level != Level.CITIZEN:
        raise Http404
    back = about.url("reports:list", **chosen.chosen())
    return export_of(request, about, Report.CITIZENS, chosen.chosen(), back)


@require_safe
def export(request, code):
    """How far it is, for who asked for it. Whose right is over reads that here and gets no file."""
    jobs = ExportJob.objects.select_related("organization", "campaign")
    job = get_object_or_404(jobs, code=code, by=request.user)
    about = scope.Scope(job.organization, job.campaign, ())
    context = {
        "job": job,
        "about": about,
        "above": [],
        "summary_url": about.url("reports:summary"),
        "steps": [],
        "is_over": not exports.owned_by(request.user).filter(pk=job.pk).exists(),
    }
    response = render(request, "reports/export.html", context)
    if job.is_open and not context["is_over"]:
        response["Refresh"] = str(REFRESHED)
    return response


@require_safe
def export_download(request, code):
    mine = exports.owned_by(request.user).select_related("organization", "campaign")
    job = get_object_or_404(mine, code=code)
    path = exports.folder() / job.file
    if not job.file or not path.exists():
        return redirect("reports:export", job.code)
    return _download(request, path.open("rb"), job)


def _choose(request):
    """Somebody acts for several organizations and has not said for which; or no year was opened yet."""
    campaign = Campaign.objects.current(clock.now())
    own = tuple(scope.overseen_by(request.user))
    choices = [(scope.Scope(each, campaign, own).url("reports:summary"), each) for each in own if campaign]
    return render(request, "reports/choose.html", {"choices": choices, "campaign": campaign})


def scope_or_404(request):
    about = scope.of(request)
    if about is None:
        raise Http404
    return about


def frame(about, criteria=None):
    """What every page of figures says of itself; `criteria` where those words are known already."""
    now = clock.now()
    if criteria is None:
        criteria = wording.criteria(sheets.criteria_sets(about.organization, about.campaign))
    return {
        "about": about,
        "as_of": wording.as_of(now),
        "lock": wording.lock(about.organization, about.campaign, now),
        "criteria": criteria,
        "above": [(about.url("reports:summary", each), each) for each in about.above],
        "summary_url": about.url("reports:summary"),
    }


def page_of(request, rows):
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))


def _page_of_rows(request, about, chosen, read):
    """The rows of a page are found by their ids first: to sort whole rows and skip most of them is dear."""
    page = page_of(request, chosen.found().values_list("pk", flat=True))
    page.object_list = read(chosen.in_order(chosen.qs.filter(pk__in=list(page))))
    if people := tuple(row.citizen.pk for row in page.object_list if row.citizen):
        lookers.note(request, Sight.LIST, about.organization, listed=people)
    return page


def export_of(request, about, report, query, back, reason=""):
    """The file at once, or the page of the job that writes it; `back` is where one reads why there is none.

    For a reason it has whole identity numbers.
    """
    job = ExportJob(
        report=report,
        organization=about.organization,
        campaign=about.campaign,
        query=query,
        is_full=bool(reason),
        reason=reason,
        by=request.user,
    )
    if job.is_pdf and documents.takes_long(job):
        messages.error(request, _("Nơi này có rất nhiều hồ sơ, không ghi PDF ngay được. Hãy xuất Excel."))
        return redirect(back)
    try:
        job, file = exports.ask(job)
    except excel.TooLong:
        words = _("Một tệp Excel chứa nhiều nhất %(rows)s dòng. Hãy chọn một đơn vị hoặc một nhóm rồi xuất.")
        messages.error(request, words % {"rows": numbers.format_integer(excel.MOST_ROWS)})
        return redirect(back)
    except pdf.TooLong:
        words = _("Một tệp PDF chứa nhiều nhất %(rows)s dòng. Hãy xuất Excel.")
        messages.error(request, words % {"rows": numbers.format_integer(pdf.MOST_ROWS)})
        return redirect(back)
    except OSError as error:
        if not exports.is_full(error):
            raise
        messages.error(request, _("Máy chủ đã hết chỗ lưu tệp. Báo người quản trị cổng, rồi xuất lại."))
        return redirect(back)
    if file is not None:
        return _download(request, file, job)
    if job.state == JobState.DONE:
        messages.success(request, _("Từ lúc ghi tệp này số liệu chưa đổi, nên bạn nhận lại đúng tệp ấy."))
    elif job.sent_at is None:
        tasks.send(job)
    return redirect("reports:export", job.code)


def _download(request, file, job):
    if job.names_people:
        lookers.note(request, Sight.EXPORT, job.organization, code=job.code)
    content_type = pdf.CONTENT_TYPE if job.is_pdf else excel.CONTENT_TYPE
    return FileResponse(file, as_attachment=True, filename=job.file_name, content_type=content_type)
