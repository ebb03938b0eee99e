import logging

from celery import shared_task

from audit import checking, clock, looks, sealing

log = logging.getLogger(__name__)


@shared_task
def write_look(told):
    looks.write_told(told)


@shared_task
def forget_old_looks():
    if forgotten := looks.forget_old(clock.now()):
        log.info("%s looks at people's data were old enough to be forgotten", forgotten)


@shared_task
def seal_yesterday():
    sealing.seal_yesterday()


@shared_task
def check(pk):
    checking.run(pk)


@shared_task
def take_up_checks():
    for waiting in checking.take_up():
        send(waiting)


def send(waiting):
    """Hand a check to the workers. It stays queued where the broker is dead, and the sweep sends it again."""
    try:
        check.delay(waiting.pk)
    except Exception as error:  # whatever the transport raises
        log.warning("check %s waits, the broker did not take it: %s", waiting.pk, error)
