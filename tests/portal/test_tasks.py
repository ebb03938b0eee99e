import datetime

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal import tasks


@pytest.mark.django_db
def test_sessions_that_ended_are_forgotten_and_others_kept():
    day = datetime.timedelta(days=1)
    Session.objects.create(session_key="ended", expire_date=timezone.now() - day)
    Session.objects.create(session_key="running", expire_date=timezone.now() + day)

    tasks.forget_old_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
