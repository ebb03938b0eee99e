"""How long a changed set takes over a year's results: python -m bench.rerun [records].

350,000 records unless told, on a SQLite file of its own in a temporary folder.
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
        closing.run(environment, __file__, "--fill", records)
        closing.run(environment, __file__, "--rerun")


def fill(records):
    """Judged records of the communes of a province, copied from one; points differ from each to each."""
    from django.db import connection

    from accounts.models import Citizen, Gender, User
    from assessments.models import Assessment, Campaign, Outcome, State
    from assessments.models.campaign import start_of
    from criteria.models import CriteriaSet
    from organizations.models import Kind, Organization

    province = Organization.objects.in_force().get(code="42", kind=Kind.PROVINCE)
    communes = Organization.objects.in_force().filter(parent=province, kind=Kind.COMMUNE)
    at = start_of(int(closing.YEAR), 12)
    member = User.objects.create(full_name="Trần Thị Mai", username="thanh-vien")
    person = Citizen.objects.create(
        full_name="Nguyễn Thị Hoa", birth_year=1960, gender=Gender.FEMALE, commune=communes[0]
    )
    record = Assessment.objects.create(
        citizen=person,
        campaign=Campaign.objects.get(),
        criteria_set=CriteriaSet.objects.get(level="citizen", group="I"),
        board=communes[0],
        commune=communes[0],
        province=province,
        state=State.CONFIRMED,
        outcome=Outcome.ACHIEVED,
        receipt_number="0",
        registered_at=at,
        saved_at=at,
        submitted_at=at,
        confirmed_at=at,
        confirmed_by=member,
    )
    places = f"""(SELECT id, row_number() OVER (ORDER BY id) - 1 AS turn FROM organizations_organization
        WHERE parent_id = {province.pk} AND kind = 'commune' AND valid_to IS NULL) place"""
    there = f"place.turn = n.n * {communes.count()} / {records + 1}"
    copied = {"id": f"{record.pk} + n.n", "citizen_id": f"{person.pk} + n.n", "receipt_number": "n.n"}
    copied |= {"board_id": "place.id", "commune_id": "place.id"}
    with connection.cursor() as cursor:
        series = f"(SELECT generate_series AS n FROM generate_series(1, {records})) n"
        if connection.vendor == "sqlite":
            series = f"(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {records}) "
            series += "SELECT n FROM n) n"
        cursor.execute(_copy(Citizen, {"id": f"{person.pk} + n.n"}, person.pk, series))
        cursor.execute(_copy(Assessment, copied, record.pk, f"{series}, {places}", there))
        print(f"{cursor.rowcount} records", flush=True)
        cursor.execute(
            "INSERT INTO assessments_score (assessment_id, indicator_id, round, own_points, confirmed_points,"
            " reason, review_reason)"
            " SELECT a.id, c.id, 1, 10, 7 + (a.id * 2654435761 % 4294967296 / (c.position * c.position)) % 4,"
            " '', '' FROM assessments_assessment a JOIN criteria_criterion c"
            " ON c.criteria_set_id = a.criteria_set_id AND c.parent_id IS NOT NULL"
        )
        print(f"{cursor.rowcount} scores", flush=True)
        if connection.vendor == "postgresql":
            for table in ("assessments_score", "assessments_assessment"):
                cursor.execute(f"VACUUM ANALYZE {table}")


def _copy(model, changed, key, source, there="1 = 1"):
    columns = [field.column for field in model._meta.concrete_fields]
    taken = ", ".join(str(changed.get(column, f't."{column}"')) for column in columns)
    table, named = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    rows = f"SELECT {taken} FROM {table} t, {source} WHERE t.id = {key} AND {there}"
    return f"INSERT INTO {table} ({named}) {rows}"


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
    began, at_work = time.monotonic(), time.process_time()
    begun = rerunning.start(draft, rerunning.year_before(draft), by=officer)
    rerunning.work(begun.pk)
    seconds, at_work = time.monotonic() - began, time.process_time() - at_work
    begun.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{begun.records} records tried in {seconds:.1f} s, {at_work:.1f} s of them at work, "
        f"peak memory {peak:.0f} MiB: {begun.state}"
    )
    print(
        rerunning.came_to([begun])[begun.pk],
        f"of {begun.counts.values('commune').distinct().count()} communes",
    )
    if seconds > MOST:
        raise SystemExit(f"more than {MOST} s")


if __name__ == "__main__":
    if sys.argv[1:2] in (["--fill"], ["--rerun"]):
        import django

        django.setup()
        fill(int(sys.argv[2])) if sys.argv[1] == "--fill" else rerun()
    else:
        main(*sys.argv[1:])
