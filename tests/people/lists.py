"""Lists of people as schools and communes send them in."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from people import rosters

HEADINGS = ["STT", "Ngày sinh", "Họ và tên", "Lớp", "Giới tính", "Số CCCD", "Điện thoại"]
AN = ["1", "05/09/2010", "Nguyễn Văn An", "6A", "Nam", "042210000001", "0912345678"]
BINH = ["2", "6/9/2010", "Trần Thị Bình", "6A", "Nữ", "", ""]


def workbook(rows, headings=HEADINGS, above=(), change=lambda sheet: None):
    """An Excel file with these rows, values as Python has them."""
    book = Workbook()
    for row in [*above, headings, *rows]:
        book.active.append(row)
    change(book.active)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def upload(*args, **kwargs):
    return SimpleUploadedFile("lop-6a.xlsx", workbook(*args, **kwargs).getvalue())


def take(organization, by, rows, work="learner", **kwargs):
    return rosters.take(
        workbook(rows, **kwargs), name="lop-6a.xlsx", organization=organization, work=work, by=by
    )


def run(roster):
    """Begin it and do the worker's part."""
    begun = rosters.start(roster, by=roster.by)
    rosters.work(roster.pk)
    roster.refresh_from_db()
    return begun


def states(roster):
    return list(roster.rows.values_list("state", flat=True))


def verdicts(roster):
    return list(roster.rows.values_list("verdict", flat=True))


def given_back(roster):
    """The cells of the file that goes back, as text."""
    file = io.BytesIO()
    rosters.given_back(roster, file)
    return [[cell.value or "" for cell in row] for row in load_workbook(file).active.iter_rows()]
