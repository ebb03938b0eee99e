from django.urls import path

from organizations import converters, views  # noqa: F401 - the converter registers itself

app_name = "organizations"

urlpatterns = [
    path("to-chuc/", views.index, name="index"),
    path("to-chuc/<code:code>/", views.detail, name="detail"),
    path("to-chuc/<code:code>/chua-co-ai/", views.without_people, name="without_people"),
]
