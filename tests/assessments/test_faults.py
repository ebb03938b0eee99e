"""What breaks around the portal breaks no record: a killed worker, a full disk, a database or beat gone."""

import contextlib
import functools
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import pytest
import time_machine
from django.db import OperationalError, close_old_connections, connection, connections
from django.test import Client
from django.urls import reverse

from accounts.models import Message
from assessments import closing, tasks, workflow
from assessments.models import Assessment, State, Window, WindowStep
from audit import events
from audit.triggers import Trigger
from config import celery
from tests.assessments.masses import Mass, check_counters, check_whole
from tests.at_once import Ended, at_once
from tests.factories import (
    make_campaign,
    make_confirmer,
    make_officer,
    make_submitted_assessment,
    make_user,
    moment,
    state_of,
)
from tests.pages import words_of
from tests.processes import wait_until
from tests.with_servers import Server, free_port

ON_POSTGRESQL = connection.vendor == "postgresql"
CLOSES = moment(2027, 1, 1)
UNRECORDED = "Việc đóng chưa được ghi nhận."


def close(campaign):
    window = Window.objects.get(campaign=campaign, step=WindowStep.CONFIRMATION)
    return closing.lock_confirmation(window.closes_at, campaign.year)


# --- A worker is killed ---------------------------------------------------------------------------


def close_until_killed(campaign, at_write):
    """Close, and be killed in the middle at so many written statements."""
    left = at_write

    def count(execute, sql, *args):
        nonlocal left
        if sql.startswith(("INSERT", "UPDATE")):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *args)

    closing.CHUNK = 2  # many transactions to be killed between and within
    with connection.execute_wrapper(count):
        close(campaign)
    return at_write - left


@pytest.mark.feature("E3")
@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.prove)])
def test_a_worker_killed_at_any_row_leaves_nothing_lost_and_nothing_twice(shared_database, kills):
    mass = Mass(2, 8)
    for _first_makes_what_lasts in range(2):
        [writes] = at_once(functools.partial(close_until_killed, mass.year()[0], 10**9))
    assert writes > 20
    for _kill in range(kills):
        campaign, records = mass.year()
        row = random.randint(1, writes)

        assert at_once(functools.partial(close_until_killed, campaign, row)) == [Ended("signal 9")], row
        check_counters(campaign)  # what it had done stands whole
        assert close(campaign).failed == []

        assert set(Assessment.objects.filter(campaign=campaign).values_list("state", "version")) == {
            (State.UNCONFIRMED, records[0].version + 1)
        }
        check_whole(campaign)
    assert list(events.faults()) == []


# --- The disk is full -----------------------------------------------------------------------------


def confirm_each(records, member_of):
    """What was said where one could not be written."""
    said = []
    for record in records:
        try:
            workflow.confirm(Assessment.objects.get(pk=record.pk), by=member_of[record.board_id])
        except workflow.Refused as refusal:
            said.append(str(refusal))
    return said


def within_no_room(work):
    """Of a process that may write no file beyond what the database holds already."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
    return work()


@pytest.mark.skipif(ON_POSTGRESQL, reason="a server's disk is not this process's: the next test fills one")
def test_a_full_disk_is_said_and_leaves_every_record_as_it_was(shared_database):
    mass = Mass(2, 4)
    campaign, records = mass.year()

    def on_a_full_disk(work):
        return at_once(functools.partial(within_no_room, work))[0]

    check_full_disk(mass, campaign, records, on_a_full_disk)


def check_full_disk(mass, campaign, records, on_a_full_disk):
    def untouched():
        stand = Assessment.objects.filter(campaign=campaign, state=State.SUBMITTED)
        return stand.filter(version=records[0].version).count()

    said = on_a_full_disk(functools.partial(confirm_each, records, mass.member_of))
    assert said == ["Cổng đang bận nên chưa ghi được. Hãy bấm lại sau ít phút."] * len(records)
    assert untouched() == len(records)
    check_counters(campaign)
    assert confirm_each(records[:1], mass.member_of) == []

    assert len(on_a_full_disk(lambda: close(campaign).failed)) > 0
    assert untouched() == len(records) - 1
    check_counters(campaign)
    assert close(campaign).failed == []
    check_whole(campaign)
    assert list(events.faults()) == []


# --- The database is gone -------------------------------------------------------------------------


def persist(work):
    """Do it as pages and beat do: each time anew, on a connection that is looked at first."""
    ends = time.monotonic() + 200
    while time.monotonic() < ends:
        close_old_connections()
        try:
            return work()
        except Exception:
            time.sleep(0.2)
    raise TimeoutError


def confirm_all(pks, member_of):
    refused = 0
    for pk in pks:

        def confirm(pk=pk):
            nonlocal refused
            record = Assessment.objects.get(pk=pk)
            if record.state != State.CONFIRMED:  # else its answer was lost, not the record
                try:
                    workflow.confirm(record, by=member_of[record.board_id])
                except workflow.Refused:
                    refused += 1
                    raise

        persist(confirm)
    return refused


def close_all(campaign):
    failures = 0

    def work():
        nonlocal failures
        try:
            done = close(campaign)
        except Exception:
            failures += 1
            raise
        if done.failed:
            failures += 1
            raise RuntimeError(done.failed)

    persist(work)
    return failures


@pytest.fixture
def server_of_its_own(shared_database):
    """A PostgreSQL that keeps what it said it keeps, with a copy of the test's empty database."""
    if not ON_POSTGRESQL:
        pytest.skip("a file does not go away")
    original = connections["default"]
    there = original.settings_dict
    with Server.new("-c fsync=off -c max_connections=50") as server:
        address = f"postgres://{there['USER']}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
        dump = subprocess.run(["pg_dump", address], stdout=subprocess.PIPE, check=True)
        filled = ["psql", "-q", "-v", "ON_ERROR_STOP=1", server.address]
        subprocess.run(filled, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)
        here = {"NAME": "postgres", "USER": "portal", "HOST": "127.0.0.1", "PORT": server.port}
        connections["default"] = type(original)(there | here, "default")
        try:
            yield server
        finally:
            connections["default"].close()
            connections["default"] = original


@pytest.mark.feature("E3")
@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.prove)])
def test_a_database_gone_for_a_while_loses_nothing(server_of_its_own, seconds):
    mass = Mass(4, 40)
    confirmed, records = mass.year()
    closed, _records = mass.year()
    pks = [record.pk for record in records]

    def outage():
        wait_until(lambda: Assessment.objects.filter(campaign=confirmed, state=State.CONFIRMED).exists(), 60)
        connection.close()
        server_of_its_own.stop()
        time.sleep(seconds)
        server_of_its_own.start()

    jobs = [functools.partial(confirm_all, pks[first::4], mass.member_of) for first in range(4)]
    told = at_once(*jobs, functools.partial(close_all, closed), outage)

    assert not [each for each in told if isinstance(each, Ended)]
    assert sum(told[:5]) > 0  # it was felt
    judged = Assessment.objects.filter(campaign=confirmed).values_list("state", flat=True)
    assert set(judged) == {State.CONFIRMED}
    check_whole(confirmed)
    check_whole(closed)
    assert list(events.faults()) == []


@pytest.fixture
def small_disk(server_of_its_own):
    """A disk of a few pages, on which the server keeps its notices."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    disk = server_of_its_own.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs", str(disk)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        place = disk / "tables"
        place.mkdir()
        shutil.chown(place, "postgres")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            cursor.execute(f"ALTER TABLE {Message._meta.db_table} SET TABLESPACE small")
        yield disk
    finally:
        connection.close()
        server_of_its_own.stop()
        subprocess.run(["umount", str(disk)], check=True)


def fill(disk):
    """Leave no byte on the disk, and no room in the pages that are there."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    user = make_user()

    def write_on():
        for number in range(10_000):
            Message.objects.create(user=user, key=f"filler:{number}", subject="", body="")

    with pytest.raises(OperationalError, match="No space left on device"):
        write_on()
    return filler


def test_a_full_disk_of_the_server_is_said_and_leaves_every_record_as_it_was(small_disk):
    mass = Mass(2, 4)
    campaign, records = mass.year()

    def on_a_full_disk(work):
        filler = fill(small_disk)
        try:
            return work()
        finally:
            filler.unlink()
            Message.objects.filter(body="").delete()

    check_full_disk(mass, campaign, records, on_a_full_disk)


# --- The broker is gone ---------------------------------------------------------------------------


def confirm_by_page(record, member):
    """As the web part would without its broker; a worker that starts finds none either."""
    celery.app.conf.update(task_always_eager=False, broker_url=f"redis://127.0.0.1:{free_port()}/0")
    celery.record_closings_missed()
    client = Client()
    client.force_login(member)
    return confirm_in(client, record)


def confirm_in(client, record):
    sent = {"person": f"{record.pk}:{record.version}"}
    return client.post(reverse("assessments:board_batch"), sent).status_code


def test_without_a_broker_a_record_is_confirmed_and_its_citizen_told(shared_database):
    mass = Mass(1, 1)
    campaign, [record] = mass.year()

    assert at_once(functools.partial(confirm_by_page, record, mass.members[0])) == [200]

    assert state_of(record) == State.CONFIRMED
    check_whole(campaign)


# --- Beat is off, a board is bad ------------------------------------------------------------------


@pytest.fixture
def waiting(db):
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        return make_submitted_assessment(campaign=make_campaign(2026))


@pytest.mark.feature("E2", "M3")
def test_with_beat_off_for_a_day_nothing_is_confirmed_and_health_and_the_pages_say_so(
    waiting, client, settings
):
    readers = {
        make_confirmer(waiting.board): reverse("assessments:board_queue"),
        make_officer(waiting.province): reverse("reports:summary"),
    }

    def said():
        for reader, address in readers.items():
            client.force_login(reader)
            yield UNRECORDED in words_of(client.get(f"{address}?year=2026&nam=2026"))
        yield client.get("/healthz").json()["confirmation"].endswith(UNRECORDED)

    with time_machine.travel(moment(2027, 1, 2, 8), tick=False):
        client.force_login(next(iter(readers)))
        confirm_in(client, waiting)
        assert state_of(waiting) == State.SUBMITTED
        assert list(said()) == [True, True, True]

        every_minute = settings.CELERY_BEAT_SCHEDULE["record closings that are due"]
        assert every_minute["task"] == tasks.lock_confirmation.name
        tasks.lock_confirmation.delay()  # beat is started again

        assert state_of(waiting) == State.UNCONFIRMED
        assert list(said()) == [False, False, False]


@pytest.mark.feature("E3")
def test_a_board_whose_rows_the_database_refuses_is_named_and_all_others_are_closed(waiting):
    with time_machine.travel(moment(2026, 11, 20), tick=False):
        others = [make_submitted_assessment(campaign=waiting.campaign) for _ in range(3)]
    bad = Trigger(
        "a_bad_board", Assessment._meta.db_table, "UPDATE", "a bad row", f"NEW.board_id = {waiting.board.pk}"
    )
    with connection.cursor() as cursor:
        for statement in bad.create(connection):
            cursor.execute(statement)

    done = closing.lock_confirmation(CLOSES)

    assert done.failed == [waiting.board.full_name]
    assert state_of(waiting) == State.SUBMITTED
    assert {state_of(other) for other in others} == {State.UNCONFIRMED}
    check_counters(waiting.campaign)

    with connection.cursor() as cursor:
        cursor.execute(bad.drop(connection))
    assert closing.lock_confirmation(CLOSES).failed == []
    assert state_of(waiting) == State.UNCONFIRMED
    check_counters(waiting.campaign)
