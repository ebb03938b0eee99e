"""Bars as SVG: measured here, drawn by templates/reports/_chart.html. Pure; every size is text already.

Solid and hollow bars instead of two colours, and each value written at its bar, so that print in black and
white says as much as a screen. One drawing for a desk, with the names beside the bars, and one for a phone,
with the names above them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LINE = 34
BAR = 20
TWO_LINES = 54
ABOVE = 6  # room over the first bar, for a mark that stands out of it


@dataclass(frozen=True)
class Value:
    """One bar: how long of `whole` it is, the words at its end, and perhaps a mark to reach."""

    name: str
    length: float
    words: str
    is_hollow: bool = False
    mark: float | None = None


@dataclass(frozen=True)
class Bar:
    name: str
    words: str
    kind: str
    name_x: str
    name_y: str
    x: str
    y: str
    width: str
    words_x: str
    words_y: str
    mark_x: str = ""
    mark_top: str = ""
    mark_bottom: str = ""


@dataclass(frozen=True)
class Drawing:
    kind: str
    width: str
    height: str
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    """`key` keeps the names of its parts apart from those of other charts on the page."""

    key: str
    title: str
    drawings: list[Drawing]


def bars(key: str, title: str, values: Iterable[Value], whole: float) -> Chart | None:
    """None where there is nothing to draw."""
    values = list(values)
    if not values or not whole:
        return None
    return Chart(key, title, [_beside(values, whole), _above(values, whole)])


def _beside(values, whole):
    longest = 330
    drawn = [
        _bar(
            value,
            whole,
            longest,
            x=260,
            top=at * LINE + ABOVE,
            name_x=0,
            name_y=at * LINE + ABOVE + 15,
            most=30,
        )
        for at, value in enumerate(values)
    ]
    return Drawing("wide-only", "720", str(len(values) * LINE + ABOVE), drawn)


def _above(values, whole):
    longest = 210
    drawn = [
        _bar(
            value, whole, longest, x=0, top=at * TWO_LINES + 22, name_x=0, name_y=at * TWO_LINES + 15, most=42
        )
        for at, value in enumerate(values)
    ]
    return Drawing("tall", "340", str(len(values) * TWO_LINES), drawn)


def _bar(value, whole, longest, *, x, top, name_x, name_y, most):
    width = _share(value.length, whole, longest)
    mark = x + _share(value.mark, whole, longest) if value.mark is not None else None
    return Bar(
        name=value.name if len(value.name) <= most else f"{value.name[: most - 1].rstrip()}…",
        words=value.words,
        kind="bar-2" if value.is_hollow else "bar",
        name_x=str(name_x),
        name_y=str(name_y),
        x=str(x + 1),
        y=str(top + 1),
        width=str(max(width, 1)),
        words_x=str(max(x + width, mark or 0) + 10),
        words_y=str(top + 16),
        mark_x="" if mark is None else str(mark),
        mark_top=str(top - 4),
        mark_bottom=str(top + BAR + 6),
    )


def _share(length, whole, longest):
    return round(longest * min(length, whole) / whole)
