"""What confirming a whole list costs: python -m bench.batch [records], 2,000 unless told.

Side by side in one run: the batch; the floor, one UPDATE or INSERT a table in one transaction; and what is
usual, object by object. On a SQLite file of its own in a temporary folder, or on the empty PostgreSQL that
DATABASE_URL names.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time

TURNS = 3


def main(records="2000"):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(int(records))


def measure(count):
    from tests.assessments.masses import Mass

    print(f"Making {count} people…", flush=True)
    mass = Mass(1, count)
    [member] = mass.members
    times = {"batch": [], "floor": [], "usual": []}
    for _turn in range(TURNS):
        for name, confirm in (("batch", in_a_batch), ("floor", at_once), ("usual", one_by_one)):
            campaign, records = mass.year()
            times[name].append(confirm(campaign, records, member))
    floor = statistics.median(times["floor"])
    print(f"{'':8}{'seconds':>10}{'times the floor':>18}")
    for name, taken in times.items():
        median = statistics.median(taken)
        print(f"{name:8}{median:10.2f}{median / floor:18.1f}")
    faster = statistics.median(times["usual"]) / statistics.median(times["batch"])
    print(f"The batch is {faster:.0f} times faster than object by object.")


def in_a_batch(campaign, records, member):
    from assessments import batches
    from assessments.models import Batch, BatchState, RowState

    batch = batches.begin(records[0].board, campaign, by=member)
    batch.rows.update(state=RowState.WAITING, outcome="achieved")
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.READY)
    batch.refresh_from_db()
    began = time.perf_counter()
    batches.start(batch)
    batches.work(batch.pk)
    taken = time.perf_counter() - began
    ask_confirmed(campaign, len(records))
    return taken


def at_once(campaign, records, member):
    """Scores, records, steps, events, notices and the tally, each at one stroke; nobody is asked anything."""
    from django.db import transaction
    from django.db.models import F

    from accounts.models import Message
    from assessments import tally
    from assessments.models import Assessment, Score, State, Step
    from audit import clock
    from audit.models import Event

    keys, now = [record.pk for record in records], clock.now()
    mine = Assessment.objects.filter(campaign=campaign)
    last = Event.objects.filter(stream=records[0].board_id).count() + campaign.year * 100_000
    began = time.perf_counter()
    with transaction.atomic():
        before = tally.of(records)
        mine.update(
            state=State.CONFIRMED,
            outcome="achieved",
            confirmed_total=F("own_total"),
            confirmed_at=now,
            confirmed_by=member,
            version=F("version") + 1,
        )
        Score.objects.filter(assessment__in=mine).update(
            confirmed_points=F("own_points"), confirmed_passed=F("own_passed")
        )
        for record in records:
            record.state, record.outcome, record.confirmed_at = State.CONFIRMED, "achieved", now
        Step.objects.bulk_create([Step.come_to(record, at=now, by=member) for record in records])
        Event.objects.bulk_create(
            Event(
                stream=records[0].board_id,
                sequence=last + number,
                at=now,
                actor=member.pk,
                subject=record.citizen_id,
                verb="step",
                object_type="assessments.assessment",
                object_id=record.pk,
                previous_hash=b"",
                hash=secrets.token_bytes(32),
            )
            for number, record in enumerate(records)
        )
        Message.objects.bulk_create(
            Message(citizen_id=record.citizen_id, key=f"bench:{record.pk}", subject="Đạt", body="Đạt")
            for record in records
        )
        tally.change(before, tally.of(records))
    taken = time.perf_counter() - began
    ask_confirmed(campaign, len(keys))
    return taken


def one_by_one(campaign, records, member):
    from assessments import workflow
    from assessments.models import Assessment

    began = time.perf_counter()
    for record in Assessment.objects.filter(campaign=campaign).select_related("citizen", "board", "campaign"):
        workflow.confirm(record, by=member)
    taken = time.perf_counter() - began
    ask_confirmed(campaign, len(records))
    return taken


def ask_confirmed(campaign, count):
    from assessments.models import Assessment

    confirmed = Assessment.objects.filter(campaign=campaign, state="confirmed").count()
    if confirmed != count:
        raise SystemExit(f"{confirmed} of {count} were confirmed")


if __name__ == "__main__":
    main(*sys.argv[1:])
