from django.urls import path

from watching.views import draws, flags

app_name = "watching"

urlpatterns = [
    path("dau-hieu/", flags.index, name="flags"),
    path("dau-hieu/doc-lai/", flags.read_again, name="read_again"),
    path("dau-hieu/<int:pk>/", flags.detail, name="flag"),
    path("hau-kiem/", draws.index, name="draws"),
    path("hau-kiem/moi/", draws.announce, name="announce"),
    path("hau-kiem/<int:pk>/", draws.detail, name="draw"),
    path("hau-kiem/<int:pk>/danh-sach/", draws.published_list, name="draw_list"),
    path("hau-kiem/<int:pk>/mau/", draws.published_sample, name="draw_sample"),
    path("hau-kiem/<int:pk>/rut-mau/", draws.start, name="draw_start"),
    path("hau-kiem/<int:pk>/ho-so/", draws.records, name="draw_records"),
    path("hau-kiem/<int:pk>/ho-so/<int:row>/", draws.check, name="draw_check"),
    path("hau-kiem/<int:pk>/ket-qua/", draws.findings, name="draw_findings"),
    path("hau-kiem/<int:pk>/ket-qua/xuat-excel/", draws.findings_export, name="draw_findings_export"),
]
