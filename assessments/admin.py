from django.contrib import admin

from assessments.models import (
    Assessment,
    Campaign,
    Contest,
    Extension,
    Outage,
    Paper,
    Reopening,
    Window,
)
from audit.admin import ReadOnlyAdmin


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ["year"]


@admin.register(Window)
class WindowAdmin(ReadOnlyAdmin):
    list_display = ["campaign", "step", "level", "province", "opens_at", "closes_at", "closed_at"]
    list_select_related = ["campaign", "province"]
    list_filter = ["campaign", "step"]


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = [
        "campaign",
        "step",
        "organization",
        "assessment",
        "opens_at",
        "closes_at",
        "decision_number",
        "approved_by",
    ]
    list_select_related = ["campaign", "organization", "assessment__citizen", "approved_by"]
    list_filter = ["campaign", "step"]

    def people_in(self, rows):
        return _people_of(rows)


@admin.register(Outage)
class OutageAdmin(ReadOnlyAdmin):
    list_display = ["begins_at", "ends_at", "words"]


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    list_display = ["assessment", "dated_at", "typed_by", "typed_at", "signed_by", "signed_at"]
    list_select_related = ["assessment__citizen", "assessment__campaign", "typed_by", "signed_by"]

    def people_in(self, rows):
        return _people_of(rows)


@admin.register(Contest)
class ContestAdmin(ReadOnlyAdmin):
    list_display = ["assessment", "at", "by", "decided_at", "decided_by"]
    list_select_related = ["assessment__citizen", "assessment__campaign", "by", "decided_by"]

    def people_in(self, rows):
        return _people_of(rows)


@admin.register(Reopening)
class ReopeningAdmin(ReadOnlyAdmin):
    list_display = ["assessment", "at", "by", "state", "ended_at"]
    list_select_related = ["assessment__citizen", "assessment__campaign", "by"]

    def people_in(self, rows):
        return _people_of(rows)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ["citizen", "campaign", "board", "state", "outcome", "own_total", "confirmed_total"]
    list_select_related = ["citizen", "campaign", "board"]
    list_filter = ["campaign", "state", "outcome"]
    search_fields = ["citizen__name_search", "receipt_number"]
    ordering = ["-campaign__year", "pk"]
    show_full_result_count = False

    def people_in(self, rows):
        return [row.citizen_id for row in rows if row.citizen_id]


def _people_of(rows):
    """The citizens of the records that rows hang on."""
    return [row.assessment.citizen_id for row in rows if row.assessment and row.assessment.citizen_id]
