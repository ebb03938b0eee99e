"""What may become of a recognition: a decision revokes it, or its paper is given anew with other words."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Message
from assessments import notices, workflow
from assessments.workflow import Refused
from audit import clock, events
from recognitions import deciding
from recognitions.models import Recognition
from vietnamese import dates


def revocation_words(number: str, revoked_on, reason: str) -> str:
    return _("Thu hồi theo quyết định số %(number)s ngày %(day)s. Lý do: “%(reason)s”.") % {
        "number": number,
        "day": dates.day_words(revoked_on),
        "reason": reason,
    }


@transaction.atomic
def revoke(recognition: Recognition, *, by, number: str, revoked_on, reason: str) -> None:
    """From the moment this is written every check says so; what it was stays to be read."""
    issuer = recognition.decision.issuer
    deciding.ask_number(issuer.heir or issuer, number, revoked_on, revokes=True)
    now = clock.now()
    _take(
        recognition,
        by,
        revoked_at=now,
        revoked_by=by,
        revocation_reason=reason,
        revocation_number=number,
        revoked_on=revoked_on,
    )
    events.record(
        "revoke_recognition",
        recognition,
        by=by,
        at=now,
        organization=issuer,
        subject=recognition.assessment.citizen_id,
        old=recognition.decision.number,
        new=number,
        private={"reason": reason},
    )
    words = revocation_words(number, revoked_on, reason)
    workflow.end_recognition(recognition.assessment, by=by, at=now, issuer=issuer, reason=words)


@transaction.atomic
def reissue(recognition: Recognition, *, by, holder_name: str, place_name: str, reason: str) -> Recognition:
    """A new paper with a code of its own; the old one says that it was replaced."""
    now = clock.now()
    _take(recognition, by, replaced_at=now)
    decision, assessment = recognition.decision, recognition.assessment
    new = Recognition.objects.create(
        decision=decision,
        assessment=assessment,
        holder_name=holder_name,
        place_name=place_name,
        valid_from=recognition.valid_from,
        valid_until=recognition.valid_until,
        recognised_at=now,
        replaces=recognition,
    )
    events.record(
        "reissue_certificate",
        new,
        by=by,
        at=now,
        organization=decision.issuer,
        subject=assessment.citizen_id,
        private={"old": recognition.holder_name, "new": holder_name, "reason": reason},
    )
    Message.objects.tell(
        Message(
            **whom,
            key=f"reissued:{new.pk}:{next(iter(whom.values()))}",
            subject=_("Có giấy chứng nhận mới, đã sửa tên"),
            body=_("Giấy mới ghi: %(name)s. Giấy cũ không còn dùng được. Lý do: “%(reason)s”.")
            % {"name": holder_name, "reason": reason},
            link=new.get_absolute_url(),
        )
        for whom in notices.holders_of(assessment)
    )
    return new


def _take(recognition, by, **what):
    """The write is the lock: of two who press together one does it, and only while the paper stands."""
    if not Recognition.objects.changeable_by(by).filter(pk=recognition.pk).exists():
        raise PermissionDenied
    if not Recognition.objects.standing().filter(pk=recognition.pk).update(**what):
        raise Refused(_("Giấy này vừa bị thu hồi hoặc đã được cấp lại. Mở lại trang để xem."))
