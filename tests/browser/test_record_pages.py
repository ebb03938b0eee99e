"""The pages of who looked, of the record of events and of closed years, on a phone and a desk."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments import closing, workflow
from audit import clock, looks, sealing
from audit.models import Check, CheckState, Sight
from reports import tasks
from tests.factories import (
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_submitted_assessment,
    make_village,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHOUT_SPACES = "Nghiêng" * 12  # as it is pasted, or typed by who does not know the key


@pytest.fixture
def closed(settings, tmp_path):
    """A confirmed record of a closed year, which its board has read."""
    settings.DATA_DIR = tmp_path
    record = make_submitted_assessment(
        citizen=make_citizen_with_account("Đặng Thị Ánh", board=make_village())
    )
    member = make_confirmer(record.board)
    looks.write(
        looks.Noted(
            clock.now(),
            member.pk,
            Sight.RECORD,
            "x",
            organization=record.board_id,
            subject=record.citizen_id,
            record=record.pk,
        )
    )
    told = record.evidence.create(kind="text", text=f"Học nấu ăn. {WITHOUT_SPACES}")
    told.indicators.add(record.criteria_set.indicators[0])
    lowered = workflow.Change(Decimal(6), f"Chưa rõ. {WITHOUT_SPACES}")
    workflow.confirm(record, by=member, changes={"I.1.1": lowered})
    sealing.seal_yesterday()
    record.campaign.windows.filter(step="confirmation").update(closes_at=clock.now())
    closing.lock_confirmation(clock.now())
    tasks.take_up_snapshots()
    return record


@pytest.mark.long_on_sqlite
def test_pages_about_the_record_can_be_used_by_everyone(page, log_in, look, closed):
    Check.objects.create(
        asked_at=clock.now(),
        finished_at=clock.now(),
        state=CheckState.DONE,
        found=2,
        faults="Chuỗi 7, việc số 5: bị xóa.\nChuỗi 9, việc số 2: bị sửa sau khi ghi.\n",
    )
    pages = {
        reverse("assessments:detail", args=[closed.pk]): closed.citizen.user,
        reverse("accounts:profile_looks"): closed.citizen.user,
        reverse("portal:record"): make_officer(closed.province.parent),
        reverse("reports:snapshots"): make_officer(closed.province),
        reverse("portal:help"): closed.citizen.user,
    }
    for address, user in pages.items():
        log_in(user)
        page.goto(address)
        look(page)
