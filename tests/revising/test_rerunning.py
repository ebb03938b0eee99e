"""A draft tried on the records of the year before: who would come to another result."""

from decimal import Decimal

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import scoring
from criteria.models import CriteriaSet, Group
from criteria.rules import Rules, ScoringModel
from revising import drafting, rerunning, tasks
from revising.judging import would_achieve
from revising.models import Rerun, RerunState
from tests.at_once import Ended, at_once
from tests.criteria.versions import copy_of, say
from tests.factories import (
    load_criteria,
    make_campaign,
    make_centre,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_submitted_assessment,
    make_unit,
    make_village,
    moment,
)

pytestmark = [pytest.mark.feature("D3")]

RULES = Rules(
    ScoringModel.POINTS, {"a": Decimal(10), "b": Decimal(10)}, pass_mark=Decimal(12), floor=Decimal(5)
)
POINTS = st.none() | st.integers(0, 10).map(Decimal)


# --- One record -------------------------------------------------------------------------------------


@given(st.fixed_dictionaries({"a": POINTS, "b": POINTS}))
def test_unknown_is_said_only_where_an_unknown_indicator_would_tip_the_result(values):
    tried = {
        scoring.judge({"a": a, "b": b}, RULES).achieved
        for a in ([values["a"]] if values["a"] is not None else map(Decimal, range(11)))
        for b in ([values["b"]] if values["b"] is not None else map(Decimal, range(11)))
    }

    found = would_achieve(values, RULES)

    assert found is (tried.pop() if len(tried) == 1 else None)


@settings(max_examples=30)
@given(st.fixed_dictionaries({"a": st.booleans(), "b": st.none() | st.booleans()}))
def test_judged_indicators_are_tried_both_ways_too(values):
    rules = Rules(ScoringModel.PASS_FAIL, {"a": None, "b": None})
    expected = False if not values["a"] else values["b"]

    assert would_achieve(values, rules) is expected


def test_more_points_than_the_new_maximum_count_as_the_new_maximum():
    small = Rules(ScoringModel.POINTS, {"a": Decimal(6)}, pass_mark=Decimal(6), floor=Decimal(5))

    assert would_achieve({"a": Decimal(10)}, small) is True


# --- A year -----------------------------------------------------------------------------------------


@pytest.fixture
def year(db):
    """Of 2025 judged: two of a village with 8 and 10 points each, one of a unit of a province with 8."""
    with time_machine.travel(moment(2025, 11, 20), tick=False):
        campaign = make_campaign(2025)
        village = make_village()
        member = make_confirmer(village)
        for points in (8, 10):
            make_confirmed_assessment(points, board=village, campaign=campaign, by=member)
        unit = make_unit(parent=village.parent.parent)
        citizen = make_citizen_with_account(board=unit)
        make_confirmed_assessment(8, citizen=citizen, campaign=campaign)
        make_submitted_assessment(board=village, campaign=campaign)
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        yield campaign


def draft_of(**fields):
    return copy_of(CriteriaSet.objects.get(group=Group.I), **fields)


def rerun_of(draft):
    rerun = rerunning.start(draft, rerunning.year_before(draft), by=make_officer_of_centre())
    tasks.work_on_rerun(rerun.pk)
    rerun.refresh_from_db()
    return rerun


def make_officer_of_centre():
    return make_officer(make_centre())


def test_the_year_before_is_the_last_that_was_judged(year):
    with time_machine.travel(moment(2024, 11, 20), tick=False):
        make_confirmed_assessment(campaign=make_campaign(2024))

    assert rerunning.year_before(draft_of()) == year


def test_a_higher_pass_mark_changes_those_below_it(year):
    rerun = rerun_of(draft_of(pass_mark=90))

    assert (rerun.state, rerun.campaign, rerun.records) == (RerunState.DONE, year, 3)
    assert rerunning.came_to([rerun])[rerun.pk] == {
        "records": 3,
        "up": 0,
        "down": 2,
        "unknown": 0,
        "changed": 2,
    }
    (province,) = rerunning.by_province(rerun)
    assert (province["records"], province["changed"]) == (3, 2)
    communes = {row["commune"]: row["changed"] for row in rerunning.by_commune(rerun, province["province"])}
    assert list(communes.values()) == [1, 1]
    assert None in communes


def test_the_same_text_changes_nobody(year):
    rerun = rerun_of(draft_of())

    assert rerunning.came_to([rerun])[rerun.pk]["changed"] == 0


def test_a_new_indicator_has_no_score_of_last_year(year):
    draft = draft_of(pass_mark=85)
    section = draft.criteria.filter(parent=None).first()
    draft.criteria.create(parent=section, position=999, code="I.1.9", text="Mới", maximum=10)

    rerun = rerun_of(draft)

    assert rerunning.codes_without_scores(draft) == ["I.1.9"]
    # 100 points pass but for the floor of what is new; 80 may reach 85 or not.
    assert rerunning.came_to([rerun])[rerun.pk]["unknown"] == 3


def test_a_removed_indicator_and_a_smaller_maximum_are_counted_by_code(year):
    draft = draft_of(pass_mark=70)
    draft.criteria.filter(code="I.3.2").delete()
    say(draft, "I.1.1", maximum=5)

    sums = rerunning.came_to([rerun_of(draft)])

    # 8 a line: 5 + 8 × 8 = 69; 10 a line: 5 + 8 × 10 = 85.
    assert [(each["down"], each["unknown"]) for each in sums.values()] == [(2, 0)]


def test_work_that_died_goes_on_where_it_was_and_counts_nobody_twice(year, monkeypatch):
    monkeypatch.setattr(rerunning, "CHUNK", 1)
    draft = draft_of(pass_mark=90)
    rerun = rerunning.start(draft, year, by=make_officer_of_centre())
    trial = rerunning.Trial.of(rerun)
    shares = list(rerunning._shares(rerun))
    assert rerunning._count(rerun, trial, *shares[0])
    assert rerunning._count(rerun, trial, *shares[0])  # two workers had the same in hand

    tasks.take_up()

    rerun.refresh_from_db()
    assert (rerun.state, len(shares)) == (RerunState.RUNNING, 2)
    rerunning.work(rerun.pk)
    assert rerunning.came_to([rerun])[rerun.pk]["records"] == 3


def test_what_is_stopped_stays_so_until_it_goes_on(year):
    draft = draft_of(pass_mark=90)
    rerun = rerunning.start(draft, year, by=make_officer_of_centre())
    assert rerunning.stop(rerun)

    rerunning.work(rerun.pk)

    assert rerunning.came_to([rerun]) == {}
    assert rerunning.go_on(rerun)
    rerunning.work(rerun.pk)
    assert rerunning.came_to([rerun])[rerun.pk]["records"] == 3


def test_of_two_at_once_each_drafts_a_version_and_one_trial_is_left(shared_database):
    load_criteria()
    campaign, officer, form = make_campaign(2025), make_officer_of_centre(), CriteriaSet.objects.first()

    def draft():
        return drafting.copy(form, by=officer).version

    assert sorted(at_once(draft, draft)) == [2, 3]
    made = form.versions().get(version=3)

    def begin():
        return rerunning.start(made, campaign, by=officer).pk

    begun = at_once(begin, begin)
    assert Rerun.objects.get().pk in begun
    assert not [each for each in begun if isinstance(each, Ended)]
