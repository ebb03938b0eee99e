"""A hundred thousand records on one machine, made in bulk."""

import os
import subprocess
import sys
import time

import pytest

from tests.processes import own_database

pytestmark = [pytest.mark.prove, pytest.mark.own_database]
CITIZENS = 100_000
COUNT = """
import django
django.setup()
from assessments.models import Assessment
print(Assessment.objects.count())
"""


def test_a_hundred_thousand_records_are_made_in_minutes(tmp_path, record_property):
    with own_database() as database:
        environment = os.environ | {
            "DATA_DIR": str(tmp_path),
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **database,
        }

        def run(*arguments):
            return subprocess.run(
                [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True
            ).stdout

        run("manage.py", "migrate", "-v0")
        for command in (["load_units"], ["load_criteria"], ["open_campaign", "2026"]):
            run("manage.py", *command)
        started = time.monotonic()
        run(
            "manage.py",
            "generate",
            "--province",
            "42",
            "--citizens",
            str(CITIZENS),
            "--year",
            "2026",
            "--seed",
            "1",
        )
        taken = time.monotonic() - started

        record_property("seconds", round(taken))
        assert int(run("-c", COUNT)) >= CITIZENS
        assert taken < 600
        run("manage.py", "verify_audit")
