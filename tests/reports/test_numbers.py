import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models.appointment import Role
from audit import events
from audit.models import Event, Look
from reports import exports
from reports.models import ExportJob, Fault, JobState, Report
from tests.factories import make_citizen, make_confirmer, make_officer, make_village, open_campaign
from tests.reports.records import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("K8")]
LIST, FULL = "/bao-cao/danh-sach/", "/bao-cao/danh-sach/du-so-can-cuoc/"
NUMBER, REASON = "042060003456", "Đối chiếu với công an xã"


@pytest.fixture
def record():
    citizen = make_citizen("Lê An", board=make_village("Đông Hải"), identity_number=NUMBER)
    return make_record(citizen, open_campaign())


def test_a_number_is_shown_in_full_for_a_reason_which_is_recorded(client, record):
    reader = make_confirmer(record.board)
    client.force_login(reader)
    page = reverse("reports:number", args=[record.pk])
    assert page in client.get(LIST).content.decode()

    for answer in (client.get(page), client.post(page, {"reason": " \u200b "})):
        assert NUMBER not in answer.content.decode()
        assert "********3456" in answer.content.decode()
    assert not Event.objects.filter(verb="read_number").exists()

    answer = client.post(page, {"reason": REASON})

    assert NUMBER in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    event = Event.objects.get(verb="read_number")
    assert (event.actor, event.stream, event.subject) == (reader.pk, record.board_id, record.citizen_id)
    assert events.private_of(event) == {"reason": REASON}
    assert Look.objects.latest("pk").listed.filter(subject=record.citizen_id).exists()


def test_a_file_holds_full_numbers_for_an_officers_reason_alone(client, record):
    client.force_login(make_confirmer(record.board))
    assert client.get(FULL).status_code == 403
    assert FULL not in client.get(LIST).content.decode()

    client.force_login(make_officer(record.board.parent))
    assert FULL in client.get(LIST).content.decode()
    assert "Ghi lý do, rồi bấm lại." in client.post(FULL).content.decode()
    content = b"".join(client.post(FULL, {"reason": REASON}).streaming_content)

    sheets = load_workbook(io.BytesIO(content)).worksheets
    values = {cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert {NUMBER, REASON} <= values
    assert events.private_of(Event.objects.get(verb="export_full")) == {"reason": REASON}


def test_full_numbers_are_given_no_more_to_who_is_an_officer_no_more(client, record, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    officer = make_officer(record.board.parent)
    client.force_login(officer)
    asked = {"report": Report.CITIZENS, "organization": record.board.parent, "campaign": record.campaign}
    asked |= {"by": officer, "is_full": True, "reason": REASON}
    job, waiting = (ExportJob.objects.create(**asked) for _ in range(2))
    exports.run(job.pk)
    page = reverse("reports:export_download", args=[job.code])
    given = client.get(page)
    given.close()

    officer.appointments.update(role=Role.BOARD_MEMBER)
    exports.run(waiting.pk)

    waiting.refresh_from_db()
    assert (given.status_code, client.get(LIST).status_code, client.get(page).status_code) == (200, 200, 404)
    assert (waiting.state, waiting.fault) == (JobState.FAILED, Fault.NO_RIGHT)
