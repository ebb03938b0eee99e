"""Getting back to one's own account without going anywhere: a link by SMS and e-mail, and a fact one knows.

Whoever asks learns nothing: the answer is the same, and takes as long, whether there is such an account or
not. The link is made when the letter leaves (delivery/sending.py) and stands in no table. Telephones and
e-mail are as people typed them, so the link alone opens nothing.
"""

import datetime

from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.urls import reverse
from django.utils.http import base36_to_int
from django.utils.translation import gettext as _

from accounts import officers, regaining
from accounts.claiming import knows
from accounts.models import Appointment, Message, User
from accounts.sign_in import accounts_named
from audit import clock, events
from vietnamese import dates

KIND = "recover"
GOOD_FOR = datetime.timedelta(hours=1)
MOST_A_DAY = 3
APART = datetime.timedelta(minutes=10)  # from one letter to the next


class RecoverTokens(regaining.RegainTokens):
    """Good for an hour after the letter left, and void as those of a slip are."""

    key_salt = "accounts.recovering.RecoverTokens"

    def check_token(self, user, token):
        if not super().check_token(user, token):
            return False
        made = base36_to_int(token.partition("-")[0])
        return self._num_seconds(self._now()) - made <= GOOD_FOR.total_seconds()


tokens = RecoverTokens()


def ask(typed: str):
    """Write to every account that the name may mean, where a letter may leave for it."""
    named = accounts_named(typed)
    # Who acts for others, or has never set a password, shows an identity card.
    acting = Appointment.objects.lasting().order_by().values("user")
    own = User.objects.filter(pk__in=[user.pk for user in named], is_active=True, is_staff=False)
    own = own.filter(citizen__isnull=False, citizen__departed_on=None).exclude(pk__in=acting)
    for user in own.select_related("citizen"):
        if user.has_usable_password():
            _tell(user)


@transaction.atomic
def _tell(user):
    now = clock.now()
    keys = [f"{KIND}:{user.pk}:{dates.local_day(now)}:{number}" for number in range(MOST_A_DAY)]
    told = list(Message.objects.filter(key__in=keys).order_by("at").values_list("at", flat=True))
    if len(told) == MOST_A_DAY or (told and now - told[-1] < APART):
        return
    message = Message(
        user=user,
        key=keys[len(told)],
        at=now,
        subject=_("Đặt mật khẩu mới"),
        body=_("Có người xin đặt mật khẩu mới cho tài khoản của bạn. Không phải bạn thì không cần làm gì."),
    )
    Message.objects.tell([message])
    citizen = user.citizen
    asked = events.Entry("ask_recovery", user, at=now, organization=citizen.board, subject=citizen.pk)
    events.record_many([asked])


def path_for(user) -> str:
    return f"{reverse('accounts:recover')}?ma={officers.uid_of(user)}.{tokens.make_token(user)}"


class RecoverBackend(BaseBackend):
    """Tells whose link it is, for who knows the fact. Among the ways to sign in: so tries are counted."""

    def authenticate(self, request, username=None, fact=None, link=None, **kwargs):
        if not (username and fact and link):
            return None
        user = officers.holder_of(username, link, tokens)
        return user if user and knows(fact, user.citizen) else None


def is_good(uid, token) -> bool:
    return officers.holder_of(uid, token, tokens) is not None
