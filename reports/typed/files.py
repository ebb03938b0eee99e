"""The figures of a commune's year as an Excel sheet to fill in and send back."""

from typing import IO

from django.utils.translation import gettext as _

from reports import excel
from reports.typed.entry import Year
from reports.typed.models import FIGURES, TypedFigures
from vietnamese import numbers, workbooks

PLACE, LETTER = "xa", "D"
WIDTHS = [18, 44, 16, 16]


def write(year: Year, file: IO[bytes]) -> None:
    """A line a figure: key, name, last year's and this year's; the first line says whose sheet it is."""
    now, last = year.typed, year.last
    headings = [_("Mã, không sửa"), _("Số liệu"), *(str(year.campaign.year - 1 + step) for step in (0, 1))]
    rows = [[PLACE, year.commune.full_name, "", _key(year)]]
    rows += [[name, _name(name), _say(last, name), _say(now, name)] for name in FIGURES]
    excel.write_plain(_("Số liệu năm"), headings, rows, WIDTHS, file)


def read(year: Year, file: IO[bytes]) -> tuple[dict[str, str], dict[str, str]]:
    """(field → what is typed, field → its cell). Raises workbooks.Unreadable."""
    rows = {cells[0]: (number, [*cells, "", "", ""][3]) for number, cells in workbooks.rows_of(file)}
    if PLACE not in rows or not rows.keys() & set(FIGURES):
        raise workbooks.Unreadable(
            _("Đây không phải tệp mẫu của trang này. Hãy tải tệp mẫu rồi điền cột cuối.")
        )
    if rows[PLACE][1] != _key(year):
        raise workbooks.Unreadable(
            _("Tệp này là của %(what)s, không phải của %(commune)s năm %(year)s.")
            % {"what": rows[PLACE][1], "commune": year.commune.full_name, "year": year.campaign.year}
        )
    typed = {name: rows[name][1] for name in FIGURES if name in rows}
    return typed, {name: f"{LETTER}{rows[name][0]}" for name in typed}


def _key(year):
    return f"{year.commune.code}/{year.campaign.year}"


def _name(name):
    return str(TypedFigures._meta.get_field(name).verbose_name)


def _say(typed, name):
    value = getattr(typed, name) if typed else None
    return "" if value is None else numbers.format_decimal(value)
