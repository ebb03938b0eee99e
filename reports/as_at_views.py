"""Figures, records and units of a day, on the tree of that day or of today; one switch for all three."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts import lookers
from audit import clock
from audit.models import Sight
from reports import as_at, as_at_lists, filters, summaries
from reports.figures import Line
from reports.models import Report
from reports.moments import one_moment
from reports.views import as_of, counted_by, export_of, frame, page_of, scope_or_404

PAGES = {"summary": "reports:summary_as_at", "records": "reports:list_as_at", "units": "reports:units_as_at"}


@require_safe
def summary(request):
    about, form, context = _asked(request, "summary")
    if moment := form.moment:
        now = clock.now()
        kept = counted_by(about, now, moment.key)
        if not kept.is_there:
            return render(request, "reports/counting.html", context)
        counted, context = kept.summary, context | as_of(kept, now)
        page = page_of(request, counted.units)
        context |= {
            "page": page,
            "units": [summaries.as_at_row(line, about, moment, **{as_at.PLACE: line.path}) for line in page],
            "groups": [
                summaries.as_at_row(line, about, moment, **{filters.GROUP: line.about})
                for line in counted.groups
            ],
            "total": summaries.as_at_row(Line("", about.whole, counted.total), about, moment),
            "export_url": about.url("reports:summary_as_at_export", **moment.query),
        }
    return render(request, "reports/as_at.html", context)


@require_safe
@one_moment()
def records(request):
    about, form, context = _asked(request, "records")
    if moment := form.moment:
        narrowed = as_at_lists.Narrowed(request.GET)
        listed = as_at_lists.Records(about.organization, about.campaign, moment, narrowed.query)
        page = page_of(request, [] if listed.is_long else listed.found)
        if people := tuple(record.citizen_id for record in page):
            lookers.note(request, Sight.LIST, about.organization, listed=people)
        places = as_at.names_at({record.tree_path for record in page}, moment)
        context |= {
            "page": page,
            "rows": [
                {
                    "record": record,
                    "place": places.get(record.tree_path, ""),
                    "group": as_at_lists.group_words(record),
                    "state": as_at_lists.state_words(record),
                    "outcome": as_at_lists.outcome_words(record),
                }
                for record in page
            ],
            "narrowed": narrowed.words,
            "is_long": listed.is_long,
            "figures_url": about.url(PAGES["summary"], **moment.query),
            "export_url": about.url("reports:list_as_at_export", **moment.query, **narrowed.query),
        }
    return render(request, "reports/records_as_at.html", context)


@require_safe
@one_moment()
def units(request):
    about, form, context = _asked(request, "units")
    if moment := form.moment:
        listed = as_at_lists.Units(about.organization, moment)
        page = page_of(request, listed.found)
        context |= {
            "page": page,
            "rows": [
                (
                    place,
                    listed.name_of(place.organization),
                    listed.name_of(place.parent) if place.parent else "",
                )
                for place in page
            ],
            "export_url": about.url("reports:units_as_at_export", **moment.query),
        }
    return render(request, "reports/units_as_at.html", context)


def _asked(request, what):
    about = scope_or_404(request)
    form = as_at.MomentForm(request.GET if as_at.DAY in request.GET else as_at.usual(about.campaign).query)
    moment = form.moment
    query = moment.query if moment else {}
    context = frame(about) | {
        "form": form,
        "moment": moment,
        "rows": [],
        "others": [(name == what, about.url(url, **query), name) for name, url in PAGES.items()],
        "existed": bool(moment) and as_at.existed(about.organization, moment),
    }
    return about, form, context


@require_POST
def summary_export(request):
    return _exported(request, Report.SUMMARY, "summary")


@require_POST
def records_export(request):
    return _exported(request, Report.CITIZENS, "records", as_at_lists.Narrowed(request.GET).query)


@require_POST
def units_export(request):
    return _exported(request, Report.UNITS, "units")


def _exported(request, report, page, narrowed=None):
    about = scope_or_404(request)
    moment = as_at.MomentForm(request.GET).moment
    if moment is None:
        raise Http404
    query = moment.query | (narrowed or {})
    return export_of(request, about, report, query, about.url(PAGES[page], **query))
