"""How fast records come into being: in bulk, as `generate` makes them, and one by one through the workflow.

    .venv/bin/python bench/generate.py [records in bulk] [records one by one]

Each on a fresh SQLite database in a temporary folder, in one run; prints records a second and peak memory.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PROVINCE, YEAR = "42", 2025


def bulk(count):
    from django.core.management import call_command

    call_command("generate", province=PROVINCE, citizens=count, year=YEAR, seed=1)


def one_by_one(count):
    """What pages do for each person: register, score, send, confirm, each with its event and notice."""
    import time_machine

    from organizations.models import Organization
    from tests.factories import make_campaign, make_confirmed_assessment, make_village, moment

    village = make_village(commune=Organization.objects.filter(parent__code=PROVINCE).first())
    with time_machine.travel(moment(YEAR, 11, 15)):
        campaign = make_campaign(YEAR)
        for _ in range(count):
            make_confirmed_assessment(board=village, campaign=campaign)


WAYS = {"bulk": bulk, "one-by-one": one_by_one}


def measure(way, count):
    """In a process of its own, so that the peak is its own."""
    folder = tempfile.mkdtemp(prefix="portal-bench-")
    try:
        environment = os.environ | {
            "DATA_DIR": folder,
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        }
        subprocess.run([sys.executable, __file__, "--way", way, str(count)], env=environment, check=True)
    finally:
        shutil.rmtree(folder)


def run(way, count):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    quiet = {"stdout": open(os.devnull, "w")}  # noqa: SIM115 - until the process ends
    call_command("migrate", verbosity=0)
    call_command("load_units", province=PROVINCE, **quiet)
    call_command("load_criteria", **quiet)
    began = time.perf_counter()
    WAYS[way](count)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{way:>10}: {count:>7} records, {seconds:7.1f} s, {count / seconds:7.0f} a second, {peak:.0f} MiB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        run(sys.argv[2], int(sys.argv[3]))
    else:
        counts = [int(argument) for argument in sys.argv[1:]] or [20_000, 200]
        for way, count in zip(WAYS, counts, strict=False):
            measure(way, count)
