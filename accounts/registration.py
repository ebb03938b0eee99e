"""Opening an account: the one way in which a person comes to sign in as a citizen."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Citizen, Message, User
from accounts.models.user import new_username
from audit import clock, events
from organizations import boards

# Every text anyone agreed to, by its version: a changed text is a new version, and the last one is asked for.
CONSENTS = {
    "2026-1": gettext_lazy(
        "Tôi đồng ý để cổng lưu và dùng các thông tin trên vào việc đăng ký, xác nhận và báo cáo "
        "danh hiệu học tập của tôi."
    ),
}
CONSENT_VERSION = list(CONSENTS)[-1]
# Says how to go on, and nothing of whoever bears the number.
TAKEN = gettext_lazy(
    "Số căn cước này đã có trên cổng. Nếu bạn đã mở tài khoản, hãy đăng nhập bằng số này. "
    "Nếu được trao phiếu có mã, hãy nhận tài khoản bằng phiếu. "
    "Nếu chưa, hoặc quên mật khẩu, hãy mang thẻ căn cước đến hội khuyến học xã, phường nơi bạn ở. "
    "Hội giúp bạn nhận tài khoản."
)


HELD = gettext_lazy(
    "Từ mạng bạn đang dùng đã gõ quá nhiều số căn cước có sẵn trên cổng. Chờ 15 phút rồi bấm lại: những gì "
    "bạn gõ vẫn ở đây. Nếu bạn đã mở tài khoản hoặc được trao phiếu có mã thì không cần mở "
    "nữa: hãy đăng nhập, hoặc nhận tài khoản bằng phiếu."
)


class NumberTaken(Exception):
    """There is a citizen with this identity number already, with or without an account."""


def is_taken(identity_number):
    return Citizen.objects.with_identity_number(identity_number).exists()


def open_account(person, home, *, password, username=None):
    """Make account, citizen, events and welcome in one; raises NumberTaken and leaves nothing.

    `person` are the fields of a Citizen, `home` a places.Home. With a `username` chosen before, pressing
    twice cannot make two accounts.
    """
    hashed = make_password(password)  # takes its time, so it is done before the transaction
    try:
        with transaction.atomic():
            return _make(person, home, hashed, username or new_username())
    except IntegrityError:
        if is_taken(person["identity_number"]):  # another sign-up was faster
            raise NumberTaken from None
        raise


def _make(person, home, hashed, username):
    now = clock.now()
    user = User.objects.create(
        username=username, full_name=person["full_name"], password=hashed, date_joined=now
    )
    citizen = Citizen.objects.create(
        user=user, consent_version=CONSENT_VERSION, consented_at=now, **person, **home.fields
    )
    told = {"by": user, "at": now, "organization": citizen.board, "subject": citizen.pk}
    events.record("open_account", user, **told)
    events.record("consent", citizen, new=CONSENT_VERSION, **told)
    Message.objects.tell([_welcome(citizen)])
    return user


def _welcome(citizen):
    return Message(
        citizen=citizen,
        key=f"welcome:{citizen.pk}",
        subject=_("Chào mừng bạn đến với cổng danh hiệu học tập"),
        body=_(
            "Tài khoản của bạn đã mở. Lần sau đăng nhập bằng số căn cước, số điện thoại hoặc e-mail. "
            "Nơi xác nhận điểm của bạn: %(board)s. Việc tiếp theo: đăng ký danh hiệu năm nay ở trang đầu."
        )
        % {"board": boards.name_of(citizen.board)},
        link=resolve_url(settings.LOGIN_REDIRECT_URL),
    )
