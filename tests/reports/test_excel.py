import datetime
import io
import os
import re
import shutil
import subprocess
import tempfile
import tracemalloc
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from reports import cell_values, excel, layouts, pdf
from reports.excel import Column, Document, Letterhead, Part, Share
from tests.factories import moment
from vietnamese import workbooks

NASTY = [
    "=1+1",
    "@SUM(A1:A9)",
    "+84912345678",
    "-5",
    "001099012345",
    "'0912",
    "#N/A",
    "1e5",
    "TRUE",
    "01/02/2026",
    "có\ttab",
    "hai\ndòng",
    "  cách đầu cuối  ",
    "Nguye\u0302\u0303n Văn NFD",
    "Đặng Thị Ánh",
    "<b>&amp;\"'</b>",
    "👩‍🎓 học",
    "=cmd|' /C calc'!A0",
    "Trường Cao đẳng Kỹ thuật và Công nghệ Việt Nam - Hàn Quốc",
    "Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Thiên Kim Ngân Quỳnh Hương",  # 61 letters
    "mã _x0041_",
    "mã _x005F_",
    "_x005F_x0041_",
    "_x000D_",
    "e\u0302_x00e9_x0041",
]
LONGEST = [None, Decimal("33215678901234.25"), Decimal("0.10")]  # 16 digits, of which 15 are kept
ROWS = [
    (
        text,
        place,
        LONGEST[place % 3] or Decimal("7.125") + place,
        datetime.date(1960, 9, place + 1),
        Share(Decimal("0.439")),
    )
    for place, text in enumerate(NASTY)
]
COLUMNS = [
    Column("STT", None, 6),
    Column("Họ và tên", lambda row: row[0], 30),
    Column("Số người", lambda row: row[1], 10),
    Column("Điểm", lambda row: row[2], 8),
    Column("Ngày sinh", lambda row: row[3], 12),
    Column("Tỷ lệ, trên tổng số", lambda row: row[4], 10),
]
HEADINGS = 9  # the row of the headings in a document with two lines under its title


def make_document(rows=ROWS, **changes):
    document = Document(
        sheet="Danh sách",
        letterhead=Letterhead(
            "hội khuyến học tỉnh Hà Tĩnh",
            "hội khuyến học xã Thạch Khê",
            "Thạch Khê, ngày 05 tháng 02 năm 2026",
        ),
        title="Danh sách đăng ký",
        subtitles=["Số liệu lúc 13:40, 22/12/2026.", "Bộ tiêu chí: 324/QĐ-KHVN (bản tạm)."],
        columns=COLUMNS,
        parts=[Part(rows)],
        about=[("Báo cáo", "Danh sách"), ("Số liệu lúc", moment(2026, 12, 22, 13, 40))],
        at=moment(2026, 12, 22, 13, 40),
    )
    return replace(document, **changes)


def write(document):
    file = io.BytesIO()
    return excel.write(document, file), file


def sheet_of(document):
    _written, file = write(document)
    return load_workbook(file).worksheets[0]


def local(*parts):
    """A moment in Vietnam as a cell holds it: without a zone."""
    return moment(*parts).replace(tzinfo=None)


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


# --- What is in the cells -------------------------------------------------------------------------


@pytest.mark.feature("G5")
@pytest.mark.parametrize("text", NASTY)
def test_text_stays_the_text_it_was(text):
    cell = sheet_of(make_document([(text, 1, Decimal(1), None, Share(None))])).cell(HEADINGS + 1, 2)

    assert (workbooks.decoded(cell.value), cell.data_type, cell.number_format) == (text, "s", "@")


@pytest.mark.feature("G5")
def test_a_sheet_to_fill_in_gives_back_the_text_it_was_given():
    file = io.BytesIO()
    excel.write_plain("Danh sách", ["Họ và tên"], [["mã _x0041_"]], [30], file)

    assert workbooks.rows_of(file) == [(1, ["Họ và tên"]), (2, ["mã _x0041_"])]


@pytest.mark.feature("G5")
def test_no_cell_of_the_file_is_a_formula():
    _written, file = write(make_document())

    with zipfile.ZipFile(file) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "/worksheets/sheet" in name]

    assert len(sheets) == 3
    assert not [sheet for sheet in sheets if re.search("<f[ />]", sheet)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\ud800b\uffffc\ufffe", "abc"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("x" * 40_000, "x" * 32_767),
        ("giữ\ttab", "giữ\ttab"),
    ],
)
def test_what_a_cell_cannot_hold_is_left_out(typed, kept):
    assert sheet_of(make_document([(typed, 1, None, None, Share(None))])).cell(HEADINGS + 1, 2).value == kept


def test_every_value_has_its_type_and_format():
    row = ("Đặng Thị Ánh", 1234, Decimal("7.50"), datetime.date(1960, 9, 5), Share(Decimal("0.439")))
    cells = sheet_of(make_document([row]))[HEADINGS + 1]

    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [
        (1, "n", "#,##0"),
        ("Đặng Thị Ánh", "s", "@"),
        (1234, "n", "#,##0"),
        (7.5, "n", "0.0#"),
        (local(1960, 9, 5), "d", "dd/mm/yyyy"),
        (0.439, "n", "0.0%"),
    ]


def test_whole_points_show_no_decimal_and_a_year_no_dot():
    columns = [Column("Điểm", lambda row: row[0], 8), Column("Năm sinh", lambda row: row[1], 8, number="0")]
    cells = sheet_of(make_document([(Decimal("80.00"), 1960)], columns=columns))[HEADINGS + 1]

    assert [(cell.value, cell.number_format) for cell in cells] == [(80, "0"), (1960, "0")]


def test_moments_stand_in_the_time_of_vietnam():
    columns = [Column("Lúc", lambda row: row, 12), Column("Tên", lambda row: "", 12)]
    cell = sheet_of(make_document([moment(2026, 12, 31, 23, 59, 30)], columns=columns)).cell(HEADINGS + 1, 1)

    assert cell.value == local(2026, 12, 31, 23, 59, 30)


def test_a_sum_is_a_number_and_counts_as_no_row():
    total = ("Cộng", 3, None, None, Share(None))
    written, file = write(make_document(parts=[Part([ROWS[1], ROWS[2]], total=total)]))
    last = load_workbook(file).worksheets[0][HEADINGS + 3]

    assert [cell.value for cell in last] == [None, "Cộng", 3, None, None, None]
    assert last[1].font.bold
    assert written.rows == 2


# --- An official document, ready to print ---------------------------------------------------------


def test_the_head_is_that_of_an_official_document():
    sheet = sheet_of(make_document())

    assert [cell for cell in texts(sheet) if cell not in NASTY][:9] == [
        "HỘI KHUYẾN HỌC TỈNH HÀ TĨNH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "HỘI KHUYẾN HỌC XÃ THẠCH KHÊ",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: ……/BC-HKH",
        "Thạch Khê, ngày 05 tháng 02 năm 2026",
        "DANH SÁCH ĐĂNG KÝ",
        "Số liệu lúc 13:40, 22/12/2026.",
        "Bộ tiêu chí: 324/QĐ-KHVN (bản tạm).",
    ]
    assert sheet["A5"].font.bold
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {"Times New Roman"}


def test_headings_stay_in_sight_and_can_be_filtered():
    sheet = sheet_of(make_document())
    headings = sheet[HEADINGS]

    assert [cell.value for cell in headings] == [column.heading for column in COLUMNS]
    assert all(cell.font.bold and cell.alignment.wrap_text and cell.border.left.style for cell in headings)
    assert sheet.freeze_panes == f"A{HEADINGS + 1}"
    assert sheet.auto_filter.ref == f"A{HEADINGS}:F{HEADINGS + len(ROWS)}"
    assert [sheet.column_dimensions[letter].width for letter in "ABCDEF"] == [6, 30, 10, 8, 12, 10]


def test_it_prints_on_a4_with_the_margins_of_the_decree():
    sheet = sheet_of(make_document())
    margins = sheet.page_margins

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert [round(side * 25.4) for side in (margins.top, margins.bottom, margins.left, margins.right)] == [
        20,
        20,
        30,
        15,
    ]
    assert sheet.print_title_rows == f"${HEADINGS}:${HEADINGS}"
    assert sheet.oddHeader.center.text == "&P"
    assert sheet.HeaderFooter.differentFirst
    assert not sheet.firstHeader.center.text


def test_a_long_name_gets_the_height_it_needs():
    long_name = "Trường Cao đẳng Kỹ thuật và Công nghệ Việt Nam - Cộng hòa Liên bang Đức"
    rows = [(name, 1, None, None, Share(None)) for name in ("Thôn Đông Hải", long_name)]
    sheet = sheet_of(make_document(rows))

    assert sheet.row_dimensions[HEADINGS + 1].height is None
    assert sheet.row_dimensions[HEADINGS + 2].height == 3 * excel.LINE_HEIGHT


def test_the_second_sheet_says_what_the_file_is():
    written, file = write(make_document())

    about = load_workbook(file)["Thông tin tệp"]

    assert [tuple(cell.value for cell in row) for row in about.iter_rows()] == [
        ("Báo cáo", "Danh sách"),
        ("Số liệu lúc", local(2026, 12, 22, 13, 40)),
        ("Số dòng", len(ROWS)),
        ("Mã kiểm tra SHA-256 của giá trị các ô trong trang “Danh sách”", written.checksum),
        ("Chữ ký Ed25519 của cổng", written.signature),
    ]


# --- Read by others -------------------------------------------------------------------------------


def by_openpyxl(path):
    with path.open("rb") as file:
        return [list(workbooks.lines_of(sheet)) for sheet in workbooks.book_of(file).worksheets]


def by_calamine(path):
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def same(value):
    """One spelling for what readers give back differently: "" and None, 7 and 7.0, a day and its midnight."""
    return cell_values.spelling(value)


def alike(sheets):
    return [
        [line for line in (cell_values.line_of(map(same, row)) for row in sheet) if line] for sheet in sheets
    ]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "danh-sach.xlsx"
    with path.open("wb") as opened:
        excel.write(make_document(), opened)
    return path


@pytest.fixture
def saved_by_libreoffice(file, tmp_path):
    """The same file, opened and saved again by LibreOffice."""
    office = shutil.which("soffice")
    if office is None and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not on this machine: apt-get install libreoffice-calc-nogui")
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            tmp_path / "saved",
            file,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return tmp_path / "saved" / file.name


@pytest.mark.feature("G5")
def test_openpyxl_and_calamine_read_the_same_in_every_cell(file):
    sheets = alike(by_openpyxl(file))

    assert alike(by_calamine(file)) == sheets
    assert len(sheets[0]) == 7 + 1 + len(ROWS) - 1


@pytest.mark.feature("G5")
def test_libreoffice_reads_the_same_in_every_cell(file, saved_by_libreoffice):
    assert alike(by_openpyxl(saved_by_libreoffice)) == alike(by_openpyxl(file))


def test_the_checksum_outlives_saving_with_another_program(file, saved_by_libreoffice):
    about = by_openpyxl(file)[1]
    checksum = about[-2][1]

    assert excel.checksum_of(by_openpyxl(file)[0]) == checksum
    assert excel.checksum_of(by_calamine(file)[0]) == checksum
    assert excel.checksum_of(by_openpyxl(saved_by_libreoffice)[0]) == checksum


def test_one_changed_cell_changes_the_checksum(file):
    rows = by_openpyxl(file)[0]
    checksum = excel.checksum_of(rows)
    rows[HEADINGS] = (*rows[HEADINGS][:2], rows[HEADINGS][2] + 1, *rows[HEADINGS][3:])

    assert excel.checksum_of(rows) != checksum


# --- Long files -----------------------------------------------------------------------------------


def peak_of(rows):
    document = make_document(ROWS[place % len(ROWS)] for place in range(rows))
    tracemalloc.start()
    try:
        with tempfile.TemporaryFile() as sink:
            written = excel.write(document, sink)
        return written.rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_the_rows_need_no_more_memory():
    _rows, few = peak_of(500)
    rows, many = peak_of(5000)

    assert rows == 5000
    assert many < few * 1.2


def test_a_file_that_breaks_off_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows():
        yield ROWS[0]
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError, match="away"):
        write(make_document(rows()))

    assert list(tmp_path.iterdir()) == []


# --- Official forms -------------------------------------------------------------------------------

GROUPED = [
    Column("STT", None, 6),
    Column("Đơn vị", lambda row: row[0], 30),
    Column("Tổng số", lambda row: row[1], 10, group="Gia đình"),
    Column("Tỷ lệ", lambda row: row[4], 10, group="Gia đình"),
    Column("Tổng số", lambda row: row[1], 10, group="Dòng họ"),
]
OFFICIAL = layouts.in_force(layouts.FORM, datetime.date(2026, 12, 1))


@pytest.mark.feature("G4")
def test_headings_of_a_group_stand_under_one_heading_and_both_rows_are_repeated():
    sheet = sheet_of(make_document(columns=GROUPED, layout=OFFICIAL, code="Biểu 02/KH"))

    head = [[cell.value for cell in row] for row in sheet.iter_rows(10, 11)]
    assert head == [
        ["STT", "Đơn vị", "Gia đình", None, "Dòng họ"],
        [None, None, "Tổng số", "Tỷ lệ", "Tổng số"],
    ]
    assert sheet["A5"].value == "Biểu 02/KH"
    assert {"A10:A11", "B10:B11", "C10:D10"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$10:$11", "A12")


@pytest.mark.feature("G4")
def test_an_official_form_ends_with_who_receives_it_who_signs_and_its_layout():
    sheet = sheet_of(make_document(columns=GROUPED, layout=OFFICIAL, notes=["Ghi chú."]))

    said = texts(sheet)[-8:]
    assert {"Ghi chú.", "Nơi nhận:", "TM. BAN THƯỜNG VỤ", "CHỦ TỊCH", "(Ký tên, đóng dấu)"} < set(said)
    assert said[-1] == "Mẫu trình bày: bieu, bản 1 (Nghị định 30/2020/NĐ-CP)."


@pytest.mark.feature("G4")
def test_a_new_version_of_a_layout_holds_from_its_first_day(tmp_path, monkeypatch):
    newer = layouts.FILE.read_text() + (
        "\n- {name: bieu, version: 2, valid_from: 2027-01-01, basis: Nghị định mới, number: '', nation: '',"
        " motto: '', margins: {top: 25, bottom: 25, left: 35, right: 20}}\n"
    )
    (tmp_path / "layouts.yaml").write_text(newer)
    monkeypatch.setattr(layouts, "FILE", tmp_path / "layouts.yaml")
    layouts._all.cache_clear()
    try:
        days = [datetime.date(2026, 12, 31), datetime.date(2027, 1, 1)]
        assert [layouts.in_force("bieu", day).version for day in days] == [1, 2]
    finally:
        layouts._all.cache_clear()


@pytest.mark.feature("G4")
def test_the_pdf_holds_the_same_words_with_its_fonts_and_numbers_pages_from_the_second():
    rows = [(f"Xã số {place}", place, 0, 0, Share(Decimal("0.439"))) for place in range(80)]
    document = make_document(
        columns=GROUPED, layout=OFFICIAL, code="Biểu 02/KH", parts=[Part(rows, total=rows[1])]
    )
    file = io.BytesIO()

    written = pdf.write(document, file)

    pages = read_pdf(file.getvalue())
    assert written.rows == 80
    assert len(pages) > 2
    first, second = pages[0].split(), pages[1].split()
    assert {"Biểu", "02/KH", "43,9%", "NGHĨA", "KHÊ"} <= set(first)
    assert (first[0], second[0]) == ("HỘI", "2")
    assert "đình" in second
    assert "CHỦ TỊCH" in pages[-1]


def read_pdf(content):
    """The text of each page, as pdftotext reads it."""
    reader = shutil.which("pdftotext")
    if not reader:
        pytest.skip("pdftotext is not installed")
    told = subprocess.run([reader, "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def test_a_pdf_takes_no_more_rows_than_anybody_reads(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_ROWS", 3)

    with pytest.raises(pdf.TooLong):
        pdf.write(make_document(), io.BytesIO())
