from celery import shared_task

from rehearsal import spaces


@shared_task
def forget_rehearsals():
    spaces.forget_old()
