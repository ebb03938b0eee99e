from django.urls import path

from accounts.views import (
    appointing,
    claiming,
    inbox,
    placing,
    profile,
    recovering,
    regaining,
    seeing_as,
    sign_in,
    sign_up,
    supporting,
)
from organizations import converters  # noqa: F401 - the converter registers itself

app_name = "accounts"

urlpatterns = [
    path("dang-ky/", sign_up.who, name="sign_up"),
    path("dang-ky/xa-phuong/", sign_up.commune, name="sign_up_commune"),
    path("dang-ky/noi-o/", sign_up.home, name="sign_up_home"),
    path("dang-ky/kiem-tra/", sign_up.check, name="sign_up_check"),
    path("dang-nhap/", sign_in.SignIn.as_view(), name="sign_in"),
    path("dang-nhap/lan-dau/<uid>/<token>/", sign_in.first_sign_in, name="first_sign_in"),
    path("dang-nhap/nhan-lai/<uid>/<token>/", regaining.regain, name="regain"),
    path("dang-nhap/quen-mat-khau/", recovering.ask, name="ask_recovery"),
    path("dang-nhap/dat-lai/", recovering.recover, name="recover"),
    path("nhan-tai-khoan/", claiming.claim, name="claim"),
    path("dang-xuat/", sign_in.sign_out, name="sign_out"),
    path("ho-so/", profile.profile, name="profile"),
    path("ho-so/lien-he/", profile.contact, name="profile_contact"),
    path("ho-so/xa-phuong/", profile.commune, name="profile_commune"),
    path("ho-so/noi-o/", profile.home, name="profile_home"),
    path("ho-so/ai-da-xem/", profile.looks, name="profile_looks"),
    path("ho-so/mat-khau/", profile.password, name="profile_password"),
    path("tin-nhan/", inbox.inbox, name="inbox"),
    path("tin-nhan/da-doc/", inbox.mark_all_read, name="inbox_read_all"),
    path("tin-nhan/<int:pk>/da-doc/", inbox.mark_read, name="message_read"),
    path("to-chuc/<code:code>/cap-lai/", regaining.hand_over, name="hand_over"),
    path("to-chuc/<code:code>/phan-cong/", appointing.seats, name="seats"),
    path("to-chuc/<code:code>/phan-cong/moi/", appointing.appoint, name="appoint"),
    path("to-chuc/<code:code>/phan-cong/<int:pk>/ket-thuc/", appointing.end, name="appointment_end"),
    path("to-chuc/<code:code>/phan-cong/<int:pk>/phieu/", appointing.slip, name="appointment_slip"),
    path("to-chuc/<code:code>/xem-cung/", seeing_as.see_as, name="see_as"),
    path("xem-cung/thoi/", seeing_as.end, name="see_as_end"),
    path("to-chuc/<code:code>/ho-tro/", supporting.lines, name="support_lines"),
    path("to-chuc/<code:code>/ho-tro/<int:pk>/ket-thuc/", supporting.end, name="support_end"),
    path("to-chuc/<code:code>/phieu/", claiming.slips, name="slips"),
    path("to-chuc/<code:code>/cho-xep/", placing.names, name="typed_names"),
    path("to-chuc/<code:code>/cho-xep/<str:what>/", placing.place, name="place_typed_name"),
]
