from django.urls import path

from delivery import views

app_name = "delivery"

urlpatterns = [
    path("ho-so/nhan-tin/", views.channels, name="channels"),
    path("to-chuc/<code:code>/nguoi/chua-nhan-tin/", views.unreached_people, name="unreached"),
]
