import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit import clock, events, triggers, verification
from audit.models import Event, PersonKey, StreamHead
from tests.factories import make_citizen, make_confirmed_assessment, make_village
from tests.processes import wait_until

pytestmark = pytest.mark.django_db


def write(stream, count, **what):
    for place in range(count):
        events.record("test", stream, at=clock.now(), organization=stream, new=str(place), **what)


@pytest.fixture
def tampering():
    """The database's own guard laid aside, as somebody with its password could."""
    triggers.drop(connection)
    yield
    triggers.create(connection)


def test_an_untouched_record_has_no_faults():
    one, two = make_village(), make_village()
    write(one, 3)
    write(two, 2)

    assert list(events.faults()) == []


@pytest.mark.feature("L1")
def test_every_step_says_who_when_and_from_what_to_what():
    assessment = make_confirmed_assessment()

    told = Event.objects.filter(object_type="assessments.assessment", object_id=assessment.pk).order_by(
        "sequence"
    )

    assert [(event.verb, event.old, event.new) for event in told] == [
        ("step", "", "registered"),
        ("step", "registered", "submitted"),
        ("step", "submitted", "confirmed"),
    ]
    assert told.last().actor == assessment.confirmed_by_id
    assert told.last().at == assessment.confirmed_at
    assert {event.stream for event in told} == {assessment.board_id}


@pytest.mark.parametrize(
    "change",
    [
        {"new": "tampered"},
        {"actor": 99},
        {"old": "x"},
        {"object_id": 1234567},
        {"verb": "other"},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_event_is_found(tampering, change):
    village = make_village()
    write(village, 3)
    Event.objects.filter(stream=village.pk, sequence=2).update(**change)

    assert f"Chuỗi {village.pk}, việc số 2: bị sửa sau khi ghi." in list(events.faults())


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_event_is_found_the_last_one_too(tampering, sequence):
    village = make_village()
    write(village, 3)
    Event.objects.filter(stream=village.pk, sequence=sequence).delete()

    assert list(events.faults()) != []


def test_a_whole_stream_removed_is_found(tampering):
    village = make_village()
    write(village, 3)
    Event.objects.filter(stream=village.pk).delete()

    assert list(events.faults()) == [f"Chuỗi {village.pk}: cả 3 việc bị xóa."]


def test_an_event_put_in_is_found(tampering):
    village = make_village()
    write(village, 2)
    forged = Event.objects.get(stream=village.pk, sequence=2)
    forged.pk, forged.sequence, forged.previous_hash = None, 3, forged.hash
    forged.hash = events.hash_of(forged)
    forged.save()

    assert list(events.faults()) == [f"Chuỗi {village.pk}, việc số 3: bị chèn vào."]


def test_two_swapped_events_are_found(tampering):
    village = make_village()
    write(village, 3)
    Event.objects.filter(stream=village.pk, sequence=2).update(sequence=99)
    Event.objects.filter(stream=village.pk, sequence=3).update(sequence=2)
    Event.objects.filter(stream=village.pk, sequence=99).update(sequence=3)

    assert list(events.faults()) != []


def test_verify_audit_exits_1_and_names_the_fault(tampering, capsys):
    village = make_village()
    write(village, 2)
    Event.objects.filter(stream=village.pk, sequence=1).update(new="tampered")

    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit")

    assert stopped.value.code == 1
    assert f"Chuỗi {village.pk}, việc số 1: bị sửa sau khi ghi." in capsys.readouterr().out


@pytest.mark.parametrize("way", [lambda events: events.update(new="x"), lambda events: events.delete()])
def test_the_database_refuses_to_change_or_remove_an_event(way):
    village = make_village()
    write(village, 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        way(Event.objects.filter(stream=village.pk))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite empties a table by DELETE")
def test_the_database_refuses_to_empty_the_record():
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_event")


def test_private_values_are_read_with_the_persons_key_and_gone_with_it():
    citizen, village = make_citizen(), make_village()
    write(village, 1, subject=citizen.pk, private={"reason": "Ông An chưa nộp giấy."})
    event = Event.objects.get(stream=village.pk)

    assert events.private_of(event) == {"reason": "Ông An chưa nộp giấy."}
    assert b"An" not in bytes(event.private)

    PersonKey.objects.filter(pk=citizen.pk).delete()
    assert events.private_of(event) == {}
    assert list(events.faults()) == []


def test_a_value_longer_than_its_column_is_cut_and_no_fault():
    village = make_village()

    events.record("test", village, at=clock.now(), organization=village, new="Đ" * 300)

    assert Event.objects.get(stream=village.pk).new == "Đ" * 100
    assert list(events.faults()) == []


def test_events_of_one_call_go_to_their_own_streams():
    one, two = make_village(), make_village()
    now = clock.now()

    events.record_many([events.Entry("a", org, at=now, organization=org) for org in (one, two, one)])

    assert StreamHead.objects.get(pk=one.pk).sequence == 2
    assert StreamHead.objects.get(pk=two.pk).sequence == 1


def test_what_is_appended_while_the_record_is_read_is_no_fault():
    village = make_village()
    write(village, 3)
    left = 5

    def append_one_more(execute, sql, params, many, context):
        nonlocal left
        if left and sql.startswith("SELECT") and 'FROM "audit_' in sql:
            left -= 1
            with without_appending():
                write(village, 1)
        return execute(sql, params, many, context)

    @contextlib.contextmanager
    def without_appending():
        wrappers, connection.execute_wrappers = connection.execute_wrappers, []
        yield
        connection.execute_wrappers = wrappers

    with connection.execute_wrapper(append_one_more):
        assert list(events.faults()) == []
    assert StreamHead.objects.get(pk=village.pk).sequence == 8


@pytest.mark.parametrize("sequence", [2, 3, 4, 6])
def test_a_fault_is_found_on_either_side_of_a_piece(tampering, monkeypatch, sequence):
    monkeypatch.setattr(verification, "CHUNK", 3)
    village = make_village()
    write(village, 6)
    assert list(events.faults()) == []

    Event.objects.filter(stream=village.pk, sequence=sequence).delete()

    assert len(list(events.faults())) == 1


def test_a_missing_head_is_found(tampering):
    village = make_village()
    write(village, 1)
    StreamHead.objects.filter(pk=village.pk).delete()

    assert list(events.faults()) == [f"Chuỗi {village.pk}: thiếu đầu chuỗi."]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="writers stand in a line there")
@pytest.mark.django_db(transaction=True)
def test_two_writers_who_tell_of_one_person_do_not_wait_for_each_other_for_ever():
    village, citizen = make_village(), make_citizen()
    told = {"at": clock.now(), "organization": village, "subject": citizen.pk}

    def other_writer():
        with contextlib.closing(connection):
            events.record("second", village, private={"reason": "b"}, **told)

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            events.record("first", village, **told)
            other = threads.submit(other_writer)
            assert wait_until(somebody_waits_for_a_lock, 5)
            events.record("first", village, private={"reason": "a"}, **told)
        other.result()

    assert list(
        Event.objects.filter(stream=village.pk).order_by("sequence").values_list("verb", flat=True)
    ) == [
        "first",
        "first",
        "second",
    ]


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def test_private_words_of_no_person_are_kept_under_the_portals_own_key():
    village = make_village()
    write(village, 1, private={"reason": "Đối soát với công an xã"})
    event = Event.objects.get(stream=village.pk)

    assert events.private_of(event) == {"reason": "Đối soát với công an xã"}
    assert "Đối soát".encode() not in bytes(event.private)
    assert list(events.faults()) == []
