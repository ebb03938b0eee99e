"""What must hold of every result, whatever the set says."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import scoring
from criteria.rules import Grade, Rules, ScoringModel

CODES = ["1", "2", "3", "4"]
GRADES = (Grade(1, "Mức độ 1"), Grade(2, "Mức độ 2"), Grade(3, "Mức độ 3"))


@st.composite
def judged_sets(draw):
    return Rules(
        model=ScoringModel.PASS_FAIL,
        maxima=dict.fromkeys(CODES),
        grades=draw(st.sampled_from([GRADES[:1], GRADES[:2], GRADES])),
        ranks={code: draw(st.integers(1, 3)) for code in CODES},
        optional=frozenset(draw(st.sets(st.sampled_from(CODES)))),
    )


@st.composite
def scored_sets(draw):
    marks = sorted(draw(st.lists(st.integers(10, 40), min_size=3, max_size=3, unique=True)))
    return Rules(
        model=ScoringModel.POINTS,
        maxima=dict.fromkeys(CODES, Decimal(10)),
        pass_mark=Decimal(marks[0]),
        floor=Decimal(draw(st.integers(0, 5))),
        grades=tuple(Grade(rank, str(mark), Decimal(mark)) for rank, mark in enumerate(marks, 1)),
        optional=frozenset(draw(st.sets(st.sampled_from(CODES)))),
    )


YES_OR_NO = st.fixed_dictionaries({code: st.sampled_from([True, False, None]) for code in CODES})
POINTS = st.fixed_dictionaries({code: st.one_of(st.none(), st.decimals(0, 10, places=1)) for code in CODES})


def rank_of(result):
    return result.grade.rank if result.grade else 0


@pytest.mark.feature("D5")
@given(judged_sets(), YES_OR_NO, st.sampled_from(CODES))
def test_one_more_that_is_fulfilled_never_makes_a_judged_result_worse(rules, given, code):
    before, after = scoring.judge(given, rules), scoring.judge({**given, code: True}, rules)

    assert after.achieved >= before.achieved
    assert rank_of(after) >= rank_of(before)


@given(judged_sets(), YES_OR_NO)
def test_a_grade_is_reached_when_all_that_it_and_the_lower_ones_ask_for_is_fulfilled(rules, given):
    result = scoring.judge(given, rules)

    def fulfilled(rank):
        return all(
            given[code] is True or (given[code] is None and code in rules.optional)
            for code in CODES
            if rules.ranks[code] <= rank
        )

    assert result.achieved is fulfilled(1)
    assert rank_of(result) == max([grade.rank for grade in rules.grades if fulfilled(grade.rank)], default=0)
    assert set(result.unscored) == {code for code in CODES if given[code] is None} - rules.optional


@given(scored_sets(), POINTS, st.sampled_from(CODES), st.decimals(0, 10, places=1))
def test_more_points_never_make_a_result_worse(rules, given, code, more):
    points = min(Decimal(10), (given[code] or Decimal(0)) + more)
    if code in rules.optional and given[code] is None:
        return  # what is left open does not count; what is given must reach the floor
    before, after = scoring.judge(given, rules), scoring.judge({**given, code: points}, rules)

    assert after.achieved >= before.achieved
    assert rank_of(after) >= rank_of(before)
    assert after.total >= before.total


@given(scored_sets(), POINTS)
def test_the_mark_and_the_floor_decide_and_the_grade_is_the_highest_reached(rules, given):
    result = scoring.judge(given, rules)
    counted = {
        code: value for code, value in given.items() if value is not None or code not in rules.optional
    }
    total = sum((value or Decimal(0) for value in counted.values()), Decimal(0))
    complete = all(value is not None for value in counted.values())
    above_floor = all((value or 0) >= rules.floor for value in counted.values())

    assert result.total == total
    assert result.achieved is (complete and above_floor and total >= rules.pass_mark)
    reached = [grade for grade in rules.grades if total >= grade.from_points]
    assert result.grade == (reached[-1] if result.achieved and reached else None)


@given(
    st.integers(0, 10**7),
    st.integers(1, 10**7),
    st.decimals(min_value=Decimal("0.0001"), max_value=100, places=4),
)
def test_a_share_is_compared_exactly_and_what_is_lacking_tips_it(part, whole, percent):
    part = min(part, whole)
    exact = Fraction(part, whole) >= Fraction(percent) / 100

    assert scoring.reaches(part, whole, percent) is exact
    lacking = scoring.lacking(part, whole, percent)
    assert (lacking == 0) is exact
    assert scoring.reaches(part + lacking, whole, percent) is True
    assert not lacking or scoring.reaches(part + lacking - 1, whole, percent) is False


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    ("learners", "whole", "passes"),
    [(950, 1000, True), (949, 1000, False), (18, 19, False), (19, 20, True), (949_999, 1_000_000, False)],
)
def test_a_school_of_a_province_with_90_percent_of_members_needs_95_of_learners(learners, whole, passes):
    shares = [scoring.reaches(9, 10, Decimal(90)), scoring.reaches(learners, whole, Decimal(95))]

    assert scoring.computed(shares, None) is passes


@pytest.mark.parametrize(
    ("are_met", "maximum", "given"),
    [
        ([True, True], None, True),
        ([True, False], None, False),
        ([None, False], None, False),
        ([True, None], None, None),
        ([], None, None),
        ([True], Decimal(25), Decimal(25)),
        ([False], Decimal(25), Decimal(0)),
    ],
)
def test_an_indicator_is_given_what_its_shares_come_to(are_met, maximum, given):
    assert scoring.computed(are_met, maximum) == given


def test_who_scores_a_set_of_grades_is_graded_by_its_own_rows():
    rules = Rules(
        model=ScoringModel.POINTS,
        maxima={"1": Decimal(100)},
        pass_mark=Decimal(50),
        floor=Decimal(0),
        grades=(
            Grade(1, "Trung bình", Decimal(50)),
            Grade(2, "Khá", Decimal(70)),
            Grade(3, "Tốt", Decimal(85)),
        ),
    )
    names = {
        points: (result.grade.name if (result := scoring.judge({"1": points}, rules)).grade else "")
        for points in map(Decimal, ["49.99", "50", "69.99", "70", "84.99", "85", "100"])
    }

    assert list(names.values()) == ["", "Trung bình", "Trung bình", "Khá", "Khá", "Tốt", "Tốt"]
