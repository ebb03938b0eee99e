from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Message
from assessments import scoring, totals, workflow
from assessments.models import Assessment, Campaign, Outcome, Score, TotalsCheck, Window
from audit import clock
from criteria.models import CriteriaSet, Group, Level, Scope
from tests.factories import (
    load_all_criteria,
    make_assessment,
    make_centre,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_province,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    open_campaign,
    open_window,
)

pytestmark = pytest.mark.django_db


def mismatches():
    return [(each.record, each.what) for each in totals.check(Campaign.objects.all())]


@pytest.fixture
def records():
    """One of every kind, in one year."""
    campaign = open_campaign()
    changed = make_submitted_assessment(campaign=campaign)
    first, second = [each.code for each in changed.criteria_set.indicators][:2]
    change = {
        first: workflow.Change(Decimal("2"), "Chưa có minh chứng."),
        second: workflow.Change(Decimal("7"), "Chưa đủ."),
    }
    workflow.confirm(changed, by=make_confirmer(changed.board), changes=change)
    return {
        "registered": make_assessment(campaign=campaign),
        "scored": make_scored_assessment(campaign=campaign),
        "sent": make_submitted_assessment(campaign=campaign),
        "returned": make_returned_assessment(campaign=campaign),
        "achieved": make_confirmed_assessment(campaign=campaign),
        "not achieved": make_confirmed_assessment(points=7, campaign=campaign),
        "changed": changed,
        "judged": make_confirmed_assessment(campaign=campaign, group=Group.IV),
        "judged, failed": make_confirmed_assessment(campaign=campaign, group=Group.IV, passed=False),
    }


@pytest.mark.feature("D6")
def test_what_the_steps_wrote_agrees_with_the_scores(records):
    outcomes = {name: record.outcome for name, record in records.items() if record.outcome}

    assert outcomes == {
        "achieved": Outcome.ACHIEVED,
        "not achieved": Outcome.NOT_ACHIEVED,
        "changed": Outcome.NOT_ACHIEVED,
        "judged": Outcome.ACHIEVED,
        "judged, failed": Outcome.NOT_ACHIEVED,
    }
    assert mismatches() == []


@pytest.mark.feature("D6")
@pytest.mark.parametrize(
    ("passed", "derived"),
    [
        ({}, Outcome.ACHIEVED),
        ({"DT3.9": False}, Outcome.ACHIEVED),  # only the second grade asks for it
        ({"DT3.5": True}, Outcome.ACHIEVED),
        ({"DT3.5": False}, Outcome.NOT_ACHIEVED),  # applies to some, and was judged
        ({"DT3.1": False}, Outcome.NOT_ACHIEVED),
    ],
)
def test_what_is_derived_of_a_group_is_what_scoring_says(passed, derived):
    load_all_criteria()
    unit = make_unit(parent=make_province())
    form = CriteriaSet.objects.in_force(Level.UNIT, clock.today(), scope=Scope.PROVINCE).get()
    campaign, now = open_campaign(), clock.now()
    opens_at, closes_at = open_window()
    Window.objects.update_or_create(
        campaign=campaign,
        level=Level.UNIT,
        step="confirmation",
        province=None,
        defaults={"opens_at": opens_at, "closes_at": closes_at},
    )
    rules = form.rules()
    given = {code: True for code in rules.maxima if code not in rules.optional} | passed
    result = scoring.judge(given, rules)
    record = Assessment.objects.create(
        organization=unit,
        level=Level.UNIT,
        campaign=campaign,
        board=unit,
        criteria_set=form,
        state="confirmed",
        outcome=Outcome.ACHIEVED if result.achieved else Outcome.NOT_ACHIEVED,
        registered_at=now,
        saved_at=now,
        submitted_at=now,
        confirmed_at=now,
        confirmed_by=make_confirmer(make_unit()),
        receipt_number="1",
    )
    Score.objects.bulk_create(
        Score(
            assessment=record, indicator=each, own_passed=given[each.code], confirmed_passed=given[each.code]
        )
        for each in form.indicators
        if each.code in given
    )

    assert (record.outcome, mismatches()) == (derived, [])


@pytest.mark.feature("D6")
@pytest.mark.parametrize(
    ("name", "scores", "what"),
    [
        ("scored", {"own_points": 9}, ["tổng điểm tự chấm"]),
        ("achieved", {"confirmed_points": 9}, ["tổng điểm xác nhận"]),
        ("achieved", {"confirmed_points": 4}, ["tổng điểm xác nhận", "kết quả"]),
        ("judged", {"confirmed_passed": False}, ["kết quả"]),
        ("judged, failed", {"own_points": 1}, ["tổng điểm tự chấm"]),
    ],
)
def test_a_score_changed_past_the_steps_is_told_of(records, name, scores, what):
    score = records[name].scores.first()
    Score.objects.filter(pk=score.pk).update(**scores)

    assert mismatches() == [(records[name].pk, each) for each in what]


def test_a_lost_score_is_told_of(records):
    records["achieved"].scores.first().delete()

    assert (records["achieved"].pk, "kết quả") in mismatches()


@pytest.mark.feature("D6")
def test_the_centre_is_told_once_a_day_and_nobody_when_all_agrees(records):
    officer = make_officer(make_centre())
    assert totals.check_and_tell(clock.now()) == 0

    Assessment.objects.filter(pk=records["scored"].pk).update(own_total=3)
    assert totals.check_and_tell(clock.now()) == 1
    totals.check_and_tell(clock.now())

    assert list(TotalsCheck.objects.values_list("records", "differing")) == [(9, 1), (9, 1), (9, 0)]
    told = Message.objects.get(user=officer)
    assert told.subject == "1 chỗ lệch giữa hồ sơ và điểm"
    assert told.body == f"Hồ sơ #{records['scored'].pk}: tổng điểm tự chấm là 3, tính từ điểm là 80."


@pytest.mark.feature("D6")
def test_staff_read_how_much_the_night_found_and_others_do_not(client, records):
    Assessment.objects.filter(pk=records["scored"].pk).update(own_total=3)
    totals.check_and_tell(clock.now())
    said = "của 9 hồ sơ theo đúng bộ tiêu chí của từng hồ sơ: 1 chỗ lệch"

    assert said not in client.get("/tieu-chi/").content.decode()
    client.force_login(make_confirmer(records["scored"].board), backend="accounts.sign_in.AnyNameBackend")
    assert said in client.get("/tieu-chi/").content.decode()


def test_the_command_exits_1_and_names_each(records, capsys):
    call_command("check_totals")
    with pytest.raises(CommandError, match="Chưa mở năm 1999"):
        call_command("check_totals", year=1999)
    Assessment.objects.filter(pk=records["scored"].pk).update(own_total=3)

    with pytest.raises(SystemExit) as stopped:
        call_command("check_totals", year=records["scored"].campaign.year)

    assert stopped.value.code == 1
    assert "tổng điểm tự chấm là 3, tính từ điểm là 80" in capsys.readouterr().out


@pytest.mark.feature("D6", "A12")
def test_what_was_looked_at_again_agrees_too_and_a_wrong_total_of_it_is_found():
    assessment = make_confirmed_assessment(points=7)
    workflow.contest(assessment, {"I.1.1": "Tôi có giấy."}, by=assessment.citizen.user)
    answer = {"I.1.1": workflow.Change(Decimal(10), "Giấy hợp lệ.")}
    workflow.review(assessment, answer, by=make_confirmer(assessment.board))
    assert mismatches() == []

    Assessment.objects.filter(pk=assessment.pk).update(review_total=99)

    assert mismatches() == [(assessment.pk, "tổng điểm xem lại")]
