import datetime
import unicodedata
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.fields import (
    DayField,
    EmailField,
    HourField,
    IdentityNumberField,
    LineField,
    LinesField,
    NameField,
    PhoneField,
    PointsField,
)

TODAY = datetime.date(2026, 11, 22)


def refusal(field, typed):
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    [message] = caught.value.messages
    return message


@pytest.mark.parametrize(
    "name",
    ["Đỗ Thị Ánh", "Ya", "H'Mông Niê", "Đắk", "Ka Să K'Brêu", "Nguyễn-Phúc Bảo", "Ksor H'Bơm", "Lê Văn A"],
)
def test_names_of_every_people_of_the_country_are_taken(name):
    assert NameField().clean(name) == name


def test_a_name_is_kept_composed_with_single_spaces_and_the_plain_apostrophe():
    typed = unicodedata.normalize("NFD", "  H’Mông   Niê \u200b")

    assert NameField().clean(typed) == "H'Mông Niê"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa gõ họ và tên. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa."),
        (" \u200b ", "Chưa gõ họ và tên. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa."),
        ("Á", "Họ và tên có ít nhất 2 chữ, bạn gõ 1. Gõ đầy đủ."),
        ("Lê " * 21, "Họ và tên dài nhất 60 chữ, bạn gõ 62. Viết ngắn lại."),
        (
            "Lê Văn 3",
            "Họ và tên chỉ gồm chữ cái, bạn gõ có “3”. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa.",
        ),
        (
            "<b>Lê</b>",
            "Họ và tên chỉ gồm chữ cái, bạn gõ có “<”. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa.",
        ),
        (
            "=1+1",
            "Họ và tên chỉ gồm chữ cái, bạn gõ có “=”. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa.",
        ),
        (
            "李小龙",
            "Họ và tên chỉ gồm chữ cái, bạn gõ có “李”. Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa.",
        ),
        ("...", "Gõ họ và tên bằng chữ, như trên giấy tờ, ví dụ Nguyễn Thị Hoa."),
        ("Lê\x07 Hoa", "Trong họ và tên có ký tự không đọc được. Xóa đi rồi gõ lại."),
        ("Lê\x00 Hoa", "Trong họ và tên có ký tự không đọc được. Xóa đi rồi gõ lại."),
    ],
)
def test_what_is_no_name_is_refused(typed, message):
    assert refusal(NameField(), typed) == message


def test_a_label_of_its_own_stands_in_the_messages():
    assert refusal(NameField(label="Tên chủ hộ"), "").startswith("Chưa gõ tên chủ hộ.")


@given(st.text())
def test_a_name_that_is_taken_is_composed_and_has_letters(typed):
    try:
        name = NameField().clean(typed)
    except ValidationError:
        return
    assert unicodedata.is_normalized("NFC", name)
    assert 2 <= len(name) <= 60
    assert not any(c.isdigit() or unicodedata.category(c) == "Cc" for c in name)


def test_an_identity_number_loses_its_spaces():
    assert IdentityNumberField().clean("042 160 001 234") == "042160001234"


def test_an_optional_identity_number_may_be_left_out():
    assert IdentityNumberField(required=False).clean(" ") == ""


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa gõ số căn cước. Gõ 12 chữ số in trên thẻ căn cước."),
        (
            "183123456",
            "Số căn cước có 12 chữ số, bạn mới gõ 9. Số 9 chữ số là chứng minh nhân dân cũ; "
            "gõ số 12 chữ số in trên thẻ căn cước.",
        ),
    ],
)
def test_an_identity_number_that_is_none_is_refused(typed, message):
    assert refusal(IdentityNumberField(), typed) == message


def test_a_phone_number_is_kept_in_one_way_and_shown_in_groups():
    assert PhoneField().clean("0912.345.678") == "+84912345678"
    assert PhoneField().prepare_value("+84912345678") == "0912 345 678"


def test_a_phone_number_that_was_refused_is_shown_as_it_was_typed():
    assert PhoneField().prepare_value("0912 34") == "0912 34"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa gõ số điện thoại. Gõ 10 chữ số, ví dụ 0912 345 678."),
        ("abc", "Số điện thoại chỉ gồm chữ số, bạn gõ có “a”. Gõ lại, ví dụ 0912 345 678."),
    ],
)
def test_a_phone_number_that_is_none_is_refused(typed, message):
    assert refusal(PhoneField(), typed) == message


def test_an_address_is_kept_in_small_letters():
    assert EmailField().clean("  Hoa.Nguyen@Gmail.COM ") == "hoa.nguyen@gmail.com"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("hoa", "Địa chỉ e-mail có đúng một dấu @. Gõ lại, ví dụ nguyenthihoa@gmail.com."),
        (
            "hoa@",
            "Sau dấu @ là tên nơi giữ hộp thư, có dấu chấm, như gmail.com. "
            "Gõ lại, ví dụ nguyenthihoa@gmail.com.",
        ),
        ("hoà@gmail.com", "Địa chỉ e-mail không có dấu tiếng Việt. Gõ lại, ví dụ nguyenthihoa@gmail.com."),
        ("hoa @gmail.com", "Địa chỉ e-mail không có khoảng trắng. Gõ lại, ví dụ nguyenthihoa@gmail.com."),
        ("hoa..@gmail.com", "Địa chỉ e-mail này chưa viết đúng. Gõ lại, ví dụ nguyenthihoa@gmail.com."),
        ("", "Chưa gõ e-mail. Gõ địa chỉ, ví dụ nguyenthihoa@gmail.com."),
    ],
)
def test_an_address_that_is_none_is_refused(typed, problem):
    assert refusal(EmailField(), typed) == problem


@pytest.mark.parametrize(
    "typed", ["05/09/1960", "1960-09-05", "5 tháng 9 năm 1960", datetime.date(1960, 9, 5)]
)
def test_a_day_is_read(typed):
    assert DayField(label="Ngày sinh").clean(typed) == datetime.date(1960, 9, 5)


def test_a_day_is_shown_as_it_is_typed():
    assert DayField().prepare_value(datetime.date(1960, 9, 5)) == "05/09/1960"
    assert DayField().prepare_value("31/02/2026") == "31/02/2026"


def test_an_optional_day_may_be_left_out():
    assert DayField(required=False).clean("  ") is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa có ngày sinh. Gõ ngày/tháng/năm, ví dụ 05/09/1960."),
        ("31/02/2026", "Tháng 2 năm 2026 không có ngày 31. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        (
            "23/11/2026",
            "Ngày sinh không thể sau ngày 22/11/2026, bạn gõ 23/11/2026. Gõ lại ngày sinh, ví dụ 05/09/1960.",
        ),
        (
            "31/12/1899",
            "Ngày sinh không thể trước ngày 01/01/1900, bạn gõ 31/12/1899. "
            "Gõ lại ngày sinh, ví dụ 05/09/1960.",
        ),
    ],
)
def test_a_day_that_cannot_be_is_refused(typed, message):
    field = DayField(label="Ngày sinh", earliest=datetime.date(1900, 1, 1), latest=lambda: TODAY)
    assert refusal(field, typed) == message


def test_both_bounds_of_a_day_are_inside():
    field = DayField(latest=lambda: TODAY)

    assert field.clean("22/11/2026") == TODAY
    assert field.clean("01/01/1900") == datetime.date(1900, 1, 1)


def test_a_day_whose_end_is_no_day_is_refused():
    with pytest.raises(ValidationError, match="31/12/9998"):
        DayField().clean("31/12/9999")


def test_the_latest_day_is_asked_when_the_form_is_filled_in():
    days = [datetime.date(2026, 11, 22), datetime.date(2026, 11, 23)]
    field = DayField(latest=lambda: days.pop(0))

    refusal(field, "23/11/2026")

    assert field.clean("23/11/2026") == datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "points"), [("7,5", "7.5"), ("7.5", "7.5"), ("0", "0"), (" 10 ", "10"), ("7,0", "7")]
)
def test_points_are_read_with_comma_or_dot(typed, points):
    assert PointsField(maximum=10, step="0.5").clean(typed) == Decimal(points)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Chưa có điểm. Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5."),
        ("abc", "“abc” không phải là số điểm. Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5."),
        ("nan", "“nan” không phải là số điểm. Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5."),
        ("-1", "Điểm thấp nhất là 0, bạn gõ -1. Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5."),
        ("11", "Điểm cao nhất là 10, bạn gõ 11. Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5."),
        (
            "7,3",
            "Điểm 7,3 không có trong thang điểm. Chọn 7 hoặc 7,5. "
            "Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5.",
        ),
    ],
)
def test_points_that_cannot_be_are_refused_naming_maximum_and_step(typed, message):
    assert refusal(PointsField(maximum=10, step="0.5"), typed) == message


def test_points_are_shown_with_a_comma():
    assert PointsField(maximum=10).prepare_value(Decimal("7.50")) == "7,5"


@given(st.integers(0, 40), st.sampled_from(["1", "0.5", "0.25"]))
def test_every_step_up_to_the_maximum_is_taken_and_none_beyond(count, step):
    points = count * Decimal(step)
    field = PointsField(maximum=10, step=step)

    if points <= 10:
        assert field.clean(str(field.prepare_value(points))) == points
    else:
        assert refusal(field, str(field.prepare_value(points))).startswith("Điểm cao nhất là 10,")


def test_several_lines_stay_and_one_line_stays_one():
    assert LinesField().clean("a  b\r\nc ") == "a b\nc"
    assert LineField().clean("a  b\r\nc ") == "a b c"


def test_no_browser_cuts_the_end_off_a_long_text_in_silence():
    story = LinesField(label="Lời kể", max_length=10)

    assert "maxlength" not in story.widget.attrs
    assert refusal(story, "mười một chữ") == "Lời kể dài nhất 10 chữ, bạn gõ 12. Viết ngắn lại."


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    assert (
        refusal(LineField(label="Lý do", max_length=3), "abcd")
        == "Lý do dài nhất 3 chữ, bạn gõ 4. Viết ngắn lại."
    )


class Person(forms.Form):
    full_name = NameField()
    birth_date = DayField(label="Ngày sinh", latest=lambda: TODAY)
    points = PointsField(maximum=10, step="0.5")


def test_what_was_typed_stands_in_the_form_again():
    form = Person({"full_name": "Lê 3", "birth_date": "31/02/2026", "points": "7,3"})

    assert not form.is_valid()
    assert [form[name].value() for name in form.fields] == ["Lê 3", "31/02/2026", "7,3"]
    assert 'value="31/02/2026"' in str(form["birth_date"])


def test_a_form_shows_what_is_stored_in_vietnamese_and_sees_no_change_in_it():
    stored = {"full_name": "Lê Hoa", "birth_date": datetime.date(1960, 9, 5), "points": Decimal("7.50")}
    shown = Person(initial=stored)

    assert [shown[name].value() for name in shown.fields] == ["Lê Hoa", "05/09/1960", "7,5"]
    assert not Person({name: shown[name].value() for name in shown.fields}, initial=stored).has_changed()


def test_an_error_message_given_by_a_form_wins():
    assert refusal(NameField(error_messages={"required": "Gõ tên đi."}), "") == "Gõ tên đi."


def test_an_hour_is_read_shown_again_and_refused_in_vietnamese():
    field = HourField()

    assert field.clean("8 giờ 30") == datetime.time(8, 30)
    assert field.prepare_value(datetime.time(8, 30)) == "08:30"
    assert HourField(required=False).clean(" ") is None
    assert refusal(field, "") == "Chưa gõ giờ. Gõ giờ và phút, ví dụ 21:30."
    assert refusal(field, "25:00") == "Gõ giờ và phút, từ 00:00 đến 23:59, ví dụ 21:30."
