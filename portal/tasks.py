from celery import shared_task
from django.core.management import call_command


@shared_task
def forget_old_sessions():
    """Sessions that ended, with the forms parked in them."""
    call_command("clearsessions")
