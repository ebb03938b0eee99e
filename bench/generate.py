"""How long `generate` takes and how much memory: python bench/generate.py [citizens], 100,000 unless told.

On a SQLite file of its own in a temporary folder, or on the empty PostgreSQL that DATABASE_URL names.
"""

import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROVINCE, YEAR = "42", "2025"


def main(citizens="100000"):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        keys = {
            name: secrets.token_hex(32) for name in ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        }
        environment = os.environ | keys | {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder}
        for command in (["migrate", "-v0"], ["load_units", "--province", PROVINCE], ["load_criteria"]):
            manage(environment, *command)
        seconds = manage(
            environment,
            "generate",
            "--province",
            PROVINCE,
            "--year",
            YEAR,
            "--citizens",
            citizens,
            "--seed",
            "1",
        )
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        database = Path(folder) / "db.sqlite3"
        print(f"{citizens} citizens: {seconds:.0f} s, peak memory {used.ru_maxrss / 1024:.0f} MiB")
        if database.exists():
            print(f"database: {database.stat().st_size / 2**20:.0f} MiB")
        print(f"verify_audit: {manage(environment, 'verify_audit'):.0f} s")


def manage(environment, *command):
    began = time.monotonic()
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
