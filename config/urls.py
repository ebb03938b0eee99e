from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

from portal import health

admin.site.unregister(Group)  # rights follow from appointments alone

urlpatterns = [
    path("healthz", health.health, name="health"),
    path("healthz/live", health.live, name="live"),
    path("quan-tri/", admin.site.urls),
    path("", include("portal.urls")),
    path("", include("accounts.urls")),
    path("", include("assessments.urls")),
    path("", include("groups.urls")),
    path("", include("organizations.urls")),
    path("", include("reports.urls")),
    path("", include("recognitions.urls")),
    path("", include("reforms.urls")),
    path("", include("people.urls")),
    path("", include("delivery.urls")),
    path("", include("sheets.urls")),
    path("", include("rehearsal.urls")),
    path("", include("watching.urls")),
    path("", include("revising.urls")),
]
