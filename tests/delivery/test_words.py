import pytest

from accounts.models import Message
from delivery import words
from vietnamese import text

pytestmark = pytest.mark.feature("I1")
RETURNED = Message(
    subject="Hồ sơ năm 2026 bị trả lại để sửa",
    body="Lý do của ban: “Thiếu ảnh – chỉ số I.1.1”. Sửa xong, bạn cần bấm Gửi hồ sơ một lần nữa.",
)


@pytest.mark.parametrize(
    ("count", "accents", "parts"),
    [(160, False, 1), (161, False, 2), (306, False, 2), (307, False, 3), (70, True, 1), (71, True, 2)],
)
def test_letters_with_accents_need_more_parts(count, accents, parts):
    assert words.parts(("ế" if accents else "e") * count) == parts


def test_without_accents_an_sms_is_read_by_every_telephone():
    said = words.sms([RETURNED], "Đặng Thị Ước", accents=False)

    assert said == (
        'Dang Thi Uoc: Ho so nam 2026 bi tra lai de sua. Ly do cua ban: "Thieu anh - chi so I.1.1". '
        "Sua xong, ban can bam Gui ho so mot lan nua."
    )
    assert said.isascii()
    assert words.parts(said) == 1


def test_with_accents_it_is_as_in_the_inbox_and_costs_more():
    said = words.sms([RETURNED], "Hoa", accents=True)

    assert said == f"Hoa: {RETURNED.subject}. {RETURNED.body}"
    assert words.parts(said) == 2


def test_a_long_notice_is_not_cut_but_says_where_it_stands():
    long = Message(subject="Hồ sơ bị trả lại", body="Lý do. " * 100)

    assert words.sms([long], "Hoa", accents=False) == ("Hoa: Ho so bi tra lai. Xem o muc Tin nhan tren cong.")
    many = [Message(subject="Hồ sơ bị trả lại " * 10, body="") for _ in range(5)]
    assert words.sms(many, "Hoa", accents=True) == "Hoa: Bạn có 5 tin mới. Xem ở mục Tin nhắn trên cổng."


def test_what_has_no_letter_of_its_own_in_ascii_is_left_out():
    assert text.ascii_only("Đã gửi “hồ sơ” … 日 ĐỢI") == 'Da gui "ho so" ...  DOI'
