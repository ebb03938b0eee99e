import datetime
import errno
import io
import os
import signal
import subprocess
import sys
import threading
import zipfile
from contextlib import closing, suppress

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from kombu.exceptions import OperationalError
from openpyxl import load_workbook

from accounts.models import Appointment, Message
from assessments.models import Outcome, State
from audit import clock, events
from audit.models import Event
from reports import excel, exports, tasks
from reports.exports import take_up
from reports.models import ExportJob, Fault, JobState, Report
from tests.factories import (
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_village,
    moment,
    open_campaign,
)
from tests.processes import own_database
from tests.reports.records import make_record

pytestmark = pytest.mark.django_db

LIST_EXPORT, SUMMARY_EXPORT = "/bao-cao/danh-sach/xuat-excel/", "/bao-cao/xuat-excel/"


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def village():
    """With three people who have sent."""
    village, campaign = make_village("Đông Hải"), open_campaign()
    for name in ["Lê An", "Lê Bình", "Lê Chi"]:
        make_record(make_citizen(name, board=village), campaign)
    return village


@pytest.fixture
def only_small_files_at_once(monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS_AT_ONCE", 2)


def local(*parts):
    """A moment in Vietnam as a cell holds it: without a zone."""
    return moment(*parts).replace(tzinfo=None)


def body(response):
    """The whole file. The test client closes the response itself when it has been read to its end."""
    return b"".join(response.streaming_content)


def sheet_in(content, number=0):
    return load_workbook(io.BytesIO(content)).worksheets[number]


def rows_in(content):
    """The table of the first sheet: a mapping of heading to value for each row under the headings."""
    rows = [[cell.value for cell in row] for row in sheet_in(content).iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "STT")
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def about_in(content):
    return {row[0].value: row[1].value for row in sheet_in(content, 1).iter_rows()}


def make_job(board, **fields):
    defaults = {
        "report": Report.CITIZENS,
        "organization": board,
        "campaign": open_campaign(),
        "by": make_confirmer(board),
    }
    return ExportJob.objects.create(**(defaults | fields))


def files():
    return sorted(path.name for path in exports.folder().iterdir())


# --- Small files, at once -------------------------------------------------------------------------


@pytest.mark.feature("G5")
def test_the_file_holds_the_person_whose_points_were_confirmed(client):
    with time_machine.travel(moment(2026, 11, 15, 9), tick=False):
        village = make_village("Đông Hải")
        citizen = make_citizen_with_account(
            "=1+1 Đặng Thị Ánh", board=village, identity_number="042060003456", phone="+84912345678"
        )
        assessment = make_confirmed_assessment(points=8, citizen=citizen)
        client.force_login(make_officer(village.parent))

        response = client.post(LIST_EXPORT)
        content = body(response)

    assert response["Content-Type"] == excel.CONTENT_TYPE
    assert response["Content-Disposition"].startswith('attachment; filename="danh-sach-')
    (row,) = rows_in(content)
    assert row == {
        "STT": 1,
        "Họ và tên": "=1+1 Đặng Thị Ánh",
        "Ngày sinh": local(1960, 9, 5),
        "Giới tính": "Nữ",
        "Số căn cước (đã che)": "********3456",
        "Điện thoại": "0912 345 678",
        "Nơi xác nhận": "Thôn Đông Hải",
        "Xã, phường": "Xã Thạch Khê",
        "Nhóm": "I",
        "Điểm tự chấm": 80,
        "Điểm xác nhận": 80,
        "Tình trạng": "Đã xác nhận",
        "Kết quả": "Đạt",
        "Ngày gửi": local(2026, 11, 15),
        "Gửi đúng hạn": "Gửi đúng hạn",
        "Khóa": "Chưa khóa",
        "Ngày xác nhận": local(2026, 11, 15),
        "Số biên nhận": assessment.receipt_number,
    }


@pytest.mark.feature("G5")
def test_numbers_of_people_are_masked_and_text(client, village):
    client.force_login(make_confirmer(village))

    content = body(client.post(LIST_EXPORT))

    sheet = sheet_in(content)
    cells = [row for row in sheet.iter_rows() if row[4].value and row[4].value.startswith("********")]
    assert len(cells) == 3
    assert {(cell.data_type, cell.number_format) for row in cells for cell in (row[4], row[5])} == {
        ("s", "@")
    }
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).decode()
    for citizen in village.village_citizens.all():
        assert citizen.identity_number not in everything


def test_the_file_holds_what_the_list_shows_in_the_same_order(client, village):
    client.force_login(make_confirmer(village))
    campaign = open_campaign()
    make_record(make_citizen("Trần Ánh", board=village), campaign, State.CONFIRMED, Outcome.ACHIEVED)
    choice = "?tinh-trang=da-gui&ten=a"

    shown = client.get("/bao-cao/danh-sach/" + choice).context
    content = body(client.post(shown["export_url"]))

    names = [row["Họ và tên"] for row in rows_in(content)]
    assert names == [row.citizen.full_name for row in shown["page"]] == ["Lê An", "Trần Ánh"]
    assert about_in(content)["Lọc"] == "Tình trạng: đã gửi; Họ và tên có “a”"


def test_the_file_says_what_it_is(client):
    with time_machine.travel(moment(2026, 12, 22, 13, 40), tick=False):
        village = make_record().board
        make_campaign(2026)
        client.force_login(make_confirmer(village, "Trần Thị Mai", username="bankhuyenhoc"))
        content = body(client.post(SUMMARY_EXPORT))

    about, job = about_in(content), ExportJob.objects.get()
    assert about["Mã tệp"] == job.code
    assert about["Số liệu lúc"] == local(2026, 12, 22, 13, 40)
    assert about["Tổ chức"] == f"Thôn Đông Hải ({village.code})"
    assert about["Người xuất"] == "Trần Thị Mai (bankhuyenhoc)"
    assert about["Tình trạng khóa"].startswith("Xác nhận điểm năm 2026: đang mở đến")
    assert about["Số dòng"] == job.rows == 4
    assert "bản tạm" in about["Tiêu chí"]
    rows = [[cell.value for cell in row] for row in sheet_in(content).iter_rows()]
    assert excel.checksum_of(rows) == job.checksum == list(about.values())[-2]


@pytest.mark.feature("E7", "G1")
def test_the_summary_in_the_file_is_the_one_on_the_page(client):
    commune, campaign = make_commune(), open_campaign()
    ends = [
        (State.UNCONFIRMED, ""),
        (State.CONFIRMED, Outcome.ACHIEVED),
        (State.CONFIRMED, Outcome.NOT_ACHIEVED),
    ]
    for state, outcome in ends:
        make_record(make_citizen(board=make_village("Đông Hải", commune)), campaign, state, outcome)
    client.force_login(make_officer(commune))
    page = client.get("/bao-cao/").context

    rows = {row["Đơn vị, nhóm"]: row for row in rows_in(body(client.post(SUMMARY_EXPORT)))}

    total = rows["Cộng"]
    for cell in page["total"].cells[:7]:
        assert str(total[cell.heading]) == cell.text
    assert (total["Ban chưa xác nhận"], total["Không đạt"], total["Đạt"]) == (1, 1, 1)
    assert total["Tỷ lệ đạt, trên tổng số"] == total["Tỷ lệ đạt, trên đã đăng ký"] == 0.333
    assert {"Thôn Đông Hải", "Nhóm I: người dân trong xã"} <= rows.keys()


def test_every_file_leaves_an_event_that_does_not_tell_the_typed_name(client, village):
    user = make_confirmer(village)
    client.force_login(user)

    body(client.post(LIST_EXPORT + "?nhom=I&ten=an"))

    event = Event.objects.get(verb="export")
    job = ExportJob.objects.get()
    assert (event.actor, event.stream, event.object_id) == (user.pk, village.pk, job.pk)
    assert (event.old, event.new) == (f"citizens {open_campaign()} nhom=I ten", "1 dòng")
    assert list(events.faults()) == []


def test_a_choice_there_is_not_gives_no_file(client, village):
    client.force_login(make_confirmer(village))

    assert client.post(LIST_EXPORT + "?nhom=V").status_code == 404
    assert not ExportJob.objects.exists()


def test_files_are_asked_for_not_merely_visited(client, village):
    client.force_login(make_confirmer(village))

    assert client.get(LIST_EXPORT).status_code == 405
    assert client.get(SUMMARY_EXPORT).status_code == 405


def test_what_one_file_cannot_hold_is_refused_and_never_cut_off(client, village, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 2)
    client.force_login(make_confirmer(village))

    page = client.post(LIST_EXPORT + "?nhom=I", follow=True)

    assert "Một tệp Excel chứa nhiều nhất 2 dòng." in page.content.decode()
    assert page.context["form"]["nhom"].value() == "I"
    assert not ExportJob.objects.exists()


# --- Long files, by a worker ----------------------------------------------------------------------


@pytest.mark.usefixtures("only_small_files_at_once")
def test_a_long_file_is_written_by_a_worker_and_its_owner_gets_it(client, village):
    user = make_confirmer(village)
    client.force_login(user)

    response = client.post(LIST_EXPORT, follow=True)

    job = ExportJob.objects.get()
    assert response.redirect_chain == [(reverse("reports:export", args=[job.code]), 302)]
    assert "Tệp đã xong: 3 dòng." in response.content.decode()
    content = body(client.get(reverse("reports:export_download", args=[job.code])))
    assert [row["Họ và tên"] for row in rows_in(content)] == ["Lê An", "Lê Bình", "Lê Chi"]
    assert about_in(content)["Mã tệp"] == job.code
    assert (job.rows, job.rows_expected, job.state) == (3, 3, JobState.DONE)
    assert Event.objects.filter(verb="export", actor=user.pk).count() == 1


@pytest.mark.feature("I2")
@pytest.mark.usefixtures("only_small_files_at_once")
def test_the_owner_is_told_in_the_inbox_once(client, village):
    user = make_confirmer(village)
    client.force_login(user)

    client.post(LIST_EXPORT)
    job = ExportJob.objects.get()
    exports.run(job.pk)

    (message,) = Message.objects.for_user(user)
    assert message.subject == f"Tệp Excel đã xong: Danh sách hồ sơ năm {open_campaign()}, Thôn Đông Hải"
    assert client.get(message.link).context["job"] == job


@pytest.mark.usefixtures("only_small_files_at_once")
def test_a_dead_broker_leaves_the_job_waiting_and_the_sweep_sends_it(client, village, monkeypatch):
    def refuse(pk):
        raise OperationalError("no broker")

    client.force_login(make_confirmer(village))
    with monkeypatch.context() as broken:
        broken.setattr(tasks.write_export, "delay", refuse)
        page = client.post(LIST_EXPORT, follow=True)
        tasks.take_up_exports()

    job = ExportJob.objects.get()
    assert (page.status_code, job.state) == (200, JobState.QUEUED)
    assert "máy ghi tệp chưa nhận việc" in page.content.decode()
    assert "Bạn có thể rời trang này, khi xong sẽ có tin nhắn." in page.content.decode()

    tasks.take_up_exports()

    job.refresh_from_db()
    assert (job.state, files()) == (JobState.DONE, [job.file])


@pytest.mark.usefixtures("only_small_files_at_once")
def test_who_asks_twice_gets_the_same_job(client, village, monkeypatch):
    monkeypatch.setattr(tasks.write_export, "delay", lambda pk: None)
    client.force_login(make_confirmer(village))

    addresses = {client.post(LIST_EXPORT + choice).url for choice in ("?nhom=I", "?nhom=I")}

    assert len(addresses) == ExportJob.objects.count() == 1
    assert client.post(LIST_EXPORT).url not in addresses


@pytest.mark.feature("G3")
@pytest.mark.usefixtures("only_small_files_at_once")
def test_of_two_requests_in_one_moment_one_job_comes(client, village, monkeypatch):
    """The other came between the look and the write: the database refuses a second open job."""
    monkeypatch.setattr(tasks.write_export, "delay", lambda pk: None)
    client.force_login(make_confirmer(village))
    first = client.post(LIST_EXPORT).url
    save = ExportJob.save

    def save_while_nobody_looked(job, *args, **kwargs):
        ExportJob.objects.filter(state=JobState.DONE).update(state=JobState.QUEUED)
        return save(job, *args, **kwargs)

    ExportJob.objects.update(state=JobState.DONE)
    monkeypatch.setattr(ExportJob, "save", save_while_nobody_looked)

    assert client.post(LIST_EXPORT).url == first
    assert ExportJob.objects.count() == 1


@pytest.mark.feature("G3")
@pytest.mark.usefixtures("only_small_files_at_once")
def test_a_kept_file_is_given_again_until_anything_changes(client, village):
    client.force_login(make_confirmer(village))
    first = client.post(LIST_EXPORT).url

    page = client.post(LIST_EXPORT, follow=True)
    assert page.redirect_chain[0][0] == first
    assert "bạn nhận lại đúng tệp ấy" in page.content.decode()

    events.record("score", village, at=clock.now(), organization=make_village("Thôn khác"))
    assert client.post(LIST_EXPORT).url != first
    assert ExportJob.objects.count() == 2


@pytest.mark.feature("G3")
@pytest.mark.skipif(connection.vendor == "sqlite", reason="there nobody writes while another does")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("only_small_files_at_once")
def test_a_file_is_not_given_again_after_a_change_that_was_begun_before_it_and_came_to_light_later(
    client, village
):
    """Its event has a lower key than the last that the file was written with."""
    client.force_login(make_confirmer(village))
    other, begun, finish = make_village("Thôn khác"), threading.Event(), threading.Event()

    def change_slowly():
        with transaction.atomic():
            events.record("score", other, at=clock.now(), organization=other)
            begun.set()
            finish.wait(30)
        connection.close()

    slow = threading.Thread(target=change_slowly)
    slow.start()
    begun.wait(30)
    events.record("score", village, at=clock.now(), organization=village)
    first = client.post(LIST_EXPORT).url
    finish.set()
    slow.join()

    assert client.post(LIST_EXPORT).url != first
    assert client.post(LIST_EXPORT).url == reverse(
        "reports:export", args=[ExportJob.objects.latest("pk").code]
    )


def test_a_running_job_says_how_far_it_is(client, village):
    job = make_job(village, state=JobState.RUNNING, rows=163_200, rows_expected=251_902)
    client.force_login(job.by)

    response = client.get(reverse("reports:export", args=[job.code]))
    page = response.content.decode()

    assert response["Refresh"] == "10"
    assert '<progress class="meter" max="251902" value="163200"' in page
    assert "Đã ghi 163.200 dòng." in page


def test_a_job_is_its_owners_alone(client, village):
    job = make_job(village)
    exports.run(job.pk)
    pages = [reverse(name, args=[job.code]) for name in ("reports:export", "reports:export_download")]

    client.force_login(make_confirmer(village))
    assert [client.get(page).status_code for page in pages] == [404, 404]

    client.force_login(job.by)
    assert client.get(pages[0]).status_code == 200
    assert len(rows_in(body(client.get(pages[1])))) == 3

    Appointment.objects.filter(user=job.by).update(valid_to=datetime.date(2025, 1, 1))
    over = client.get(pages[0]).content.decode()
    assert "Bạn không còn phụ trách nơi này nên cổng không giao tệp." in over
    assert pages[1] not in over
    assert client.get(pages[1]).status_code == 404


def test_who_lost_the_seat_meanwhile_gets_no_file(village):
    job = make_job(village)
    Appointment.objects.filter(user=job.by).update(valid_to=datetime.date(2025, 1, 1))

    exports.run(job.pk)

    job.refresh_from_db()
    assert (job.state, files()) == (JobState.FAILED, [])


def test_whose_right_ends_while_the_file_is_written_gets_no_file(village, monkeypatch):
    job = make_job(village)
    write = excel.write

    def write_while_the_seat_ends(document, file):
        Appointment.objects.filter(user=job.by).update(valid_to=datetime.date(2025, 1, 1))
        return write(document, file)

    monkeypatch.setattr(excel, "write", write_while_the_seat_ends)

    exports.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.fault, files()) == (JobState.FAILED, Fault.NO_RIGHT, [])
    assert not Event.objects.filter(verb="export").exists()


# --- Runs that die, come twice, or fail -----------------------------------------------------------


def break_off(monkeypatch, error, after=1):
    """Make reading the rows end with an error after some of them."""
    counted = exports.Pulse.counted

    def broken(self, rows):
        with closing(counted(self, rows)) as rows:
            for number, row in enumerate(rows):
                if number == after:
                    raise error("the disk is full")
                yield row

    monkeypatch.setattr(exports.Pulse, "counted", broken)
    # A traceback kept by the log would keep the cursor open beyond the transaction of the test.
    monkeypatch.setattr(exports.log, "exception", exports.log.error)


def test_a_job_whose_worker_died_is_taken_up_and_gives_one_good_file(village, monkeypatch):
    job = make_job(village, sent_at=clock.now())
    with monkeypatch.context() as dying:
        break_off(dying, KeyboardInterrupt)
        with suppress(KeyboardInterrupt):
            exports.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    left_behind = exports.folder() / f"{job.code}-0123456789abcdef.part"
    left_behind.write_bytes(b"half a file")
    assert take_up(clock.now()) == []  # it may still live

    later = clock.now() + exports.DEAD_AFTER + datetime.timedelta(seconds=1)
    (again,) = take_up(later)
    exports.run(again.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.rows) == (JobState.DONE, 2, 3)
    assert files() == [job.file]
    assert len(rows_in((exports.folder() / job.file).read_bytes())) == 3
    assert Event.objects.filter(verb="export").count() == 1
    assert Message.objects.count() == Message.objects.filter(user=job.by).count() == 1


def test_of_two_runs_one_writes(village, monkeypatch):
    job = make_job(village)
    runs = []
    build = exports.documents.build

    def build_while_another_tries(job, at):
        runs.append(job.claim)
        exports.run(job.pk)
        return build(job, at)

    monkeypatch.setattr(exports.documents, "build", build_while_another_tries)

    exports.run(job.pk)
    exports.run(job.pk)

    job.refresh_from_db()
    assert runs == [job.claim]
    assert files() == [job.file]


def test_a_run_that_was_taken_for_dead_leaves_nothing_behind(village, monkeypatch):
    job = make_job(village)
    write = excel.write

    def write_while_another_takes_over(document, file):
        ExportJob.objects.filter(pk=job.pk).update(claim="another")
        return write(document, file)

    monkeypatch.setattr(excel, "write", write_while_another_takes_over)

    exports.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.claim, files()) == (JobState.RUNNING, "another", [])
    assert not Event.objects.filter(verb="export").exists()


def test_what_fails_three_times_is_given_up_and_its_owner_told(village, monkeypatch, client):
    job = make_job(village)
    break_off(monkeypatch, RuntimeError)

    for _attempt in range(exports.MOST_ATTEMPTS + 1):
        for waiting in take_up(clock.now()):
            exports.run(waiting.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, files()) == (JobState.FAILED, 3, [])
    (message,) = Message.objects.for_user(job.by)
    assert message.subject.startswith("Chưa tạo được tệp Excel")
    client.force_login(job.by)
    assert "Chưa tạo được tệp" in client.get(message.link).content.decode()


def test_a_message_the_broker_lost_is_sent_again_after_a_while(village):
    job = make_job(village, sent_at=clock.now())

    assert take_up(clock.now() + datetime.timedelta(minutes=1)) == []
    assert take_up(clock.now() + datetime.timedelta(minutes=6)) == [job]


def test_files_are_kept_for_seven_days(village, client):
    job = make_job(village)
    exports.run(job.pk)
    job.refresh_from_db()

    take_up(job.finished_at + datetime.timedelta(days=6, hours=23))
    assert files() == [job.file]

    take_up(job.finished_at + datetime.timedelta(days=7))
    client.force_login(job.by)
    page = client.get(reverse("reports:export_download", args=[job.code]), follow=True)
    assert files() == []
    assert "Tệp không còn trên cổng." in page.content.decode()


# --- A worker that is really killed ---------------------------------------------------------------

OWN_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.BASE_DIR)}
KILLED_HALF_WAY = """
import django, time
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from reports import exports
from tests.factories import make_citizen, make_village, open_campaign
from tests.reports.records import make_record
from tests.reports.test_exports import make_job
village, campaign = make_village(), open_campaign()
for place in range(30):
    make_record(make_citizen(board=village), campaign)
job = make_job(village)
counted = exports.Pulse.counted
def slowly(self, rows):
    for row in counted(self, rows):
        yield row
        if self.rows == 15:
            print("half", flush=True)
            time.sleep(60)
exports.Pulse.counted = slowly
exports.run(job.pk)
"""
DISK_FULL = """
import django, resource
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from reports import exports
from reports.models import ExportJob
from tests.factories import make_citizen, make_village, open_campaign
from tests.reports.records import make_record
from tests.reports.test_exports import make_job
village, campaign = make_village(), open_campaign()
for place in range(3):
    make_record(make_citizen(board=village), campaign)
job = make_job(village)
write = exports.excel.write
def write_on_a_full_disk(document, file):
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
    try:
        return write(document, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
exports.excel.write = write_on_a_full_disk
exports.run(job.pk)
job.refresh_from_db()
print(job.state, job.fault, list(exports.folder().iterdir()), job.by.messages.get().body)
"""
SWEPT = """
import django
django.setup()
from audit import clock
from reports import exports
from reports.models import ExportJob
before = sorted(path.suffix for path in exports.folder().iterdir())
for job in exports.take_up(clock.now() + 2 * exports.DEAD_AFTER):
    exports.run(job.pk)
job = ExportJob.objects.get()
print(before, job.state, job.rows, [path.name == job.file for path in exports.folder().iterdir()])
"""


def test_after_a_killed_worker_one_good_file_stands(tmp_path):
    with own_database() as database:
        environment = os.environ | database | OWN_SETTINGS | {"DATA_DIR": str(tmp_path)}
        with subprocess.Popen(
            [sys.executable, "-c", KILLED_HALF_WAY], env=environment, stdout=subprocess.PIPE, text=True
        ) as worker:
            assert worker.stdout.readline() == "half\n"
            worker.send_signal(signal.SIGKILL)
        swept = subprocess.run(
            [sys.executable, "-c", SWEPT], env=environment, capture_output=True, text=True, check=True
        )

    assert swept.stdout == "['.part'] done 30 [True]\n"
    (file,) = (tmp_path / "exports").iterdir()
    assert len(rows_in(file.read_bytes())) == 30


@pytest.mark.long_on_sqlite
def test_a_full_disk_leaves_no_half_file_and_is_said_in_words(tmp_path):
    """A file size limit of the operating system, in a process of its own."""
    with own_database() as database:
        environment = os.environ | database | OWN_SETTINGS | {"DATA_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", DISK_FULL], env=environment, capture_output=True, text=True, check=True
        )

    assert done.stdout == (
        "failed no_room [] Máy chủ đã hết chỗ lưu tệp. Báo người quản trị cổng, rồi xuất lại.\n"
    )


def test_a_full_disk_is_said_on_the_page_when_the_file_is_written_at_once(client, village, monkeypatch):
    def write_on_a_full_disk(document, file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(excel, "write", write_on_a_full_disk)
    client.force_login(make_confirmer(village))

    page = client.post(LIST_EXPORT, follow=True)

    assert "Máy chủ đã hết chỗ lưu tệp." in page.content.decode()
    assert not ExportJob.objects.exists()
