import logging

from celery import shared_task

from audit import clock
from reforms import files
from reforms.models import ReformFile

log = logging.getLogger(__name__)


@shared_task
def work_on_file(pk):
    files.work(pk)


@shared_task
def take_up_files():
    for reform_file in files.left_behind(clock.now()):
        send(reform_file)


def send(reform_file):
    """Hand a file to the workers. A dead broker changes nothing: the sweep sends it again."""
    try:
        work_on_file.delay(reform_file.pk)
    except Exception as error:  # whatever the transport raises
        log.warning("reforms of file %s wait, the broker did not take it: %s", reform_file.pk, error)
    else:
        ReformFile.objects.filter(pk=reform_file.pk).update(heartbeat_at=clock.now())
