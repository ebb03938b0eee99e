"""The addresses within a rehearsal: those of the portal, and the rehearsal's own."""

from django.urls import include, path

from rehearsal import views

own = [
    path("sang/", views.move_on, name="move_on"),
    path("to-tong-ket/", views.sheet, name="sheet"),
    path("tin-nhan/", views.outbox, name="outbox"),
]

urlpatterns = [
    path("buoi-dien-tap/", include((own, "inside"))),
    path("", include("config.urls")),
]
