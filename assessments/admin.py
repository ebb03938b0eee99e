from django.contrib import admin

from assessments.models import Assessment, Campaign, Extension, Window
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
    pass


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
