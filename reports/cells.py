"""What a value of a table reads like where it is no cell of Excel: on the page and in the PDF."""

import datetime
from decimal import Decimal

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
