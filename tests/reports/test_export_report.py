import os
import pwd

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from audit import events
from audit.models import Event
from reports import excel
from reports.models import ExportJob
from tests.factories import make_citizen, make_village, open_campaign
from tests.reports.records import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    village = make_village()
    make_record(make_citizen("Lê An", board=village, identity_number="042060003456"), open_campaign())
    return village


def export(name, village, path, **options):
    usual = {"organization": village.code, "campaign": open_campaign().year, "output": str(path)}
    call_command("export_report", name, **(usual | options))


def texts(path):
    return [cell.value for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("name", ["citizens", "summary"])
def test_a_report_is_written_to_the_file_named(village, tmp_path, name, capsys):
    export(name, village, tmp_path / "tệp.xlsx")

    job = ExportJob.objects.get()
    assert job.code in texts(tmp_path / "tệp.xlsx")
    assert list(tmp_path.iterdir()) == [tmp_path / "tệp.xlsx"]
    assert capsys.readouterr().out == f"{tmp_path}/tệp.xlsx: {job.rows} dòng, mã kiểm tra {job.checksum}\n"
    assert list(Event.objects.filter(verb__startswith="export").values_list("verb", "stream", "actor")) == [
        ("export", village.pk, None)
    ]


def test_numbers_are_masked_unless_they_are_asked_for(village, tmp_path):
    export("citizens", village, tmp_path / "a.xlsx")

    assert "********3456" in texts(tmp_path / "a.xlsx")
    assert "042060003456" not in texts(tmp_path / "a.xlsx")


def test_numbers_in_full_leave_an_event_and_the_reason_in_the_file(village, tmp_path):
    export("citizens", village, tmp_path / "a.xlsx", full=True, reason="Đối soát với công an xã")

    assert {"042060003456", "Đối soát với công an xã"} <= set(texts(tmp_path / "a.xlsx"))
    event = Event.objects.get(verb="export_full")
    assert (event.stream, event.object_id) == (village.pk, ExportJob.objects.get().pk)
    assert event.new == "1 dòng"
    operator = pwd.getpwuid(os.getuid()).pw_name
    assert events.private_of(event) == {"reason": "Đối soát với công an xã", "operator": operator}
    assert list(events.faults()) == []
    assert ExportJob.objects.get().reason == "Đối soát với công an xã"


def test_what_one_file_cannot_hold_is_not_begun(village, tmp_path, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 0)

    with pytest.raises(CommandError, match="Quá 0 dòng"):
        export("citizens", village, tmp_path / "a.xlsx")

    assert list(tmp_path.iterdir()) == []
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("findings", {}, "findings"),
        ("citizens", {"full": True}, "phải ghi lý do"),
        ("citizens", {"full": True, "reason": "  "}, "phải ghi lý do"),
        ("citizens", {"organization": "NOWHERE"}, "Không có mã tổ chức NOWHERE."),
        ("citizens", {"campaign": 1999}, "Không có năm 1999."),
        ("citizens", {"output": "/nowhere/a.xlsx"}, "Không có thư mục /nowhere."),
        ("citizens", {"output": "/"}, "/ là một thư mục."),
        ("citizens", {"output": f"/tmp/{'a' * 300}.xlsx"}, "Không ghi được"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_nothing(village, tmp_path, name, options, words):
    with pytest.raises(CommandError, match=words):
        export(name, village, tmp_path / "a.xlsx", **options)

    assert list(tmp_path.iterdir()) == []
    assert not ExportJob.objects.exists()
