from celery import shared_task

from assessments import batches, closing, tally, totals
from assessments.models import Batch
from audit import clock


@shared_task
def lock_confirmation():
    closing.lock_confirmation(clock.now())


@shared_task
def recount_tallies():
    for _each in tally.recount(clock.now()):
        pass  # it leaves its own word, in the log and in the record of events


@shared_task
def check_totals():
    totals.check_and_tell(clock.now())


@shared_task
def work_on_batch(pk):
    batches.work(pk)


@shared_task
def take_up_batches():
    for batch in Batch.objects.left_behind(clock.now()):
        batch.hand_to(work_on_batch)
