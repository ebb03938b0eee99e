"""From a draft to the set in force: asked for by one of the centre, done by another."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Appointment
from audit import clock, events
from criteria import publishing
from criteria.models import CriteriaSet, Status
from criteria.publishing import Refused
from organizations.models import Kind
from revising.models import Proposal


def works_at_centre(user) -> bool:
    """Whether the user is one of those who draft and publish."""
    return user.is_authenticated and officers_of_centre().filter(user=user).exists()


def officers_of_centre():
    return Appointment.objects.officers().filter(organization__kind=Kind.CENTRE)


def in_force_before(criteria_set) -> CriteriaSet | None:
    """The version that this one follows: of the same title, published, begun before it or on the same day."""
    earlier = (
        CriteriaSet.objects.of_title(criteria_set)
        .exclude(status=Status.DRAFT)
        .exclude(pk=criteria_set.pk)
        .filter(valid_from__lte=criteria_set.valid_from)
    )
    if criteria_set.status != Status.DRAFT:
        earlier = earlier.filter(published_at__lt=criteria_set.published_at)
    return earlier.order_by("valid_from", "published_at", "pk").last()


def asked(draft) -> Proposal | None:
    """The request to publish the draft as it is now; one for an earlier revision counts no more."""
    proposals = Proposal.objects.filter(criteria_set=draft, revision=draft.revision)
    return proposals.select_related("asked_by").first()


@transaction.atomic
def ask(draft, *, by) -> None:
    _of_draft(draft)
    Proposal.objects.update_or_create(
        criteria_set=draft,
        defaults={"revision": draft.revision, "asked_by": by, "asked_at": clock.now()},
    )
    events.record("ask_publish", draft, by=by, at=clock.now(), new=str(draft.revision))


def _of_draft(draft):
    held = CriteriaSet.objects.select_for_update(no_key=True).filter(
        pk=draft.pk, status=Status.DRAFT, revision=draft.revision
    )
    if not held.exists():
        raise Refused(_("Bản thảo vừa được sửa hoặc đã ban hành. Đọc lại trang rồi làm tiếp."))


def why_not_publish(draft, user) -> str:
    """Why this user cannot publish the draft now; empty when they can."""
    proposal = asked(draft)
    if proposal is None:
        return _("Chưa ai đề nghị ban hành bản này.")
    if user.pk in (proposal.asked_by_id, draft.drafted_by):
        return _("Người soạn và người đề nghị không tự ban hành được. Nhờ một người khác của trung ương hội.")
    return ""


@transaction.atomic
def publish(draft, *, by) -> None:
    """Raises Refused; the database refuses it too, whoever writes the row."""
    _of_draft(draft)
    if why := why_not_publish(draft, by):
        raise Refused(why)
    publishing.publish(draft, by=by)
