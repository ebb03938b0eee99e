import logging

from celery import shared_task

from audit import clock
from reports import exports
from reports.models import ExportJob

log = logging.getLogger(__name__)


@shared_task
def write_export(pk):
    exports.run(pk)


@shared_task
def take_up_exports():
    for job in exports.take_up(clock.now()):
        send(job)


def send(job):
    """Hand a job to the workers. A dead broker changes nothing: it stays queued, the sweep sends it again."""
    try:
        write_export.delay(job.pk)
    except Exception as error:  # whatever the transport raises
        log.warning("export %s waits, the broker did not take it: %s", job.code, error)
    else:
        ExportJob.objects.filter(pk=job.pk).update(sent_at=clock.now())
