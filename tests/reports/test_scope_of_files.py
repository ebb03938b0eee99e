"""No file holds a row its reader may not see: reports, roles, seats and places drawn from a small country."""

import datetime
import io
import random

import pytest
from openpyxl import load_workbook

from accounts.models import Citizen
from accounts.models.appointment import CONFIRMING_ROLES, Role
from audit import clock
from organizations.models import Organization
from tests.factories import appoint, make_user
from tests.reports import records
from vietnamese.dates import day_words

pytestmark = pytest.mark.django_db
NAMES_ALL_OF_ITS_RECORDS = "danh-sach/"
REPORTS = [NAMES_ALL_OF_ITS_RECORDS, "", "gia-han/", "tai-ngay/", "tai-ngay/ho-so/", "tai-ngay/don-vi/"]
ROLES = [*CONFIRMING_ROLES, Role.REPRESENTATIVE]
DRAWN = 40


@pytest.mark.feature("G3")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_file_holds_no_row_its_reader_may_not_see(client, seed):
    chance = random.Random(seed)
    records.make_country(seed, people=30)
    people = list(Citizen.objects.order_by("pk"))
    for number, person in enumerate(people):
        Citizen.objects.filter(pk=person.pk).update(full_name=f"Người Số {number}")
    mine = list(records.all_records(records.open_campaign()))
    named = {record.citizen.full_name: record for record in mine}
    places = list(Organization.objects.order_by("path"))
    given = refused = 0
    for _draw in range(DRAWN):
        role, seat, asked, report = map(chance.choice, (ROLES, places, places, REPORTS))
        if chance.random() < 0.5:
            asked = chance.choice([place for place in places if place.path.startswith(seat.path)])
        reader = make_user()
        appoint(reader, seat, role, valid_to=clock.today() + datetime.timedelta(days=7))
        client.force_login(reader)
        day = f"&tai-ngay={day_words(clock.today())}" if "tai-ngay" in report else ""
        answer = client.post(f"/bao-cao/{report}xuat-excel/?to-chuc={asked.code}{day}")
        may = role in CONFIRMING_ROLES and asked.path.startswith(seat.path)
        assert answer.status_code == (200 if may else 404), (role, seat, asked, report)
        if not may:
            refused += 1
            continue
        given += 1
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
        told = {cell.value for row in sheet.iter_rows() for cell in row} & named.keys()
        below = {name for name, record in named.items() if records.stands_in(record, asked)}
        assert told <= below
        if report == NAMES_ALL_OF_ITS_RECORDS:
            assert told == below
    assert given > DRAWN / 4
    assert refused > DRAWN / 4
