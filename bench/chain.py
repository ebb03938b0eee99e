"""What the chained record costs a confirmation, and to check: python -m bench.chain [records] [events].

Confirms as many records with it as without it, in turns, in one run; then checks as many events (100,000
unless told) as the worker does. On a SQLite file of its own in a temporary folder, or on the empty
PostgreSQL that DATABASE_URL names.
"""

import os
import resource
import secrets
import statistics
import sys
import tempfile
import time

TURN = 20
STREAMS = 500  # associations over which the events are spread


def main(records="200", count="100000"):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        keys = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        os.environ |= {name: secrets.token_hex(32) for name in keys}
        os.environ |= {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(int(records))
        read(int(count))


def measure(count):
    """Turns with and without, so that whatever else the machine does falls on both."""
    from audit import events
    from tests import factories

    campaign, board = factories.open_campaign(), factories.make_village()
    member = factories.make_confirmer(board)
    print(f"Sending {2 * count} records…", flush=True)
    waiting = [factories.make_submitted_assessment(board=board, campaign=campaign) for _ in range(2 * count)]
    chained, times = events.record_many, {"with": [], "without": []}
    for turn in range(0, len(waiting), TURN):
        name = "without" if turn // TURN % 2 else "with"
        events.record_many = chained if name == "with" else list
        times[name] += [confirm(record, member) for record in waiting[turn : turn + TURN]]
    events.record_many = chained
    print(f"{'chain':10}{'records':>8}{'median ms':>11}{'p95 ms':>9}{'mean ms':>9}")
    for name, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(
            f"{name:10}{len(taken):8}{statistics.median(taken):11.2f}{p95:9.2f}{statistics.mean(taken):9.2f}"
        )
    cost = statistics.median(times["with"]) - statistics.median(times["without"])
    print(f"The chain costs {cost:.2f} ms a confirmation: {cost / statistics.median(times['without']):.0%}")


def read(count):
    """How fast the whole record is checked by a worker, and with how much memory."""
    from accounts.models import Citizen
    from audit import checking, clock, events
    from organizations.models import Organization

    anybody, now = Citizen(pk=1), clock.now()
    print(f"Writing {count} events…", flush=True)
    for turn in range(count // 1000):
        association = Organization(pk=1 + turn % STREAMS)
        events.record_many(
            events.Entry("score", anybody, at=now, organization=association, subject=1, old="8", new="9")
            for _ in range(1000)
        )
    check, _is_new = checking.ask()
    before, began = _most_memory(), time.perf_counter()
    checking.run(check.pk)
    taken = time.perf_counter() - began
    check.refresh_from_db()
    print(
        f"Checked {check.read} events in {taken:.1f} s, {check.found} faults, "
        f"{_most_memory() - before:.0f} MB more memory"
    )


def _most_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def confirm(record, member):
    """One score changed with a reason, as boards do: two events, one of them with private words."""
    from assessments import workflow

    code = record.criteria_set.indicators[0].code
    began = time.perf_counter()
    workflow.confirm(record, by=member, changes={code: workflow.Change(7, "Chưa đủ minh chứng.")})
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
