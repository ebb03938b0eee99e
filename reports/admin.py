from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from reports.models import ExportJob, Snapshot


@admin.register(ExportJob)
class ExportJobAdmin(ReadOnlyAdmin):
    list_display = [
        "code",
        "report",
        "organization",
        "campaign",
        "by",
        "state",
        "rows",
        "asked_at",
        "is_full",
    ]
    list_select_related = ["organization", "campaign", "by"]
    list_filter = ["report", "state", "is_full"]
    search_fields = ["code"]
    ordering = ["-asked_at"]


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ["campaign", "province", "number", "as_of", "state", "attempts", "rows", "checksum"]
    list_select_related = ["campaign", "province"]
    list_filter = ["campaign", "state"]
    ordering = ["-campaign__year", "province__name_sort", "number"]
