import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vietnamese.text import begins, fold, name_sort_key, nfc, nfc_lines, sort_key, words

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxy" + "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
names = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " '", max_size=40)


def shuffled(in_order):
    return random.Random(5).sample(in_order, len(in_order))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nguyễn Văn Á", "nguyen van a"),
        ("ĐẶNG THỊ ÁNH", "dang thi anh"),
        ("Đỗ", "do"),
        ("Ðỗ", "do"),  # with the Icelandic letter of old lists
        ("Xã Thạch Khê", "xa thach khe"),
        ("Hoà", "hoa"),
        ("Hòa", "hoa"),
        ("D’Ran", "d'ran"),
        ("H`Mông", "h'mong"),
        ("Đắk Lắk", "dak lak"),
        ("  Lê\u200b   Ya ", "le ya"),
        ("", ""),
        (None, ""),
    ],
)
@pytest.mark.feature("G7")
def test_fold_takes_marks_case_and_strokes_away(text, folded):
    assert fold(text) == folded


@given(st.text())
@example("Lê \u0301 Hoa")  # a mark that stands alone leaves two spaces behind
@example("ŉ")
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(names)
@pytest.mark.feature("G7")
def test_composed_and_decomposed_text_are_found_and_ordered_alike(text):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    assert fold(composed) == fold(decomposed)
    assert sort_key(composed) == sort_key(decomposed)
    assert name_sort_key(composed) == name_sort_key(decomposed)
    assert nfc(decomposed) == nfc(composed)


@given(names)
@pytest.mark.feature("G7")
def test_a_folded_vietnamese_name_is_plain_ascii(text):
    assert fold(text).isascii()


@given(st.text())
def test_stored_text_is_composed_on_one_line_and_stays_as_it_is(text):
    stored = nfc(text)

    assert unicodedata.is_normalized("NFC", stored)
    assert nfc(stored) == stored
    assert stored.split() == stored.split(" ") or stored == ""


def test_stored_text_has_single_spaces_and_nothing_invisible():
    assert nfc(" \ufeffNguye\u0302\u0303n\u00a0 Thị\u200b\tHoa\u202e\n") == "Nguyễn Thị Hoa"


def test_stored_lines_stay_lines():
    assert nfc_lines("  Học  lớp\r\n\r\nđọc sách \n") == "Học lớp\n\nđọc sách"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Thạch Khê", ["thach", "khe"]),
        ("  nguyễn   VĂN a", ["nguyen", "van", "a"]),
        ("Bà Rịa-Vũng Tàu", ["ba", "ria", "vung", "tau"]),
        ("D’Ran", ["d'ran"]),
        ("% _", ["_"]),
        ("", []),
        (None, []),
    ],
)
@pytest.mark.feature("G7")
def test_a_query_is_searched_word_by_word(query, found):
    assert words(query) == found


def test_a_query_of_a_thousand_words_stays_a_query():
    assert len(words("a " * 1000)) == 10


@pytest.mark.feature("G7")
def test_people_stand_in_the_order_of_their_given_names():
    in_order = [
        "Nguyễn Văn An",
        "Đặng Thị Ánh",
        "Lê Ăn",
        "Lê Thị Ân",
        "Trần Dũng",
        "Trần Đào",
        "Bùi Đỗ",
        "Lê Tố Uyên",
        "Hồ Văn Ước",
    ]

    assert sorted(shuffled(in_order), key=name_sort_key) == in_order


@pytest.mark.feature("G7")
def test_of_two_with_one_given_name_family_and_middle_name_decide():
    in_order = ["Hoa", "Bùi Thị Hoa", "Đào Hoa", "Lê Văn Hoa", "Lê Vân Hoa", "Nguyễn Hoa"]

    assert sorted(shuffled(in_order), key=name_sort_key) == in_order


@pytest.mark.parametrize(
    "in_order",
    [
        ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "â", "ấ", "b"],
        ["Da", "Đa", "E", "Ê", "O", "Ô", "Ơ", "U", "Ư"],
        ["An", "Anh", "Ánh", "Ạnh"],
        ["Đà", "Ðào", "Đạo"],  # the second with the Icelandic letter of old lists
        ["Hoà Bình", "Hoà Lạc", "Hoàn Kiếm"],
        ["Thôn 2", "Thôn 3", "Thôn Đông"],
        ["ha", "Ha", "hà", "Hà"],
    ],
)
@pytest.mark.feature("G7")
def test_letters_come_before_tones_and_tones_before_capitals(in_order):
    assert sorted(shuffled(in_order), key=sort_key) == in_order


@given(st.text(max_size=60))
@example("한국" * 20 + "Á")  # decomposes into three letters each
def test_a_sort_key_fits_its_column(text):
    assert len(sort_key(text)) <= 6 * len(text) + 10
    assert len(name_sort_key(text)) <= 6 * len(text) + 20
    assert set(sort_key(text)) <= set("0123456789abcdef")


@given(
    st.lists(st.sampled_from(VIETNAMESE), min_size=1, max_size=8),
    st.integers(0, 7),
    st.sampled_from(VIETNAMESE),
)
def test_a_text_of_other_letters_or_tones_has_another_key(letters, place, letter):
    one, letters[place % len(letters)] = "".join(letters), letter
    other = "".join(letters)

    assert (sort_key(one) == sort_key(other)) == (one == other)


@pytest.mark.parametrize(
    ("word", "typed", "does"),
    [
        ("Đình", "dinh", True),
        ("đình", "đin", True),
        ("đình", "đỉnh", False),
        ("bằng", "bàn", False),
        ("thạch", "thach", True),
        ("thạch", "thạc", True),
        ("hòa", "hoà", True),
        ("hóa", "hoà", False),
        ("hồng", "hông", True),
    ],
)
def test_a_word_begins_as_typed_with_the_accents_that_were_typed(word, typed, does):
    assert begins(word, typed) is does
