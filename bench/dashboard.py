"""What the dashboard of a province costs beside the plain GROUP BY: python -m bench.dashboard [few] [many].

10,000 and 1,000,000 records unless told, in a database each on the PostgreSQL that DATABASE_URL names
(`python -m tests.with_servers python -m bench.dashboard`): a board for each 55 people over the whole tree,
and on them copies of some thousand people that `generate` made with their records, written by the database
itself. All four questions are asked in turns; the dashboard is the whole page, from the request to its last
byte. What the worker's count costs, once a minute at most, is said beside it.
"""

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROVINCE, YEAR = "42", "2025"
DECEMBER = "2025-12-10T09:00:00+07:00"
GENERATED = "2000"  # people whose records are copied
A_BOARD = 55
TURNS = 15


def main(few="10000", many="1000000"):
    names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "1", "PORTAL_NOW": DECEMBER, "DATA_DIR": folder}
        server = os.environ["DATABASE_URL"]
        provinces = [prepared(server, int(count)) for count in (few, many)]
        times = [{"page": [], "plain": []} for _province in provinces]
        for _turn in range(TURNS):
            for asked in ("page", "plain"):
                for province, taken in zip(provinces, times, strict=True):
                    taken[asked].append(float(answer(province, asked)))
        for province, taken in zip(provinces, times, strict=True):
            print(answer(province, "about"))
            for asked, words in (("page", "dashboard, the whole page"), ("plain", "plain GROUP BY")):
                print(f"  {words:26}{1000 * statistics.median(taken[asked]):9.1f} ms")
            province.stdin.close()
            province.wait()
    page = [statistics.median(taken["page"]) for taken in times]
    plain = statistics.median(times[1]["plain"])
    print(f"dashboard / plain GROUP BY at {many}: {page[1] / plain:.3f} (at most 0.1)")
    print(f"dashboard at {many} / at {few}: {page[1] / page[0]:.2f} (at most 1.5)")


def answer(province, asked):
    province.stdin.write(asked + "\n")
    province.stdin.flush()
    return province.stdout.readline().strip()


def prepared(server, count):
    """A process with a database of its own that answers one question a line."""
    base, _slash, _name = server.rpartition("/")
    database = f"bench_{count}"
    subprocess.run([sys.executable, "-c", CREATE, server, database], cwd=ROOT, check=True)
    environment = os.environ | {"DATABASE_URL": f"{base}/{database}"}

    def manage(*command):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    manage("migrate", "-v0")
    manage("load_units", "--province", PROVINCE)
    manage("load_criteria")
    manage("generate", "--province", PROVINCE, "--year", YEAR, "--citizens", GENERATED, "--seed", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.dashboard", "answer", str(count)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer(process, "begin")
    return process


CREATE = """
import sys, psycopg2
server = psycopg2.connect(sys.argv[1])
server.autocommit = True
server.cursor().execute(f'CREATE DATABASE "{sys.argv[2]}"')
"""


def answers(count):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings

    django.setup()
    settings.DEBUG = False  # set after the start: the pages then need no collected files
    settings.ALLOWED_HOSTS = ["testserver"]
    from django.test import Client

    from assessments import looking_ahead
    from assessments.models import Campaign
    from audit import clock
    from organizations.models import Organization
    from reports import sheets
    from tests.factories import make_officer

    province = Organization.objects.get(code=PROVINCE)
    campaign = Campaign.objects.get(year=int(YEAR))
    made, boards = timed(lambda: grow(province, campaign, count))
    looking_ahead.refresh(clock.now())
    client = Client()
    client.force_login(make_officer(province))
    counting, _done = timed(lambda: sheets.count_again(province, campaign))
    for asked in sys.stdin:
        match asked.strip():
            case "page":
                words = timed(lambda: page(client))[0]
            case "plain":
                words = timed(lambda: plain(province, campaign))[0]
            case "about":
                words = (
                    f"{count:,} records of {boards:,} boards, written in {made:.0f} s; "
                    f"counted by the worker in {counting:.1f} s"
                )
            case _:
                words = "ready"
        print(words, flush=True)


def grow(province, campaign, count):
    """Boards and copies until there are so many records; returns how many boards."""
    from random import Random

    from accounts.models import Citizen
    from assessments.models import Assessment, BoardTally, Step
    from audit import statistics as planner
    from demonstration import places
    from organizations.models import Organization

    random = Random(1)
    communes = places.communes_of(province)
    missing = count // A_BOARD - places.boards_of(province).count()
    places.build(
        places.make_up(random, province, communes, max(0, missing)), since=campaign.windows.first().opens_at
    )
    boards = places.boards_of(province).count()
    missing = count - Assessment.objects.count()
    person = copied(
        Citizen, "user_id identity_number identity_digest commune_id village_id unit_id household_id"
    )
    record = copied(Assessment, "citizen_id board_id commune_id province_id receipt_number")
    values = {
        "person": ", ".join(person),
        "of_person": ", ".join(f"c.{column}" for column in person),
        "record": ", ".join(record),
        "of_record": ", ".join(f"a.{column}" for column in record),
        "first_commune": communes[0].pk,
        "province": province.pk,
        "boards": boards,
        "missing": max(0, missing),
    }
    with connection().cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
        for statement in COPIES.format(**values).split(";"):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
    planner.refresh(Organization, Citizen, Assessment, BoardTally, Step)
    return boards


def copied(model, apart):
    """The columns that a copy takes over."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    return [f'"{column}"' for column in columns if column not in apart.split()]


# Without the triggers, which ask again what was asked when the first were generated.
# A person on each board in turn, and each with the record of one who was generated.
COPIES = """
CREATE TEMP TABLE fresh AS
SELECT n, n + (SELECT max(id) FROM accounts_citizen) AS citizen, t.citizen_id, t.id AS record, b.id AS board,
    CASE WHEN b.kind = 'village' THEN b.id END AS village, CASE WHEN b.kind = 'unit' THEN b.id END AS unit,
    CASE WHEN p.kind = 'commune' THEN p.id END AS commune
FROM generate_series(1, {missing}) n
JOIN (SELECT *, row_number() OVER (ORDER BY path) - 1 AS at FROM organizations_organization
    WHERE kind IN ('village', 'unit') AND valid_to IS NULL) b ON b.at = n % {boards}
JOIN organizations_organization p ON p.id = b.parent_id
JOIN (SELECT id, citizen_id, row_number() OVER (ORDER BY id) - 1 AS at FROM assessments_assessment) t
    ON t.at = (n::bigint * 7919) % (SELECT count(*) FROM assessments_assessment);
INSERT INTO accounts_citizen (id, commune_id, village_id, unit_id, {person})
SELECT f.citizen, coalesce(f.commune, {first_commune}), f.village, f.unit, {of_person}
FROM fresh f JOIN accounts_citizen c ON c.id = f.citizen_id;
INSERT INTO assessments_assessment (citizen_id, board_id, commune_id, province_id, receipt_number, {record})
SELECT f.citizen, f.board, f.commune, {province}, 'B' || f.n, {of_record}
FROM fresh f JOIN assessments_assessment a ON a.id = f.record;
DELETE FROM assessments_boardtally;
INSERT INTO assessments_boardtally
    (campaign_id, level, province_id, commune_id, board_id, criteria_set_id, state, outcome, closed_from,
    count)
SELECT campaign_id, level, province_id, coalesce(commune_id, board_id), board_id, criteria_set_id, state,
    outcome, closed_from, count(*)
FROM assessments_assessment GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""


def connection():
    from django.db import connection

    return connection


def timed(asked):
    began = time.perf_counter()
    found = asked()
    return time.perf_counter() - began, found


def page(client):
    answer = client.get("/bao-cao/", {"to-chuc": PROVINCE, "nam": YEAR}, secure=True)
    if answer.status_code != 200 or b"<tbody>" not in answer.content:
        raise SystemExit(f"no dashboard: {answer.status_code}")


def plain(province, campaign):
    """Counting the records themselves by place, group, state and outcome, as plainly as can be."""
    from django.db.models import Count

    from assessments.models import Assessment

    records = Assessment.objects.filter(campaign=campaign, level="citizen", province=province).order_by()
    cells = records.values("commune", "criteria_set__group", "state", "outcome", "closed_from")
    return list(cells.annotate(Count("pk")))


if __name__ == "__main__":
    answers(int(sys.argv[2])) if sys.argv[1:2] == ["answer"] else main(*sys.argv[1:])
