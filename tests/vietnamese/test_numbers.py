from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vietnamese.numbers import format_decimal, format_integer, key, parse_decimal, percent

decimals = st.decimals(-(10**9), 10**9, places=2)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1000, "1.000"), (1234567, "1.234.567"), (-5000, "-5.000")]
)
def test_integers_are_grouped_with_dots(value, text):
    assert format_integer(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("81.56"), None, "81,56"),
        (Decimal("7.50"), None, "7,5"),
        (Decimal("7.00"), None, "7"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+2"), None, "100"),
        (Decimal("-0.00"), None, "0"),
        (7.5, None, "7,5"),
        (Decimal("1234.5"), None, "1.234,5"),
        (Decimal("7"), 2, "7,00"),
        (Decimal("0.25"), 1, "0,3"),
    ],
)
def test_decimals_have_a_comma_and_no_idle_noughts(value, places, text):
    assert format_decimal(value, places) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (439, 1000, "43,9%"),
        (1, 2, "50,0%"),
        (0, 7, "0,0%"),
        (7, 7, "100%"),
        (26, 156, "16,7%"),
        (2, 3, "66,7%"),
        (9999, 10000, "99,9%"),
        (999_999, 1_000_000, "99,9%"),
        (1, 1_000_000, "0,1%"),
        (9, 8, "–"),
        (0, 0, "–"),
        (3, 0, "–"),
    ],
)
def test_percents(part, whole, text):
    assert percent(part, whole) == text


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_percent_is_100_of_all_and_of_nothing_less(whole, missing):
    assume(missing <= whole)

    assert (percent(whole - missing, whole) == "100%") == (missing == 0)
    assert (percent(missing, whole) == "0,0%") == (missing == 0)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        (" 7 ", "7"),
        ("81,56", "81.56"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1.234", "1234"),
        ("0.125", "0.125"),
        ("1 234 567", "1234567"),
        ("1\u00a0234", "1234"),
        ("-3", "-3"),
        ("−3,5", "-3.5"),
    ],
)
def test_numbers_are_read_as_vietnamese_writes_them(typed, value):
    assert parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "7,5,5", "1,234.5", "1.23.456", "1e3", "nan", "inf", "--3", "٧", "７", "9" * 31, "7,", ",5"],
)
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match=r"^Gõ một số, ví dụ 7 hoặc 7,5\.$"):
        parse_decimal(typed)


@pytest.mark.parametrize("typed", ["", None, "-1", "1.0", "²", "٧", "９", "9" * 19, "9" * 5000])
def test_what_no_row_can_have_is_no_key(typed):
    assert (key(typed), key("0042")) == (None, 42)


@given(decimals)
def test_a_written_number_is_read_back(value):
    assert parse_decimal(format_decimal(value)) == value


@given(st.integers(-(10**20), 10**20))
def test_a_written_integer_is_read_back(value):
    assert parse_decimal(format_integer(value)) == value
