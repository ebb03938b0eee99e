"""Ten thousand events, and what somebody with the database's password might do to them."""

import dataclasses
import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import Citizen
from audit import chain, checking, clock, events, sealing, triggers, verification
from audit.models import Check, CheckState, Event, Seal, SealedHead, StreamHead

pytestmark = pytest.mark.django_db

STREAM, EVENTS = 7, 10_000
TODAY = datetime.date(2026, 12, 31)


class Body:
    """Whatever has a number, as an organization or an object has."""

    def __init__(self, pk):
        self.pk = pk


SUBJECT = Citizen(pk=1)


@pytest.fixture
def record():
    """Events of three bodies, most of them by one."""
    for stream, count in [(3, 5), (STREAM, EVENTS - 10), (9, 5)]:
        write(stream, count)


@pytest.fixture
def small_record():
    for stream in (3, STREAM, 9):
        write(stream, 5)


def write(stream, count):
    body, now = Body(stream), clock.now()
    events.record_many(
        events.Entry("score", SUBJECT, at=now, organization=body, old=str(place), new="9")
        for place in range(count)
    )


@pytest.fixture
def tampering():
    triggers.drop(connection)
    yield
    triggers.create(connection)


def event(sequence, stream=STREAM):
    return Event.objects.get(stream=stream, sequence=sequence)


def place(sequence, other):
    Event.objects.filter(stream=STREAM, sequence=sequence).update(sequence=other)


def flip_one_byte():
    Event.objects.filter(stream=STREAM, sequence=5000).update(old="4998")


def remove_one():
    event(5000).delete()


def remove_the_last():
    event(EVENTS - 10).delete()


def put_one_in():
    for sequence in range(EVENTS - 10, EVENTS - 20, -1):
        place(sequence, sequence + 1)
    forged = event(EVENTS - 20)
    forged.pk, forged.sequence, forged.previous_hash, forged.new = None, EVENTS - 19, forged.hash, "10"
    forged.hash = chain.hash_of(forged)
    forged.save()


def add_one_at_the_end():
    forged = event(EVENTS - 10)
    forged.pk, forged.sequence, forged.previous_hash = None, EVENTS - 9, forged.hash
    forged.hash = chain.hash_of(forged)
    forged.save()


def swap_two():
    place(4000, -1)
    place(6000, 4000)
    place(-1, 6000)


def swap_neighbours():
    place(4000, -1)
    place(4001, 4000)
    place(-1, 4001)


def remove_a_whole_stream():
    Event.objects.filter(stream=3).delete()


FORGERIES = [
    (flip_one_byte, "Chuỗi 7, việc số 5000: bị sửa sau khi ghi."),
    (remove_one, "Chuỗi 7, việc số 5000: bị xóa."),
    (remove_the_last, "Chuỗi 7, việc số 9990: bị xóa."),
    (put_one_in, "Chuỗi 7, việc số 9981: bị chèn vào."),
    (add_one_at_the_end, "Chuỗi 7, việc số 9991: bị chèn vào."),
    (swap_two, "Chuỗi 7, việc số 4000 và việc số 6000: bị đổi chỗ."),
    (swap_neighbours, "Chuỗi 7, việc số 4000 và việc số 4001: bị đổi chỗ."),
    (remove_a_whole_stream, "Chuỗi 3: cả 5 việc bị xóa."),
]


@pytest.mark.feature("L2")
def test_each_forgery_among_ten_thousand_events_is_found_and_named(record, tampering):
    assert list(verification.faults()) == []

    for forge, named in FORGERIES:
        with transaction.atomic():
            forge()
            assert list(verification.faults()) == [named]
            transaction.set_rollback(True)


def rewrite(stream):
    """The whole stream anew, its head too, so that it contradicts nothing but a seal."""
    previous = ""
    for each in Event.objects.filter(stream=stream).order_by("sequence"):
        each.new, each.previous_hash = "10", previous
        each.hash = previous = chain.hash_of(each)
        each.save()
    StreamHead.objects.filter(stream=stream).update(hash=previous)


@pytest.mark.feature("L2")
def test_a_stream_rewritten_with_its_head_contradicts_the_seal(small_record, tampering):
    sealing.seal(TODAY)
    rewrite(3)

    assert list(verification.faults()) == [
        "Chuỗi 3, việc số 5: bị viết lại sau khi niêm phong ngày 31/12/2026."
    ]


def test_a_stream_cut_short_with_its_head_contradicts_the_seal(small_record, tampering):
    sealing.seal(TODAY)
    event(5, stream=3).delete()
    StreamHead.objects.filter(stream=3).update(sequence=4, hash=event(4, stream=3).hash)

    assert list(verification.faults()) == ["Chuỗi 3, việc số 5: bị xóa sau khi niêm phong ngày 31/12/2026."]


def test_seals_follow_each_other_and_cover_what_moved(small_record):
    first = sealing.seal(TODAY)
    write(9, 1)
    second = sealing.seal(TODAY + datetime.timedelta(days=1))

    assert (first.streams, first.moved, second.streams, second.moved) == (3, 3, 3, 1)
    assert second.previous_hash == first.hash
    assert sealing.seal(TODAY).hash == first.hash
    assert list(verification.faults()) == []


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (lambda seal: Seal.objects.filter(pk=seal.pk).update(streams=2), "bị sửa"),
        (lambda seal: seal.delete(), "bị xóa"),
        (
            lambda seal: SealedHead.objects.filter(day=seal.day, stream=9).delete(),
            "các đầu chuỗi đã niêm phong bị sửa",
        ),
    ],
)
def test_a_broken_seal_is_named(small_record, tampering, forge, named):
    forge(sealing.seal(TODAY))

    assert list(verification.faults()) == [f"Dấu niêm phong ngày 31/12/2026: {named}."]


@pytest.mark.parametrize("way", [lambda seals: seals.update(streams=1), lambda seals: seals.delete()])
def test_the_database_refuses_to_change_or_remove_a_seal(small_record, way):
    sealing.seal(TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        way(Seal.objects.all())


def test_a_seal_copied_outside_is_looked_for(small_record, capsys):
    seal = sealing.seal(TODAY)
    call_command("verify_audit", seal=seal.hash)
    assert seal.hash in capsys.readouterr().out

    with pytest.raises(SystemExit):
        call_command("verify_audit", seal="0" * 64)


def test_the_command_seals_the_day_before(small_record, capsys):
    call_command("seal_audit")

    assert Seal.objects.get().day == clock.today() - datetime.timedelta(days=1)
    assert Seal.objects.get().hash in capsys.readouterr().out


# --- By a worker ----------------------------------------------------------------------------------


def test_a_check_that_died_after_any_piece_goes_on_and_finds_the_same(record, tampering, monkeypatch):
    monkeypatch.setattr(verification, "CHUNK", 1500)
    monkeypatch.setattr(verification, "RANGE", 2)

    for forge, named in FORGERIES:
        with transaction.atomic():
            forge()
            assert found_by_runs_that_die() == [named]
            transaction.set_rollback(True)


def found_by_runs_that_die():
    """Each run gets through one piece, and the next begins with what it kept."""
    found, at = [], verification.Position()
    while True:
        left_off = dataclasses.replace(at)
        pieces = verification.pieces(left_off)
        found += next(pieces)
        if left_off == at:
            return found + [fault for rest in pieces for fault in rest]
        at = left_off


def test_a_check_by_a_worker_says_how_far_it_is_and_what_it_found(small_record, tampering):
    Event.objects.filter(stream=STREAM, sequence=2).update(new="10")
    check, _is_new = checking.ask(by=5)

    checking.run(check.pk)

    check.refresh_from_db()
    assert (check.state, check.read, check.expected, check.found) == (CheckState.DONE, 15, 15, 1)
    assert check.faults == "Chuỗi 7, việc số 2: bị sửa sau khi ghi.\n"


def test_who_asks_while_a_check_runs_gets_that_one():
    check, _is_new = checking.ask()

    assert checking.ask() == (check, False)


def test_a_check_that_died_is_taken_up(small_record):
    check, _is_new = checking.ask()
    long_ago = clock.now() - datetime.timedelta(hours=1)
    Check.objects.filter(pk=check.pk).update(state=CheckState.RUNNING, claim="x", heartbeat_at=long_ago)

    assert checking.take_up() == [check]
    checking.run(check.pk)
    assert Check.objects.get().state == CheckState.DONE
