from django.urls import path

from portal import record, views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("huong-dan/", views.help_index, name="help"),
    path("huong-dan/cong-dan/", views.help_citizen, name="help_citizen"),
    path("huong-dan/ban-khuyen-hoc/", views.help_board, name="help_board"),
    path("huong-dan/hoi-khuyen-hoc/", views.help_officer, name="help_officer"),
    path("nhat-ky/", record.record, name="record"),
    path("nhat-ky/kiem-tra/", record.record_check, name="record_check"),
    path("hien-thi/", views.display, name="display"),
    path("o-lai/", views.stay, name="stay"),
    path("du-lieu-ca-nhan/", views.privacy, name="privacy"),
    path("kha-nang-tiep-can/", views.accessibility, name="accessibility"),
]
