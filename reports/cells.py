"""What a value of a table reads like where it is no cell of Excel: on the page and in the PDF."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reports.excel import Column, Share, Value
from vietnamese import dates, numbers


def words(value: Value, column: Column) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Share):
        if value.value is None:
            return numbers.NOTHING
        return "100%" if value.value == 1 else numbers.format_decimal(value.value * 100, places=1) + "%"
    if isinstance(value, datetime.datetime):
        return dates.moment_words(value)
    if isinstance(value, datetime.date):
        return dates.day_words(value)
    if isinstance(value, Decimal):
        return numbers.format_decimal(value)
    if isinstance(value, int):
        return str(value) if column.number == "0" else numbers.format_integer(value)
    return value


def is_number(value: Value) -> bool:
    return isinstance(value, Share | Decimal | int)


@dataclass(frozen=True)
class Heading:
    text: str
    colspan: int = 1
    rowspan: int = 1
    id: str = ""


def headings(columns: Sequence[Column]) -> list[list[Heading]]:
    """One row, or two where neighbours share a heading above their own."""
    rows = 2 if any(column.group for column in columns) else 1
    upper: list[Heading] = []
    lower: list[Heading] = []
    for group, neighbours in groupby(enumerate(columns), key=lambda each: each[1].group):
        together = list(neighbours)
        if group:
            upper.append(Heading(group, colspan=len(together), id=f"g{together[0][0]}"))
            lower += [Heading(column.heading, id=f"c{place}") for place, column in together]
        else:
            upper += [Heading(column.heading, rowspan=rows, id=f"c{place}") for place, column in together]
    return [upper, lower] if lower else [upper]


def headers(columns: Sequence[Column]) -> list[str]:
    """For each column the ids of the headings it stands under, the upper one first."""
    told = []
    for group, neighbours in groupby(enumerate(columns), key=lambda each: each[1].group):
        places = [place for place, _column in neighbours]
        told += [f"g{places[0]} c{place}" if group else f"c{place}" for place in places]
    return told
