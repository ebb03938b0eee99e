from django.urls import path

from reforms import views

app_name = "reforms"

urlpatterns = [
    path("thay-doi-don-vi/", views.index, name="index"),
    path("thay-doi-don-vi/tep/", views.file_index, name="files"),
    path("thay-doi-don-vi/tep/mau/", views.file_template, name="file_template"),
    path("thay-doi-don-vi/tep/<int:pk>/", views.file_detail, name="file"),
    path("thay-doi-don-vi/tep/<int:pk>/tai-ve/", views.file_download, name="file_download"),
    path("thay-doi-don-vi/tep/<int:pk>/thuc-hien/", views.file_start, name="file_start"),
    path("thay-doi-don-vi/<int:pk>/", views.detail, name="detail"),
    path("thay-doi-don-vi/<int:pk>/thuc-hien/", views.carry_out, name="carry_out"),
    path("thay-doi-don-vi/<int:pk>/hoan-tac/", views.undo, name="undo"),
    path("thay-doi-don-vi/<int:pk>/xep/", views.place, name="place"),
    path("to-chuc/<code:code>/thay-doi/", views.start, name="start"),
    path("to-chuc/<code:code>/thay-doi/<slug:what>/", views.plan, name="plan"),
]
