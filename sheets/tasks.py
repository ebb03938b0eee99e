from celery import shared_task

from audit import clock
from sheets import printing
from sheets.models import Printing


@shared_task
def draw_sheets(pk):
    printing.work(pk)


@shared_task
def take_up_printings():
    for left in Printing.objects.left_behind(clock.now()):
        left.hand_to(draw_sheets)


@shared_task
def forget_printings():
    printing.forget(clock.now())
