import logging

from celery import shared_task

from assessments.models import Campaign
from audit import clock
from organizations.models import Organization
from reports import exports, sheets, snapshots, weekly
from reports.models import ExportJob
from reports.open_data import publishing

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


@shared_task
def count_sheets():
    sheets.count_due(clock.now())


@shared_task
def count_sheet(organization, campaign, about):
    sheets.count_again(Organization.objects.get(pk=organization), Campaign.objects.get(pk=campaign), about)


def ask_for(due):
    """Have figures counted again. A dead broker changes nothing: the page says how old they are."""
    organization, campaign, about = due
    try:
        count_sheet.apply_async((organization.pk, campaign.pk, about), expires=5 * 60)
    except Exception as error:  # whatever the transport raises
        log.warning("figures of %s are not counted, the broker did not take it: %s", organization, error)


@shared_task
def publish_open_data():
    for campaign in publishing.due(clock.now()):
        publishing.publish(campaign, clock.now())


@shared_task
def send_weekly():
    weekly.send_due(clock.now())


def send(job):
    """Hand a job to the workers. A dead broker changes nothing: it stays queued, the sweep sends it again."""
    try:
        write_export.delay(job.pk)
    except Exception as error:  # whatever the transport raises
        log.warning("export %s waits, the broker did not take it: %s", job.code, error)
    else:
        ExportJob.objects.filter(pk=job.pk).update(sent_at=clock.now())
