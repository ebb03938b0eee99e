"""The groups of the demonstration, seen in November: one of each title, at every body one signs in as."""

import pytest
import time_machine

from accounts.models import User
from assessments import shares
from assessments.models import Assessment, State
from criteria.models import Level
from demonstration import groups, hatinh
from tests.demonstration.ha_tinh import CITIZENS, NOVEMBER, make_ha_tinh
from tests.factories import load_all_criteria

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A17")]


def test_each_title_waits_somewhere_and_loading_again_changes_nothing():
    with time_machine.travel(NOVEMBER, tick=False):
        make_ha_tinh()
        load_all_criteria()
        hatinh.load_people(CITIZENS)
        made = groups.load(hatinh.PASSWORD)
        assert groups.load(hatinh.PASSWORD) == 0
        records = Assessment.objects.of_groups()
        assert made == records.count()
        assert set(records.values_list("level", flat=True)) == set(Level) - {Level.CITIZEN}
        waiting = records.filter(state=State.SUBMITTED)
        for username in ("chihoi", "hoixa", "hoitinh", "trunguong"):
            user = User.objects.get(username=username)
            assert waiting.for_confirmer(user).exists(), username
        for username in ("congdan", "chihoi", "truongho", "bankhuyenhoc", "hoixa", "hoitinh"):
            assert records.written_by(User.objects.get(username=username)).exists(), username
        assert shares.recount_all() == 0
