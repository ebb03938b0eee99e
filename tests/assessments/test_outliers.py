"""What looks unusual in a province: the rules, the records behind each flag, what officers write."""

import datetime
import itertools
from collections import Counter
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import batches, flags, lanes, outliers, queue, tally, tasks
from assessments.models import (
    Assessment,
    Batch,
    BatchRow,
    BatchState,
    Contest,
    Draw,
    DrawnRecord,
    DrawStratum,
    Evidence,
    Flag,
    Outcome,
    ReadingState,
    RowState,
    Rule,
    StandIn,
    State,
    Verdict,
)
from assessments.outliers import Share
from assessments.workflow import Refused
from audit import clock, events
from audit.models import Event, Look, Sight
from tests.factories import (
    make_campaign,
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_submitted_assessment,
    make_village,
    moment,
    open_campaign,
)
from tests.reports.records import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C8")]
NOON = moment(2026, 12, 20, 12)
YEAR_AGO = moment(2025, 12, 20, 12)


@pytest.fixture
def campaign():
    return make_campaign(2026)


@pytest.fixture
def commune():
    return make_commune()


def confirm(board, campaign, people, *, by=None, at=NOON, apart=60, given="80", own=None, achieved=True):
    """Records of a board confirmed one after the other, so many seconds apart."""
    by = by or make_confirmer(board)
    records = []
    for place in range(people):
        when = at + datetime.timedelta(seconds=apart * place)
        outcome = Outcome.ACHIEVED if achieved else Outcome.NOT_ACHIEVED
        totals = {"own_total": Decimal(own or given), "confirmed_total": Decimal(given)}
        record = make_record(make_citizen(board=board), campaign, State.REGISTERED, **totals)
        record.state, record.outcome = State.CONFIRMED, outcome
        record.confirmed_at, record.confirmed_by = when, by
        record.submitted_at, record.receipt_number = when, f"bn-{record.pk}"
        records.append(record)
    fields = ["state", "outcome", "confirmed_at", "confirmed_by", "submitted_at", "receipt_number"]
    Assessment.objects.bulk_update(records, fields)
    tally.change(tally.NOTHING, tally.of(records))
    return records


def read(province, campaign):
    reading = flags.reading_of(province, campaign)
    assert flags.start(reading)
    flags.work(reading.pk)
    reading.refresh_from_db()
    return reading


def flags_of(province, campaign, rule):
    return list(read(province, campaign).flags.filter(rule=rule))


def behind(flag):
    return set(outliers.records_behind(flag).values_list("pk", flat=True))


# --- The rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_bursts_are_the_times_in_which_so_many_fall_within_so_few_minutes(seed):
    chance = Random(seed)
    seconds = sorted(chance.choices(range(6000), k=chance.choice([50, 150, 400])))
    moments = [NOON + datetime.timedelta(seconds=each) for each in seconds]

    found = outliers.bursts(sorted(Counter(moments).items()))

    inside = set()
    for first in moments:
        window = [each for each in moments if first <= each <= first + outliers.AT_ONCE]
        if len(window) >= outliers.MANY_AT_ONCE:
            inside.update(window)
    assert {each for each in moments if any(one.begins_at <= each <= one.until for one in found)} == inside
    assert sum(one.people for one in found) == sum(each in inside for each in moments)
    assert all(one.until < other.begins_at for one, other in itertools.pairwise(found))


def test_many_confirmed_as_they_scored_themselves_in_few_minutes_are_told_with_exactly_these(
    commune, campaign
):
    board, other = make_village(commune=commune), make_village("Đông", commune)
    member = make_confirmer(board)
    fast = confirm(board, campaign, 64, by=member, apart=9)
    confirm(board, campaign, 5, by=member, at=NOON + datetime.timedelta(hours=3), apart=600)
    confirm(board, campaign, 3, by=make_confirmer(board), apart=9)
    confirm(other, campaign, 59, apart=9)

    (flag,) = flags_of(commune.parent, campaign, Rule.FAST)

    assert behind(flag) == {record.pk for record in fast}
    assert (flag.organization, flag.by, flag.people) == (board, member, 64)
    assert outliers.sentence(flag) == (
        "64 người được xác nhận đúng bằng điểm tự chấm trong 10 phút, từ 12:00, 20/12/2026. "
        "Không dùng cách xác nhận cả danh sách."
    )


def test_points_that_were_changed_are_no_haste(commune, campaign):
    confirm(make_village(commune=commune), campaign, 64, apart=1, own="79", given="80")

    assert flags_of(commune.parent, campaign, Rule.FAST) == []


def test_a_whole_list_that_was_looked_at_first_is_told_so(commune, campaign):
    board = make_village(commune=commune)
    member = make_confirmer(board)
    records = confirm(board, campaign, 60, by=member, apart=0)
    batch = Batch.objects.create(board=board, campaign=campaign, by=member, seed=1, state=BatchState.DONE)
    BatchRow.objects.bulk_create(
        BatchRow(
            batch=batch,
            assessment=record,
            version=1,
            outcome=Outcome.ACHIEVED,
            state=RowState.CONFIRMED,
            looked_at=NOON if place < 3 else None,
        )
        for place, record in enumerate(records)
    )

    (flag,) = flags_of(commune.parent, campaign, Rule.FAST)

    assert outliers.sentence(flag).endswith(
        "Trong đó 60 người xác nhận cả danh sách, ban đã xem trước 3 hồ sơ."
    )


@pytest.mark.parametrize(("alike", "others", "told"), [(18, 2, True), (17, 3, False), (18, 1, False)])
def test_one_total_for_nearly_everybody_is_told(commune, campaign, alike, others, told):
    board = make_village(commune=commune)
    same = confirm(board, campaign, alike, given="82.5")
    for place in range(others):
        confirm(board, campaign, 1, given=str(60 + place))

    found = flags_of(commune.parent, campaign, Rule.SAME_TOTAL)

    assert [outliers.sentence(flag) for flag in found] == told * [
        "18 trên 20 người (90,0%) được xác nhận cùng một tổng điểm: 82,5."
    ]
    assert [behind(flag) for flag in found] == told * [{record.pk for record in same}]


def test_a_share_far_from_the_siblings_or_from_last_year_is_told(commune, campaign):
    board, sibling, far_away = (make_village(name, commune) for name in ("Đông", "Tây", "Nam"))
    alone = make_village("Bắc", make_commune("Đức Thọ", province=commune.parent))
    last_year = make_campaign(2025)
    confirm(board, campaign, 20, apart=1000)
    confirm(sibling, campaign, 10, apart=1000)
    confirm(far_away, campaign, 10, apart=1000, achieved=False)
    confirm(alone, campaign, 20, apart=1000)
    confirm(alone, last_year, 14, at=YEAR_AGO, apart=1000)
    confirm(alone, last_year, 6, at=YEAR_AGO, apart=1000, achieved=False)

    (siblings,) = flags_of(commune.parent, campaign, Rule.SIBLINGS)
    (before,) = flags_of(commune.parent, campaign, Rule.LAST_YEAR)

    assert (siblings.organization, before.organization) == (board, alone)
    assert outliers.sentence(siblings) == (
        "100% đạt (20 trên 20 người); các ban khác cùng xã 50,0% đạt (10 trên 20 người)."
    )
    assert outliers.sentence(before) == (
        "100% đạt (20 trên 20 người); năm trước 70,0% đạt (14 trên 20 người)."
    )
    assert len(behind(siblings)) == 20


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        (Share(20, 20), Share(14, 20), True),
        (Share(20, 20), Share(15, 20), False),
        (Share(19, 19), Share(0, 20), False),
        (Share(20, 20), Share(0, 19), False),
    ],
)
def test_shares_are_compared_only_where_there_are_people_enough(one, other, far):
    assert one.is_far_from(other) is other.is_far_from(one) is far


def test_who_confirms_for_many_boards_is_told_at_what_they_stand_under(commune, campaign):
    boards = [make_village(name, commune) for name in ("Đông", "Tây", "Nam")]
    member, two = make_confirmer(boards[0]), make_confirmer(boards[0])
    records = [record for board in boards for record in confirm(board, campaign, 2, by=member)]
    for board in boards[:2]:
        confirm(board, campaign, 2, by=two)

    (flag,) = flags_of(commune.parent, campaign, Rule.MANY_BOARDS)

    assert (flag.organization, flag.by) == (commune, member)
    assert outliers.sentence(flag) == "Một người xác nhận cho 3 ban: 6 hồ sơ."
    assert behind(flag) == {record.pk for record in records}


def test_who_stands_in_for_boards_is_told_to_do_so(commune, campaign):
    boards = [make_village(name, commune) for name in ("Đông", "Tây", "Nam")]
    officer = make_officer(commune)
    for board in boards:
        confirm(board, campaign, 1, by=officer)
    idle = make_village("Bắc", commune)
    for board in (boards[0], boards[0], boards[1], idle):
        StandIn.objects.create(
            board=board, association=commune, by=officer, reason="Trưởng ban ốm.", valid_to=NOON.date()
        )

    (flag,) = flags_of(commune.parent, campaign, Rule.MANY_BOARDS)

    assert outliers.sentence(flag) == (
        "Một người xác nhận cho 3 ban: 3 hồ sơ. Trong đó 2 ban là xác nhận thay, có ghi lý do."
    )


def test_the_last_hour_and_the_nights_are_told_and_none_of_them_twice(commune, campaign):
    board = make_village(commune=commune)
    late = confirm(board, campaign, 20, at=moment(2026, 12, 31, 23), apart=170)
    nights = confirm(board, campaign, 10, at=moment(2026, 12, 30, 23), apart=60)
    nights += confirm(board, campaign, 10, at=moment(2026, 12, 2, 4, 40), apart=60)
    confirm(board, campaign, 30, at=moment(2026, 12, 2, 5), apart=60)
    confirm(board, campaign, 19, at=moment(2026, 12, 31, 22, 40), apart=60)

    (last_hour,) = flags_of(commune.parent, campaign, Rule.LAST_HOUR)
    (night,) = read(commune.parent, campaign).flags.filter(rule=Rule.NIGHT)

    assert behind(last_hour) == {record.pk for record in late}
    assert behind(night) == {record.pk for record in nights}
    assert (last_hour.people, night.people) == (20, 20)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_printed_with_its_figures(rule):
    assert any(
        ch.isdigit() or "giờ cuối" in dict(outliers.rules())[rule] for ch in dict(outliers.rules())[rule]
    )


def test_as_many_questions_are_asked_of_the_database_for_one_board_as_for_ten(commune, campaign):
    asked = []
    for boards in (1, 9):
        for place in range(boards):
            confirm(make_village(f"Xóm {boards} {place}", commune), campaign, 60, apart=0)
        with CaptureQueriesContext(connection) as told:
            found = list(outliers.found(commune.parent, campaign))
        asked.append(len(told))

    assert len(found) == 20
    assert asked[0] == asked[1] <= 12


# --- Read again, and looked into ------------------------------------------------------------------


def test_a_reading_done_twice_says_the_same_and_forgets_what_was_put_right(commune, campaign):
    board = make_village(commune=commune)
    records = confirm(board, campaign, 20)
    (flag,) = flags_of(commune.parent, campaign, Rule.SAME_TOTAL)

    assert flags_of(commune.parent, campaign, Rule.SAME_TOTAL) == [flag]

    Assessment.objects.filter(pk__in=[record.pk for record in records[:3]]).update(confirmed_total=Decimal(1))
    assert flags_of(commune.parent, campaign, Rule.SAME_TOTAL) == []


def test_what_an_officer_wrote_stays_until_the_figures_are_others(commune, campaign):
    board = make_village(commune=commune)
    officer = make_officer(commune)
    confirm(board, campaign, 20)
    (flag,) = flags_of(commune.parent, campaign, Rule.SAME_TOTAL)

    flags.review(flag, by=officer, note="Đã gọi trưởng ban, cả thôn học chung một lớp.")
    (kept,) = flags_of(commune.parent, campaign, Rule.SAME_TOTAL)
    confirm(board, campaign, 1)
    (changed,) = flags_of(commune.parent, campaign, Rule.SAME_TOTAL)

    assert (kept.reviewed_by, kept.note) == (officer, "Đã gọi trưởng ban, cả thôn học chung một lớp.")
    assert (changed.pk, changed.reviewed_at, changed.note) == (flag.pk, None, "")
    told = Event.objects.get(verb="review_flag")
    assert (told.stream, told.actor, told.object_id) == (board.pk, officer.pk, flag.pk)
    assert events.private_of(told) == {"note": "Đã gọi trưởng ban, cả thôn học chung một lớp."}


def test_only_an_officer_above_looks_into_a_flag_and_of_two_one_does(commune, campaign):
    board = make_village(commune=commune)
    officer, member = make_officer(commune), make_confirmer(board)
    both = make_officer(commune)
    both.appointments.create(organization=board, role="board_member", valid_from=datetime.date(2024, 1, 1))
    confirm(board, campaign, 20, by=member)
    (flag,) = flags_of(commune.parent, campaign, Rule.SAME_TOTAL)

    for stranger in (member, both, make_officer(make_commune("Đức Thọ"))):
        with pytest.raises(PermissionDenied):
            flags.review(flag, by=stranger, note="Ổn.")
    flags.review(flag, by=officer, note="Ổn.")
    with pytest.raises(Refused):
        flags.review(flag, by=make_officer(commune.parent), note="Chưa ổn.")

    assert Event.objects.filter(verb="review_flag").count() == 1


def test_nobody_looks_into_what_they_did_themselves(commune, campaign):
    officer = make_officer(commune)
    for name in ("Đông", "Tây", "Nam"):
        confirm(make_village(name, commune), campaign, 1, by=officer)
    (flag,) = flags_of(commune.parent, campaign, Rule.MANY_BOARDS)

    assert not flags.may_review(flag, officer)
    assert flags.may_review(flag, make_officer(commune))


def test_every_night_each_province_with_records_is_read_and_what_a_dead_worker_left_is_taken_up(
    commune, campaign, settings
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    board = make_village(commune=commune)
    confirm(board, campaign, 20)

    with time_machine.travel(NOON, tick=False):
        reading = flags.reading_of(commune.parent, campaign)
        assert flags.start(reading)
        assert not flags.start(reading)  # it is read already
    with time_machine.travel(NOON + datetime.timedelta(minutes=5), tick=False):
        tasks.take_up_watch()

    reading.refresh_from_db()
    assert (reading.state, reading.read_at) == (ReadingState.DONE, NOON + datetime.timedelta(minutes=5))
    with time_machine.travel(NOON + datetime.timedelta(days=1), tick=False):
        tasks.read_all_for_flags()
    reading.refresh_from_db()
    assert reading.read_at == NOON + datetime.timedelta(days=1)
    assert Flag.objects.filter(rule=Rule.SAME_TOTAL).count() == 1


# --- The board's own list -------------------------------------------------------------------------


def test_a_board_sees_before_the_button_what_would_look_unusual(client, monkeypatch):
    campaign, board = open_campaign(), make_village()
    member = make_confirmer(board)
    for _ in range(20):
        record = make_submitted_assessment(board=board, campaign=campaign)
        piece = Evidence.objects.create(assessment=record, kind="text", text="Giấy khen.")
        piece.indicators.add(record.criteria_set.indicators[0])
    batch = batches.begin(board, campaign, by=member)
    while rows := batches.to_look_at(batch):
        batches.look(batch, [row.pk for row in rows], [])
    batch.refresh_from_db()
    monkeypatch.setattr(outliers, "MANY_AT_ONCE", 20)
    at_noon = clock.now().replace(hour=5)  # UTC

    told = outliers.before(batch, at_noon)

    total = queue.records_of(board, campaign).first().own_total
    assert told == [
        "20 người được xác nhận đúng bằng điểm tự chấm trong ít phút, ban đã xem trước 3 hồ sơ.",
        f"20 trên 20 người của ban cùng một tổng điểm: {total:.0f}.",
    ]
    assert outliers.before(batch, at_noon.replace(hour=17))[2:] == ["20 người được xác nhận ban đêm."]
    client.force_login(member)
    assert told[1] in client.get(reverse("assessments:batch", args=[batch.pk])).content.decode()


# --- The lanes ------------------------------------------------------------------------------------


@pytest.mark.feature("B2")
def test_contested_helped_and_found_wrong_are_looked_at_one_by_one():
    campaign, board = open_campaign(), make_village()
    plain, contested, helped, wrong = (
        make_submitted_assessment(board=board, campaign=campaign) for _ in range(4)
    )
    Contest.objects.create(assessment=contested, round=1, at=clock.now())
    Look.objects.create(at=clock.now(), viewer=1, sight=Sight.EYES, page="x", subject=helped.citizen_id)
    Look.objects.create(
        at=plain.registered_at - datetime.timedelta(days=1),
        viewer=1,
        sight=Sight.EYES,
        page="x",
        subject=plain.citizen_id,
    )
    officer = make_officer(board.parent)
    draw = Draw.objects.create(
        organization=board.parent, campaign=campaign, by=officer, share=5, least=1, most=2
    )
    last_year = make_record(wrong.citizen, make_campaign(campaign.year - 1))
    DrawnRecord.objects.create(
        draw=draw,
        assessment=last_year,
        stratum=DrawStratum.objects.create(draw=draw, code="x", population=1, size=1),
        verdict=Verdict.FINDING,
        kind="points",
        reason="Không có minh chứng.",
        checked_at=clock.now(),
        checked_by=officer,
    )
    records = [plain, contested, helped, wrong]

    told = lanes.reasons(records, queue.own_results(records))

    expected = ["", "Từng đề nghị xem lại", "Cán bộ hội đã xem cùng", "Hậu kiểm một hồ sơ"]
    for record, words in zip(records, expected, strict=True):
        said = [each for each in told[record.pk] if each != "Chưa có minh chứng nào."]
        assert len(said) == bool(words)
        assert all(each.startswith(words) and each in lanes.rules() for each in said)
