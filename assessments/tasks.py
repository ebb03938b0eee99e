from celery import shared_task

from assessments import closing
from audit import clock


@shared_task
def lock_confirmation():
    closing.lock_confirmation(clock.now())
