import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.dates import (
    day_begins,
    day_ends,
    day_words,
    days_left,
    from_until_words,
    last_day,
    left_words,
    local_day,
    moment_words,
    parse_day,
    parse_time,
    until_words,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MIDNIGHT = datetime.datetime(2027, 1, 1, tzinfo=VIETNAM)  # the end of 31 December, half-open
EVENING = datetime.datetime(2026, 11, 30, 17, 30, tzinfo=VIETNAM)
TICK = datetime.timedelta.resolution


def at(*parts):
    return datetime.datetime(*parts, tzinfo=VIETNAM)


def test_the_last_day_is_the_one_before_midnight():
    assert last_day(MIDNIGHT) == datetime.date(2026, 12, 31)
    assert last_day(EVENING) == datetime.date(2026, 11, 30)


def test_the_zone_of_the_moment_does_not_matter():
    assert last_day(MIDNIGHT.astimezone(datetime.UTC)) == datetime.date(2026, 12, 31)
    assert until_words(MIDNIGHT.astimezone(datetime.UTC)) == "hết ngày 31/12/2026 (thứ Năm)"


@pytest.mark.parametrize(
    ("closes_at", "words"),
    [
        (MIDNIGHT, "hết ngày 31/12/2026 (thứ Năm)"),
        (EVENING, "17 giờ 30 phút ngày 30/11/2026 (thứ Hai)"),
        (at(2026, 11, 29, 17), "17 giờ ngày 29/11/2026 (Chủ nhật)"),
    ],
)
def test_the_end_in_words(closes_at, words):
    assert until_words(closes_at) == words


@pytest.mark.parametrize(
    ("closes_at", "now", "days", "words"),
    [
        (MIDNIGHT, at(2026, 12, 22), 9, "còn 9 ngày"),
        (MIDNIGHT, at(2026, 12, 22, 23, 59, 59), 9, "còn 9 ngày"),
        (MIDNIGHT, at(2026, 12, 30, 23, 59, 59, 999999), 1, "còn 1 ngày"),
        (MIDNIGHT, at(2026, 12, 31), 0, "hôm nay là ngày cuối, đến 23 giờ 59 phút"),
        (MIDNIGHT, MIDNIGHT - TICK, 0, "hôm nay là ngày cuối, đến 23 giờ 59 phút"),
        (MIDNIGHT, MIDNIGHT, 0, "đã khóa lúc hết ngày 31/12/2026"),
        (MIDNIGHT, at(2027, 3, 1), 0, "đã khóa lúc hết ngày 31/12/2026"),
        (EVENING, EVENING - TICK, 0, "hôm nay là ngày cuối, đến 17 giờ 30 phút"),
        (EVENING, EVENING, 0, "đã khóa lúc 17 giờ 30 phút ngày 30/11/2026"),
    ],
)
def test_what_is_left_on_both_sides_of_every_boundary(closes_at, now, days, words):
    assert days_left(closes_at, now) == days
    assert left_words(closes_at, now) == words


@given(st.timedeltas(datetime.timedelta(days=-400), datetime.timedelta(days=400)))
def test_it_is_locked_at_the_end_and_never_before(distance):
    now = MIDNIGHT + distance

    assert left_words(MIDNIGHT, now).startswith("đã khóa") == (now >= MIDNIGHT)


def test_a_moment_is_written_in_the_time_of_vietnam():
    assert moment_words(datetime.datetime(2026, 12, 22, 7, 5, tzinfo=datetime.UTC)) == "14:05, 22/12/2026"
    assert moment_words(datetime.datetime(2026, 12, 31, 17, tzinfo=datetime.UTC)) == "00:00, 01/01/2027"


@pytest.mark.parametrize(
    "typed",
    [
        "05/09/1960",
        "5/9/1960",
        "05-09-1960",
        "5.9.1960",
        "5 9 1960",
        " 5 / 9 / 1960 ",
        "5 tháng 9 năm 1960",
        "Ngày 05 tháng 09 năm 1960",
        "5 tha\u0301ng 9 na\u0306m 1960",
        "1960-09-05",
    ],
)
def test_a_day_is_read_day_first_or_as_iso(typed):
    assert parse_day(typed) == datetime.date(1960, 9, 5)


def test_a_day_is_never_read_in_the_american_order():
    assert parse_day("02/09/2026") == datetime.date(2026, 9, 2)


@given(st.dates())
def test_a_written_day_is_read_back(day):
    assert parse_day(day_words(day)) == day
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("31/02/2026", "Tháng 2 năm 2026 không có ngày 31. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        ("29/02/2025", "Tháng 2 năm 2025 không có ngày 29. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        ("2026-02-31", "Tháng 2 năm 2026 không có ngày 31. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        ("0/1/1960", "Tháng 1 năm 1960 không có ngày 0. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        ("09/25/1960", "Một năm có 12 tháng, bạn gõ tháng 25. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        ("5/9/60", "Năm có 4 chữ số, bạn gõ “60”. Gõ lại ngày sinh, ví dụ 05/09/1960."),
        ("05091960", "Gõ ngày sinh có dấu / giữa ngày, tháng và năm, ví dụ 05/09/1960."),
        ("1960", "Gõ ngày sinh đủ ngày, tháng và năm bằng chữ số, ví dụ 05/09/1960."),
        ("mồng năm tháng chín", "Gõ ngày sinh đủ ngày, tháng và năm bằng chữ số, ví dụ 05/09/1960."),
        ("5 abc 9 abc 1960", "Gõ ngày sinh đủ ngày, tháng và năm bằng chữ số, ví dụ 05/09/1960."),
        ("٥/٩/١٩٦٠", "Gõ ngày sinh đủ ngày, tháng và năm bằng chữ số, ví dụ 05/09/1960."),
        ("", "Gõ ngày sinh đủ ngày, tháng và năm bằng chữ số, ví dụ 05/09/1960."),
    ],
)
def test_what_is_no_day_is_refused_with_what_is_wrong_and_what_to_type(typed, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_day(typed, what="ngày sinh")


@given(st.text(alphabet="0123456789/-. thángngàynăm", max_size=20))
def test_every_text_is_read_or_refused_in_vietnamese(typed):
    try:
        message = day_words(parse_day(typed))
    except ValueError as refusal:
        message = str(refusal)

    assert re.search(r"^\d\d/\d\d/\d{4}$|, ví dụ 05/09/1960\.$", message)


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("21:30", (21, 30)),
        ("21h30", (21, 30)),
        ("21 giờ 30 phút", (21, 30)),
        ("21 giờ", (21, 0)),
        ("9.05", (9, 5)),
        ("0", (0, 0)),
        ("23:59", (23, 59)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed, time):
    assert parse_time(typed) == datetime.time(*time)


@pytest.mark.parametrize("typed", ["24:00", "12:60", "9 giờ tối", "", "-1", "٩:٣٠"])
def test_what_is_no_time_is_refused_with_what_to_type(typed):
    with pytest.raises(ValueError, match=r"^Gõ giờ và phút, từ 00:00 đến 23:59, ví dụ 21:30\.$"):
        parse_time(typed)


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ((2026, 10, 1), (2027, 1, 1), "từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)"),
        ((2027, 1, 3, 9), (2027, 1, 11), "từ 9 giờ ngày 03/01/2027 đến hết ngày 10/01/2027 (Chủ nhật)"),
        ((2026, 10, 1), (2027, 1, 1, 1), "từ ngày 01/10/2026 đến 1 giờ ngày 01/01/2027 (thứ Sáu)"),
    ],
)
def test_a_span_of_time_is_said_from_its_two_moments(opens, closes, words):
    assert from_until_words(at(*opens), at(*closes)) == words


def test_a_day_typed_as_the_last_ends_with_the_first_moment_of_the_next():
    day = datetime.date(2026, 12, 31)

    assert last_day(day_ends(day)) == day
    assert local_day(day_begins(day)) == day
    assert day_ends(day) - day_begins(day) == datetime.timedelta(days=1)
