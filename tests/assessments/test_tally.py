"""The counters of boards are what counting the records gives, after every step and in bulk."""

import datetime
import io

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import F, Sum

from assessments import closing, tally, workflow
from assessments.models import Assessment, BoardTally, State
from audit import clock
from audit.models import Event
from criteria.models import Group
from reports import figures
from tests.factories import (
    make_assessment,
    make_campaign,
    make_commune,
    make_confirmed_assessment,
    make_province,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_village,
    moment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("D6")]

CLOSES = moment(2027, 1, 1)


def tallied():
    """Every counter that counts anything, as tally.of gives it for the records."""
    counters = BoardTally.objects.exclude(count=0).values_list(*tally.Cell._fields, "count")
    return {tally.Cell(*cell): count for *cell, count in counters}


def counted():
    return dict(tally.of(Assessment.objects.all()))


@pytest.fixture
def year():
    """Records in every state a year can hold, of boards at every depth of two provinces."""
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        campaign, province = make_campaign(2026), make_province()
        commune = make_commune(province=province)
        village = make_village(commune=commune)
        make_assessment(board=village, campaign=campaign)
        make_scored_assessment(board=village, campaign=campaign, group=Group.IV)
        make_returned_assessment(board=village, campaign=campaign)
        for board in (village, commune, make_unit(parent=province), make_village()):
            make_submitted_assessment(board=board, campaign=campaign)
            make_confirmed_assessment(board=board, campaign=campaign)
        make_confirmed_assessment(1, board=village, campaign=campaign)
    return campaign


def test_every_step_moves_a_record_from_one_counter_to_another(year):
    assert tallied() == counted()
    assert sum(tallied().values()) == 12

    closing.lock_confirmation(CLOSES)

    assert tallied() == counted()
    assert {cell.state for cell in tallied()} == {State.UNSENT, State.UNCONFIRMED, State.CONFIRMED}


def test_another_group_is_another_counter(year):
    record = Assessment.objects.filter(state=State.REGISTERED, criteria_set__group=Group.I).first()

    with time_machine.travel(moment(2026, 11, 21), tick=False):
        workflow.change_group(record, group=Group.III, by=record.citizen.user)

    assert tallied() == counted()


def test_a_record_sent_from_a_new_home_is_counted_there(year):
    record = Assessment.objects.filter(state=State.REGISTERED, criteria_set__group=Group.IV).first()
    record.citizen.unit, record.citizen.village = None, make_village()
    record.citizen.commune = record.citizen.village.parent
    record.citizen.save()

    with time_machine.travel(moment(2026, 11, 21), tick=False):
        workflow.submit(record, by=record.citizen.user)

    assert record.board == record.citizen.village
    assert tallied() == counted()


def test_a_refused_step_counts_nothing(year):
    before = tallied()
    record = Assessment.objects.filter(state=State.SUBMITTED).first()

    with time_machine.travel(CLOSES, tick=False), pytest.raises(workflow.Refused):
        workflow.confirm(record, by=Assessment.objects.exclude(confirmed_by=None).first().confirmed_by)

    assert tallied() == before


def test_the_sums_over_boards_are_the_figures_of_the_reports(year):
    closing.lock_confirmation(CLOSES)

    for organization in {each for record in Assessment.objects.all() for each in above(record)}:
        counts = figures.summary(organization, year).total
        for figure, condition in figures.CONDITIONS.items():
            sums = BoardTally.objects.filter(condition, campaign=year, **place(organization))
            assert (sums.aggregate(sum=Sum("count"))["sum"] or 0) == counts.of(figure), (organization, figure)


def above(record):
    return [record.board, record.commune or record.board, record.province, record.province.parent]


def place(organization):
    fields = {"centre": {}, "province": {"province": organization}, "commune": {"commune": organization}}
    return fields.get(organization.kind, {"board": organization})


def test_what_differs_is_found_told_and_put_right(year):
    wrong = BoardTally.objects.filter(state=State.SUBMITTED).first()
    BoardTally.objects.filter(pk=wrong.pk).update(count=F("count") + 2)
    missing = BoardTally.objects.filter(state=State.CONFIRMED).first()
    missing.delete()
    out = io.StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("recount_tallies", stdout=out)

    assert left.value.code == 1
    assert sorted(out.getvalue().splitlines()) == sorted(
        [
            f"Ban {wrong.board_id}, submitted: đếm 3, thực có 1. Đã sửa.",
            f"Ban {missing.board_id}, confirmed {missing.outcome}: đếm 0, thực có 1. Đã sửa.",
        ]
    )
    assert set(Event.objects.filter(verb="recount").values_list("stream", "old", "new")) == {
        (wrong.board_id, "submitted: 3", "submitted: 1"),
        (missing.board_id, f"confirmed {missing.outcome}: 0", f"confirmed {missing.outcome}: 1"),
    }
    assert tallied() == counted()


def test_nothing_differs_once_it_was_put_right(year, capsys):
    BoardTally.objects.all().delete()
    assert len(list(tally.recount(clock.now()))) == len(tallied())

    call_command("recount_tallies")

    assert capsys.readouterr().out == "Số đếm của các ban khớp với hồ sơ.\n"


def test_a_tally_of_no_record_is_put_right_too(year):
    orphan = BoardTally.objects.first()
    orphan.pk, orphan.count, orphan.province = None, 5, make_province("Cao Bằng")
    orphan.save()

    assert [(each.tallied, each.counted) for each in tally.recount(clock.now())] == [(5, 0)]
    assert tallied() == counted()


def test_it_is_recounted_every_night(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["recount the tallies of boards"]

    assert entry["task"] == "assessments.tasks.recount_tallies"
    assert entry["schedule"].is_due(datetime.datetime.now(datetime.UTC))[1] <= 24 * 60 * 60
