import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def rendered(source, **values):
    return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ value|number }}", 1234567, "1.234.567"),
        ("{{ value|number }}", Decimal("81.56"), "81,56"),
        ("{{ value|number }}", None, "–"),
        ("{{ value|number }}", 0, "0"),
        ("{{ value|number }}", Decimal("7.50"), "7,5"),
        ("{{ value|number }}", Decimal("0.00"), "0"),
        ("{{ value|size }}", 348_000, "340 KB"),
        ("{{ value|day }}", datetime.date(2026, 2, 1), "01/02/2026"),
        ("{{ value|day }}", datetime.datetime(2026, 12, 31, 17, tzinfo=datetime.UTC), "01/01/2027"),
        ("{{ value|day }}", None, ""),
        (
            "{{ value|moment }}",
            datetime.datetime(2026, 12, 22, 7, 5, tzinfo=datetime.UTC),
            "14:05, 22/12/2026",
        ),
        ("{{ value|moment }}", None, ""),
        ("{{ value|until }}", datetime.datetime(2027, 1, 1, tzinfo=VIETNAM), "hết ngày 31/12/2026 (thứ Năm)"),
        ("{{ value|until }}", None, ""),
        ("{{ value|left }}", None, ""),
        ("{{ value|phone }}", "+84912345678", "0912 345 678"),
        ("{{ value|phone }}", "", ""),
    ],
)
def test_filters(source, value, text):
    assert rendered(source, value=value) == text


@pytest.mark.parametrize(("part", "whole", "text"), [(439, 1000, "43,9%"), (0, 0, "–"), (None, 5, "0,0%")])
def test_percent_names_its_whole(part, whole, text):
    assert rendered("{{ part|percent:whole }}", part=part, whole=whole) == text


def test_what_is_left_is_counted_from_the_portals_clock(settings, time_machine):
    settings.CLOCK_OFFSET = datetime.timedelta(days=1)
    time_machine.move_to(datetime.datetime(2026, 12, 21, 12, tzinfo=VIETNAM), tick=False)

    assert rendered("{{ value|left }}", value=datetime.datetime(2027, 1, 1, tzinfo=VIETNAM)) == "còn 9 ngày"


def test_what_people_typed_is_escaped():
    assert rendered("{{ value|phone }}", value="<b>") == "&lt;b&gt;"
