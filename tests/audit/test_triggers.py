"""The rules of the database over migrations."""

import os
import subprocess
import sys

import pytest

from tests.processes import own_database

MISSING = """
import django
django.setup()
from django.db import connection
from audit import triggers
print(sorted(triggers.missing(connection)))
"""


@pytest.mark.own_database
def test_a_database_of_before_comes_to_the_newest_and_has_all_its_rules(tmp_path):
    with own_database() as database:
        own = {"DATA_DIR": str(tmp_path), "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}

        def run(*arguments):
            return subprocess.run(
                [sys.executable, *arguments],
                env=os.environ | own | database,
                capture_output=True,
                text=True,
                check=True,
            ).stdout

        run("manage.py", "migrate", "-v0", "assessments", "0001")
        run("manage.py", "migrate", "-v0")

        assert run("-c", MISSING).strip() == "[]"
