"""The papers of a decision: with all names, in the layout of the decree, as files that open."""

import io
import os
import shutil
import subprocess

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from audit import clock
from recognitions import documents
from tests.factories import (
    allow_provisional,
    close_confirmation,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_decision,
    make_officer,
    make_village,
    open_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B12")]

NAMES = [
    "Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Quỳnh Ỷ Lan Phương Ánh",
    "Lê Quỳnh Ỷ Lan",
    "Đặng Thị Ẩn",
    "H'Mông Niê",
]
ALL = [
    ("bien-ban", "docx"),
    ("bien-ban", "pdf"),
    ("to-trinh", "docx"),
    ("to-trinh", "pdf"),
    ("danh-sach", "xlsx"),
    ("danh-sach", "pdf"),
    ("quyet-dinh", "docx"),
    ("quyet-dinh", "pdf"),
]
CM = 360_000  # of the units in which Word measures


@pytest.fixture
def decision(db):
    commune = make_commune()
    village, campaign = make_village(commune=commune), open_campaign()
    records = [
        make_confirmed_assessment(citizen=make_citizen_with_account(name, board=village), campaign=campaign)
        for name in NAMES
    ]
    allow_provisional()
    close_confirmation(campaign)
    return make_decision(
        records,
        number="12/QĐ-HKH",
        is_provisional=True,
        provisional_basis="Công văn số 45/KHVN ngày 02/11/2026",
    )


@pytest.fixture
def taken(client, decision):
    """A paper as it is downloaded by who decides."""
    client.force_login(make_officer(decision.issuer))

    def take(name, ending):
        answer = client.get(reverse("recognitions:document", args=[decision.pk, name, ending]))
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith(f'.{ending}"')
        return answer.content

    return take


def missing(reason):
    """A run that must prove everything does not pass by leaving a program out."""
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def text_of_pdf(content):
    reader = shutil.which("pdftotext")
    if reader is None:
        missing("pdftotext is not installed: apt-get install -y poppler-utils")
    told = subprocess.run([reader, "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


def words_of(content):
    """Everything a Word file says: paragraphs, and the cells of its tables."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(each.text for each in document.paragraphs), *cells]).split())


@pytest.mark.parametrize("name", ["bien-ban", "to-trinh", "quyet-dinh"])
def test_word_and_pdf_say_the_same_in_the_layout_of_the_decree(taken, name):
    document = Document(io.BytesIO(taken(name, "docx")))
    section = document.sections[0]
    page = [round(each / CM, 1) for each in (section.page_width, section.page_height)]
    margins = [
        round(each / CM, 1)
        for each in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ]
    assert (page, margins) == ([21.0, 29.7], [2.0, 2.0, 3.0, 1.5])
    assert document.styles["Normal"].font.name == "Times New Roman"
    written = words_of(taken(name, "docx"))
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"):
        assert words in written
        assert words in text_of_pdf(taken(name, "pdf"))
    # The country on one line in the widest face there may be, the place of the body whole.
    who, country = document.tables[0].rows[0].cells
    assert country.width > 10.3 * CM
    assert "XÃ\u00a0THẠCH\u00a0KHÊ" in who.text
    assert "HỘI KHUYẾN HỌC XÃ THẠCH KHÊ" in written
    assert "bản tạm" in written
    assert "Công văn số 45/KHVN ngày 02/11/2026" in written
    assert "bản tạm" in text_of_pdf(taken(name, "pdf"))


def test_the_minutes_name_everybody_and_who_signs(taken):
    for said in (words_of(taken("bien-ban", "docx")), text_of_pdf(taken("bien-ban", "pdf"))):
        assert "Số: 01/BB-HKH" in said
        assert "Lê Văn Bình" in said
        assert "Phan Thị Lan" in said
    written = words_of(taken("bien-ban", "docx"))
    assert [name for name in NAMES if name not in written] == []


def test_the_decision_prints_number_day_signer_and_term(taken, decision):
    day = f"ngày {clock.today():%d} tháng"
    for said in (words_of(taken("quyet-dinh", "docx")), text_of_pdf(taken("quyet-dinh", "pdf"))):
        assert "Số: 12/QĐ-HKH" in said
        assert day in said
        assert "Nguyễn Văn Sơn" in said
        assert "4 công dân" in said
    paper = Document(io.BytesIO(taken("quyet-dinh", "docx")))
    bases = [each for each in paper.paragraphs if each.text.startswith(("Căn cứ", "Xét"))]
    assert [each.runs[0].italic for each in bases] == [True] * 3
    assert [each.text[-1] for each in bases] == [";", ";", "."]
    assert [each.text for each in paper.paragraphs if each.runs and each.runs[0].text == "Điều 1. "]
    assert paper.paragraphs[-1].paragraph_format.keep_with_next  # no page has signatures alone


def test_the_list_holds_every_name_once_by_given_name(taken):
    sheet = load_workbook(io.BytesIO(taken("danh-sach", "xlsx"))).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    in_order = [NAMES[0], "Đặng Thị Ẩn", "Lê Quỳnh Ỷ Lan", "H'Mông Niê"]
    assert [name for name in cells if name in NAMES] == in_order
    assert sheet.page_setup.paperSize in (9, "9")
    said = text_of_pdf(taken("danh-sach", "pdf"))
    assert "Lê Quỳnh Ỷ Lan" in said
    assert "Kèm theo quyết định số 12/QĐ-HKH" in said
    assert "Nguyễn Văn Sơn" in said


def test_libreoffice_opens_every_paper_and_finds_the_same_names(taken, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        missing("no LibreOffice found: apt-get install -y libreoffice-writer-nogui")
    for name, ending in ALL:
        if ending != "pdf":
            (tmp_path / f"{name}.{ending}").write_bytes(taken(name, ending))
    command = [office, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *tmp_path.glob("*.*x")]
    subprocess.run(command, check=True, capture_output=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin"})

    said = {each.stem: text_of_pdf(each.read_bytes()) for each in tmp_path.glob("*.pdf")}
    assert said.keys() == {"bien-ban", "to-trinh", "danh-sach", "quyet-dinh"}
    for name in ("bien-ban", "danh-sach"):
        assert [each for each in NAMES[1:] if each not in said[name]] == []
    for words in said.values():
        assert "Độc lập - Tự do - Hạnh phúc" in words


def test_a_list_too_long_to_print_says_so_and_leaves_as_a_workbook(taken, decision, client, monkeypatch):
    monkeypatch.setattr(documents, "MOST_ROWS", 1)

    page = client.get(decision.get_absolute_url()).content.decode()

    assert "Danh sách dài hơn 1 tên thì không có PDF" in page
    assert "danh-sach.pdf" not in page
    assert (
        client.get(reverse("recognitions:document", args=[decision.pk, "danh-sach", "pdf"])).status_code
        == 404
    )
    assert taken("danh-sach", "xlsx")
