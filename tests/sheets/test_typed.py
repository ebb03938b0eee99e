from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.rules import Rules, ScoringModel
from sheets import typed
from sheets.typed import Unreadable

pytestmark = pytest.mark.feature("A15")

CODES = [f"I.{number}" for number in range(1, 11)]
TEN = Rules(ScoringModel.POINTS, dict.fromkeys(CODES, Decimal(10)), Decimal(80), Decimal(5))
HALVES = Rules(ScoringModel.POINTS, dict.fromkeys(CODES[:3], Decimal(10)), step=Decimal("0.5"))
JUDGED = Rules(ScoringModel.PASS_FAIL, dict.fromkeys(CODES[:3], None))


@given(st.lists(st.integers(0, 10), min_size=10, max_size=10))
def test_ten_numbers_are_read_apart_and_run_together_or_refused_but_never_mistaken(points):
    assert list(typed.read(" ".join(map(str, points)), TEN).values()) == points
    try:
        read = list(typed.read("".join(map(str, points)), TEN).values())
    except Unreadable:
        assert "10" in "".join(str(point) for point in points if point != 10)  # a 1 before a 0
    else:
        assert read == points


@pytest.mark.parametrize(
    ("rules", "text", "read"),
    [
        (TEN, "8710 98 7 6 5 10 9", [8, 7, 10, 9, 8, 7, 6, 5, 10, 9]),
        (HALVES, "7,5 8 10", [Decimal("7.5"), 8, 10]),
        (JUDGED, "DkĐ", [True, False, True]),
        (JUDGED, "d d k", [True, True, False]),
    ],
)
def test_what_is_typed_is_read_by_the_rules_of_the_form(rules, text, read):
    assert list(typed.read(text, rules).values()) == read


@pytest.mark.parametrize(
    ("rules", "text", "words"),
    [
        (TEN, "", "Cần 10 số, đọc được 0: "),
        (TEN, "8 7 9", "Cần 10 số, đọc được 3: 8 7 9"),
        (
            TEN,
            "1078965784",
            "Cần 10 số, đọc được 9: 10 7 8 9 6 5 7 8 4 Số 1 rồi đến số 0 thì gõ dấu cách ở giữa.",
        ),
        (TEN, "8 8 8 8 8 8 8 8 8 11", "Chỗ thứ 10: “11” không ghi được vào ô này."),
        (TEN, "8888x88888", "Chỗ thứ 5: “x” không ghi được vào ô này."),
        (HALVES, "7,3 8 9", "Chỗ thứ 1: “7,3” không ghi được vào ô này."),
        (JUDGED, "dd", "Cần 3 chữ D hoặc K, mới đọc được 2: d d"),
        (JUDGED, "ddz", "Chỗ thứ 3: “z” không ghi được vào ô này."),
    ],
)
def test_what_cannot_be_read_says_what_was_read(rules, text, words):
    with pytest.raises(Unreadable) as refused:
        typed.read(text, rules)
    assert str(refused.value) == words
