import datetime
import io
import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, connections
from openpyxl import load_workbook

from assessments import tally
from assessments.models import Assessment, BoardOutlook, Outcome, State, Step
from audit import clock
from organizations.models import Kind, Organization
from reports import figures, sheets, targets, tasks
from reports.models import Measured, Sheet, Target
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_village,
    moment,
    open_campaign,
)
from tests.reforms.trees import settle_all
from tests.reports.records import all_people, all_records, count, make_country, make_record, stands_in
from vietnamese.dates import day_words

pytestmark = pytest.mark.django_db
SUMMARY = "/bao-cao/"


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(sheets, "LARGE", -1)


@pytest.mark.feature("G1")
@pytest.mark.parametrize("kind", [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE])
def test_what_was_counted_beforehand_is_what_is_counted_now(everything_is_large, kind):
    campaign = make_country(seed=11)
    organization = Organization.objects.filter(kind=kind).order_by("path")[0]

    sheets.count_again(organization, campaign)

    found = sheets.of(organization, campaign, clock.now())
    assert found.sheet is not None
    assert found.due is None
    assert found.summary == figures.summary(organization, campaign)


def test_a_small_place_is_counted_when_it_is_asked_for():
    campaign = make_country(seed=12, people=10)
    organization = Organization.objects.get(kind=Kind.CENTRE)

    sheets.count_due(clock.now())

    found = sheets.of(organization, campaign, clock.now())
    assert found.sheet is None
    assert found.summary == figures.summary(organization, campaign)
    assert not Sheet.objects.exists()


def test_figures_older_than_a_minute_say_how_old_they_are_and_are_counted_again(client, everything_is_large):
    with time_machine.travel(moment(2026, 11, 20, 9), tick=False) as journey:
        campaign, commune = open_campaign(), make_commune()
        make_record(make_citizen(board=commune), campaign)
        client.force_login(make_officer(commune))
        assert "Đang đếm lần đầu" in client.get(SUMMARY).content.decode()
        assert "Số liệu lúc 09:00" in client.get(SUMMARY).content.decode()

        make_record(make_citizen(board=commune), campaign)
        journey.shift(datetime.timedelta(seconds=59))
        assert "<strong>1 hồ sơ đã đăng ký</strong>" in client.get(SUMMARY).content.decode()
        journey.shift(datetime.timedelta(minutes=12))
        old = client.get(SUMMARY).content.decode()
        new = client.get(SUMMARY).content.decode()

    assert "<strong>Đã cách đây 12 phút, đang đếm lại" in old
    assert "<strong>1 hồ sơ đã đăng ký</strong>" in old
    assert "<strong>2 hồ sơ đã đăng ký</strong>" in new
    assert "Đã cách đây" not in new


@pytest.mark.feature("G1")
def test_old_figures_that_are_not_counted_again_yet_say_from_when_on_they_may_be(client, everything_is_large):
    with time_machine.travel(moment(2026, 11, 20, 9), tick=False) as journey:
        campaign, commune = open_campaign(), make_commune()
        sheets.count_again(commune, campaign)
        Sheet.objects.update(seconds=23)
        client.force_login(make_officer(commune))
        journey.shift(datetime.timedelta(minutes=4))
        page = client.get(SUMMARY).content.decode()

    assert "<strong>Đã cách đây 4 phút. Số mới có sớm nhất lúc 09:07, 20/11/2026.</strong>" in page
    assert "đang đếm lại" not in page


@pytest.mark.feature("G1")
def test_a_drawn_page_shows_the_target_that_was_set_since(client, everything_is_large):
    campaign, commune = open_campaign(), make_commune()
    sheets.count_again(commune, campaign)
    client.force_login(make_officer(commune))
    before = client.get(SUMMARY).content.decode()
    province = commune.within(Kind.PROVINCE)
    values = {"level": "citizen", "whom": "", "figure": Measured.ACHIEVED, "year": campaign.year}
    values |= {"percent": Decimal("61.5"), "basis": "Kế hoạch 12/KH"}
    targets.put(province, values, by=make_officer(province))
    after = client.get(SUMMARY).content.decode()
    Target.objects.update(percent=62)

    assert ["Kế hoạch 12/KH" in page for page in (before, after)] == [False, True]
    assert "61,5%" in after
    assert "62%" in client.get(SUMMARY).content.decode()


def test_the_sweep_counts_large_places_and_what_took_long_more_seldom(everything_is_large):
    with time_machine.travel(moment(2026, 11, 20, 9), tick=False) as journey:
        campaign = make_country(seed=13, people=10)
        tally.change(tally.NOTHING, tally.of(Assessment.objects.filter(campaign=campaign)))
        assert sheets.count_due(clock.now()) == 3  # two provinces and the centre
        assert sheets.count_due(clock.now()) == 0
        Sheet.objects.filter(organization__kind=Kind.CENTRE).update(seconds=60)
        journey.shift(datetime.timedelta(minutes=1))
        assert sheets.count_due(clock.now()) == 2
        journey.shift(datetime.timedelta(minutes=20))
        assert sheets.count_due(clock.now()) == 3


def test_of_two_who_count_at_once_the_second_leaves_it():
    campaign, commune = open_campaign(), make_commune()
    assert sheets.count_again(commune, campaign)
    Sheet.objects.update(claimed_at=clock.now())

    assert not sheets.count_again(commune, campaign)

    Sheet.objects.update(claimed_at=clock.now() - sheets.GIVEN_UP * 2)
    assert sheets.count_again(commune, campaign)


@pytest.mark.feature("G1")
def test_a_page_drawn_for_an_officer_is_not_shown_to_who_may_not_list_boards(client, everything_is_large):
    """The drawn tables are kept for all readers alike: what differs between them is part of the key."""
    campaign, village = open_campaign(), make_village()
    make_record(make_citizen(board=village), campaign)
    BoardOutlook.objects.create(
        campaign=campaign,
        board=village,
        at=clock.now(),
        missing=1,
        strain=1,
        cause="nobody",
        lately=0,
        best_day=0,
        elsewhere=0,
    )
    commune = village.parent
    sheets.count_again(commune, campaign)
    pages = []
    for reader in (make_officer(commune), make_confirmer(commune)):
        client.force_login(reader)
        pages.append(client.get(SUMMARY).content.decode())

    assert ["/cac-ban/?place=" in page for page in pages] == [True, False]
    assert all("khoảng 1 người" in page for page in pages)


@pytest.mark.feature("G1")
@pytest.mark.django_db(transaction=True)
def test_figures_are_right_while_records_change():
    """Each count is of one moment: whatever is confirmed meanwhile, the parts add up and none is lost."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: nothing changes while a page counts")
    campaign = make_country(seed=14)
    organization = Organization.objects.get(kind=Kind.CENTRE)
    total = len(all_records(campaign))
    ends = threading.Event()

    def change():
        keys = list(Assessment.objects.filter(campaign=campaign, state=State.CONFIRMED).values_list("pk"))
        try:
            while not ends.is_set():
                for (key,) in keys:
                    record = Assessment.objects.filter(pk=key)
                    flipped = {Outcome.ACHIEVED: Outcome.NOT_ACHIEVED, Outcome.NOT_ACHIEVED: Outcome.ACHIEVED}
                    record.update(outcome=flipped[record.get().outcome])
        finally:
            connections.close_all()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(20):
            counts = figures.summary(organization, campaign).total
            assert counts.registered == total
            assert counts.achieved + counts.not_achieved == counts.confirmed
            assert sum(counts.of(part) for part in figures.PARTS) == total
    finally:
        ends.set()
        changing.join()
    people = all_people()
    records = [record for record in all_records(campaign) if stands_in(record, organization)]
    assert figures.summary(organization, campaign).total == count(records, people)


@pytest.mark.feature("G1")
def test_the_figures_of_a_past_day_of_a_large_place_are_counted_by_a_worker_and_kept(client, monkeypatch):
    campaign = make_country(5, people=20)
    settle_all()
    records = Assessment.objects.filter(campaign=campaign)
    Step.objects.bulk_create(Step.come_to(record, at=record.registered_at) for record in records)
    province = Organization.objects.filter(kind=Kind.PROVINCE)[0]
    client.force_login(make_officer(province))
    address = f"/bao-cao/tai-ngay/?tai-ngay={day_words(clock.today())}&cau-truc=ngay-ay"
    now = client.get(address).context
    asked = []
    monkeypatch.setattr(sheets, "LARGE", -1)
    monkeypatch.setattr(tasks, "ask_for", asked.append)

    waiting = client.get(address).content.decode()
    [due] = asked
    sheets.count_again(*due)
    later = client.get(address).context

    assert "Đang đếm lần đầu." in waiting
    assert later["total"] == now["total"]
    assert later["units"] == now["units"]
    assert any(cell.url for row in later["units"] for cell in row.cells)


@pytest.mark.feature("G3", "G9")
def test_files_and_lists_of_a_past_day_of_a_large_place_are_left_to_a_worker(client, monkeypatch):
    campaign = make_country(5, people=20)
    settle_all()
    for record in Assessment.objects.all():
        Step.come_to(record, at=record.registered_at).save()
    province = Organization.objects.filter(kind=Kind.PROVINCE)[0]
    client.force_login(make_officer(province))
    day = f"?tai-ngay={day_words(clock.today())}&cau-truc=ngay-ay&nam={campaign.year}"
    files = [f"/bao-cao/tai-ngay/{page}xuat-excel/{day}" for page in ("", "ho-so/")]
    old_map = f"/bao-cao/bieu/so-nam-truoc/{{}}?cau-truc=nam-truoc&nam={campaign.year}"
    files.append(old_map.format("xuat-excel/"))
    at_once = [client.post(file) for file in files]
    page = client.get(old_map.format("")).context
    asked = []
    monkeypatch.setattr(sheets, "LARGE", -1)
    monkeypatch.setattr(tasks, "ask_for", asked.append)

    by_worker = [client.post(file) for file in files]
    waiting = client.get(old_map.format("")).content.decode()
    for due in asked:
        sheets.count_again(*due)
    later = client.get(old_map.format("")).context
    listed = client.get(f"/bao-cao/tai-ngay/ho-so/{day}")

    assert [answer.status_code for answer in at_once + by_worker] == [200] * 3 + [302] * 3
    for first, then in zip(at_once, by_worker, strict=True):
        assert table_of(client.get(f"{then.url}tai-ve/")) == table_of(first)
    assert ("Đang đếm lần đầu." in waiting, len(asked)) == (True, 2)
    texts = [[[cell.text for cell in row] for row in each["rows"]] for each in (page, later)]
    assert texts[0] == texts[1] != []
    assert client.post(old_map.format("xuat-pdf/"), follow=True).redirect_chain
    assert listed.context["is_long"]
    assert "máy chủ ghi xong sẽ báo" in listed.content.decode()
    assert not listed.context["rows"]


def table_of(answer):
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    return [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int) or row[1] == "Cộng"]
