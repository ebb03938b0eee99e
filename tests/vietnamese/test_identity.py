import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.identity import clean, doubts, mask

TWELVE = "042160001234"  # registered in Hà Tĩnh, a woman of 1960
BIRTH = datetime.date(1960, 9, 5)


@pytest.mark.parametrize(
    "typed", [TWELVE, " 042160001234 ", "042 160 001 234", "042.160.001.234", "042-160-001234"]
)
def test_twelve_digits_are_taken_however_they_are_spaced(typed):
    assert clean(typed) == TWELVE


@given(st.text(alphabet="0123456789", min_size=12, max_size=12), st.integers(0, 12))
def test_every_twelve_digits_pass_with_a_space_anywhere(number, place):
    assert clean(f"{number[:place]} {number[place:]}") == number


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa có số căn cước. Gõ 12 chữ số in trên thẻ căn cước."),
        (
            "183123456",
            "Số căn cước có 12 chữ số, bạn mới gõ 9. Số 9 chữ số là chứng minh nhân dân cũ; "
            "gõ số 12 chữ số in trên thẻ căn cước.",
        ),
        (
            "04216000123",
            "Số căn cước có 12 chữ số, bạn mới gõ 11. Gõ đủ 12 chữ số in trên thẻ căn cước.",
        ),
        (
            "0421600012345",
            "Số căn cước có 12 chữ số, bạn gõ 13. Gõ lại đúng 12 chữ số in trên thẻ căn cước.",
        ),
        (
            "04216000123O",
            "Số căn cước chỉ gồm chữ số, bạn gõ có “O”. Gõ 12 chữ số in trên thẻ căn cước.",
        ),
        (
            "０42160001234",
            "Số căn cước chỉ gồm chữ số, bạn gõ có “０”. Gõ 12 chữ số in trên thẻ căn cước.",
        ),
        (
            "٠42160001234",
            "Số căn cước chỉ gồm chữ số, bạn gõ có “٠”. Gõ 12 chữ số in trên thẻ căn cước.",
        ),
    ],
)
def test_anything_else_is_refused_with_what_to_type(typed, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        clean(typed)


def test_a_mask_shows_the_last_four_digits():
    assert mask(TWELVE) == "********1234"


@pytest.mark.parametrize("number", ["", "1", "1234"])
def test_a_mask_of_a_short_number_shows_nothing(number):
    assert mask(number) == "*" * len(number)


@pytest.mark.parametrize("birth", [BIRTH, 1960, None])
def test_a_number_that_agrees_leaves_no_doubt(birth):
    assert doubts(TWELVE, birth, "female") == []


@pytest.mark.parametrize(
    ("number", "birth", "gender"),
    [("001306000001", 2006, "female"), ("001206000001", 2006, "male"), ("042099000001", 1999, "male")],
)
def test_century_and_sex_stand_in_one_digit(number, birth, gender):
    assert doubts(number, birth, gender) == []


def test_another_year_is_a_doubt_and_no_error():
    assert doubts(TWELVE, datetime.date(1961, 9, 5), "female") == [
        "Số căn cước thường là của người sinh năm 1960, bạn gõ năm sinh 1961. "
        "Hãy xem lại hai ô này; nếu đã đúng thì cứ để vậy."
    ]


def test_another_sex_is_a_doubt_and_no_error():
    assert doubts(TWELVE, BIRTH, "male") == [
        "Số căn cước thường là của nữ, bạn chọn giới tính nam. "
        "Hãy xem lại hai ô này; nếu đã đúng thì cứ để vậy."
    ]


def test_a_sex_that_was_not_given_is_not_doubted():
    assert doubts(TWELVE, BIRTH, "") == []


def test_an_unknown_prefix_is_a_doubt_as_births_abroad_have_others():
    assert doubts("097160001234", BIRTH, "female") == [
        "Ba chữ số đầu 097 không phải mã của tỉnh, thành phố nào. "
        "Nếu bạn không đăng ký khai sinh ở nước ngoài, hãy xem lại số căn cước."
    ]


@given(
    st.text(alphabet="0123456789", min_size=12, max_size=12),
    st.dates(),
    st.sampled_from(["male", "female", ""]),
)
def test_every_number_can_be_doubted_without_failing(number, birth, gender):
    assert len(doubts(number, birth, gender)) <= 3
