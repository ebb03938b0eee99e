from django.urls import path

from rehearsal import views
from rehearsal.spaces import PREFIX

app_name = "rehearsal"

urlpatterns = [
    path(f"{PREFIX}/", views.start, name="start"),
    path(f"{PREFIX}/xoa/", views.remove, name="remove"),
]
