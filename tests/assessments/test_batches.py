"""A whole list confirmed at once: some looked at by chance, each record as it was read, and back."""

import functools
import os
import re
import signal

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.models import Message
from assessments import batches, lanes, tally, tasks, workflow
from assessments.models import (
    Assessment,
    Batch,
    BatchRow,
    BatchState,
    RowState,
    Score,
    State,
    Step,
    WindowStep,
)
from audit import events
from audit.models import Event
from tests.assessments.masses import Mass, check_counters, with_evidence
from tests.at_once import Ended, at_once
from tests.factories import (
    make_confirmed_assessment,
    make_confirmer,
    make_household,
    make_returned_assessment,
    make_submitted_assessment,
    make_village,
    moment,
    open_campaign,
)
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B2", "B3")]


@pytest.fixture
def scene():
    """A board of two with eight records that are ready."""
    campaign, board = open_campaign(), make_village()
    records = [make_submitted_assessment(board=board, campaign=campaign) for _ in range(8)]
    return campaign, board, make_confirmer(board), with_evidence(records)


def looked_at(batch):
    while rows := batches.to_look_at(batch):
        batches.look(batch, [row.pk for row in rows], [])
    batch.refresh_from_db()
    return batch


def begun(scene):
    campaign, board, member, _records = scene
    return looked_at(batches.begin(board, campaign, by=member))


def rows_of(batch):
    return dict(batch.rows.values_list("assessment", "state"))


def everything(record):
    """The record and its scores, but for what every step moves on."""
    fields = dict(Assessment.objects.values().get(pk=record.pk).items())
    scores = list(Score.objects.filter(assessment=record).order_by("pk").values())
    return {**fields, "version": None, "saved_at": None}, scores


# --- Confirming ------------------------------------------------------------------------------------


def test_what_a_batch_leaves_is_what_confirming_one_by_one_leaves(scene):
    campaign, _board, member, records = scene
    by_hand, *of_batch = records
    workflow.confirm(by_hand, by=member)
    batch = begun(scene)

    assert batches.start(batch)
    batches.work(batch.pk)

    def left(record):
        fields, scores = everything(record)
        own = {"id", "citizen_id", "registered_at", "submitted_at", "confirmed_at", "receipt_number"}
        last = record.steps.first()
        told = Message.objects.filter(link=record.get_absolute_url()).order_by("-pk").first()
        event = Event.objects.filter(verb="step", object_id=record.pk).order_by("-pk").first()
        return (
            {name: value for name, value in fields.items() if name not in own},
            [(score["own_points"], score["confirmed_points"], score["changed_by_id"]) for score in scores],
            (last.state, last.outcome, last.by_id, last.reason),
            (told.subject, told.body),
            (event.old, event.new, event.actor, event.stream),
        )

    assert {repr(left(record)) for record in of_batch} == {repr(left(by_hand))}
    assert set(rows_of(batch).values()) == {RowState.CONFIRMED}
    check_counters(campaign)
    assert list(events.faults()) == []


def test_exactly_those_that_changed_since_are_skipped_and_say_why(scene):
    _campaign, _board, member, records = scene
    batch = begun(scene)
    other = make_confirmer(records[0].board)
    workflow.confirm(records[0], by=other)
    workflow.send_back(records[1], by=other, reason="Bổ sung.")
    workflow.withdraw(records[2], by=records[2].citizen.user)
    workflow.submit(records[2], by=records[2].citizen.user)

    batches.start(batch)
    batches.work(batch.pk)

    skipped = dict(batch.rows.filter(state=RowState.SKIPPED).values_list("assessment", "reason"))
    assert set(skipped) == {record.pk for record in records[:3]}
    assert "đã xác nhận" in skipped[records[0].pk]
    assert "sau khi bạn mở trang này" in skipped[records[2].pk]
    confirmed = Assessment.objects.filter(state=State.CONFIRMED, confirmed_by=member)
    assert set(confirmed) == set(records[3:])
    assert Event.objects.filter(verb="confirm_many").get().new == "8"


@pytest.mark.feature("B6")
def test_nobody_confirms_the_own_record_or_that_of_the_household(client, scene):
    campaign, board, _member, records = scene
    household = make_household(board)
    own = with_evidence([make_submitted_assessment(board=board, campaign=campaign)])[0]
    relative = with_evidence([make_submitted_assessment(board=board, campaign=campaign)])[0]
    type(own.citizen).objects.filter(pk__in=[own.citizen.pk, relative.citizen.pk]).update(household=household)
    own.citizen.user.appointments.create(organization=board, role="board_member", valid_from="2024-01-01")

    batch = batches.begin(board, campaign, by=own.citizen.user)

    assert set(rows_of(batch)) == {record.pk for record in records}
    read = {own.pk: workflow.Read(own.version, "achieved"), relative.pk: workflow.Read(1, "achieved")}
    assert set(workflow.confirm_as_read(read, by=own.citizen.user)) == {own.pk, relative.pk}
    assert workflow.confirm_as_read({records[0].pk: workflow.Read(1, "achieved")}, by=records[0].citizen.user)

    client.force_login(own.citizen.user)
    page = words_of(client.get(reverse("assessments:batch", args=[batch.pk])))
    assert "2 người đang chờ là bạn hoặc người cùng hộ với bạn" in page


def test_after_the_window_nothing_is_confirmed(scene):
    campaign, _board, _member, _records = scene
    batch = begun(scene)
    closes = campaign.windows.get(step=WindowStep.CONFIRMATION).closes_at

    with time_machine.travel(closes, tick=False):
        with pytest.raises(workflow.Refused, match="Chưa xác nhận ai"):
            batches.start(batch)
        Batch.objects.update(state=BatchState.RUNNING)
        batches.work(batch.pk)

    assert set(rows_of(batch).values()) == {RowState.SKIPPED}
    assert all("Đã hết hạn xác nhận" in row.reason for row in batch.rows.all())
    assert {record.state for record in Assessment.objects.all()} == {State.SUBMITTED}


def test_one_who_left_the_board_meanwhile_confirms_nobody(scene):
    _campaign, _board, member, _records = scene
    batch = begun(scene)
    batches.start(batch)
    member.appointments.all().delete()

    batches.work(batch.pk)

    assert set(batch.rows.values_list("state", "reason")) == {
        (RowState.SKIPPED, "Bạn không xác nhận hồ sơ này.")
    }


# --- What is looked at ------------------------------------------------------------------------------


@pytest.mark.feature("B4")
@pytest.mark.parametrize(
    ("ready", "size"), [(0, 0), (1, 1), (3, 3), (4, 3), (60, 3), (61, 4), (400, 20), (2000, 20)]
)
def test_a_twentieth_is_looked_at_at_least_three_at_most_twenty(ready, size):
    assert batches.sample_size(ready) == size
    assert len(batches.drawn(7, list(range(ready)))) == size


def test_who_knows_the_seed_draws_the_same(scene):
    batch = begun(scene)
    keys = list(batch.rows.values_list("assessment", flat=True))

    assert batches.drawn(batch.seed, keys) == set(
        batch.rows.filter(is_drawn=True).values_list("assessment", flat=True)
    )


@pytest.mark.feature("B4")
def test_it_cannot_begin_before_all_that_were_drawn_were_looked_at(scene):
    campaign, board, member, _records = scene
    batch = batches.begin(board, campaign, by=member)
    rows = batches.to_look_at(batch)

    batches.look(batch, [rows[0].pk], [rows[1].pk])

    assert not batches.start(batch)
    assert [row.pk for row in batches.to_look_at(batch)] == [rows[2].pk]
    batches.look(batch, [rows[2].pk], [])
    assert batches.start(batch)
    batches.work(batch.pk)
    assert batch.rows.get(state=RowState.TO_LOOK).pk == rows[1].pk
    assert batch.rows.filter(state=RowState.CONFIRMED).count() == 7


def test_only_what_was_drawn_is_ticked_off(scene):
    campaign, board, member, _records = scene
    batch = batches.begin(board, campaign, by=member)
    others = list(batch.rows.filter(is_drawn=False).values_list("pk", flat=True))

    batches.look(batch, others, others)

    assert not batch.rows.exclude(looked_at=None).exists()
    assert not batch.rows.filter(state=RowState.TO_LOOK).exists()


@pytest.mark.feature("B4")
def test_what_is_unusual_is_to_be_opened_by_itself(scene):
    campaign, board, member, records = scene
    with time_machine.travel(moment(campaign.year - 1, 11, 5), tick=False):
        last_year = make_confirmed_assessment(6, board=board, by=member)
    Assessment.objects.filter(pk=records[0].pk).update(citizen=last_year.citizen)
    returned = make_returned_assessment(board=board, campaign=campaign, by=member)
    workflow.submit(returned, by=returned.citizen.user)
    poor = with_evidence([make_submitted_assessment(2, board=board, campaign=campaign)])[0]
    Assessment.objects.filter(pk=records[1].pk).update(own_total=79)

    batch = batches.begin(board, campaign, by=member)

    told = dict(batch.rows.filter(state=RowState.TO_LOOK).values_list("assessment", "reason"))
    assert told == {
        records[0].pk: "Năm trước 60 điểm, năm nay tự chấm 80 điểm.",
        records[1].pk: "Tổng điểm không khớp với điểm từng chỉ số.",
        returned.pk: "Chưa có minh chứng nào. Đã bị trả lại hoặc mở lại một lần.",
        poor.pk: "Điểm tự chấm chưa đủ để đạt. Mức giữa của ban 80 điểm, người này tự chấm 20 điểm.",
    }
    assert len(lanes.rules()) == 9


# --- Back ---------------------------------------------------------------------------------------------


@pytest.mark.feature("B8")
def test_an_undone_batch_leaves_every_record_as_it_was(scene):
    campaign, _board, member, records = scene
    before = [everything(record) for record in records]
    batch = begun(scene)
    batches.start(batch)
    batches.work(batch.pk)
    batch.refresh_from_db()
    last = Assessment.objects.get(pk=records[-1].pk)
    code = last.criteria_set.indicators[0].code
    workflow.contest(last, {code: "Xem lại."}, by=last.citizen.user)

    assert batches.start_undo(batch)
    assert not batches.start_undo(batch)
    batches.work(batch.pk)

    assert [everything(record) for record in records[:-1]] == before[:-1]
    kept = batch.rows.get(state=RowState.KEPT)
    assert (kept.assessment_id, "đề nghị xem lại" in kept.reason) == (last.pk, True)
    assert Batch.objects.get().state == BatchState.UNDONE
    assert Event.objects.get(verb="undo_many").new == "8"
    check_counters(campaign)
    assert list(events.faults()) == []
    assert member.batches.count() == 1


# --- Faults and races ---------------------------------------------------------------------------------


def mass_of(count):
    mass = Mass(1, count)
    [member], [board] = mass.members, {home[1] for home in mass.homes}
    return mass, member, board


def ready_batch(mass, member, board):
    """A batch of all records of one more year, as if they had been ready and looked at."""
    campaign, _records = mass.year()
    batch = batches.begin(board, campaign, by=member)
    batch.rows.update(state=RowState.WAITING, reason="", outcome="achieved", is_drawn=False)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.READY)
    batch.refresh_from_db()
    return campaign, batch


def work_until_killed(pk, at_write):
    left = at_write

    def count(execute, sql, *args):
        nonlocal left
        if sql.startswith(("INSERT", "UPDATE")):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *args)

    batches.CHUNK = 4
    with connection.execute_wrapper(count):
        batches.work(pk)
    return at_write - left


def settled_once(campaign, batch):
    records = Assessment.objects.filter(campaign=campaign)
    assert set(records.values_list("state", flat=True)) == {State.CONFIRMED}
    assert Step.objects.filter(assessment__in=records, state=State.CONFIRMED).count() == records.count()
    verbs = Event.objects.filter(verb="step", object_id__in=records.values("pk"), new=State.CONFIRMED)
    assert verbs.count() == records.count()
    assert set(batch.rows.values_list("state", flat=True)) == {RowState.CONFIRMED}
    check_counters(campaign)


def test_a_worker_killed_anywhere_leaves_none_out_and_none_twice(shared_database):
    mass, member, board = mass_of(12)
    campaign, batch = ready_batch(mass, member, board)
    batches.start(batch)
    [writes] = at_once(functools.partial(work_until_killed, batch.pk, 10**9))
    assert writes > 20
    for row in (3, writes // 2, writes - 2):
        campaign, batch = ready_batch(mass, member, board)
        batches.start(batch)

        assert at_once(functools.partial(work_until_killed, batch.pk, row)) == [Ended("signal 9")]
        Batch.objects.update(heartbeat_at=None)
        tasks.take_up_batches()

        settled_once(campaign, batch)
    assert list(events.faults()) == []


def test_eight_members_at_once_confirm_each_record_once(shared_database):
    mass, member, board = mass_of(16)
    campaign, batch = ready_batch(mass, member, board)
    members = [member, *(make_confirmer(board) for _ in range(7))]
    made = [batch]
    for each in members[1:]:
        other = Batch.objects.create(board=board, campaign=campaign, by=each, seed=1, state=BatchState.READY)
        BatchRow.objects.bulk_create(
            BatchRow(batch=other, assessment_id=row.assessment_id, version=row.version, outcome=row.outcome)
            for row in batch.rows.all()
        )
        made.append(other)
    for each in made:
        batches.start(each)

    told = at_once(*[functools.partial(work_in_small_chunks, each.pk) for each in made])

    assert [each for each in told if each is not None] == []
    Batch.objects.filter(state=BatchState.RUNNING).update(heartbeat_at=None)
    tasks.take_up_batches()
    records = Assessment.objects.filter(campaign=campaign)
    assert set(records.values_list("state", flat=True)) == {State.CONFIRMED}
    assert Step.objects.filter(assessment__in=records, state=State.CONFIRMED).count() == 16
    rows = BatchRow.objects.filter(batch__in=made)
    assert rows.filter(state=RowState.CONFIRMED).count() == 16
    assert rows.filter(state=RowState.SKIPPED).exclude(reason="").count() == 7 * 16
    check_counters(campaign)
    assert list(events.faults()) == []


def work_in_small_chunks(pk):
    batches.CHUNK = 3
    try:
        batches.work(pk)
    except workflow.Refused:
        return  # the portal was busy: the sweep takes it up


# --- The pages ----------------------------------------------------------------------------------------


def test_a_member_confirms_the_whole_list_in_few_pages_and_takes_it_back(client, scene):
    campaign, board, member, _records = scene
    client.force_login(member)
    loads = 0

    def post(address, **data):
        nonlocal loads
        loads += 1
        return client.post(address, data, follow=True)

    page = client.get(reverse("assessments:board_queue"))
    assert "Xác nhận cả danh sách" in words_of(page)
    page = post(reverse("assessments:batch_begin"), board=board.code, year=campaign.year)
    address = page.request["PATH_INFO"]
    assert "8 người sẵn sàng. Trước khi xác nhận chung, xem 3 hồ sơ" in words_of(page)
    rows = re.findall(r'name="row" value="(\d+)"', page.content.decode())
    page = post(address, act="look", row=rows)
    assert "8 người sẽ được xác nhận là Đạt." in words_of(page)
    page = post(address, act="confirm")
    assert "Đã xác nhận 8 người" in words_of(page)
    assert "Đã xác nhận 8 người" in words_of(post(address, act="confirm"))
    assert loads <= 12
    assert Assessment.objects.filter(state=State.CONFIRMED).count() == 8
    page = post(address, act="undo")
    assert "Đã hủy xác nhận 8 người" in words_of(page)
    assert {record.state for record in Assessment.objects.all()} == {State.SUBMITTED}


def test_a_batch_is_seen_by_who_made_it_alone(client, scene):
    batch = begun(scene)
    client.force_login(make_confirmer(scene[1]))

    address = reverse("assessments:batch", args=[batch.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"act": "confirm"}).status_code == 404


def test_nobody_begins_for_another_board(client, scene):
    campaign, board, *_others = scene
    client.force_login(make_confirmer(make_village()))

    answer = client.post(reverse("assessments:batch_begin"), {"board": board.code, "year": campaign.year})

    assert answer.status_code == 404
    assert not Batch.objects.exists()


def test_a_list_on_which_nobody_is_ready_says_so(client):
    record = make_submitted_assessment()
    client.force_login(make_confirmer(record.board))

    page = client.post(
        reverse("assessments:batch_begin"),
        {"board": record.board.code, "year": record.campaign.year},
        follow=True,
    )

    assert "cả 1 hồ sơ đều cần xem riêng" in words_of(page)
    assert "Chưa có minh chứng nào." in words_of(page)


def test_a_list_where_nobody_waits_says_so(client):
    record = make_confirmed_assessment()
    client.force_login(make_confirmer(record.board))
    data = {"board": record.board.code, "year": record.campaign.year}

    page = client.post(reverse("assessments:batch_begin"), data, follow=True)

    assert "Không có ai đang chờ mà bạn xác nhận được." in words_of(page)
    assert client.post(reverse("assessments:batch_begin"), {"board": "x"}, follow=True).status_code == 200


def test_a_long_batch_is_left_to_the_worker(client, scene, monkeypatch):
    batch = begun(scene)
    monkeypatch.setattr(batches, "CHUNK", 3)
    sent = []
    monkeypatch.setattr(tasks.work_on_batch, "delay", sent.append)
    client.force_login(scene[2])
    address = reverse("assessments:batch", args=[batch.pk])

    page = client.post(address, {"act": "confirm"}, follow=True)

    assert sent == [batch.pk]
    assert "Đang xác nhận. Bạn có thể đóng trang này" in words_of(page)
    tasks.work_on_batch(batch.pk)
    assert "Đã xác nhận 8 người" in words_of(client.get(address))


def test_the_cost_of_a_batch_does_not_grow_with_its_records(scene, django_assert_max_num_queries):
    batch = begun(scene)
    batches.start(batch)

    with django_assert_max_num_queries(45):
        batches.work(batch.pk)

    assert tally.of(Assessment.objects.filter(state=State.CONFIRMED)).total() == 8
