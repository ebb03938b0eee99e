import pytest
from django.core.management import call_command

from assessments.models import Campaign
from audit import clock
from criteria.models import CriteriaSet, Level
from organizations.models import Kind, Organization
from tests.factories import make_centre

pytestmark = [pytest.mark.django_db, pytest.mark.feature("M5")]


def test_an_empty_server_gets_units_criteria_and_this_year_once(capsys):
    call_command("prepare")

    assert Organization.objects.filter(kind=Kind.PROVINCE, valid_to=None).count() == 34
    assert set(CriteriaSet.objects.values_list("level", flat=True)) == set(Level)
    assert [campaign.year for campaign in Campaign.objects.all()] == [clock.today().year]
    assert "Đang nạp đơn vị hành chính…" in capsys.readouterr().out

    call_command("prepare")

    assert capsys.readouterr().out == "Đang cập nhật cơ sở dữ liệu…\n"


def test_what_an_earlier_start_left_undone_is_done(capsys):
    make_centre()

    call_command("prepare")

    assert set(CriteriaSet.objects.values_list("level", flat=True)) == set(Level)
    assert Campaign.objects.count() == 1
    assert "Đang nạp đơn vị hành chính…" not in capsys.readouterr().out
