"""What everybody may read without signing in: one stored row a year, no counting."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reports.models import OpenTables
from reports.open_data import publishing, suppression

YEAR = "nam"
for_everybody = cache_control(public=True, max_age=60 * 60)


@login_not_required
@require_safe
def index(request):
    published = list(OpenTables.objects.select_related("campaign"))
    year = request.GET.get(YEAR) or (str(published[0].campaign.year) if published else "")
    chosen = next((row for row in published if str(row.campaign.year) == year), None)
    if year and chosen is None:
        raise Http404
    return render(
        request,
        "reports/open_data.html",
        {
            "published": published,
            "chosen": chosen,
            "dictionary": publishing.dictionary(),
            "most_hidden": suppression.K - 1,
            "provinces": chosen.tables[publishing.PROVINCES] if chosen else [],
            "groups": chosen.tables[publishing.GROUPS] if chosen else [],
        },
    )


@login_not_required
@for_everybody
@require_safe
def data(request):
    year = request.GET.get(YEAR, "")
    row = get_object_or_404(
        OpenTables, campaign__year=int(year) if year.isdecimal() and len(year) == 4 else 0
    )
    return _csv(publishing.as_csv(row), f"cong-dan-hoc-tap-{row.campaign.year}.csv")


@login_not_required
@for_everybody
@require_safe
def dictionary(request):
    return _csv(publishing.dictionary_csv(), "tu-dien.csv")


def _csv(text, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
