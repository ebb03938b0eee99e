"""How long the reform of July 2025 takes as a file of many reforms: python -m bench.reforms [province].

With a board, people and records of two years in every old commune; the whole country unless a province is
told.
On a SQLite file of its own in a temporary folder, or on the empty PostgreSQL that DATABASE_URL names.
"""

import os
import resource
import secrets
import sys
import tempfile
import time


def main(province=None):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(province)


def measure(province):
    from accounts.models import FileState
    from assessments.models import Assessment
    from organizations import catalogue
    from organizations.models import Reform
    from reforms import carrying, files
    from tests.factories import make_officer
    from tests.reforms import july_2025

    country = july_2025.load_old_era(province)
    july_2025.people_it()
    centre = catalogue._centre()
    sent = files.take(
        july_2025.workbook(country), name="bench.xlsx", organization=centre, by=make_officer(centre)
    )
    if sent.state == FileState.CHECKING:
        timed("to judge the rows", lambda: files.work(sent.pk))
    sent.start()
    timed("to carry them out", lambda: files.work(sent.pk))
    done = Reform.objects.order_by("-pk")
    print(f"{len(country.pairs)} pairs, {done.count()} reforms, {Assessment.objects.count()} records")
    timed("to undo them", lambda: [carrying.undo(reform) for reform in done])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def timed(what, work):
    began = time.monotonic()
    work()
    print(f"{time.monotonic() - began:8.1f} s {what}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
