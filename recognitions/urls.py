from django.urls import path

from organizations import converters  # noqa: F401 - the converter registers itself
from recognitions.views import decisions, settings

app_name = "recognitions"

urlpatterns = [
    path("quyet-dinh/", decisions.index, name="index"),
    path("quyet-dinh/quy-dinh/", settings.index, name="settings"),
    path("quyet-dinh/quy-dinh/<slug:slug>/", settings.edit, name="setting"),
    path("quyet-dinh/lap/<code:code>/", decisions.begin, name="begin"),
    path("quyet-dinh/<int:pk>/", decisions.detail, name="decision"),
    path("quyet-dinh/<int:pk>/de-lai/<int:nomination>/", decisions.leave_out, name="leave_out"),
    path("quyet-dinh/<int:pk>/dua-vao/<int:nomination>/", decisions.take_in, name="take_in"),
    path("quyet-dinh/<int:pk>/bo/", decisions.drop, name="drop"),
    path("quyet-dinh/<int:pk>/bien-ban/", decisions.sign_minutes, name="minutes"),
    path("quyet-dinh/<int:pk>/to-trinh/", decisions.submit, name="submission"),
    path("quyet-dinh/<int:pk>/ghi/", decisions.decide, name="decide"),
    path("quyet-dinh/<int:pk>/<slug:name>.<slug:ending>", decisions.document, name="document"),
]
