from celery import shared_task

from audit import clock
from revising import carrying, rerunning
from revising.models import Carrying, Rerun


@shared_task
def work_on_rerun(pk):
    rerunning.work(pk)


@shared_task
def work_on_carrying(pk):
    carrying.work(pk)


@shared_task
def take_up():
    """What a dead worker left, and the records that a version now in force is waiting for."""
    now = clock.now()
    for rerun in Rerun.objects.left_behind(now):
        rerun.hand_to(work_on_rerun)
    carrying.begin(now)
    for each in Carrying.objects.left_behind(now):
        each.hand_to(work_on_carrying)
