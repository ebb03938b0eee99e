from celery import shared_task

from audit import clock
from reforms import files
from reforms.models import ReformFile


@shared_task
def work_on_file(pk):
    files.work(pk)


@shared_task
def take_up_files():
    for reform_file in ReformFile.objects.left_behind(clock.now()):
        reform_file.hand_to(work_on_file)
