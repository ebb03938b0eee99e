from django.contrib import admin

from audit import clock, events
from audit.admin import ReadOnlyAdmin
from organizations.models import Organization


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Corrects name, type, hard area, contact. Codes, dates and the tree belong to catalogue and reforms."""

    list_display = ["full_name", "code", "kind", "parent", "valid_from", "valid_to", "is_hard_area"]
    list_filter = ["kind", "is_hard_area"]
    list_select_related = ["parent"]
    search_fields = ["name_search", "code"]
    ordering = ["name_sort", "pk"]
    fields = [
        "kind",
        "type",
        "name",
        "full_name",
        "code",
        "parent",
        "valid_from",
        "valid_to",
        "is_hard_area",
        "phone",
        "email",
        "address",
    ]
    readonly_fields = ["kind", "full_name", "code", "parent", "valid_from", "valid_to"]

    def has_change_permission(self, request, obj=None):
        return super(ReadOnlyAdmin, self).has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        old = Organization.objects.get(pk=obj.pk).full_name
        obj.full_name = ""  # built anew of type and name
        obj.save()
        events.record(
            "correct",
            obj,
            by=request.user,
            at=clock.now(),
            organization=obj,
            old=old,
            new=f"{obj.full_name}: {', '.join(form.changed_data)}",
        )
