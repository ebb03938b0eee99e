"""How long a changed set takes over a year's results: python -m bench.rerun [records].

350,000 records unless told, on a SQLite file of its own in a temporary folder or on the empty PostgreSQL that
DATABASE_URL names.
"""

import os
import resource
import secrets
import sys
import tempfile
import time

from bench import closing

MOST = 60  # seconds, for 350,000 records


def main(records="350000"):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        keys = {
            name: secrets.token_hex(32) for name in ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        }
        settings = {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder, "PYTHONPATH": str(closing.ROOT)}
        environment = os.environ | keys | settings | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        for command in (["migrate", "-v0"], ["load_units", "--province", "42"], ["load_criteria"]):
            closing.run(environment, "manage.py", *command)
        closing.run(environment, "manage.py", "open_campaign", closing.YEAR)
        closing.run(environment, closing.__file__, "--fill", records)
        closing.run(environment, __file__, "--judge")
        closing.run(environment, __file__, "--rerun")


def judge():
    """Every record confirmed, with points that differ from one to the next."""
    from django.db import connection

    from accounts.models import User
    from assessments.models import Campaign
    from assessments.models.campaign import start_of

    member = User.objects.create(full_name="Trần Thị Mai", username="thanh-vien")
    at = start_of(int(closing.YEAR), 12)
    assert Campaign.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_score (assessment_id, indicator_id, round, own_points, confirmed_points,"
            " reason, review_reason)"
            " SELECT a.id, c.id, 1, 10,"
            " 7 + (a.id * 2654435761 %% 4294967296 / (c.position * c.position)) %% 4, '', ''"
            " FROM assessments_assessment a JOIN criteria_criterion c"
            " ON c.criteria_set_id = a.criteria_set_id AND c.parent_id IS NOT NULL",
            [],
        )
        print(f"{cursor.rowcount} scores", flush=True)
        cursor.execute(
            "UPDATE assessments_assessment SET state = 'confirmed', outcome = 'achieved',"
            " confirmed_total = 80, confirmed_at = %s, confirmed_by_id = %s",
            [at, member.pk],
        )
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE assessments_score")
            cursor.execute("VACUUM ANALYZE assessments_assessment")


def rerun():
    from accounts.models import User
    from criteria.models import CriteriaSet
    from revising import drafting, rerunning

    officer = User.objects.first()
    draft = drafting.copy(CriteriaSet.objects.filter(level="citizen", group="I").first(), by=officer)
    CriteriaSet.objects.filter(pk=draft.pk).update(pass_mark=82)
    draft.criteria.filter(code="I.1.1").update(maximum=8)
    section = draft.criteria.filter(parent=None).first()
    draft.criteria.create(parent=section, position=999, code="I.1.9", text="Mới", maximum=6)
    draft = CriteriaSet.objects.get(pk=draft.pk)
    began = time.monotonic()
    begun = rerunning.start(draft, rerunning.year_before(draft), by=officer)
    rerunning.work(begun.pk)
    seconds = time.monotonic() - began
    begun.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{begun.records} records tried in {seconds:.1f} s, peak memory {peak:.0f} MiB: {begun.state}")
    print(
        rerunning.came_to([begun])[begun.pk],
        f"of {begun.counts.values('commune').distinct().count()} communes",
    )
    if seconds > MOST:
        raise SystemExit(f"more than {MOST} s")


if __name__ == "__main__":
    if sys.argv[1:2] in (["--judge"], ["--rerun"]):
        import django

        django.setup()
        {"--judge": judge, "--rerun": rerun}[sys.argv[1]]()
    else:
        main(*sys.argv[1:])
