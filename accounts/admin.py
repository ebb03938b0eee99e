from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Citizen, Message, User
from audit.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["username", "full_name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["username", "citizen__name_search"]
    fields = ["username", "full_name", "email", "is_active", "is_staff", "date_joined", "last_login"]

    def people_in(self, rows):
        return _citizens_of(row.pk for row in rows)


@admin.register(Citizen)
class CitizenAdmin(ReadOnlyAdmin):
    list_display = ["full_name", "birth_year", "masked_identity_number", "commune", "unit"]
    list_select_related = ["commune", "unit"]
    search_fields = ["name_search"]
    ordering = ["name_sort", "pk"]
    fields = [
        "full_name",
        "birth_date",
        "gender",
        "masked_identity_number",
        "phone",
        "email",
        "commune",
        "village",
        "village_text",
        "unit",
        "unit_text",
        "population",
        "consent_version",
        "consented_at",
    ]

    @admin.display(description=_("số căn cước"))
    def masked_identity_number(self, citizen):
        return citizen.masked_identity_number

    def people_in(self, rows):
        return [row.pk for row in rows]


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ["user", "role", "organization", "valid_from", "valid_to"]
    list_select_related = ["user", "organization"]
    list_filter = ["role"]
    search_fields = ["organization__name_search"]

    def people_in(self, rows):
        return _citizens_of(row.user_id for row in rows)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["at", "subject", "read_at"]

    def people_in(self, rows):
        """Of a list too: what is told of a record names its person."""
        return [row.citizen_id for row in rows if row.citizen_id]


def _citizens_of(users):
    return list(Citizen.objects.filter(user__in=list(users)).values_list("pk", flat=True))
