from celery import shared_task

from accounts import guesses
from assessments import releases
from assessments.models import ResultHold
from assessments.workflow import Refused
from audit import clock
from recognitions import certificates, deciding, minutes
from recognitions.models import CertificatePrinting, Decision, DecisionState


@shared_task
def gather(pk):
    minutes.work(pk)


@shared_task(throws=(Refused,))
def recognise(pk):
    try:
        deciding.recognise(pk)
    except Refused as refusal:
        deciding.give_back(pk, str(refusal))
        raise


@shared_task
def tell(pk):
    minutes.tell(pk)


def task_of(decision):
    return gather if decision.state == DecisionState.GATHERING else recognise


@shared_task
def take_up_decisions():
    for left in Decision.objects.left_behind(clock.now()):
        left.hand_to(task_of(left))
    for untold in Decision.objects.untold():
        minutes.tell(untold.pk)
    for ended in ResultHold.objects.filter(ended_at__isnull=False, told_at=None):
        releases.tell_of_end(ended.pk)


@shared_task
def draw_certificates(pk):
    certificates.work(pk)


@shared_task
def take_up_certificates():
    for left in CertificatePrinting.objects.left_behind(clock.now()):
        left.hand_to(draw_certificates)


@shared_task
def forget_certificates():
    certificates.forget()
    guesses.forget()
