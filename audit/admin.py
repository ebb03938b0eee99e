"""The admin edits reference data and shows the rest: states move in the portal alone."""

from django.contrib import admin
from django.contrib.admin.utils import unquote

from audit import looks
from audit.models import Event, Seal, Sight
from vietnamese import text


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows the rows it is registered for, and changes none. Rows about people leave a look for each page."""

    actions = None

    def people_in(self, rows) -> list[int]:
        """The citizens whose data these rows show."""
        return []

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        if people := self._listed(response):
            looks.note(request, Sight.LIST, listed=tuple(people))
        return response

    def _listed(self, response):
        context = getattr(response, "context_data", None) or {}
        return self.people_in(list(context["cl"].result_list)) if "cl" in context else []

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._note_one(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        self._note_one(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def _note_one(self, request, object_id):
        shown = self.get_object(request, unquote(object_id))
        for subject in self.people_in([shown] if shown else []):
            looks.note(request, Sight.RECORD, subject=subject)

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


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["day", "at", "streams", "moved", "hash"]
