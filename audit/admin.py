"""The admin edits reference data and shows the rest: states move in the portal alone."""

from django.contrib import admin

from audit.models import Event
from vietnamese import text


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows the rows it is registered for, and changes none."""

    actions = None

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, text.fold(search_term))

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "stream", "sequence", "verb", "object_type", "object_id", "actor", "old", "new"]
    list_filter = ["verb"]
    ordering = ["-at", "-pk"]
    exclude = ["private"]
