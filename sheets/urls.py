from django.urls import path

from sheets.views import printing, typing

app_name = "sheets"

urlpatterns = [
    path("phieu-giay/nhap/", typing.index, name="type_in"),
    path("phieu-giay/nhap/<str:letters>/", typing.sheet, name="sheet"),
    path("to-chuc/<code:code>/phieu-giay/", printing.index, name="print"),
    path("to-chuc/<code:code>/phieu-giay/trong/", printing.empty, name="empty"),
    path("to-chuc/<code:code>/phieu-giay/<int:pk>/", printing.detail, name="printing"),
    path("to-chuc/<code:code>/phieu-giay/<int:pk>/tai-ve/", printing.download, name="download"),
]
