import io
import zipfile

import pytest
from openpyxl import Workbook

from vietnamese import workbooks

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def file_of(change=lambda sheet: None, rows=(("Mã", "Tên"), (18001, "An"))):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    change(workbook.active)
    file = io.BytesIO()
    workbook.save(file)
    return file


def with_part(file, name, content):
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return file


def with_sheet(sheet):
    """A file whose first sheet is these lines of XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(file_of()) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        new.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>')
    return file


def cell(where):
    return f'<c r="{where}"><v>1</v></c>'


def test_rows_come_as_text_with_their_numbers_and_empty_ones_left_out():
    rows = (("Mã", "Tên"), (), (18001, "An"), (1.5, None))

    assert workbooks.rows_of(file_of(rows=rows)) == [
        (1, ["Mã", "Tên"]),
        (3, ["18001", "An"]),
        (4, ["1.5", ""]),
    ]


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("An_x005F_", "An_"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x0041_n", "An"),
        ("hai_x000A_dòng", "hai dòng"),
        ("x005F_ _x41_", "x005F_ _x41_"),
        ("_x0000_ _x001F_ _xD800_", "_x0000_ _x001F_ _xD800_"),  # which no text may hold
    ],
)
def test_a_text_is_what_excel_shows(held, shown):
    inline = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{held}</t></is></c></row>'
    for file in (file_of(rows=[[held]]), with_sheet(f"<sheetData>{inline}</sheetData>")):
        assert workbooks.rows_of(file) == [(1, [shown])]


@pytest.mark.feature("F6")
def test_a_file_that_says_it_is_smaller_than_it_is_loses_no_row():
    rows = "".join(f'<row r="{row}">{cell(f"A{row}")}{cell(f"B{row}")}</row>' for row in (1, 2))

    read = workbooks.rows_of(with_sheet(f'<dimension ref="A1"/><sheetData>{rows}</sheetData>'))

    assert read == [(1, ["1", "1"]), (2, ["1", "1"])]


def hidden_row(sheet):
    sheet.row_dimensions[2].hidden = True


def hidden_column(sheet):
    sheet.column_dimensions["B"].hidden = True


def formula(sheet):
    sheet["A3"] = "=1+1"


def empty_rows(sheet):
    for number in range(3, 100_003):
        sheet.row_dimensions[number].height = 20


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda sheet: sheet.merge_cells("A1:B1"), "ô gộp"),
        (formula, "công thức"),
        (hidden_row, "ẩn"),
        (hidden_column, "ẩn"),
        (empty_rows, "dòng trống"),
    ],
)
@pytest.mark.feature("F6", "B10", "N3")
def test_what_could_mislead_is_refused_with_the_reason(change, why):
    with pytest.raises(workbooks.Unreadable, match=why):
        workbooks.rows_of(file_of(change))


@pytest.mark.feature("F6", "B10", "N3")
@pytest.mark.parametrize(
    ("file", "why"),
    [
        (with_part(file_of(), "xl/vbaProject.bin", b"macro"), "macro"),
        (with_part(file_of(), "xl/worksheets/sheet9.xml", b"0" * 70_000_000), "quá lớn"),
        (io.BytesIO(b"PK not a workbook"), "Không đọc được"),
        (io.BytesIO(b""), "Không đọc được"),
        (io.BytesIO(b"0" * 6_000_000), "5 MB"),
        (with_part(io.BytesIO(), "hello.txt", b"no workbook"), "Không đọc được"),
        (
            with_part(file_of(), "xl/worksheets/s.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "Không đọc",
        ),
        (with_sheet(f'<sheetData><row r="2000000000">{cell("A2000000000")}</row></sheetData>'), "dòng"),
        (with_sheet(f'<sheetData><row r="1">{cell("XFD1")}</row></sheetData>'), "hơn 200 cột"),
        (with_sheet(f"<sheetData><row>{cell('A1') * 201}</row></sheetData>"), "hơn 200 cột"),
    ],
)
def test_a_file_that_does_harm_or_is_none_is_refused(file, why):
    with pytest.raises(workbooks.Unreadable, match=why):
        workbooks.rows_of(file)
