import datetime
import io
import re
import shutil
import subprocess
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assessments.models import Assessment
from audit.models import Look, Sight
from organizations.models import Kind
from reports import cell_values, checking, excel, exports, proof
from reports.models import ExportJob
from tests.factories import (
    make_citizen,
    make_confirmer,
    make_officer,
    make_province,
    make_user,
    make_village,
    open_campaign,
)
from tests.reports.records import make_record

pytestmark = pytest.mark.django_db
PAGE, LIST = "/bao-cao/kiem-tra-tep/", "/bao-cao/danh-sach/xuat-excel/"
NAMES = ["Lê An", "=1+1 Lê\u0302 _x000D_ Bình_x005F_", "Nguyễn Chi"]


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def village():
    village, campaign = make_village("Đông Hải"), open_campaign()
    for name in NAMES:
        make_record(make_citizen(name, board=village, birth_date=datetime.date(1960, 9, 5)), campaign)
    return village


@pytest.fixture
def content(client, village):
    client.force_login(make_confirmer(village))
    return b"".join(client.post(LIST).streaming_content)


def sent(client, content, name="danh-sach.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def judged(content):
    return checking.judge(checking.read(io.BytesIO(content)))


def edited(content, *changes):
    workbook = load_workbook(io.BytesIO(content))
    for change in changes:
        change(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def row_of(workbook, name):
    return next(row for row in workbook.worksheets[0].iter_rows() if row[1].value == name)


# --- Genuine or not ---------------------------------------------------------------------------------


@pytest.mark.feature("G6")
def test_a_file_is_known_again_and_nothing_changed_since(client, content):
    page = sent(client, content)

    words = page.content.decode()
    assert "Đúng tệp do cổng phát hành lúc" in words
    assert "Từ đó đến nay chưa dòng nào đổi." in words
    assert (page.context["since"].count, page.context["verdict"].is_genuine) == (0, True)


@pytest.mark.feature("G6")
def test_one_changed_cell_breaks_the_proof_and_is_named(client, content):
    def change(workbook):
        row_of(workbook, "Lê An")[11].value = "Đã công nhận"

    page = sent(client, edited(content, change))

    [changed] = page.context["verdict"].changed
    place = row_of(load_workbook(io.BytesIO(content)), "Lê An")[11].coordinate
    assert (changed.cell, changed.heading, changed.now) == (place, "Tình trạng", "Đã công nhận")
    assert "Tệp đã bị sửa sau khi cổng phát hành" in page.content.decode()
    assert "Đã công nhận" in page.content.decode()


def _year_of_the_second_sheet(workbook):
    sheet = workbook.worksheets[1]
    next(row for row in sheet.iter_rows() if row[0].value == "Năm")[1].value = "2027"


def _drop_a_row(workbook):
    sheet = workbook.worksheets[0]
    sheet.delete_rows(row_of(workbook, "Lê An")[0].row)


def _swap_two_rows(workbook):
    one, other = row_of(workbook, NAMES[0]), row_of(workbook, NAMES[2])
    for left, right in zip(one, other, strict=True):
        left.value, right.value = right.value, left.value


def _drop_the_hidden_sheet(workbook):
    row_of(workbook, "Lê An")[11].value = "Đã công nhận"
    del workbook[str(proof.SHEET)]


def _add_a_row(workbook):
    sheet = workbook.worksheets[0]
    sheet.append([4, "Người Thêm"])


def _change_the_state_of(name):
    def change(workbook):
        row_of(workbook, name)[11].value = "Đã công nhận"

    return change


def _swap_two_cells(workbook):
    one, other = (row_of(workbook, name)[1] for name in (NAMES[0], NAMES[2]))
    one.value, other.value = other.value, one.value


def _write_an_underscore(workbook):
    row_of(workbook, NAMES[0])[1].value += "_x005F_"


def _take_an_underscore(workbook):
    cell = next(row[1] for row in workbook.worksheets[0].iter_rows() if "Bình" in str(row[1].value))
    cell.value = cell.value.replace("_x005F_", "", 1)


def _rename_sheets(workbook):
    for number, sheet in enumerate(workbook.worksheets):
        sheet.title = f"Trang {number}"


def _add_a_blank_row(workbook):
    workbook.worksheets[0].insert_rows(11)


def _add_a_sheet_in_front(workbook):
    workbook.create_sheet("Bìa", 0).append(["Kính gửi"])


def _hide_a_column(workbook):
    workbook.worksheets[0].column_dimensions["C"].hidden = True


def _write_true_for_one(workbook):
    row_of(workbook, NAMES[0])[0].value = True


def _write_beside_the_table(workbook):
    workbook.worksheets[0]["Z10"].value = "đã duyệt"


SEVERAL = [
    ([_write_true_for_one], ["A10"], 0, False),
    ([_write_beside_the_table], ["Z10"], 0, False),
    ([_swap_two_rows, _change_the_state_of("Lê An")], ["L12"], 0, True),
    ([_drop_a_row, _change_the_state_of("Nguyễn Chi")], ["L11"], 1, False),
    ([_drop_a_row, _add_a_row], ["12"], 1, False),
    ([_change_the_state_of("Lê An"), _rename_sheets], ["L10"], 0, False),
    ([_swap_two_cells], ["B10", "B12"], 0, False),
    ([_write_an_underscore], ["B10"], 0, False),
    ([_take_an_underscore], ["B11"], 0, False),
    ([_add_a_blank_row, _change_the_state_of("Nguyễn Chi")], ["L13"], 0, False),
    ([_change_the_state_of("Lê An"), _add_a_sheet_in_front], ["L10"], 0, False),
]


@pytest.mark.feature("G6")
@pytest.mark.parametrize(
    ("change", "cells", "missing", "is_moved", "is_told_where"),
    [
        (_year_of_the_second_sheet, ["B5"], 0, False, True),
        (_drop_a_row, [], 1, False, True),
        (_swap_two_rows, [], 0, True, True),
        (_drop_the_hidden_sheet, [], 0, False, False),
        (_add_a_row, ["13"], 0, False, True),
    ],
)
def test_whatever_was_changed_is_found(client, content, change, cells, missing, is_moved, is_told_where):
    verdict = sent(client, edited(content, change)).context["verdict"]

    assert not verdict.is_genuine
    assert [each.cell for each in verdict.changed] == cells
    assert (verdict.missing, verdict.is_moved, verdict.is_told_where) == (missing, is_moved, is_told_where)


@pytest.mark.feature("G6")
def test_each_changed_cell_is_named_whatever_else_was_done_to_the_file(content):
    for changes, cells, missing, is_moved in SEVERAL:
        verdict = judged(edited(content, *changes))

        told = ([each.cell for each in verdict.changed], verdict.missing, verdict.is_moved)
        assert told == (cells, missing, is_moved), changes


@pytest.mark.feature("G6")
def test_what_changes_no_value_leaves_the_file_genuine(content):
    for change in (_rename_sheets, _hide_a_column, _add_a_blank_row, _add_a_sheet_in_front):
        assert judged(edited(content, change)).is_genuine, change


@pytest.mark.feature("G6")
@pytest.mark.parametrize("named", ["A10", "B11"])
def test_a_formula_that_comes_to_the_value_that_stood_there_is_a_change(content, named):
    """Saved with what came of it; as Excel does, which works it out anew when the file is opened."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    cell = re.search(f'<c r="{named}"( s="[0-9]+").*?</c>', parts["xl/worksheets/sheet1.xml"])
    value = (
        checking.read(io.BytesIO(content))
        .rows[int(named[1:]) - 1]
        .decode()
        .split("\x1f")["AB".index(named[0])]
    )
    kind = ' t="str"' if value.startswith("text:") else ""
    worked_out = f'<c r="{named}"{cell[1]}{kind}><f>1+1</f><v>{value.partition(":")[2]}</v></c>'
    sheet = parts["xl/worksheets/sheet1.xml"].replace(cell[0], worked_out)

    verdict = judged(_packed(**parts | {"xl/worksheets/sheet1.xml": sheet}))

    assert [(each.cell, each.now) for each in verdict.changed] == [(named, "=1+1")]


@pytest.mark.feature("G6")
def test_an_empty_list_and_a_code_in_its_filter_are_genuine(client, village):
    client.force_login(make_confirmer(village))
    empty = b"".join(client.post(f"{LIST}?ten=_x0041_").streaming_content)

    sheet = load_workbook(io.BytesIO(empty)).worksheets[0]
    assert not [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    page = sent(client, empty)
    assert (page.context["verdict"].is_genuine, page.context["since"].count) == (True, 0)


@pytest.mark.feature("G6")
def test_every_changed_letter_of_a_cell_is_told_by_its_letters_in_the_trace():
    """Of a text of the same length that differs in one place."""
    for text in ("Lê An", "001099012345", "Thôn Đông Hải, Xã Thạch Khê", "5"):
        before = cell_values.letters_of(cell_values.trace(f"text:{text}".encode()))
        for place in range(len(text)):
            for letter in map(chr, range(32, 127)):
                other = f"text:{text[:place]}{letter}{text[place + 1 :]}"
                same = cell_values.letters_of(cell_values.trace(other.encode())) == before
                assert same == (other == f"text:{text}"), (text, other)


@pytest.mark.feature("G6")
def test_a_file_that_signs_itself_anew_is_found_by_the_key(client, content, settings):
    """Whoever has not the key cannot sign what they changed."""
    job = ExportJob.objects.get()
    settings.SIGNING_KEY = "another key, of somebody else"

    assert proof.public_key() != job.public_key
    assert sent(client, content).context["verdict"].is_genuine  # by the key of its day
    ExportJob.objects.update(public_key=proof.public_key())
    assert not sent(client, content).context["verdict"].is_genuine


@pytest.mark.feature("G6")
def test_saved_again_by_libreoffice_the_proof_holds_and_a_changed_cell_is_named(client, content, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine: apt-get install libreoffice-calc-nogui")

    def change(workbook):
        row_of(workbook, "Lê An")[5].value = "0900 000 000"

    def saved(kind, folder, *files):
        profile = f"-env:UserInstallation=file://{tmp_path}/office"
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", tmp_path / folder]
        subprocess.run([*command, *files], check=True, capture_output=True, timeout=300)

    (tmp_path / "goc.xlsx").write_bytes(content)
    (tmp_path / "sua.xlsx").write_bytes(edited(content, change))
    saved("xlsx", "luu", tmp_path / "goc.xlsx", tmp_path / "sua.xlsx")
    saved("ods", "ods", tmp_path / "luu" / "goc.xlsx")
    saved("xlsx", "lai", tmp_path / "ods" / "goc.ods")

    kept, changed, by_way_of_ods = (
        sent(client, (tmp_path / file).read_bytes()).context["verdict"]
        for file in ("luu/goc.xlsx", "luu/sua.xlsx", "lai/goc.xlsx")
    )
    assert by_way_of_ods.is_genuine, by_way_of_ods.changed
    assert kept.is_genuine
    assert [(each.heading, each.now) for each in changed.changed] == [("Điện thoại", "0900 000 000")]


def test_the_command_takes_a_file_of_any_length_and_exits_1_for_a_changed_one(content, tmp_path, capsys):
    (tmp_path / "a.xlsx").write_bytes(content)
    (tmp_path / "b.xlsx").write_bytes(edited(content, _year_of_the_second_sheet))

    call_command("check_export", str(tmp_path / "a.xlsx"))
    with pytest.raises(SystemExit):
        call_command("check_export", str(tmp_path / "b.xlsx"))

    said = capsys.readouterr().out
    assert said.startswith("Đúng tệp ")
    assert "Thông tin tệp, B5" in said


# --- What changed since -----------------------------------------------------------------------------


@pytest.mark.feature("G6")
def test_what_changed_since_is_shown_by_row_to_who_may_see_it_and_counted_for_others(
    client, content, village
):
    changed, gone = Assessment.objects.filter(citizen__full_name__in=[NAMES[0], NAMES[2]]).order_by("pk")
    Assessment.objects.filter(pk=changed.pk).update(own_total=55)
    gone.delete()
    make_record(make_citizen("Trần Mới", board=village), open_campaign())

    page = sent(client, content)

    assert page.context["since"].count == 3
    told = {each.whose: each for each in page.context["differences"]}
    assert told.keys() == {NAMES[0], NAMES[2], "Trần Mới"}
    assert told[NAMES[0]].cells == [("Điểm tự chấm", "", "55")]
    assert (told[NAMES[2]].is_gone, told["Trần Mới"].is_new) == (True, True)
    assert "Từ đó đến nay <strong>3 dòng đổi</strong>" in page.content.decode()
    looked = Look.objects.filter(sight=Sight.LIST).latest("pk")
    assert looked.listed.filter(subject=changed.citizen_id).exists()

    client.force_login(make_officer(make_province("Nghệ An")))
    page = sent(client, content)
    assert (page.context["since"].count, page.context["differences"]) == (3, [])
    assert "Trần Mới" not in page.content.decode()


@pytest.mark.feature("G6", "G4")
def test_of_an_official_form_the_unit_whose_numbers_changed_since_is_named(client, village):
    province = village.within(Kind.PROVINCE)
    client.force_login(make_officer(province))
    form = b"".join(client.post(reverse("reports:form_excel", args=["02kh"])).streaming_content)
    unchanged = sent(client, form).context["since"]
    make_record(make_citizen("Trần Mới", board=village), open_campaign())

    since = sent(client, form).context["since"]

    assert unchanged.count == 0
    assert {each.whose for each in since.shown} == {village.parent.full_name}


def test_full_numbers_are_masked_on_the_page(client, village):
    job = ExportJob(
        report="citizens",
        organization=village,
        campaign=open_campaign(),
        is_full=True,
        reason="Đối soát",
        by=make_confirmer(village),
    )
    _job, file = exports.ask(job)
    citizen = Assessment.objects.get(citizen__full_name=NAMES[0]).citizen
    old, citizen.identity_number = citizen.identity_number, "042060003456"
    citizen.save()
    client.force_login(job.by)

    with file:
        words = sent(client, file.read()).content.decode()

    assert "********3456" in words
    assert old not in words
    assert "042060003456" not in words


# --- What is no file of ours ------------------------------------------------------------------------


def _plain():
    file = io.BytesIO()
    excel.write_plain("Trang", ["Họ và tên"], [["Lê An"]], [20], file)
    return file.getvalue()


def _packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    return file.getvalue()


def _with_macro():
    file = io.BytesIO()
    Workbook().save(file)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return file.getvalue()


def _bomb():
    return _packed(**{"xl/worksheets/sheet1.xml": b" " * (checking.MOST_UNPACKED + 1)})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_plain, "Không phải tệp của cổng"),
        (lambda: b"no workbook", "Không đọc được tệp."),
        (lambda: b"", "Tệp trống."),
        (_with_macro, "Tệp có macro."),
        (_bomb, "Tệp mở ra quá lớn."),
        (lambda: b"x" * (checking.MOST_BYTES + 1), "Tệp lớn hơn 10 MB."),
    ],
)
def test_what_is_no_file_of_the_portal_is_said_in_words(client, village, content, words):
    client.force_login(make_confirmer(village))

    page = sent(client, content())

    assert page.status_code == 200
    assert words in page.content.decode()


def test_a_longer_file_than_a_page_reads_is_for_the_command(client, content, monkeypatch):
    monkeypatch.setattr(checking, "MOST_ROWS", 3)

    assert "Tệp có hơn 3 dòng." in sent(client, content).content.decode()


def test_files_are_checked_by_who_sees_figures(client):
    client.force_login(make_user())

    assert client.get(PAGE).status_code == 404


def test_the_page_says_what_it_is_for_before_anything_is_sent(client, village):
    client.force_login(make_confirmer(village))

    assert "Cổng cho biết có đúng là tệp của cổng không" in client.get(PAGE).content.decode()
    assert "Chọn một tệp Excel." in client.post(PAGE).content.decode()
