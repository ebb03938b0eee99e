from celery import shared_task
from django.core.management import call_command

from portal import parking


@shared_task
def forget_old_sessions():
    """Sessions that ended, and forms that were parked and that nobody came back for."""
    call_command("clearsessions")
    parking.forget_old()
