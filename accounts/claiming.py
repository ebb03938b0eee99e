"""Handing accounts to people whom others put on a list: a code on a slip, and a fact only they know."""

import re
from collections.abc import Iterable

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts import regaining
from accounts.models import Appointment, Citizen, ClaimCode, Message
from accounts.models.user import READABLE
from audit import clock, encryption, events
from organizations import boards
from organizations.models import Organization
from vietnamese import dates, text

LENGTH = 10  # of 32 letters: nobody guesses one
MOST_SLIPS = 300  # on one print


def may_keep(user, organization: Organization) -> bool:
    """Who keeps the list of the people there: whoever confirms for it, and officers above."""
    return user.appointments.keeping(organization).exists()


def without_account(organization: Organization):
    """Those of its people who may get a slip: nobody who has set a password, by a slip or else.

    Who did goes to the officer for a new one.
    """
    unset = Q(user__is_active=True, user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Citizen.objects.at(organization).filter(Q(user=None) | unset)


def without_slip(organization: Organization):
    """Those of them who hold no slip that is still good."""
    return without_account(organization).exclude(pk__in=ClaimCode.objects.good().order_by().values("citizen"))


@transaction.atomic
def give_slips(people: Iterable[int], *, organization: Organization, by) -> list[tuple[Citizen, str]]:
    """New codes for these people, the last time that anybody sees them; older ones are void."""
    if not may_keep(by, organization):
        raise PermissionDenied
    listed = without_account(organization).filter(pk__in=list(people)[:MOST_SLIPS])
    citizens = list(listed.select_related("commune", "village", "unit").in_order())
    given = [(citizen, get_random_string(LENGTH, READABLE)) for citizen in citizens]
    now = clock.now()
    ClaimCode.objects.filter(citizen__in=citizens).delete()
    ClaimCode.objects.bulk_create(
        ClaimCode(citizen=citizen, digest=digest_of(code), organization=organization, by=by, given_at=now)
        for citizen, code in given
    )
    where = {"board": boards.name_of(organization), "by": by}
    Message.objects.tell(
        Message(
            citizen=citizen,
            key=f"slip:{citizen.pk}:{now.timestamp()}",
            subject=_("Có phiếu nhận tài khoản cho bạn"),
            body=_(
                "%(by)s, %(board)s, đã in phiếu. Phiếu trao tận tay bạn; chưa nhận được, hoặc có người "
                "khác đã dùng, thì báo ban."
            )
            % where,
        )
        for citizen in citizens
    )
    events.record_many(
        events.Entry("give_slip", citizen, by=by, at=now, organization=organization, subject=citizen.pk)
        for citizen in citizens
    )
    return given


def digest_of(typed: str) -> str:
    """Of a code in any way of writing: with spaces, dashes, small letters."""
    return encryption.digest("claim:" + re.sub("[^0-9A-Z]", "", text.nfc(typed).upper()))


def in_groups(code: str) -> str:
    """As it is printed and read aloud: 'ABCDE-FGHJK'."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


class ClaimBackend(BaseBackend):
    """Tells whose slip it is. Among the ways to sign in, so that tries are counted as theirs are."""

    def authenticate(self, request, username=None, fact=None, **kwargs):
        """The account behind a code, for who knows the fact; it is made where the person has none yet."""
        if not username or not fact:
            return None
        with transaction.atomic():
            found = (
                ClaimCode.objects.select_for_update(of=("self", "citizen"))
                .good()
                .filter(digest=digest_of(username))
            )
            # Without the account: after waiting for another claim, what is joined and not held is of before.
            code = found.select_related("citizen", "organization").first()
            if code is None or not _may_claim(code.citizen):
                return None
            if not knows(fact, code.citizen):
                _count_failure(code)
                return None
            if code.citizen.user is None:
                told = {"at": clock.now(), "organization": code.organization, "subject": code.citizen.pk}
                events.record_many([regaining.open_account(code.citizen, told)])
            return code.citizen.user


def _count_failure(code):
    """Whoever has the slip did not know whose it is. After some tries it is held, and its place knows."""
    ClaimCode.objects.filter(pk=code.pk).update(failures=F("failures") + 1)
    if not ClaimCode.objects.held().filter(pk=code.pk).exists():
        return
    held = events.Entry(
        "hold_slip", code, at=clock.now(), organization=code.organization, subject=code.citizen_id
    )
    events.record_many([held])
    said = {"name": code.citizen, "by": code.by, "day": dates.day_words(dates.local_day(code.given_at))}
    keepers = Appointment.objects.filled().filter(organization=code.organization).order_by("user")
    Message.objects.tell(
        Message(
            user_id=user,
            key=f"slip_held:{code.pk}:{code.digest[:8]}:{user}",
            subject=_("Phiếu nhận tài khoản của %(name)s bị giữ lại") % said,
            body=_(
                "Có người gõ đúng mã nhưng sai ngày sinh nhiều lần. Phiếu do %(by)s in ngày %(day)s nay hết "
                "dùng được. Hỏi người ấy còn giữ phiếu không, rồi in phiếu mới trao tận tay."
            )
            % said,
            link=reverse("accounts:slips", args=[code.organization.code]),
        )
        for user in {*keepers.values_list("user", flat=True)} | {code.by_id}
    )
    Message.objects.tell(
        [
            Message(
                citizen=code.citizen,
                key=f"slip_held:{code.pk}:{code.digest[:8]}:person",
                subject=_("Phiếu nhận tài khoản của bạn bị giữ lại"),
                body=_("Có người gõ mã trên phiếu mà không biết bạn là ai. Xin phiếu mới ở ban khuyến học."),
            )
        ]
    )


def _may_claim(citizen):
    """Nobody who has signed in: an account once taken over is not handed out by an old slip."""
    return not citizen.departed_on and (
        citizen.user is None or (citizen.user.is_active and not citizen.user.has_usable_password())
    )


def knows(fact, citizen):
    """The birth date, the year where no more is known, or the last digits of the identity number."""
    typed = text.nfc(fact)
    if re.fullmatch("[0-9]{4}", typed):
        if citizen.identity_number and citizen.identity_number.endswith(typed):
            return True
        return citizen.birth_date is None and citizen.birth_year == int(typed)
    try:
        return dates.parse_day(typed) == citizen.birth_date
    except ValueError:
        return False
