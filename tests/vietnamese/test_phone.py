import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.phone import clean, display


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "+84 912 345 678",
        "84912345678",
        "0084912345678",
        "(+84) 91.234.5678",
        "+84 (0) 912 345 678",
        "912345678",
    ],
)
def test_a_mobile_number_is_kept_in_one_way(typed):
    assert clean(typed) == "+84912345678"


@pytest.mark.parametrize("start", ["03", "05", "07", "08", "09"])
def test_every_network_is_taken(start):
    assert clean(start + "21234567") == "+84" + start[1:] + "21234567"


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("0912345678", "+84912345678", "0912 345 678"),
        ("024 3825 1234", "+842438251234", "024 3825 1234"),
        ("(0239) 3851234", "+842393851234", "0239 385 1234"),
        ("84 239 3851234", "+842393851234", "0239 385 1234"),
    ],
)
def test_numbers_are_shown_in_groups(typed, kept, shown):
    assert clean(typed) == kept
    assert display(kept) == shown


@given(st.from_regex(r"0[35789][0-9]{8}|02[0-9]{9}", fullmatch=True))
def test_what_is_shown_is_read_back(number):
    assert display(clean(number)).replace(" ", "") == number
    assert clean(display(clean(number))) == clean(number)


def test_a_foreign_number_is_shown_as_it_is():
    assert display("+12025550123") == "+12025550123"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa có số điện thoại. Gõ 10 chữ số, ví dụ 0912 345 678."),
        (
            "091234567",
            "Số điện thoại di động có 10 chữ số, số cố định có 11; bạn gõ 9. Gõ lại, ví dụ 0912 345 678.",
        ),
        (
            "09123456789",
            "Số điện thoại di động có 10 chữ số, số cố định có 11; bạn gõ 11. Gõ lại, ví dụ 0912 345 678.",
        ),
        (
            "0412345678",
            "Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09, bạn gõ số bắt đầu bằng 04. "
            "Gõ lại, ví dụ 0912 345 678.",
        ),
        (
            "01681234567",
            "Số 11 chữ số bắt đầu bằng 01 đã đổi thành 10 chữ số từ năm 2018. Gõ số mới, ví dụ 0912 345 678.",
        ),
        ("+1 202 555 0123", "Cổng chỉ nhận số điện thoại của Việt Nam. Gõ 10 chữ số, ví dụ 0912 345 678."),
        ("0912a45678", "Số điện thoại chỉ gồm chữ số, bạn gõ có “a”. Gõ lại, ví dụ 0912 345 678."),
        ("０912345678", "Số điện thoại chỉ gồm chữ số, bạn gõ có “０”. Gõ lại, ví dụ 0912 345 678."),
    ],
)
def test_anything_else_is_refused_with_what_to_type(typed, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        clean(typed)
