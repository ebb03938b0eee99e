import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models.user import READABLE
from criteria.models import Group
from sheets import codes
from sheets.codes import SheetCode, Unreadable

pytestmark = pytest.mark.feature("A15")

any_code = st.builds(
    SheetCode, st.integers(0, 2**28 - 1), st.integers(2024, 2055), st.sampled_from(list(Group))
)


@given(any_code)
def test_a_code_says_whose_it_is_in_any_way_of_writing(code):
    assert re.fullmatch(f"[{READABLE}]{{4}}-[{READABLE}]{{4}}-[{READABLE}]{{3}}", str(code))
    assert codes.read(str(code)) == codes.read(codes.written(code)) == code
    assert codes.read(f" {str(code).lower().replace('-', ' ')} ") == code


@given(any_code, st.integers(0, codes.LENGTH - 1), st.sampled_from(READABLE))
def test_one_wrong_letter_is_always_found(code, place, letter):
    written = codes.written(code)
    wrong = written[:place] + letter + written[place + 1 :]
    if wrong != written:
        with pytest.raises(Unreadable, match="sai một chỗ"):
            codes.read(wrong)


def test_what_is_no_code_is_told_apart_in_words():
    written = codes.written(SheetCode(7, 2026, Group.I))
    with pytest.raises(Unreadable, match="Mã có 11 chữ và số, bạn gõ 10"):
        codes.read(written[:-1])
    with pytest.raises(Unreadable, match="Mã không có “O”"):
        codes.read(f"O{written[1:]}")


def test_a_code_that_the_portal_did_not_sign_is_refused(settings):
    written = codes.written(SheetCode(7, 2026, Group.I))

    settings.DIGEST_KEY = "another"
    with pytest.raises(Unreadable, match="không phải do cổng in ra"):
        codes.read(written)


def test_a_person_whom_no_code_holds_is_refused_and_not_mistaken():
    with pytest.raises(ValueError, match="citizen"):
        codes.written(SheetCode(2**28, 2026, Group.I))
