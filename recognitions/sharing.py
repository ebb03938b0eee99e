"""The link under which somebody shows their titles to others, and takes it back."""

from django.db import transaction

from audit import clock, events
from recognitions.models import SharedPage


def of(citizen) -> SharedPage | None:
    return citizen.shared_pages.filter(withdrawn_at=None).first()


@transaction.atomic
def share(citizen) -> bool:
    """Whether this call made one: of two clicks one does, and whoever has one keeps it."""
    page = SharedPage(citizen=citizen)
    SharedPage.objects.bulk_create([page], ignore_conflicts=True)
    made = SharedPage.objects.filter(key=page.key).first()
    if made:
        _tell("share_titles", made)
    return made is not None


@transaction.atomic
def withdraw(citizen) -> bool:
    page = of(citizen)
    open_still = SharedPage.objects.filter(pk=page.pk if page else None, withdrawn_at=None)
    if not open_still.update(withdrawn_at=clock.now()):
        return False
    _tell("withdraw_shared_titles", page)
    return True


def _tell(verb, page):
    citizen = page.citizen
    events.record(verb, page, by=citizen.user, at=clock.now(), organization=citizen.board, subject=citizen.pk)
