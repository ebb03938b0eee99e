"""Each kind of file: its worker is killed, the disk is full, two ask at once, a right ends meanwhile."""

import datetime
import functools
import gc
import os
import resource
import signal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Appointment, Message
from assessments import draws
from assessments.models import Assessment, Draw, Step
from audit import clock
from audit.models import Event
from organizations.models import Kind, Organization
from reports import excel, exports, pdf, tasks
from reports.models import DRAW, FORM, ExportJob, Fault, JobState, Report
from reports.report_forms.known import FORMS
from tests.at_once import Ended, at_once
from tests.factories import make_extension, make_officer
from tests.reforms.trees import settle_all
from tests.reports.records import make_country
from tests.reports.test_links import make_helped
from vietnamese.dates import day_words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("G3")]
FULL = "Máy chủ đã hết chỗ lưu tệp. Báo người quản trị cổng, rồi xuất lại."
OVER = "Bạn không còn phụ trách nơi này nên cổng không giao tệp."


class Kinds:
    """What each kind of file is asked by: name → report and query."""

    def __init__(self, draw):
        today = {"tai-ngay": day_words(clock.today()), "cau-truc": "ngay-ay"}
        self.asked = {
            "danh-sach/": (Report.CITIZENS, {}),
            "": (Report.SUMMARY, {}),
            "gia-han/": (Report.EXTENSIONS, {}),
            "tai-ngay/": (Report.SUMMARY, today),
            "tai-ngay/ho-so/": (Report.CITIZENS, today),
            "tai-ngay/don-vi/": (Report.UNITS, today),
            **{f"bieu/{slug}/": (Report.FORM, {FORM: slug}) for slug in FORMS},
            "hau-kiem/": (Report.FINDINGS, {DRAW: draw.pk}),
        }

    def address(self, name, place, campaign):
        _report, query = self.asked[name]
        if DRAW in query:
            return reverse("watching:draw_findings_export", args=[query[DRAW]])
        more = "".join(f"&{key}={value}" for key, value in query.items() if key != FORM)
        return f"/bao-cao/{name}xuat-excel/?to-chuc={place.code}&nam={campaign.year}{more}"


@pytest.fixture
def scene(shared_database, tmp_path, settings):
    """An officer of a province with rows for every kind."""
    settings.DATA_DIR = tmp_path
    campaign = make_country(3, people=30)
    make_helped()
    settle_all()
    records = Assessment.objects.filter(campaign=campaign)
    Step.objects.bulk_create(Step.come_to(record, at=record.registered_at) for record in records)
    province = Organization.objects.filter(kind=Kind.PROVINCE).earliest("pk")
    officer = make_officer(province)
    judged = Assessment.objects.filter(confirmed_at__isnull=False).order_by("pk")
    for record in judged[:2]:
        make_extension(assessment=record)
    rules = {"strata": ["noi"], "share": 5, "least": 3, "most": 20}
    draw = draws.announce(province, campaign, by=officer, **rules)
    draws.work(draw.pk)
    draws.start(Draw.objects.get(pk=draw.pk), by=officer)
    draws.work(draw.pk)
    return Kinds(draw), province, campaign, officer


def make_jobs(scene):
    kinds, province, campaign, officer = scene
    return {
        name: ExportJob.objects.create(
            report=report,
            organization=province,
            campaign=campaign,
            by=officer,
            query=query,
            rows_expected=1 if report == Report.FINDINGS else 2,
        )
        for name, (report, query) in kinds.asked.items()
    }


def files():
    return sorted(path.name for path in exports.folder().iterdir())


def reloaded(jobs):
    return {name: ExportJob.objects.get(pk=job.pk) for name, job in jobs.items()}


def killed_half_way(pk):
    """In a process of its own, which is ended when it has taken the second row, or the only one."""
    counted, job = exports.Pulse.counted, ExportJob.objects.get(pk=pk)

    def until_killed(self, rows):
        for row in counted(self, rows):
            if self.rows == min(2, job.rows_expected):
                os.kill(os.getpid(), signal.SIGKILL)
            yield row

    exports.Pulse.counted = until_killed
    exports.run(pk)


def test_after_a_killed_worker_each_kind_of_file_comes_whole(scene):
    jobs = make_jobs(scene)

    ended = {name: at_once(functools.partial(killed_half_way, job.pk))[0] for name, job in jobs.items()}

    assert ended == dict.fromkeys(jobs, Ended("signal 9"))
    assert {job.state for job in reloaded(jobs).values()} == {JobState.RUNNING}
    assert {name.rpartition(".")[2] for name in files()} == {"part"}
    for job in exports.take_up(clock.now() + 2 * exports.DEAD_AFTER):
        exports.run(job.pk)
    done = reloaded(jobs)
    assert {name: job.state for name, job in done.items()} == dict.fromkeys(jobs, JobState.DONE)
    assert files() == sorted(job.file for job in done.values())
    for name, job in done.items():
        about = load_workbook(exports.folder() / job.file).worksheets[1]
        told = {row[0].value: row[1].value for row in about.iter_rows()}
        assert told["Số dòng"] == job.rows == job.rows_expected > 0, name
    assert Event.objects.filter(verb="export").count() == Message.objects.count() == len(jobs)


def within_no_room(write, room=1500):
    """The same writer, while the operating system lets no file grow beyond so much."""

    def write_on_a_full_disk(document, file):
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, usual[1]))
        try:
            written = write(document, file)
            file.flush()
            return written
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    return write_on_a_full_disk


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openpyxl's own
def test_on_a_full_disk_each_kind_leaves_no_half_file_and_says_so(scene, monkeypatch, client, caplog):
    kinds, province, campaign, officer = scene
    jobs = make_jobs(scene)
    addresses = [kinds.address(name, province, campaign) for name in kinds.asked]
    addresses += [one.replace("xuat-excel", "xuat-pdf") for one in addresses if "/bieu/" in one]
    monkeypatch.setattr(excel, "write", within_no_room(excel.write))
    monkeypatch.setattr(pdf, "write", within_no_room(pdf.write))
    client.force_login(officer)

    for job in jobs.values():
        exports.run(job.pk)
        assert FULL in client.get(reverse("reports:export", args=[job.code])).content.decode()
    for address in addresses:
        assert FULL in client.post(address, follow=True).content.decode(), address

    ended = {name: (job.state, job.fault) for name, job in reloaded(jobs).items()}
    assert ended == dict.fromkeys(jobs, (JobState.FAILED, Fault.NO_ROOM))
    assert files() == []
    assert ExportJob.objects.count() == len(jobs)
    assert {message.body for message in Message.objects.all()} == {FULL}
    assert not Event.objects.filter(verb="export").exists()
    caplog.clear()  # what was told of the errors holds on to where they came from
    gc.collect()  # with openpyxl's part that could not be finished


def ask_for_each(addresses, officer):
    tasks.write_export.delay = lambda pk: None
    exports.MOST_ROWS_AT_ONCE = 0
    client = Client()
    client.force_login(officer)
    return [client.post(address).url for address in addresses]


def test_two_requests_at_once_for_each_kind_give_one_job(scene):
    kinds, province, campaign, officer = scene
    addresses = [kinds.address(name, province, campaign) for name in kinds.asked]

    one, other = at_once(*[functools.partial(ask_for_each, addresses, officer)] * 2)

    assert one == other, (one, other)
    assert len(set(one)) == ExportJob.objects.count() == len(addresses)
    for job in ExportJob.objects.all():
        exports.run(job.pk)
    assert set(ExportJob.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}
    assert files() == sorted(ExportJob.objects.values_list("file", flat=True))


def test_whose_right_ends_while_each_kind_is_written_gets_none_and_reads_why(scene, monkeypatch, client):
    *_kinds, officer = scene
    jobs = make_jobs(scene)
    seats = Appointment.objects.filter(user=officer)
    until, finish = seats.get().valid_to, exports._finish

    def finish_after_the_seat_ended(*written):
        seats.update(valid_to=datetime.date(2025, 1, 1))
        finish(*written)

    monkeypatch.setattr(exports, "_finish", finish_after_the_seat_ended)
    for job in jobs.values():
        seats.update(valid_to=until)
        exports.run(job.pk)

    done = reloaded(jobs)
    assert {name: (job.state, job.fault) for name, job in done.items()} == dict.fromkeys(
        jobs, (JobState.FAILED, Fault.NO_RIGHT)
    )
    assert files() == []
    assert not Event.objects.filter(verb="export").exists()
    client.force_login(officer)
    for message in Message.objects.for_user(officer):
        assert message.body == OVER
        assert OVER in client.get(message.link).content.decode()
        assert client.get(f"{message.link}tai-ve/").status_code == 404
    assert Message.objects.count() == len(jobs)
