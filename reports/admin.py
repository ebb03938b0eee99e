from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from reports.models import ExportJob


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
