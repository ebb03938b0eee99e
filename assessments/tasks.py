from celery import shared_task

from assessments import (
    arriving,
    batches,
    closing,
    draws,
    flags,
    looking_ahead,
    reminders,
    shares,
    tally,
    totals,
    workflow,
)
from assessments.models import Batch, Draw, Reading
from audit import clock


@shared_task
def lock_confirmation():
    closing.lock_confirmation(clock.now())


@shared_task
def recount_tallies():
    for _each in tally.recount(clock.now()):
        pass  # it leaves its own word, in the log and in the record of events


@shared_task
def recount_shares():
    shares.recount_all()


@shared_task
def pass_over_ended():
    workflow.pass_over_ended()


@shared_task
def look_ahead():
    looking_ahead.refresh(clock.now())


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


@shared_task
def read_for_flags(pk):
    flags.work(pk)


@shared_task
def read_all_for_flags():
    for reading in flags.due(clock.now()):
        if flags.start(reading):
            reading.hand_to(read_for_flags)


@shared_task
def work_on_draw(pk):
    draws.work(pk)


@shared_task
def take_up_watch():
    """Readings and draws that a dead worker left."""
    for reading in Reading.objects.left_behind(clock.now()):
        reading.hand_to(read_for_flags)
    for draw in Draw.objects.left_behind(clock.now()).defer("packed"):
        draw.hand_to(work_on_draw)


@shared_task
def send_reminders():
    reminders.send(clock.now())


@shared_task
def forget_arriving():
    arriving.forget_old()
