from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import judge, still_needed
from criteria.rules import Rules, ScoringModel

CODES = [f"1.{n}" for n in range(1, 11)]
POINTS = Rules(
    model=ScoringModel.POINTS,
    maxima=dict.fromkeys(CODES, Decimal(10)),
    pass_mark=Decimal(80),
    floor=Decimal(5),
)
JUDGED = Rules(model=ScoringModel.PASS_FAIL, maxima={"IV.1": None, "IV.2": None, "IV.3": None})

points = st.dictionaries(st.sampled_from(CODES), st.integers(0, 10).map(Decimal))


@pytest.mark.parametrize(
    ("given", "total", "achieved"),
    [
        ([8] * 10, 80, True),
        ([8] * 9 + [7], 79, False),
        ([10] * 8 + [0, 0], 80, False),
        ([10] * 9 + [4], 94, False),
        ([10] * 9 + [5], 95, True),
    ],
)
def test_points_pass_from_the_mark_with_no_indicator_under_the_floor(given, total, achieved):
    result = judge(dict(zip(CODES, map(Decimal, given), strict=True)), POINTS)

    assert (result.total, result.achieved) == (total, achieved)


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    ("given", "achieved"),
    [((True, True, True), True), ((True, False, True), False), ((True, True, None), False)],
)
def test_a_judged_set_passes_when_every_criterion_does(given, achieved):
    result = judge(dict(zip(JUDGED.maxima, given, strict=True)), JUDGED)

    assert (result.total, result.achieved) == (None, achieved)


@given(points)
def test_a_missing_indicator_never_passes_and_is_named(given):
    result = judge(given, POINTS)

    assert result.unscored == tuple(code for code in CODES if code not in given)
    assert result.is_complete is (set(given) == set(CODES))
    assert not (result.achieved and result.unscored)


@given(points, st.sampled_from(CODES))
def test_more_points_never_turn_a_pass_into_a_failure(given, code):
    more = given | {code: min(Decimal(10), given.get(code, Decimal(0)) + 1)}

    assert judge(more, POINTS).achieved >= judge(given, POINTS).achieved
    assert judge(more, POINTS).total >= judge(given, POINTS).total


@given(points)
def test_what_is_still_needed_reaches_the_mark_exactly(given):
    total = judge(given, POINTS).total

    assert still_needed(total, POINTS) == max(0, 80 - total)


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        (Decimal(0), True),
        (Decimal(10), True),
        (Decimal("10.5"), False),
        (Decimal(11), False),
        (Decimal(-1), False),
        (Decimal("7.5"), False),
        (True, False),
    ],
)
def test_points_stand_between_zero_and_the_maximum_on_a_step(value, allowed):
    assert POINTS.allows("1.1", value) is allowed


def test_half_points_are_allowed_where_the_set_says_so():
    halves = Rules(ScoringModel.POINTS, POINTS.maxima, Decimal(80), Decimal(5), step=Decimal("0.5"))

    assert halves.allows("1.1", Decimal("7.5"))
    assert not halves.allows("1.1", Decimal("7.25"))


def test_a_judged_set_takes_yes_or_no_only():
    assert JUDGED.allows("IV.1", True)
    assert not JUDGED.allows("IV.1", Decimal(1))
    assert not JUDGED.allows("IV.9", True)
