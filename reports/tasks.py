import logging

from celery import shared_task

from audit import clock
from reports import exports, snapshots
from reports.models import ExportJob

log = logging.getLogger(__name__)


@shared_task
def write_export(pk):
    exports.run(pk)


@shared_task
def take_up_exports():
    for job in exports.take_up(clock.now()):
        send(job)


@shared_task
def write_snapshot(pk):
    snapshots.run(pk)


@shared_task
def take_up_snapshots(addenda=False):
    for waiting in snapshots.plan(clock.now(), addenda=addenda):
        try:
            write_snapshot.delay(waiting.pk)
        except Exception as error:  # whatever the transport raises: it stays queued
            log.warning("snapshot %s waits, the broker did not take it: %s", waiting.pk, error)


def send(job):
    """Hand a job to the workers. A dead broker changes nothing: it stays queued, the sweep sends it again."""
    try:
        write_export.delay(job.pk)
    except Exception as error:  # whatever the transport raises
        log.warning("export %s waits, the broker did not take it: %s", job.code, error)
    else:
        ExportJob.objects.filter(pk=job.pk).update(sent_at=clock.now())
