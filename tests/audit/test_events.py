import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit import clock, events, triggers
from audit.models import Event, PersonKey, StreamHead
from tests.factories import make_citizen, make_confirmed_assessment, make_village

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

    assert any(f"stream {village.pk}, event 2: changed" in fault for fault in events.faults())


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

    assert list(events.faults()) == [f"stream {village.pk}: all 3 events are missing"]


def test_an_event_put_in_is_found(tampering):
    village = make_village()
    write(village, 2)
    forged = Event.objects.get(stream=village.pk, sequence=2)
    forged.pk, forged.sequence, forged.previous_hash = None, 3, forged.hash
    forged.hash = events.hash_of(forged)
    forged.save()

    assert list(events.faults()) == [f"stream {village.pk}: ends at event 3, the head says 2"]


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
    assert f"stream {village.pk}, event 1: changed after it was written" in capsys.readouterr().out


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


def test_events_of_one_call_go_to_their_own_streams():
    one, two = make_village(), make_village()
    now = clock.now()

    events.record_many([events.Entry("a", org, at=now, organization=org) for org in (one, two, one)])

    assert StreamHead.objects.get(pk=one.pk).sequence == 2
    assert StreamHead.objects.get(pk=two.pk).sequence == 1
