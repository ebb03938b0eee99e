from django.urls import path

from organizations import converters  # noqa: F401 - the converter registers itself
from sheets import views

app_name = "sheets"

urlpatterns = [
    path("to-chuc/<code:code>/phieu-giay/", views.index, name="print"),
    path("to-chuc/<code:code>/phieu-giay/trong/", views.empty, name="empty"),
    path("to-chuc/<code:code>/phieu-giay/<int:pk>/", views.printing, name="printing"),
    path("to-chuc/<code:code>/phieu-giay/<int:pk>/tai-ve/", views.download, name="download"),
]
