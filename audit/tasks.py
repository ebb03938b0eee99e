from celery import shared_task

from audit import looks


@shared_task
def write_look(told):
    looks.write_told(told)
