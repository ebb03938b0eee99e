from celery import shared_task

from audit import clock
from people import freezing, rosters
from people.models import Roster


@shared_task
def work_on_roster(pk):
    rosters.work(pk)


@shared_task
def take_up_rosters():
    for roster in Roster.objects.left_behind(clock.now()):
        roster.hand_to(work_on_roster)


@shared_task
def forget_rosters():
    rosters.forget(clock.now())


@shared_task
def freeze_lists():
    freezing.freeze(clock.now())
