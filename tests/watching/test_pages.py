"""The pages of flags and of draws: what they say, what they keep, who is kept out of what."""

import datetime
import hashlib
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments import draws, flags
from assessments.models import Draw, DrawState, Flag, Outcome, Reading, ReadingState, Rule, State
from audit import clock
from audit.models import Event, Look, Sight
from reports.models import ExportJob, JobState
from tests.factories import (
    appoint,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_village,
    open_campaign,
)
from tests.pages import words_of
from tests.reports.records import make_record

pytestmark = pytest.mark.django_db
TYPED = {"strata": ["noi"], "share": "10", "least": "2", "most": "5"}
SEEN = TYPED | {"seen": "10% 2-5 noi"}


@pytest.fixture
def campaign():
    return open_campaign()


@pytest.fixture
def commune():
    return make_commune()


@pytest.fixture
def officer(commune):
    return make_officer(commune)


@pytest.fixture
def province_officer(commune):
    return make_officer(commune.parent, "Đỗ Văn Tỉnh")


def confirmed(board, campaign, people=1, total=80, by=None):
    by = by or make_confirmer(board)
    points = {"own_total": Decimal(total), "confirmed_total": Decimal(total), "confirmed_by": by}
    records, noon = [], (clock.now() - datetime.timedelta(days=1)).replace(hour=5)  # UTC
    for _ in range(people):
        record = make_record(make_citizen(board=board), campaign, State.REGISTERED)
        fields = points | {"state": State.CONFIRMED, "outcome": Outcome.ACHIEVED, "confirmed_at": noon}
        fields |= {"submitted_at": clock.now(), "receipt_number": f"bn-{record.pk}"}
        type(record).objects.filter(pk=record.pk).update(**fields)
        record.refresh_from_db()
        records.append(record)
    return records


def read(commune, campaign):
    reading = flags.reading_of(commune.parent, campaign)
    flags.start(reading)
    flags.work(reading.pk)
    return reading


def drawn(organization, campaign, by):
    draw = draws.announce(organization, campaign, by=by, strata=["noi"], share=Decimal(10), least=2, most=5)
    draws.work(draw.pk)
    draws.start(Draw.objects.get(pk=draw.pk), by=by)
    draws.work(draw.pk)
    return Draw.objects.get(pk=draw.pk)


# --- Flags ----------------------------------------------------------------------------------------


@pytest.mark.feature("C8")
def test_an_officer_sees_a_flag_opens_its_records_and_notes_what_came_of_it(
    client, campaign, commune, officer
):
    records = confirmed(make_village(commune=commune), campaign, 20)
    confirmed(make_village("Tây", commune), campaign, 5)
    read(commune, campaign)
    client.force_login(officer)

    listed = words_of(client.get(reverse("watching:flags")))
    flag = Flag.objects.get(rule=Rule.SAME_TOTAL)
    address = reverse("watching:flag", args=[flag.pk])
    page = client.get(address)
    empty = client.post(address, {"note": ""})
    client.post(address, {"note": "Đã gọi trưởng ban."})
    client.post(address, {"note": "Bấm lần nữa."})

    assert "20 trên 20 người (100%) được xác nhận cùng một tổng điểm: 80." in listed
    assert {record.pk for record in page.context["page"]} == {record.pk for record in records}
    assert "Ghi đã làm gì để xem xét." in words_of(empty)
    flag.refresh_from_db()
    assert (flag.note, flag.reviewed_by) == ("Đã gọi trưởng ban.", officer)
    assert Event.objects.filter(verb="review_flag").count() == 1
    look = Look.objects.filter(sight=Sight.LIST).first()
    assert look.listed.count() == 20
    open_ones = client.get(reverse("watching:flags"))
    everything = client.get(reverse("watching:flags"), {"xem": "tat-ca"})
    assert "Không có dấu hiệu nào cần xem." in words_of(open_ones)
    assert "cùng một tổng điểm" in words_of(everything)


@pytest.mark.feature("C8")
def test_flags_are_narrowed_by_rule_and_every_rule_is_printed(client, campaign, commune, officer):
    member = make_confirmer(make_village(commune=commune))
    for name in ("Đông", "Tây", "Nam"):
        confirmed(make_village(name, commune), campaign, 20, by=member)
    read(commune, campaign)
    client.force_login(officer)

    chosen = client.get(reverse("watching:flags"), {"dau-hieu": Rule.MANY_BOARDS})
    odd = client.get(reverse("watching:flags"), {"dau-hieu": "gi-do", "page": "x"})

    assert [flag.rule for flag, _sentence in chosen.context["rows"]] == [Rule.MANY_BOARDS]
    assert {flag.rule for flag, _sentence in odd.context["rows"]} >= {Rule.MANY_BOARDS, Rule.SAME_TOTAL}
    for _rule, words in odd.context["rules"]:
        assert words in words_of(odd)


@pytest.mark.feature("C8")
def test_a_flag_says_when_its_records_are_others_by_now(client, campaign, commune, officer):
    records = confirmed(make_village(commune=commune), campaign, 20)
    read(commune, campaign)
    type(records[0]).objects.filter(pk=records[0].pk).update(confirmed_total=Decimal(70))
    client.force_login(officer)

    page = words_of(client.get(reverse("watching:flag", args=[Flag.objects.get(rule=Rule.SAME_TOTAL).pk])))

    assert "Lúc cổng đọc là 20 hồ sơ, nay còn 19" in page


@pytest.mark.feature("C8")
def test_how_many_records_were_opened_before_they_were_confirmed_stands_beside_the_flag(
    client, campaign, commune, officer
):
    member = make_confirmer(make_village(commune=commune))
    records = [
        record
        for name in ("Đông", "Tây", "Nam")
        for record in confirmed(make_village(name, commune), campaign, 2, by=member)
    ]
    look = {"viewer": member.pk, "sight": Sight.RECORD, "page": "x"}
    Look.objects.create(at=records[0].confirmed_at, record=records[0].pk, **look)
    Look.objects.create(at=clock.now(), record=records[1].pk, **look)
    read(commune, campaign)
    client.force_login(officer)

    page = client.get(reverse("watching:flag", args=[Flag.objects.get(rule=Rule.MANY_BOARDS).pk]))

    assert page.context["opened"] == 1


@pytest.mark.feature("C8")
def test_a_province_has_its_year_read_again_and_sees_that_it_is(client, campaign, commune, province_officer):
    confirmed(make_village(commune=commune), campaign, 20)
    client.force_login(province_officer)

    before = words_of(client.get(reverse("watching:flags")))
    client.post(reverse("watching:read_again"))
    after = words_of(client.get(reverse("watching:flags")))
    flags.start(Reading.objects.get())
    client.post(reverse("watching:read_again"))

    assert "Cổng chưa đọc lần nào." in before
    assert "1 dấu hiệu chưa ai xem xét" in after
    assert Reading.objects.get().state == ReadingState.RUNNING
    assert "Đang đọc lại" in words_of(client.get(reverse("watching:flags")))


# --- Draws ----------------------------------------------------------------------------------------


@pytest.mark.feature("C4")
def test_a_draw_is_announced_published_to_everybody_and_drawn(client, campaign, commune, officer):
    confirmed(make_village(commune=commune), campaign, 12)
    client.force_login(officer)

    wrong = client.post(reverse("watching:announce"), TYPED | {"share": "0", "most": "1"})
    foreseen = client.post(reverse("watching:announce"), TYPED)
    other = client.post(reverse("watching:announce"), SEEN | {"least": "3"})
    assert "Theo cách này sẽ rút 2 trên 12 hồ sơ đã xác nhận, chia thành 1 nhóm" in words_of(foreseen)
    assert "sẽ rút 3 trên 12 hồ sơ" in words_of(other)
    assert not Draw.objects.exists()
    client.post(reverse("watching:announce"), SEEN)
    again = client.post(reverse("watching:announce"), SEEN)
    draw = Draw.objects.get()
    client.logout()
    page = words_of(client.get(reverse("watching:draw", args=[draw.pk])))
    text = client.get(reverse("watching:draw_list", args=[draw.pk])).content
    too_early = client.get(reverse("watching:draw_sample", args=[draw.pk]))
    client.force_login(officer)
    client.post(reverse("watching:draw_start", args=[draw.pk]))
    client.post(reverse("watching:draw_start", args=[draw.pk]))
    sample = client.get(reverse("watching:draw_sample", args=[draw.pk])).content.decode()

    assert "Gõ số lớn hơn 0" in words_of(wrong)
    assert "Nhiều nhất phải bằng hoặc hơn ít nhất." in words_of(wrong)
    assert again.url == reverse("watching:draw", args=[draw.pk])
    assert draw.seed in page
    assert "Rút 2 hồ sơ" in page
    assert "Nguyễn Thị Hoa" not in page + text.decode() + sample
    assert hashlib.sha256(text).hexdigest() == draw.digest
    assert too_early.status_code == 404
    assert len(sample.splitlines()) == 3
    assert draw.records.count() == 2


@pytest.mark.feature("C4")
def test_nothing_judged_is_nothing_to_draw_from(client, campaign, officer):
    client.force_login(officer)

    empty = client.get(reverse("watching:draws"))
    answer = client.post(reverse("watching:announce"), TYPED)

    assert "Chưa có đợt hậu kiểm nào." in words_of(empty)
    assert "Chưa có hồ sơ nào đã xác nhận" in words_of(answer)
    assert not Draw.objects.exists()


@pytest.mark.feature("C4")
def test_a_checker_goes_from_record_to_record_and_a_finding_needs_kind_and_reason(
    client, campaign, commune, officer
):
    confirmed(make_village(commune=commune), campaign, 2)
    draw = drawn(commune, campaign, officer)
    one, other = draw.records.order_by("assessment")
    addresses = [reverse("watching:draw_check", args=[draw.pk, row.pk]) for row in (one, other)]
    client.force_login(officer)

    bare = client.post(addresses[0], {"verdict": "finding", "reason": "Không có giấy."})
    after_one = client.post(
        addresses[0], {"verdict": "finding", "kind": "no_evidence", "reason": "Không có giấy."}
    )
    stale = client.post(addresses[0], {"verdict": "agrees", "checked_at": ""}, follow=True)
    after_both = client.post(addresses[1], {"verdict": "agrees"})

    assert "Chọn loại phát hiện." in words_of(bare)
    assert "Không có giấy." in bare.content.decode()
    assert after_one.url == addresses[1]
    assert "Người khác vừa ghi hồ sơ này." in words_of(stale)
    assert after_both.url == reverse("watching:draw_records", args=[draw.pk])
    one.refresh_from_db()
    assert (one.verdict, one.kind) == ("finding", "no_evidence")
    listed = words_of(client.get(after_both.url))
    assert "Thiếu minh chứng: Không có giấy." in listed
    assert Look.objects.filter(sight=Sight.RECORD, page="watching:draw_check").exists()


@pytest.mark.feature("C4")
def test_who_confirmed_a_record_reads_that_another_checks_it(client, campaign, commune, officer):
    appoint(officer, village := make_village(commune=commune))
    confirmed(village, campaign, 1, by=officer)
    draw = drawn(commune, campaign, officer)
    address = reverse("watching:draw_check", args=[draw.pk, draw.records.get().pk])
    client.force_login(officer)

    assert "chính mình đã xác nhận" in words_of(client.get(address))
    assert client.post(address, {"verdict": "agrees"}).status_code == 403


@pytest.mark.feature("C4")
def test_findings_stand_by_unit_few_are_said_to_be_few_and_go_into_a_workbook(
    client, campaign, commune, officer
):
    confirmed(make_village("Đông", commune), campaign, 2)
    confirmed(make_village("Tây", commune), campaign, 2)
    draw = drawn(commune, campaign, officer)
    rows = list(draw.records.select_related("assessment__board").order_by("pk"))
    for row in rows[:3]:
        draws.check(row, by=officer, verdict="agrees")
    before = words_of(client_page := _login(client, officer).get(_findings(draw)))
    draws.check(rows[3], by=officer, verdict="finding", kind="points", reason="Sai.")
    page = client.get(_findings(draw))
    answer = client.post(reverse("watching:draw_findings_export", args=[draw.pk]))

    assert client_page.status_code == 200
    assert "Kiểm tra hết mẫu thì cổng ước tính được" in before
    first, second = page.context["page"]
    assert (first.name, first.found, first.checked, first.share) == (
        rows[3].assessment.board.full_name,
        1,
        2,
        "50,0%",
    )
    assert (second.found, second.share) == (0, "0,0%")
    told = words_of(page)
    assert "ít hồ sơ, chưa nói được gì" in told
    assert "khoảng 25,0% của cả 4 hồ sơ" in told
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (line,) = [row for row in cells if first.name in row]
    assert line[2:5] == [2, 2, 1]
    job = ExportJob.objects.get()
    assert (job.state, job.rows, job.query) == (JobState.DONE, 2, {"mau": draw.pk})
    assert Event.objects.get(verb="export").object_id == job.pk


def _login(client, user):
    client.force_login(user)
    return client


def _findings(draw):
    return reverse("watching:draw_findings", args=[draw.pk])


@pytest.mark.feature("C4")
def test_the_centre_and_the_province_have_pages_too_and_see_the_draws_below(
    client, campaign, commune, officer, province_officer
):
    confirmed(make_village(commune=commune), campaign, 3)
    below = drawn(commune, campaign, officer)
    centre_officer = make_officer(commune.parent.parent)
    for user, organization in ((province_officer, commune.parent), (centre_officer, commune.parent.parent)):
        client.force_login(user)
        client.post(reverse("watching:announce"), SEEN)
        own = Draw.objects.get(organization=organization)
        client.post(reverse("watching:draw_start", args=[own.pk]))
        own.refresh_from_db()
        assert (own.state, own.records.count()) == (DrawState.DRAWN, 2)
        page = client.get(_findings(own))
        (unit,) = page.context["page"]
        assert (
            unit.name
            == {"province": commune.full_name, "centre": commune.parent.full_name}[organization.kind]
        )
        listed = client.get(reverse("watching:draws"))
        assert below.pk in {draw.pk for draw in listed.context["page"]}
        assert client.get(reverse("watching:flags")).status_code == 200
        summary = client.get(reverse("reports:summary")).content.decode()
        assert reverse("watching:flags") in summary
        assert reverse("watching:draws") in summary
