from django.urls import path

from recognitions.views import certificates, checking, commendations, decisions, holding, settings

app_name = "recognitions"

urlpatterns = [
    path("quyet-dinh/", decisions.index, name="index"),
    path("quyet-dinh/quy-dinh/", settings.index, name="settings"),
    path("quyet-dinh/quy-dinh/<slug:slug>/", settings.edit, name="setting"),
    path("quyet-dinh/hien-ket-qua/<code:code>/", settings.release, name="release"),
    path("quyet-dinh/lap/<code:code>/", decisions.begin, name="begin"),
    path("quyet-dinh/<int:pk>/", decisions.detail, name="decision"),
    path("quyet-dinh/<int:pk>/de-lai/<int:nomination>/", decisions.leave_out, name="leave_out"),
    path("quyet-dinh/<int:pk>/dua-vao/<int:nomination>/", decisions.take_in, name="take_in"),
    path("quyet-dinh/<int:pk>/bo/", decisions.drop, name="drop"),
    path("quyet-dinh/<int:pk>/bien-ban/", decisions.sign_minutes, name="minutes"),
    path("quyet-dinh/<int:pk>/to-trinh/", decisions.submit, name="submission"),
    path("quyet-dinh/<int:pk>/ghi/", decisions.decide, name="decide"),
    path("quyet-dinh/<int:pk>/<slug:name>.<slug:ending>", decisions.document, name="document"),
    path("khen-thuong/lap/<code:code>/", commendations.index, name="commend"),
    path("khen-thuong/<int:pk>/", commendations.detail, name="commending"),
    path("khen-thuong/<int:pk>/ghi/", commendations.decide, name="commend_decide"),
    path("khen-thuong/<int:pk>/danh-sach.<slug:ending>", commendations.document, name="commended"),
    path("tra-cuu/", checking.index, name="check"),
    path("tra-cuu/khoa/", checking.published_keys, name="keys"),
    path("tra-cuu/khoa.json", checking.key_set, name="key_set"),
    path("tra-cuu/kiem_tra_giay.py", checking.verifier, name="verifier"),
    path("tra-cuu/thu-hoi/<int:number>/", checking.revoked, name="revoked"),
    path("tra-cuu/<str:letters>/", checking.code, name="check_code"),
    path("TRA-CUU/<str:letters>/<str:signed>", checking.scanned, name="scanned"),
    path("danh-hieu-cua-toi/", holding.mine, name="mine"),
    path("danh-hieu-cua-toi/chia-se/", holding.share, name="share"),
    path("danh-hieu-cua-toi/ngung-chia-se/", holding.withdraw, name="withdraw"),
    path("danh-hieu-cua/<str:key>/", holding.shared, name="shared"),
    path("giay-chung-nhan/<int:pk>/", certificates.detail, name="certificate"),
    path("giay-chung-nhan/<int:pk>/tai-ve/", certificates.download, name="download"),
    path("giay-chung-nhan/<int:pk>/open-badges/", certificates.badge, name="badge"),
    path("giay-chung-nhan/<int:pk>/thu-hoi/", certificates.revoke, name="revoke"),
    path("giay-chung-nhan/<int:pk>/cap-lai/", certificates.reissue, name="reissue"),
    path("quyet-dinh/<int:pk>/giay-chung-nhan/", certificates.of_decision, name="certificates"),
    path("quyet-dinh/<int:pk>/giay-chung-nhan/in/", certificates.print_all, name="print_all"),
    path("quyet-dinh/<int:pk>/giay-chung-nhan/<int:number>/", certificates.printing, name="printing"),
    path(
        "quyet-dinh/<int:pk>/giay-chung-nhan/<int:number>/tai-ve/",
        certificates.download_all,
        name="download_all",
    ),
]
