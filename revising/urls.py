from django.urls import path

from revising.views import drafts, sets

app_name = "revising"

urlpatterns = [
    path("tieu-chi/", sets.index, name="index"),
    path("tieu-chi/tai-len/", drafts.upload, name="upload"),
    path("tieu-chi/<int:pk>/", sets.detail, name="detail"),
    path("tieu-chi/<int:pk>/khac-gi/", sets.difference, name="difference"),
    path("tieu-chi/<int:pk>/tep.yaml", sets.download, {"kind": "yaml"}, name="download_yaml"),
    path("tieu-chi/<int:pk>/tep.xlsx", sets.download, {"kind": "xlsx"}, name="download_excel"),
    path("tieu-chi/<int:pk>/lap-ban-thao/", drafts.copy, name="copy"),
    path("tieu-chi/<int:pk>/sua/", drafts.edit, name="edit"),
    path("tieu-chi/<int:pk>/bo/", drafts.remove, name="remove"),
    path("tieu-chi/<int:pk>/ap-dung-thu/", drafts.trial, name="trial"),
    path("tieu-chi/<int:pk>/ap-dung-thu/chay/", drafts.try_out, name="try_out"),
    path("tieu-chi/<int:pk>/de-nghi/", drafts.ask, name="ask"),
    path("tieu-chi/<int:pk>/ban-hanh/", drafts.publish, name="publish"),
]
