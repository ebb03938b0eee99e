"""What a whole export costs the worker: python -m bench.export_worker [records] [columns].

A list of 350,000 people and 40 columns unless told, from the database to the finished, signed file: the
list's own columns and the same again until there are so many. On the PostgreSQL that DATABASE_URL names, in a
database filled as `bench.dashboard` fills its own; the worker in a process of its own, whose memory is told.
"""

import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time

from bench import dashboard


def main(records="350000", columns="40"):
    names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "1", "PORTAL_NOW": dashboard.DECEMBER, "DATA_DIR": folder}
        server = os.environ["DATABASE_URL"]
        filled = dashboard.prepared(server, int(records))
        filled.stdin.close()
        filled.wait()
        base, _slash, _name = server.rpartition("/")
        worker = [sys.executable, "-m", "bench.export_worker", "run", columns]
        environment = os.environ | {"DATABASE_URL": f"{base}/bench_{records}"}
        subprocess.run(worker, cwd=dashboard.ROOT, env=environment, check=True)


def run(columns):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings

    django.setup()
    settings.DEBUG = False

    from accounts.models import Appointment
    from assessments.models import Campaign
    from organizations.models import Organization
    from reports import exports, lists
    from reports.models import ExportJob, Report

    own = lists.columns
    lists.columns = lambda *args, **more: (own(*args, **more) * columns)[:columns]
    province = Organization.objects.get(code=dashboard.PROVINCE)
    officer = Appointment.objects.filter(organization=province, role="officer").first().user
    job = ExportJob(
        report=Report.CITIZENS,
        organization=province,
        campaign=Campaign.objects.get(year=dashboard.YEAR),
        query={},
        by=officer,
    )
    job, _file = exports.ask(job)
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    exports.run(job.pk)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    job.refresh_from_db()
    size = (exports.folder() / job.file).stat().st_size
    print(
        f"{job.state}: {job.rows:,} rows of {columns} columns, {size / 1e6:.0f} MB, {seconds:.0f} s, "
        f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.0f} s of the processor; "
        f"peak memory of the process {after.ru_maxrss / 1024:.0f} MiB, {before.ru_maxrss / 1024:.0f} before"
    )


if __name__ == "__main__":
    run(int(sys.argv[2])) if sys.argv[1:2] == ["run"] else main(*sys.argv[1:])
