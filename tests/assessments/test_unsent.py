"""Done but for the last step, and what the board's page says is left."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments import batches, queue, workflow
from assessments.models import Campaign, State
from audit import clock
from tests.assessments.masses import with_evidence
from tests.factories import (
    full_marks,
    make_assessment,
    make_citizen,
    make_confirmed_assessment,
    make_confirmer,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    open_campaign,
    reload,
)
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B1")]


@pytest.fixture
def board():
    open_campaign()
    return make_unit("THCS Thạch Khê")


@pytest.fixture
def of_board(board):
    return {"board": board, "campaign": Campaign.objects.get()}


def found(board):
    records = queue.records_of(board, Campaign.objects.get())
    return set(queue.ALL_BUT_SENT.of(records).values_list("pk", flat=True))


def test_what_the_citizen_filled_in_and_did_not_send_is_found(board, of_board):
    filled = make_scored_assessment(**of_board)
    half = make_assessment(**of_board)
    workflow.save_scores(half, dict(list(full_marks(half).items())[:3]), by=half.citizen.user)
    make_assessment(**of_board)
    make_submitted_assessment(**of_board)
    make_confirmed_assessment(**of_board)
    assert found(board) == {filled.pk}


def test_a_returned_one_is_found_once_it_was_worked_on(board, of_board):
    record = make_returned_assessment(**of_board)
    assert found(board) == set()
    workflow.save_scores(record, full_marks(record, 7), by=record.citizen.user)
    assert found(board) == {record.pk}
    workflow.submit(record, by=record.citizen.user)
    assert found(board) == set()


def test_what_the_board_went_through_and_did_not_confirm_is_found(board, of_board):
    records = with_evidence([make_submitted_assessment(**of_board) for _each in range(5)])
    campaign, by = of_board["campaign"], make_confirmer(board)
    batch = batches.begin(board, campaign, by=by)
    assert found(board) == set()
    drawn = batches.to_look_at(batch)
    batches.look(batch, [row.pk for row in drawn], [])
    waiting = set(batch.rows.filter(state="waiting").values_list("assessment", flat=True))
    assert found(board) == waiting == {record.pk for record in records}
    batch.refresh_from_db()
    batches.start(batch)
    batches.work(batch.pk)
    assert found(board) == set()


def test_what_waits_for_a_second_member_is_found_until_that_one_agrees(board, of_board):
    record = make_submitted_assessment(**of_board)
    first, second = make_confirmer(board), make_confirmer(board)
    code = record.criteria_set.indicators[0].code
    change = {code: workflow.Change(Decimal(6), "Thiếu minh chứng.")}
    workflow.confirm(record, by=first, changes=change)
    assert found(board) == {record.pk}
    workflow.confirm(reload(record), by=second, changes=change)
    assert found(board) == set()


def test_it_is_at_risk_from_the_year_s_day_on(client, board, of_board):
    make_scored_assessment(**of_board)
    client.force_login(make_confirmer(board))
    campaigns = Campaign.objects.all()
    campaigns.update(risk_from=clock.today() + datetime.timedelta(days=1))
    before = words_of(client.get(reverse("assessments:board_queue")))
    campaigns.update(risk_from=clock.today())
    after = words_of(client.get(reverse("assessments:board_queue")))
    assert "Trong đó đã chấm, chưa gửi: 1 người" in before
    assert "1 người có nguy cơ không kịp" not in before
    assert "1 người có nguy cơ không kịp" in after
    shelf = words_of(client.get(reverse("assessments:board_queue") + "?state=all_but_sent"))
    assert "Đã điền đủ, chưa bấm Gửi hồ sơ." in shelf
    assert Campaign(year=2026).risk_day == datetime.date(2026, 12, 20)
    assert Campaign(year=2026).list_day == datetime.date(2026, 10, 1)


@pytest.mark.feature("B11")
def test_what_is_left_stands_by_state_the_longest_first_with_who_has_not_registered(client, board, of_board):
    waiting = make_submitted_assessment(**of_board)
    draft = make_assessment(**of_board)
    make_citizen(board=board)
    days = datetime.timedelta(days=1)
    Campaign.objects.get().assessments.filter(pk=draft.pk).update(registered_at=clock.now() - 9 * days)
    Campaign.objects.get().assessments.filter(pk=waiting.pk).update(submitted_at=clock.now() - 3 * days)
    client.force_login(make_confirmer(board))
    page = client.get(reverse("assessments:board_queue"))
    assert [shelf.name for shelf, _people, _since in page.context["counts"].left] == ["unsent", "waiting"]
    shown = words_of(page)
    assert shown.index("Chưa gửi: 1 người") < shown.index("Chờ xác nhận: 1 người")
    assert "Chưa đăng ký: 1 người" in shown
    assert reverse("people:unregistered", args=[board.code]) in page.content.decode()
    assert waiting.state == State.SUBMITTED
