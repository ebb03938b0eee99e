"""The learning plan of the year: what one means to learn, ticked off when done, and told as evidence."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import workflow
from assessments.models import PlannedLearning
from audit import clock, events
from vietnamese import dates


@transaction.atomic
def plan(assessment, form, *, by, what="") -> PlannedLearning:
    """Put it on the plan; the second click finds it there. Raises workflow.Refused."""
    workflow.touch_draft(assessment, by=by)
    planned, is_new = PlannedLearning.objects.get_or_create(assessment=assessment, form=form, what=what)
    if is_new:
        _tell(planned, by, new=planned.form)
    return planned


@transaction.atomic
def tick(planned, *, is_done, by):
    """Say that it is done today, or that it is not. Raises workflow.Refused."""
    workflow.touch_draft(planned.assessment, by=by)
    if is_done == (planned.done_on is not None):
        return
    planned.done_on = clock.today() if is_done else None
    planned.save(update_fields=["done_on"])
    _tell(planned, by, new="done" if is_done else "planned")


@transaction.atomic
def take_off(planned, *, by):
    """Raises workflow.Refused."""
    workflow.touch_draft(planned.assessment, by=by)
    _tell(planned, by, old=planned.form)
    planned.delete()


def words(planned) -> str:
    """What is done, told as evidence."""
    said = _("Đã học trong năm: %(learning)s. Xong ngày %(day)s.")
    return said % {"learning": planned, "day": dates.day_words(planned.done_on)}


def _tell(planned, by, **values):
    events.record_many([planned.assessment.entry("learning", planned, by=by, at=clock.now(), **values)])
