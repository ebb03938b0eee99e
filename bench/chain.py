"""What the chained record costs a confirmation on this machine: python -m bench.chain [records].

Confirms as many records with it as without it, in turns, in one run. On a SQLite file of its own in a
temporary folder, or on the empty PostgreSQL that DATABASE_URL names.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time

TURN = 20


def main(records="200"):
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


def confirm(record, member):
    """One score changed with a reason, as boards do: two events, one of them with private words."""
    from assessments import workflow

    code = record.criteria_set.indicators[0].code
    began = time.perf_counter()
    workflow.confirm(record, by=member, changes={code: workflow.Change(7, "Chưa đủ minh chứng.")})
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
