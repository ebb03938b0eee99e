"""Who still owes something is told before it closes: in time, once, and nobody who is done."""

from collections import Counter
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from assessments import reminders, windows, workflow
from assessments.models import Assessment, Audience, Campaign, Reminder, Window, WindowStep
from audit import clock
from criteria.models import Level
from tests.at_once import at_once
from tests.factories import (
    make_assessment,
    make_campaign,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_extension,
    make_province,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_village,
    moment,
    open_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E6")]
OCTOBER = moment(2026, 10, 20, 9)


@pytest.fixture
def year():
    """A year in which everything closes at the end of 31 December; made in October."""
    with time_machine.travel(OCTOBER):
        yield {"campaign": make_campaign(2026), "board": make_village()}


def sweep(*when):
    with time_machine.travel(moment(*when)):
        reminders.send(moment(*when))


def told():
    rows = Message.objects.filter(key__startswith="remind").order_by("pk")
    return [row.citizen.full_name if row.citizen else row.user.full_name for row in rows]


def subjects():
    rows = Message.objects.filter(key__startswith="remind").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def test_each_round_tells_once_and_a_late_beat_tells_only_the_last(year):
    make_assessment(**year)
    sweep(2026, 12, 1)
    assert told() == []
    sweep(2026, 12, 2)
    sweep(2026, 12, 2, 0, 10)
    assert subjects() == ["Hồ sơ năm 2026 chưa gửi: còn 29 ngày"]
    sweep(2026, 12, 26)  # the rounds of 14 and 7 days are past, only that of 7 is told
    sweep(2026, 12, 27)
    assert subjects()[1:] == ["Hồ sơ năm 2026 chưa gửi: còn 5 ngày"]
    sweep(2027, 1, 1)
    assert len(told()) == 2
    Campaign.objects.update(reminder_days=[4])
    sweep(2026, 12, 28, 12)
    assert len(told()) == 3


def test_only_those_who_owe_something_are_told_of_what(year):
    names = iter(["Nháp", "Đủ", "Trả", "Gửi", "Xong", "Mất"])

    def somebody():
        return {"citizen": make_citizen_with_account(next(names), board=year["board"])}

    here = {"campaign": year["campaign"]}
    by = make_confirmer(year["board"], "Cán bộ")
    make_assessment(**here, **somebody())
    make_scored_assessment(**here, **somebody())
    make_returned_assessment(**here, by=by, **somebody())
    make_submitted_assessment(**here, **somebody())
    make_confirmed_assessment(**here, by=by, **somebody())
    gone = somebody()
    make_assessment(**here, **gone)
    gone["citizen"].departed_on = OCTOBER.date()
    gone["citizen"].save()

    sweep(2026, 12, 25, 1)

    assert dict(zip(told(), subjects(), strict=True)) == {
        "Nháp": "Hồ sơ năm 2026 chưa gửi: còn 6 ngày",
        "Đủ": "Hồ sơ năm 2026 đã điền đủ mà chưa gửi: còn 6 ngày",
        "Trả": "Hồ sơ năm 2026 bị trả lại, bạn chưa gửi lại: còn 6 ngày",
        "Cán bộ": "Năm 2026: còn 1 người chờ xác nhận, còn 6 ngày",
    }


def test_no_board_that_is_done_is_reminded_and_every_member_of_one_that_is_not(year):
    done = make_village()
    make_confirmed_assessment(campaign=year["campaign"], board=done)
    make_assessment(**year)
    left = make_village()
    for name in ("Một", "Hai"):
        make_confirmer(left, name)
    make_confirmer(left, "Nghỉ", is_active=False)
    make_submitted_assessment(campaign=year["campaign"], board=left)
    make_submitted_assessment(campaign=year["campaign"], board=left)
    sweep(2026, 12, 30, 23)
    of_boards = Message.objects.filter(key__startswith="remind", user__isnull=False)
    assert sorted(of_boards.values_list("user__full_name", flat=True)) == ["Hai", "Một"]
    assert "Đang chờ ban xác nhận: 2 người" in of_boards[0].body


def test_who_sends_between_two_chunks_is_not_told(year, monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 1)
    records = [make_scored_assessment(**year) for _each in range(3)]
    telling = reminders._tell_citizens

    def sends_meanwhile(reminder, now):
        last = telling(reminder, now)
        if last == records[0].pk:
            workflow.submit(records[1], by=records[1].citizen.user)
        return last

    monkeypatch.setattr(reminders, "_tell_citizens", sends_meanwhile)
    sweep(2026, 12, 25, 1)
    told = Message.objects.filter(key__startswith="remind", citizen__isnull=False)
    assert set(told.values_list("citizen", flat=True)) == {records[0].citizen_id, records[2].citizen_id}


def test_who_is_done_after_the_people_were_looked_up_is_not_told(year, monkeypatch):
    draft, waiting = make_scored_assessment(**year), make_submitted_assessment(**year)
    make_scored_assessment(**year)
    by = make_confirmer(year["board"])
    left = reminders._left

    def done_meanwhile(reminder, now):
        if Assessment.objects.get(pk=draft.pk).is_draft:
            workflow.submit(draft, by=draft.citizen.user)
            workflow.confirm(Assessment.objects.get(pk=draft.pk), by=by)
        if reminder.audience == Audience.BOARD and not Assessment.objects.get(pk=waiting.pk).is_judged:
            workflow.confirm(waiting, by=by)
        return left(reminder, now)

    monkeypatch.setattr(reminders, "_left", done_meanwhile)
    sweep(2026, 12, 25, 1)
    [row] = Message.objects.filter(key__startswith="remind")
    assert row.citizen not in (draft.citizen, waiting.citizen, None)


def test_a_killed_round_goes_on_where_it_stopped(year, monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 2)
    records = [make_assessment(**year) for _each in range(5)]
    telling, calls = reminders._tell_citizens, []

    def dies(reminder, now):
        last = telling(reminder, now)
        calls.append(last)
        if len(calls) == 2:
            raise ConnectionError
        return last

    monkeypatch.setattr(reminders, "_tell_citizens", dies)
    with pytest.raises(ConnectionError):
        sweep(2026, 12, 25, 1)
    assert len(told()) == 2
    sweep(2026, 12, 25, 2)
    assert len(told()) == len(records)
    assert calls[1:3] == [records[3].pk, records[3].pk]
    sweep(2026, 12, 25, 3)
    assert len(told()) == len(records)


def test_an_extension_moves_the_rounds_to_its_own_end(year):
    lasting = make_assessment(**year)
    make_assessment(campaign=year["campaign"])
    for step in (WindowStep.SELF_ASSESSMENT, WindowStep.CONFIRMATION):
        make_extension(
            step,
            campaign=year["campaign"],
            organization=year["board"],
            opens_at=moment(2026, 12, 20),
            closes_at=moment(2027, 1, 11),
        )
    sweep(2026, 12, 31, 1)
    assert lasting.citizen.full_name in told()
    of_lasting = Message.objects.filter(key__startswith="remind", citizen=lasting.citizen)
    assert [row.subject for row in of_lasting] == ["Hồ sơ năm 2026 chưa gửi: còn 10 ngày"]
    assert len(told()) == 2
    sweep(2027, 1, 10, 1)
    assert of_lasting.all().count() == 2


def test_a_province_s_own_closing_comes_first(year):
    province = make_province("Nghệ An")
    record = make_assessment(campaign=year["campaign"], board=make_commune("Kim Liên", province=province))
    Window.objects.create(
        campaign=year["campaign"],
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        province=province,
        opens_at=moment(2026, 10, 1),
        closes_at=moment(2026, 12, 21),
    )
    sweep(2026, 12, 20, 1)
    [row] = Message.objects.filter(key__startswith="remind", citizen=record.citizen)
    assert "chậm nhất hết ngày 20/12/2026" in row.body
    sweep(2026, 12, 31, 1)
    assert len(told()) == 1


def test_when_a_record_ends_in_sql_is_when_its_opening_closes(year):
    records = [make_assessment(**year), make_assessment(campaign=year["campaign"])]
    make_extension(campaign=year["campaign"], organization=year["board"], closes_at=moment(2027, 1, 9))
    make_extension(assessment=records[1], closes_at=moment(2027, 2, 1))
    Window.objects.create(
        campaign=year["campaign"],
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        province=records[0].province,
        opens_at=moment(2026, 10, 1),
        closes_at=moment(2027, 1, 20),
    )
    for now in [OCTOBER, moment(2027, 1, 10), moment(2027, 1, 25), moment(2027, 3, 1)]:
        for step in (WindowStep.CONFIRMATION, WindowStep.SELF_ASSESSMENT):
            ending = dict(Assessment.objects.ending([step], now).values_list("pk", "ends_at"))
            for record in records:
                opening = windows.opening_of(step, record, now)
                expected = opening.closes_at if opening.is_open(now) else None
                assert (ending[record.pk] if ending[record.pk].year > 1970 else None) == expected, (now, step)


def test_a_round_asks_per_chunk_and_not_per_person(year):
    make_confirmer(year["board"])
    make_assessment(**year)
    make_submitted_assessment(**year)
    with CaptureQueriesContext(connection) as few:
        sweep(2026, 12, 25, 1)
    for _each in range(20):
        make_assessment(**year)
        make_submitted_assessment(**year)
    with CaptureQueriesContext(connection) as many:
        sweep(2026, 12, 29, 1)
    assert len(told()) == 2 + 21 + 1
    assert len(many) <= len(few)


def work():
    reminders.send(clock.now())


def submit(record):
    workflow.submit(record, by=record.citizen.user)
    return "sent"


def confirm(record, by):
    workflow.confirm(record, by=by)
    return "confirmed"


def test_workers_at_once_tell_each_once_beside_who_sends_and_who_confirms(shared_database, monkeypatch):
    monkeypatch.setattr(reminders, "CHUNK", 3)
    here = {"campaign": open_campaign(), "board": make_unit(parent=make_commune())}
    by, _other = make_confirmer(here["board"]), make_confirmer(here["board"])
    drafts = [make_scored_assessment(**here) for _each in range(10)]
    sent = [make_submitted_assessment(**here) for _each in range(2)]

    done = at_once(work, work, work, partial(submit, drafts[4]), partial(confirm, sent[0], by))
    work()

    assert done == [None, None, None, "sent", "confirmed"]
    told = Counter(Message.objects.filter(key__startswith="remind").values_list("citizen", "user"))
    assert set(told.values()) == {1}
    owing = {(record.citizen_id, None) for record in drafts if record != drafts[4]}
    members = {(None, seat.user_id) for seat in here["board"].appointments.all()}
    assert owing | members <= set(told) <= owing | members | {(drafts[4].citizen_id, None)}
    assert set(Reminder.objects.values_list("done_at", flat=True)) != {None}
