"""Paper of before the lock: typed in by one member, signed by another, until a stated day and never else."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Message
from assessments import closing, history, papers, totals, windows, workflow
from assessments.models import Assessment, Extension, Outcome, Paper, PaperScore, Score, State, WindowStep
from assessments.workflow import Change, Refused
from audit.models import Event
from criteria.models import Level
from tests.factories import (
    appoint,
    make_campaign,
    make_citizen_with_account,
    make_confirmer,
    make_household,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    moment,
    reload,
    state_of,
    state_paper_days,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E10")]

LOCKED = moment(2027, 1, 1)
CLOSES = moment(2027, 1, 16)
TICK = datetime.timedelta(microseconds=1)
DAY = datetime.date(2026, 12, 20)
DATED, TYPED, SIGNED = moment(2026, 12, 20), moment(2027, 1, 5), moment(2027, 1, 6)


@pytest.fixture
def record():
    """Sent in time; the board judged on paper and did not type it in before the lock."""
    with time_machine.travel(moment(2026, 11, 1), tick=False):
        record = make_submitted_assessment(9, campaign=make_campaign(2026))
        state_paper_days(record.campaign, LOCKED, CLOSES)
    closing.lock_confirmation(LOCKED)
    return reload(record)


@pytest.fixture(autouse=True)
def travel(record):
    with time_machine.travel(moment(2027, 1, 5, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def first(record):
    return make_confirmer(record.board, "Trần Thị Mai")


@pytest.fixture
def second(record):
    return make_confirmer(record.board, "Phạm Văn Ba")


def type_in(record, by, points=7, on=DAY):
    changes = {"I.1.1": Change(Decimal(points), "Phiếu ghi 7, thiếu giấy chứng nhận.")}
    return workflow.type_paper(reload(record), changes, dated_on=on, by=by)


def sign(record, by):
    record = reload(record)
    workflow.sign_paper(record, by=by)
    return record


def test_two_members_confirm_what_the_paper_says(record, first, second):
    type_in(record, first)
    assert state_of(record) == State.UNCONFIRMED

    sign(record, second)

    record = reload(record)
    assert (record.state, record.closed_from, record.outcome) == (State.CONFIRMED, "", Outcome.ACHIEVED)
    assert (record.confirmed_by, record.confirmed_at) == (second, moment(2027, 1, 5, 9))
    assert record.confirmed_total == record.own_total - 2
    score = Score.objects.get(assessment=record, indicator__code="I.1.1")
    assert (score.own, score.confirmed, score.changed_by) == (9, 7, first)
    assert Score.objects.filter(assessment=record, confirmed_points=None).count() == 0
    assert list(totals.check([record.campaign])) == []


def test_the_words_say_of_which_day_the_paper_is_and_who_typed_it(record, first, second):
    type_in(record, first)
    sign(record, second)

    told = {each.text: each.reason for each in history.of(reload(record))}
    assert told["Phạm Văn Ba xác nhận hồ sơ theo phiếu giấy có trước khi khóa: Đạt, 88 điểm."] == (
        "Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Phạm Văn Ba."
    )
    assert "Trần Thị Mai nhập phiếu giấy đề ngày 20/12/2026, chờ người thứ hai." in told
    notice = Message.objects.filter(citizen=record.citizen).latest("pk")
    assert notice.subject == "Ban đã xác nhận hồ sơ năm 2026 theo phiếu giấy"
    assert notice.body == (
        "Kết quả: Đạt, 88 điểm. Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Phạm Văn Ba."
    )


def test_typing_and_signing_each_leave_an_event_and_typing_tells_the_others_of_the_board(
    record, first, second
):
    paper = type_in(record, first)

    event = Event.objects.get(verb="paper")
    assert (event.actor, event.subject, event.object_id) == (first.pk, record.citizen_id, paper.pk)
    assert event.new == "20/12/2026: Đạt, 88 điểm"
    told = Message.objects.filter(key__startswith="paper:").order_by("pk")
    assert [(message.citizen, message.user) for message in told] == [(record.citizen, None), (None, second)]

    sign(record, second)
    steps = Event.objects.filter(verb="step", object_id=record.pk, actor=second.pk)
    assert [(each.old, each.new) for each in steps] == [("unconfirmed", "confirmed")]
    score = Event.objects.get(verb="score", actor=second.pk)
    assert (score.old, score.new) == ("9", "7")


def test_one_member_alone_confirms_nothing(record, first):
    type_in(record, first)

    with pytest.raises(Refused, match="Thành viên khác"):
        sign(record, first)

    assert state_of(record) == State.UNCONFIRMED


def test_without_a_paper_there_is_nothing_to_sign(record, second):
    with pytest.raises(Refused, match="không có phiếu"):
        sign(record, second)


def test_who_reads_the_sheet_otherwise_types_it_anew_and_the_first_may_sign(record, first, second):
    type_in(record, first, points=7)
    type_in(record, second, points=6)

    with pytest.raises(Refused, match="Thành viên khác"):
        sign(record, second)
    sign(record, first)

    assert Score.objects.get(assessment=record, indicator__code="I.1.1").confirmed == 6


def test_a_page_of_before_another_sheet_was_typed_signs_nothing(record, first, second):
    type_in(record, first, points=7)
    read = reload(record)
    type_in(record, first, points=6)

    with pytest.raises(workflow.Stale):
        workflow.sign_paper(read, by=second, version=read.version)


@pytest.mark.parametrize(
    ("on", "may"),
    [
        (datetime.date(2026, 9, 30), False),
        (datetime.date(2026, 10, 1), True),
        (datetime.date(2026, 12, 31), True),
        (datetime.date(2027, 1, 1), False),
    ],
)
def test_the_paper_is_dated_while_the_confirmation_ran(record, first, on, may):
    if may:
        type_in(record, first, on=on)
    else:
        with pytest.raises(Refused, match="Phiếu phải đề ngày trong thời gian xác nhận, từ ngày 01/10/2026"):
            type_in(record, first, on=on)
    assert Paper.objects.exists() is may


EDGES = [(LOCKED - TICK, False), (LOCKED, True), (CLOSES - TICK, True), (CLOSES, False)]


@pytest.mark.parametrize(("at", "may"), EDGES)
def test_it_is_typed_in_on_the_days_for_it_and_never_else(record, first, travel, at, may):
    travel.move_to(at)

    assert workflow.can_type_paper(record, first, at) is may
    if may:
        type_in(record, first)
    else:
        with pytest.raises(Refused, match="nhập phiếu giấy"):
            type_in(record, first)
    assert Paper.objects.exists() is may


@pytest.mark.parametrize(("at", "may"), EDGES[2:])
def test_it_is_signed_on_the_days_for_it_and_never_else(record, first, second, travel, at, may):
    type_in(record, first)
    travel.move_to(at)

    if may:
        sign(record, second)
    else:
        with pytest.raises(Refused, match="Đã hết hạn nhập phiếu giấy"):
            sign(record, second)

    assert (state_of(record) == State.CONFIRMED) is may
    assert (papers.waiting(reload(record)) is None) is may


def test_where_no_day_was_stated_no_paper_is_typed_in(record, first):
    record.campaign.windows.filter(step=WindowStep.PAPER).delete()

    with pytest.raises(Refused, match="Chưa đặt thời hạn nhập phiếu giấy"):
        type_in(record, first)


def test_a_province_may_have_an_earlier_last_day(record, first, travel):
    state_paper_days(record.campaign, LOCKED, moment(2027, 1, 8), province=record.province)
    travel.move_to(moment(2027, 1, 8))

    with pytest.raises(Refused, match="Đã hết hạn nhập phiếu giấy"):
        type_in(record, first)


def test_only_the_board_of_the_record_types_and_signs(record, first):
    stranger = make_confirmer(record.commune)
    with pytest.raises(PermissionDenied):
        type_in(record, stranger)

    type_in(record, first)
    with pytest.raises(PermissionDenied):
        sign(record, stranger)


def own_or_of_household(record, relation):
    household = make_household(village=record.board)
    record.citizen.household = household
    record.citizen.save()
    if relation == "own":
        tied = record.citizen.user
    else:
        tied = make_citizen_with_account("Nguyễn Văn Tư", board=record.board, household=household).user
    appoint(tied, record.board)
    return tied


@pytest.mark.parametrize("relation", ["own", "household"])
def test_never_for_the_own_record_or_that_of_the_household(record, first, relation):
    tied = own_or_of_household(record, relation)

    with pytest.raises(PermissionDenied):
        type_in(record, tied)
    with pytest.raises(IntegrityError), transaction.atomic():  # by whatever way the row is written
        put_in(record, tied)

    type_in(record, first)
    with pytest.raises(PermissionDenied):
        sign(record, tied)
    with pytest.raises(IntegrityError), transaction.atomic():
        judge_by_hand(record, tied, sign_by_hand(record, tied))


def test_what_was_never_sent_or_waits_for_the_citizen_is_no_matter_of_paper(record, first):
    with time_machine.travel(moment(2026, 11, 1), tick=False):
        draft = make_scored_assessment(campaign=record.campaign, board=record.board)
    closing.lock_confirmation(LOCKED)

    assert not workflow.can_type_paper(reload(draft), first, moment(2027, 1, 5))
    with pytest.raises(Refused, match="chưa gửi"):
        type_in(draft, first)


def test_a_record_opened_again_is_confirmed_as_any_other(record, first, second):
    type_in(record, first)
    Assessment.objects.filter(pk=record.pk).update(state=State.SUBMITTED, closed_from="")

    with pytest.raises(Refused, match="đã gửi"):
        sign(record, second)


def test_a_reason_belongs_to_every_point_that_differs(record, first):
    with pytest.raises(Refused, match=r"Ghi lý do thay đổi ở chỉ số I\.1\.1"):
        workflow.type_paper(record, {"I.1.1": Change(Decimal(7), " ")}, dated_on=DAY, by=first)


def test_more_days_for_paper_are_an_extension_like_any_other(record, first, second, travel):
    travel.move_to(moment(2027, 1, 20))
    Extension.objects.create(
        campaign=record.campaign,
        step=WindowStep.PAPER,
        level=Level.CITIZEN,
        organization=record.commune,
        opens_at=moment(2027, 1, 20),
        closes_at=moment(2027, 1, 23),
        reason="Lũ lụt.",
        decision_number="12/QĐ",
        approved_by=make_user(),
    )
    assert windows.is_open(WindowStep.PAPER, record, moment(2027, 1, 20))

    type_in(record, first)
    sign(record, second)

    assert state_of(record) == State.CONFIRMED


def test_what_was_confirmed_by_paper_is_taken_back_by_nobody(record, first, second):
    type_in(record, first)
    sign(record, second)

    with pytest.raises(Refused):
        workflow.undo(reload(record), by=second)
    closing.lock_confirmation(moment(2027, 2, 1))
    assert state_of(record) == State.CONFIRMED


# --- What the database refuses, by whatever way the row is written -------------------------------


def put_in(record, by, *, dated_at=DATED, at=TYPED, **fields):
    paper = Paper.objects.create(
        assessment=record,
        round=record.round,
        dated_at=dated_at,
        outcome=Outcome.ACHIEVED,
        total=79,
        typed_by=by,
        typed_at=at,
        **fields,
    )
    for score in Score.objects.filter(assessment=record):
        PaperScore.objects.create(paper=paper, score=score, given=Decimal(8))
    return paper


def sign_by_hand(record, by, at=SIGNED):
    Paper.objects.filter(assessment=record).update(signed_by=by, signed_at=at)
    return at


def judge_by_hand(record, by, at, total=79, outcome=Outcome.ACHIEVED):
    Assessment.objects.filter(pk=record.pk).update(
        state=State.CONFIRMED,
        closed_from="",
        outcome=outcome,
        confirmed_total=total,
        confirmed_at=at,
        confirmed_by=by,
    )


def refused(write, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*args, **kwargs)


def test_the_database_lets_through_what_two_signed_and_nothing_else(record, first, second):
    put_in(record, first)
    refused(judge_by_hand, record, first, moment(2027, 1, 5))  # not signed by anybody
    refused(sign_by_hand, record, first)  # the same member twice
    refused(sign_by_hand, record, second, moment(2027, 1, 4))  # before it was typed
    at = sign_by_hand(record, second)

    refused(judge_by_hand, record, first, at)  # by another than who signed
    refused(judge_by_hand, record, second, at + TICK)  # at another moment
    refused(judge_by_hand, record, second, at, total=100)  # with another total
    refused(judge_by_hand, record, second, at, outcome=Outcome.NOT_ACHIEVED)
    judge_by_hand(record, second, at)

    assert state_of(record) == State.CONFIRMED


@pytest.mark.parametrize(("at", "may"), EDGES)
def test_the_database_knows_the_days_for_typing(record, first, at, may):
    if may:
        put_in(record, first, at=at)
    else:
        refused(put_in, record, first, at=at)


@pytest.mark.parametrize(("at", "may"), EDGES[2:])
def test_the_database_knows_the_days_for_signing(record, first, second, at, may):
    put_in(record, first)
    sign_by_hand(record, second, at)
    if may:
        judge_by_hand(record, second, at)
    else:
        refused(judge_by_hand, record, second, at)


@pytest.mark.parametrize(
    ("dated_at", "may"),
    [
        (moment(2026, 10, 1) - TICK, False),
        (moment(2026, 10, 1), True),
        (LOCKED - TICK, True),
        (LOCKED, False),
    ],
)
def test_the_database_knows_of_which_days_paper_may_be(record, first, dated_at, may):
    if may:
        put_in(record, first, dated_at=dated_at)
    else:
        refused(put_in, record, first, dated_at=dated_at)


def test_a_paper_is_put_in_unsigned_and_never_changed(record, first, second):
    refused(put_in, record, first, signed_by=second, signed_at=moment(2027, 1, 6))
    paper = put_in(record, first)
    mine, said = Paper.objects.filter(pk=paper.pk), PaperScore.objects.filter(paper=paper)
    for change in (
        {"dated_at": moment(2026, 12, 1)},
        {"total": 90},
        {"outcome": Outcome.NOT_ACHIEVED},
        {"typed_by": second},
        {"typed_at": moment(2027, 1, 4)},
        {"round": 2},
    ):
        refused(mine.update, **change)
    refused(said.update, points=9)

    sign_by_hand(record, second)
    refused(mine.update, signed_by=make_confirmer(record.board))
    refused(mine.update, signed_by=None, signed_at=None)
    other = Score.objects.create(assessment=record, indicator_id=said[0].score.indicator_id, round=9)
    refused(PaperScore.objects.create, paper=paper, score=other, given=Decimal(1))


def test_after_the_lock_points_become_what_the_paper_says_and_nothing_else(record, first, second):
    score = Score.objects.filter(assessment=record).first()
    mine = Score.objects.filter(pk=score.pk)
    put_in(record, first)
    refused(mine.update, confirmed_points=8)  # nobody has signed
    at = sign_by_hand(record, second)
    refused(mine.update, confirmed_points=8)  # and nothing was confirmed
    judge_by_hand(record, second, at)

    refused(mine.update, confirmed_points=9)
    refused(mine.update, confirmed_points=8, reason="Khác.")
    refused(mine.update, confirmed_points=8, confirmed_passed=True)
    refused(mine.update, confirmed_points=8, review_points=1)
    mine.update(confirmed_points=8)


def test_a_paper_of_another_round_judges_nothing(record, first, second):
    put_in(record, first)
    at = sign_by_hand(record, second)
    Assessment.objects.filter(pk=record.pk).update(round=2)

    refused(judge_by_hand, record, second, at)


def test_a_paper_judges_only_what_the_closing_left(record, first, second):
    put_in(record, first)
    at = sign_by_hand(record, second)
    Assessment.objects.filter(pk=record.pk).update(state=State.SUBMITTED, closed_from="")

    refused(judge_by_hand, record, second, at)
