"""Open records brought to the version in force, chunk by chunk in a worker."""

from django.db.models import F
from django.utils.translation import gettext as _

from assessments import workflow
from assessments.workflow import Refused
from audit import clock
from criteria.models import CriteriaSet, Status
from revising.models import Carrying, CarryingState

CHUNK = 300  # records in one transaction


def begin(now) -> list[Carrying]:
    """What there is to carry: of each title whatever stands on another version than the one in force."""
    begun = []
    published = CriteriaSet.objects.filter(clock.in_force(), status=Status.PUBLISHED)
    for new in published.order_by("pk"):
        for old in CriteriaSet.objects.of_title(new).exclude(status=Status.DRAFT).exclude(pk=new.pk):
            if workflow.left_on(old, new, now).exists():
                begun.append(_carrying(old, new, now))
    return begun


def _carrying(old, new, now):
    carrying, is_new = Carrying.objects.get_or_create(from_set=old, to_set=new)
    if not is_new:
        carrying.go_on([CarryingState.DONE], CarryingState.RUNNING)
    return carrying


def work(pk: int) -> None:
    """Carry what is left. May run twice, and after any death: a record goes once."""
    carrying = Carrying.objects.select_related("from_set", "to_set").get(pk=pk)
    if carrying.state != CarryingState.RUNNING:
        return
    old, new = carrying.from_set, carrying.to_set
    while keys := list(
        workflow.left_on(old, new, clock.now()).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        try:
            carried = workflow.carry_to_version(keys, old, new)
        except Refused:  # the database is busy: the sweep comes again
            return
        Carrying.objects.filter(pk=pk).update(carried=F("carried") + carried, heartbeat_at=clock.now())
    carrying.finish()


def words(carrying, now) -> str:
    """'Đã chuyển 1.200 hồ sơ, còn 300.'"""
    left = workflow.left_on(carrying.from_set, carrying.to_set, now).count()
    return _("Đã chuyển %(carried)d hồ sơ, còn %(left)d.") % {"carried": carrying.carried, "left": left}
