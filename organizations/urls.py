from django.urls import path

from organizations import views

app_name = "organizations"

urlpatterns = [
    path("to-chuc/", views.index, name="index"),
    path("to-chuc/<str:code>/", views.detail, name="detail"),
]
