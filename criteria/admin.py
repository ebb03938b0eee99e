from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from criteria.models import CriteriaSet, Criterion, Status


class CriterionInline(admin.StackedInline):
    model = Criterion
    fields = ["position", "code", "parent", "text", "maximum", "evidence_hint", "source", "confidence"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return _may_edit(request, obj)

    def has_change_permission(self, request, obj=None):
        return _may_edit(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = Criterion.objects.filter(
                criteria_set=request.resolver_match.kwargs["object_id"], parent=None
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(CriteriaSet)
class CriteriaSetAdmin(ReadOnlyAdmin):
    """Drafts may be corrected; a published set never changes, a correction of it is a new version."""

    list_display = ["title", "level", "group", "version", "status", "authority", "valid_from", "valid_to"]
    list_filter = ["level", "status", "authority"]
    readonly_fields = ["level", "group", "version", "status"]
    inlines = [CriterionInline]

    def has_change_permission(self, request, obj=None):
        return _may_edit(request, obj)


def _may_edit(request, criteria_set):
    return (
        request.user.has_perm("criteria.change_criteriaset")
        and criteria_set is not None
        and criteria_set.status == Status.DRAFT
    )
