import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Appointment, FileState
from audit import clock
from organizations.models import Organization, Reform
from reforms import files, tasks
from reforms.models import ReformFile, RowState
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


def row(kind, codes, *, into="", name="", type="", code="", parent="", leads="", day=None, basis=BASIS):
    return [kind, codes, into, name, type, code, parent, leads, day or f"{clock.today():%d/%m/%Y}", basis]


def rows():
    return [
        row("Nhập", "18001; 18002", name="An Bình", code="18001"),
        row("Đổi tên", "18003", name="Cẩm Mới", type="Phường"),
        row("Chuyển", "18004", into="18004"),
        row("Xóa", "18003"),
        row("Thôi dùng", "99999"),
        row("Nhập", "18003", into="18002", day="31/02/2026"),
        row("Nhập", "18003", into="18003", basis=""),
    ]


def three_communes():
    province, officer, an, binh = two_communes()
    cam = make_commune("Cẩm", "18003", province, valid_from=YEARS_AGO)
    make_commune("Đông", "18004", province, valid_from=YEARS_AGO)
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
    before = dump()

    page = send(client, workbook(rows()))

    assert dump() == before
    assert "2 dòng đúng, 5 dòng cần sửa. Chưa thay đổi gì." in words_of(page)
    told = verdicts(page)
    assert told[:2] == ["", ""]
    assert "vòng tròn" in told[2]
    assert told[3].startswith("Cột Loại thay đổi")
    assert told[4] == "Không có đơn vị mã 99999."
    assert told[6] == "Cột Văn bản: chưa ghi số văn bản."
    answer = client.get(reverse("reforms:file_download", args=[ReformFile.objects.get().pk]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet["K"]][:2] == ["Kết quả kiểm tra", "Đúng, chờ thực hiện".lower()]
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


def test_a_row_that_hangs_on_an_earlier_one_is_judged_when_its_turn_comes(client):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    content = [
        row("Nhập", "18001; 18002", name="An Bình", code="18001"),
        row("Đổi tên", "18001", name="An Hòa"),
        row("Thôi dùng", "18002"),
    ]

    page = send(client, workbook(content))

    assert "3 dòng đúng, 0 dòng cần sửa." in words_of(page)
    later = "Kiểm tra khi đến lượt, vì dòng 2 cũng thay đổi ở đây."
    assert verdicts(page) == ["", later, later]

    page = client.post(reverse("reforms:file_start", args=[ReformFile.objects.get().pk]), follow=True)

    assert "Đã thực hiện 1 dòng, 2 dòng chưa thực hiện được." in words_of(page)
    assert verdicts(page)[2] == "Không có đơn vị mã 18002."


def test_a_commune_is_split_by_a_row(client):
    _province, officer, (an, *_others) = three_communes()
    village = an.children.get()
    client.force_login(officer)
    into = {"into": "18002", "name": "An Mới", "type": "Phường", "code": "18009"}

    page = send(client, workbook([row("Chia", "18001", leads="18001x → 18009", **into)]))
    assert verdicts(page) == [f"Chưa chọn nơi nhận cho: {village.full_name}."]
    page = send(client, workbook([row("Chia", "18001", leads=f"{village.code}", **into)]))
    assert verdicts(page)[0].startswith("Cột Khi chia: ghi “")
    page = send(
        client, workbook([row("Chia", "18001", leads=f"{village.code} -> 18009; Thôn Đông = 18002", **into)])
    )
    assert verdicts(page) == [""]
    sent = ReformFile.objects.first()
    client.post(reverse("reforms:file_start", args=[sent.pk]))

    assert Organization.objects.get(code=village.code).parent.full_name == "Phường An Mới"
    assert Reform.objects.get().plan["texts"] == {"thon dong": "18002"}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "An; Bình", "code": "18011"}, "Cột Mã mới: ghi mỗi tên mới một mã"),
        ({"name": "An; Bình; Cẩm", "type": "Xã; Phường"}, "Cột Loại mới: ghi một loại chung"),
        ({"name": "An", "type": "Làng"}, "Cột Loại mới: không có loại “Làng”."),
        ({"name": "An", "code": "18011", "parent": "77"}, "Không có đơn vị mã 77."),
    ],
)
def test_what_is_founded_is_told_apart_cell_by_cell(client, given, why):
    _province, officer, _communes = three_communes()
    client.force_login(officer)

    page = send(client, workbook([row("Nhập", "18001; 18002", **given)]))

    assert why in verdicts(page)[0]


def test_a_long_file_is_judged_by_the_worker_that_may_die_over_it(client, monkeypatch):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    monkeypatch.setattr(files, "AT_ONCE", 1)
    monkeypatch.setattr(ReformFile, "hand_to", lambda sent, task: None)
    page = send(client, workbook(rows()))
    assert "Đang kiểm tra: xong 0 trên 7 dòng." in words_of(page)
    sent = ReformFile.objects.get()
    assert not sent.start()
    judge = files.judge

    def die_at_the_third(cells, organization):
        if cells[0] == "Chuyển":
            raise Killed
        return judge(cells, organization)

    monkeypatch.setattr(files, "judge", die_at_the_third)
    with pytest.raises(Killed):
        files.work(sent.pk)
    assert sent.rows.filter(state=RowState.NEW).count() == 5
    monkeypatch.undo()
    ReformFile.objects.update(heartbeat_at=None)

    tasks.take_up_files()

    assert "2 dòng đúng, 5 dòng cần sửa. Chưa thay đổi gì." in words_of(
        client.get(reverse("reforms:file", args=[sent.pk]))
    )


class Killed(BaseException):
    """Nothing catches it, as nothing catches the death of a process."""


def test_work_that_died_half_way_goes_on_where_it_stopped(client, monkeypatch):
    _province, officer, _communes = three_communes()
    client.force_login(officer)
    send(client, workbook(rows()))
    sent = ReformFile.objects.get()
    sent.start()
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
    assert not ReformFile.objects.left_behind(clock.now()).exists()
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
    sent.start()
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
