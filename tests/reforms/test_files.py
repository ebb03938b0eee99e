import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Appointment
from audit import clock
from organizations.models import Organization, Reform
from reforms import files, tasks
from reforms.models import FileState, ReformFile, RowState
from reports import excel
from tests.factories import make_citizen, make_commune, make_officer, make_province, make_village
from tests.pages import words_of
from tests.reforms.trees import YEARS_AGO, dump, settle_all, two_communes

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F6")]
INDEX = reverse("reforms:files")
BASIS = "Nghị quyết 05/NQ-HĐND"


def workbook(rows, headings=files.HEADINGS):
    file = io.BytesIO()
    excel.write_plain("Sheet", headings, rows, files.WIDTHS, file)
    return SimpleUploadedFile("thay-doi.xlsx", file.getvalue())


def day():
    return f"{clock.today():%d/%m/%Y}"


def rows():
    return [
        ["Nhập", "18001; 18002", "", "An Bình", "", "18001", day(), BASIS],
        ["Đổi tên", "18003", "", "Cẩm Mới", "Phường", "", day(), BASIS],
        ["Chuyển", "18003", "18003", "", "", "", day(), BASIS],
        ["Xóa", "18003", "", "", "", "", day(), BASIS],
        ["Thôi dùng", "99999", "", "", "", "", day(), BASIS],
        ["Nhập", "18003", "18002", "", "", "", "31/02/2026", BASIS],
        ["Nhập", "18003", "18003", "", "", "", day(), ""],
    ]


def three_communes():
    province, officer, an, binh = two_communes()
    cam = make_commune("Cẩm", "18003", province, valid_from=YEARS_AGO)
    make_citizen(board=make_village(commune=an, valid_from=YEARS_AGO))
    settle_all()
    return province, officer, (an, binh, cam)


def verdicts(page):
    return [row.verdict for row in page.context["page"]]


def send(client, content):
    return client.post(INDEX, {"file": content}, follow=True)


def test_each_row_is_judged_in_the_file_itself_and_nothing_changes(client):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    before = [row for row in dump() if not row[0].startswith("reforms_")]

    page = send(client, workbook(rows()))

    assert [row for row in dump() if not row[0].startswith("reforms_")] == before
    assert "2 dòng đúng, 5 dòng cần sửa. Chưa thay đổi gì." in words_of(page)
    told = verdicts(page)
    assert told[:2] == ["", ""]
    assert "vòng tròn" in told[2]
    assert told[3].startswith("Cột Loại thay đổi")
    assert told[4] == "Không có đơn vị mã 99999."
    assert told[6] == "Cột Văn bản: chưa ghi số văn bản."
    answer = client.get(reverse("reforms:file_download", args=[ReformFile.objects.get().pk]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet["I"]][:2] == ["Kết quả kiểm tra", "Đúng, chờ thực hiện".lower()]
    assert sheet["B2"].value == "18001; 18002"


def test_the_good_rows_are_carried_out_each_as_a_reform_of_its_own(client):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    send(client, workbook(rows()))
    sent = ReformFile.objects.get()

    page = client.post(reverse("reforms:file_start", args=[sent.pk]), follow=True)

    assert "Đã thực hiện 2 dòng, 5 dòng chưa thực hiện được." in words_of(page)
    assert Reform.objects.filter(state="done").count() == 2
    assert Organization.objects.get(code="18001").full_name == "Xã An Bình"
    assert Organization.objects.get(code="18003").full_name == "Phường Cẩm Mới"
    client.post(reverse("reforms:file_start", args=[sent.pk]))
    assert Reform.objects.count() == 2


class Killed(BaseException):
    """Nothing catches it, as nothing catches the death of a process."""


def test_work_that_died_half_way_goes_on_where_it_stopped(client, monkeypatch):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    send(client, workbook(rows()))
    sent = ReformFile.objects.get()
    files.start(sent)
    carry_out = files._carry_out

    def die_after_one(row, reform_file):
        if Reform.objects.exists():
            raise Killed
        carry_out(row, reform_file)

    monkeypatch.setattr(files, "_carry_out", die_after_one)
    with pytest.raises(Killed):
        files.work(sent.pk)
    monkeypatch.undo()
    assert list(sent.rows.values_list("state", flat=True))[:2] == [RowState.DONE, RowState.GOOD]
    assert not files.left_behind(clock.now()).exists()
    ReformFile.objects.update(heartbeat_at=None)

    tasks.take_up_files()

    sent.refresh_from_db()
    assert sent.state == FileState.DONE
    assert Reform.objects.filter(state="done").count() == 2


def test_whoever_lost_the_office_meanwhile_carries_nothing_out(client):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    send(client, workbook(rows()))
    sent = ReformFile.objects.get()
    files.start(sent)
    Appointment.objects.filter(user=officer).delete()

    files.work(sent.pk)

    assert not Reform.objects.exists()
    assert "không còn quyền" in sent.rows.first().verdict


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (SimpleUploadedFile("a.xlsx", b"no workbook"), "Không đọc được tệp"),
        (workbook([["x"]], headings=["Tên khác"]), "tên cột của tệp mẫu"),
        (workbook([]), "chưa có dòng nào"),
    ],
)
def test_a_file_that_is_none_is_refused_beside_the_field(client, content, why):
    _province, officer, _communes = three_communes()
    client.force_login(officer)

    page = send(client, content)

    assert why in page.context["form"].errors["file"][0]
    assert not ReformFile.objects.exists()


def test_the_template_is_taken_as_it_is_offered(client):
    _province, officer, _communes = three_communes()
    client.force_login(officer)

    answer = client.get(reverse("reforms:file_template"))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[1]] == [str(heading) for heading in files.HEADINGS]


def test_files_of_others_are_not_found(client):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    send(client, workbook(rows()))
    sent = ReformFile.objects.get()
    client.force_login(make_officer(make_province("Nghệ An")))

    for name in ("file", "file_download"):
        assert client.get(reverse(f"reforms:{name}", args=[sent.pk])).status_code == 404
    assert client.post(reverse("reforms:file_start", args=[sent.pk])).status_code == 404
