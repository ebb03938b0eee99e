from celery import shared_task

from delivery import sending


@shared_task
def deliver():
    sending.sweep()
