"""The signed files of closed years: for the provinces and the centre."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import lookers
from audit import clock, events
from audit.models import Sight
from organizations.models import Kind, Organization
from reports import scope, snapshots
from reports.models import JobState, Snapshot
from vietnamese import numbers

FILES_A_PAGE = 50


@require_safe
def snapshot_list(request):
    files = _of_provinces_of(request.user).select_related("campaign", "province")
    context = {
        "page": Paginator(files, FILES_A_PAGE).get_page(request.GET.get("page")),
        "steps": [(reverse("reports:summary"), _("Số liệu"))],
        "public_key": snapshots.public_key(),
    }
    return render(request, "reports/snapshots.html", context)


@require_safe
def snapshot_download(request, pk):
    """Hand out the file, and record that it left."""
    written = _of_provinces_of(request.user).filter(state=JobState.DONE)
    snapshot = get_object_or_404(written.select_related("campaign", "province"), pk=pk)
    try:
        file = snapshots.path_of(snapshot).open("rb")
    except OSError:
        raise Http404 from None
    if request.method == "GET":
        events.record(
            "export",
            snapshot,
            by=request.user,
            at=clock.now(),
            organization=snapshot.province,
            old=snapshot.file_name,
            new=_("%(rows)s dòng") % {"rows": numbers.format_integer(snapshot.rows)},
        )
    lookers.note(request, Sight.EXPORT, snapshot.province)
    return FileResponse(
        file, as_attachment=True, filename=snapshot.file_name, content_type="application/jsonl"
    )


def _of_provinces_of(user):
    """Those of the provinces one acts for or stands above."""
    provinces = Organization.objects.at_or_below(scope.overseen_by(user)).filter(kind=Kind.PROVINCE)
    if not provinces.exists():
        raise Http404
    return Snapshot.objects.filter(province__in=provinces.order_by().values("pk"))
