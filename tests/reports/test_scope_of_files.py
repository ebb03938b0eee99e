"""No page and no file of figures holds what its reader may not see.

Reports, forms, lists, typed figures, roles, seats and places are drawn from a small country in which every
person and every place bears a name of its own.
"""

import datetime
import io
import random
import re

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import Citizen, Message
from accounts.models.appointment import CONFIRMING_ROLES, Role
from audit import clock
from organizations import paths
from organizations.models import Kind, Organization
from reports import pdf, tasks, weekly
from reports.models import TypedFigures, WeeklyReader
from reports.report_forms.free import AS_COLUMNS, AS_ROWS, MEASURES
from reports.report_forms.known import FORMS
from reports.typed.models import FIGURES
from tests.factories import appoint, make_user, moment
from tests.reports import records
from vietnamese.dates import day_words

pytestmark = pytest.mark.django_db
NAMES_ALL_OF_ITS_RECORDS = "danh-sach/"
FORM_PAGES = [f"bieu/{slug}/" for slug in FORMS]
OF_A_COMMUNE = ["so-lieu-nhap/{code}/{year}/", "so-lieu-nhap/{code}/{year}/tep-mau/"]
PAGES_ALONE = ["nguoi-dan/", "chi-tieu/", "bieu/", "so-lieu-nhap/", "hang-tuan/", "nguoi-cua-ban/"]
PAGES_ALONE += ["bieu/tu-chon/ho-so/", *OF_A_COMMUNE]
WITH_FILES = [NAMES_ALL_OF_ITS_RECORDS, "", "gia-han/", "tai-ngay/", "tai-ngay/ho-so/", "tai-ngay/don-vi/"]
WITH_FILES += FORM_PAGES
ROLES = [*CONFIRMING_ROLES, Role.REPRESENTATIVE]
DRAWN = 70
PERSON, PLACE = re.compile(r"Người Số \d+"), re.compile(r"Nơi Số \d+")


def make_country(seed):
    """Each person and each place with a name of its own; some communes have typed their figures."""
    campaign = records.make_country(seed, people=30)
    for number, person in enumerate(Citizen.objects.order_by("pk")):
        Citizen.objects.filter(pk=person.pk).update(full_name=f"Người Số {number}")
    for number, place in enumerate(Organization.objects.order_by("pk")):
        name = f"Nơi Số {number}"
        Organization.objects.filter(pk=place.pk).update(name=name, full_name=name)
    now = clock.now()
    for commune in Organization.objects.filter(kind=Kind.COMMUNE)[1:]:
        figures = dict.fromkeys(FIGURES, 3)
        TypedFigures.objects.create(
            organization=commune, campaign=campaign, saved_at=now, delivered_at=now, **figures
        )
    return campaign


def seen_below(organization):
    """Names of the people whose records or who themselves stand there, of this year or of last."""
    told = {
        record.citizen.full_name
        for campaign in {each.campaign for each in records.Assessment.objects.select_related("campaign")}
        for record in records.all_records(campaign)
        if records.stands_in(record, organization) or record.board.path.startswith(organization.path)
    }
    return told | {one.full_name for one in records.all_people() if records.stands_below(one, organization)}


def places_of(organization):
    """At or below it, and what stands above: that is named over the page."""
    above = paths.ancestors(organization.path)
    return {
        one.full_name
        for one in Organization.objects.all()
        if one.path.startswith(organization.path) or one.path in above
    }


def choices(chance, report):
    """What the address asks besides: a day and a tree, or the choices of a table."""
    if report.startswith("tai-ngay"):
        structure = chance.choice(["ngay-ay", "hien-nay", "nam-truoc"])
        return f"&tai-ngay={day_words(clock.today())}&cau-truc={structure}"
    if report.startswith("bieu/tu-chon/"):
        hang, cot, do = (chance.choice(each)[0] for each in (AS_ROWS, AS_COLUMNS, MEASURES))
        return f"&hang={hang}&cot={cot}&do={do}"
    if report == "bieu/so-nam-truoc/":
        return f"&cau-truc={chance.choice(['hien-nay', 'nam-truoc'])}"
    return ""


@pytest.mark.feature("G3", "G2", "K8", "L8")
@pytest.mark.parametrize("seed", [1, 2])
def test_no_page_and_no_file_holds_what_its_reader_may_not_see(client, seed):
    chance = random.Random(seed)
    campaign = make_country(seed)
    mine = list(records.all_records(campaign))
    numbers = {one.identity_number for one in Citizen.objects.all()} - {None}
    places = list(Organization.objects.order_by("path"))
    reports, given, refused = [], 0, 0
    for draw in range(DRAWN):
        if not reports:
            reports = chance.sample([*WITH_FILES, *PAGES_ALONE], len(WITH_FILES) + len(PAGES_ALONE))
        report = reports.pop()
        role, seat, asked = map(chance.choice, (ROLES, places, places))
        if chance.random() < 0.7:
            role, asked = (
                chance.choice(CONFIRMING_ROLES),
                chance.choice([place for place in places if place.path.startswith(seat.path)]),
            )
        reader = make_user()
        appoint(reader, seat, role, valid_to=clock.today() + datetime.timedelta(days=7))
        client.force_login(reader)
        query = f"?to-chuc={asked.code}&nam={campaign.year}{choices(chance, report)}"
        address = f"/bao-cao/{report}".format(code=asked.code, year=campaign.year)
        answers = [client.get(f"{address}{query}")]
        if report in WITH_FILES:
            answers.append(client.post(f"{address}xuat-excel/{query}"))
        if report in FORM_PAGES and chance.random() < 0.2:
            answers.append(client.post(f"{address}xuat-pdf/{query}"))
        may = role in CONFIRMING_ROLES and asked.path.startswith(seat.path)
        may = may and (asked.kind == Kind.COMMUNE or report not in OF_A_COMMUNE)
        assert {answer.status_code for answer in answers} == {200 if may else 404}, (
            draw,
            role,
            seat,
            asked,
            report,
        )
        if not may:
            refused += 1
            continue
        given += 1
        people, units = seen_below(asked), places_of(asked)
        for answer in answers:
            text = text_of(answer)
            assert set(PERSON.findall(text)) <= people, (report, query)
            assert set(PLACE.findall(text)) <= units, (report, query)
            assert not [number for number in numbers if number in text], (report, query)
        if report == NAMES_ALL_OF_ITS_RECORDS:
            below = {one.citizen.full_name for one in mine if records.stands_in(one, asked)}
            assert set(PERSON.findall(text)) == below
    assert given > DRAWN / 3
    assert refused > DRAWN / 10


@pytest.mark.feature("G8")
def test_no_weekly_message_tells_of_what_its_reader_may_not_see(time_machine):
    time_machine.move_to(moment(2026, 11, 4, 8))
    chance = random.Random(3)
    campaign = make_country(3)
    places = list(Organization.objects.order_by("path"))
    for _draw in range(40):
        seat, asked, reader = chance.choice(places), chance.choice(places), make_user()
        if chance.random() < 0.6:
            seat = chance.choice([place for place in places if asked.path.startswith(place.path)])
        until = clock.today() + datetime.timedelta(days=chance.choice([-1, 3, 30]))
        appoint(
            reader,
            seat,
            chance.choice(ROLES),
            valid_from=clock.today() - datetime.timedelta(days=9),
            valid_to=until,
        )
        WeeklyReader.objects.create(organization=asked, user=reader, named_by=reader)
    told = 0
    for day in (4, 11):
        time_machine.move_to(moment(2026, 11, day, 9))
        told += _weekly_messages_are_right(campaign)
    assert 10 < told < 60


def _weekly_messages_are_right(campaign):
    """Each tells the plain counts of its place, that its reader oversees, and who may is told."""
    before = set(Message.objects.values_list("pk", flat=True))
    tasks.send_weekly()
    messages = {message.user: message for message in Message.objects.exclude(pk__in=before)}
    of_year = records.all_records(campaign)
    for named in WeeklyReader.objects.select_related("user", "organization"):
        place, message = named.organization, messages.get(named.user)
        seats = named.user.appointments.filter(role__in=CONFIRMING_ROLES, valid_to__gte=clock.today())
        may = any(place.path.startswith(seat.organization.path) for seat in seats)
        assert bool(message) == may
        if message:
            counts = records.count([one for one in of_year if records.stands_in(one, place)], [])
            for figure in weekly.TOLD:
                assert re.search(rf"^{figure.label}: {counts.of(figure)}\b", message.body, re.MULTILINE)
            assert set(PLACE.findall(message.subject + message.body)) == {place.full_name}
    return len(messages)


def text_of(answer):
    """Of a page, or of all cells of all sheets of a file."""
    if not answer.streaming:
        return answer.content.decode()
    content = io.BytesIO(b"".join(answer.streaming_content))
    if answer["Content-Type"] == pdf.CONTENT_TYPE:
        return " ".join(" ".join(page.extract_text() for page in PdfReader(content).pages).split())
    book = load_workbook(content)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join(cells)
