"""What counting below a place and finding a place cost in a big tree: python bench/tree.py [records].

50,000 organizations, and a million records unless told, on a SQLite file of its own in a temporary folder or
on the empty PostgreSQL that DATABASE_URL names. Ranges of paths stand beside a plain recursive query, turn by
turn.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ORGANIZATIONS = 50_000
YEARS = [2022, 2023, 2024, 2025]
CHUNK = 5000
TURNS = 5
RECURSIVE = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM organizations_organization WHERE id = %s
    UNION ALL
    SELECT child.id FROM organizations_organization child JOIN below ON child.parent_id = below.id
)
"""


def main(records="1000000"):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "0", "PORTAL_NOW": "", "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_units", verbosity=0)
        call_command("load_criteria", verbosity=0)
        grow()
        fill(int(records))
        measure()


# --- What is counted ------------------------------------------------------------------------------


def grow():
    """Villages below every commune until there are so many organizations."""
    from organizations import catalogue, founding, paths
    from organizations.models import Kind, Organization, Type

    communes = list(Organization.objects.in_force().filter(kind=Kind.COMMUNE).order_by("path"))
    missing = ORGANIZATIONS - Organization.objects.in_force().count()
    made = []
    for number, commune in enumerate(islice(cycle(communes), missing)):
        place = number // len(communes) + 1
        village = Organization(
            kind=Kind.VILLAGE,
            type=Type.HAMLET,
            code=f"T{commune.code}{place:03}",
            parent=commune,
            path=f"{commune.path}{paths.segment(place)}",
            valid_from=catalogue.OLD_ERA_BEGAN,
        )
        village.set_name(f"{place}")
        made.append(village)
    Organization.objects.bulk_create(made, batch_size=500)
    founding.place(made)


def fill(records):
    """The same people year after year, each village as many."""
    from django.db import transaction

    from accounts.models import Citizen, Gender, User
    from assessments.models import Assessment, Campaign, Outcome, State, Step
    from assessments.models.campaign import start_of
    from audit import statistics as planner
    from criteria.models import CriteriaSet
    from organizations.models import Kind, Organization

    form = CriteriaSet.objects.filter(group="I").first()
    campaigns = [Campaign.objects.open(year)[0] for year in YEARS]
    villages = cycle(Organization.objects.filter(kind=Kind.VILLAGE).select_related("parent").order_by("path"))
    people, member = records // len(YEARS), User.objects.create(full_name="Trần Thị Mai")

    def record(person, campaign):
        at = start_of(campaign.year, 12)
        judged = person.pk % 10 > 0
        return Assessment(
            citizen=person,
            campaign=campaign,
            criteria_set=form,
            board=person.village,
            commune=person.commune,
            province_id=person.commune.parent_id,
            state=State.CONFIRMED if judged else State.SUBMITTED,
            outcome=Outcome.ACHIEVED if judged else "",
            own_total=80,
            confirmed_total=80 if judged else None,
            receipt_number=f"{campaign.year}-{person.pk}",
            registered_at=at,
            saved_at=at,
            submitted_at=at,
            confirmed_at=at if judged else None,
            confirmed_by=member if judged else None,
        )

    for start in range(0, people, CHUNK):
        with transaction.atomic():
            homes = list(islice(villages, min(CHUNK, people - start)))
            lot = Citizen.objects.bulk_create(
                [
                    Citizen(
                        full_name=f"Nguyễn Thị Hoa {start + number}",
                        name_search=f"nguyen thi hoa {start + number}",
                        name_sort=f"hoa {start + number:07}",
                        birth_year=1960,
                        gender=Gender.FEMALE,
                        commune=village.parent,
                        village=village,
                    )
                    for number, village in enumerate(homes)
                ],
                batch_size=500,
            )
            for campaign in campaigns:
                written = Assessment.objects.bulk_create(
                    [record(person, campaign) for person in lot], batch_size=500
                )
                Step.objects.bulk_create(
                    [Step.come_to(each, at=each.submitted_at) for each in written], batch_size=500
                )
    planner.refresh(Organization, Citizen, Assessment, Step)
    print(f"{Organization.objects.count()} organizations, {Assessment.objects.count()} records", flush=True)


# --- Measuring ------------------------------------------------------------------------------------


def measure():
    import datetime

    from accounts import places
    from assessments.models import Assessment, Campaign
    from organizations import catalogue, paths
    from organizations.models import Kind, Organization
    from reports import as_at, figures

    province = Organization.objects.in_force().get(code="42", kind=Kind.PROVINCE)
    commune = Organization.objects.in_force().filter(parent=province).order_by("path").first()
    campaign = Campaign.objects.get(year=YEARS[-1])
    communes = Organization.objects.in_force().filter(kind=Kind.COMMUNE).select_related("parent")

    def by_path(body):
        below = Organization.objects.filter(paths.at_or_below(body.path)).values("pk")
        return lambda: Assessment.objects.filter(board__in=below, campaign=campaign).count()

    def recursive(body):
        sql = f"""{RECURSIVE} SELECT COUNT(*) FROM assessments_assessment
            WHERE campaign_id = %s AND board_id IN (SELECT id FROM below)"""
        return lambda: one(sql, [body.pk, campaign.pk])

    def organizations_by_path(body):
        return lambda: Organization.objects.filter(paths.at_or_below(body.path)).count()

    def organizations_recursive(body):
        return lambda: one(f"{RECURSIVE} SELECT COUNT(*) FROM below", [body.pk])

    print(f"{'what':34}{'of':>10}{'path ms':>10}{'recursive ms':>14}")
    for name, body in (("commune", commune), ("province", province), ("nation", catalogue._centre())):
        side_by_side("organizations below", name, organizations_by_path(body), organizations_recursive(body))
        side_by_side("records of a year below", name, by_path(body), recursive(body))
    print(f"{'what':34}{'of':>10}{'ms':>10}")
    day = datetime.date(2025, 6, 30)
    for name, body in (("commune", commune), ("province", province), ("nation", catalogue._centre())):
        alone("the page of figures", name, lambda body=body: figures.summary(body, campaign))
        for structure in (as_at.THEN, as_at.NOW):
            moment = as_at.Moment(day, structure)
            alone(
                f"figures as at a day ({structure})",
                name,
                lambda body=body, moment=moment: as_at.summary(body, Campaign.objects.get(year=2024), moment),
            )
    for typed in ("ky anh", "Kỳ Anh", "thach khe", "không có xã này"):
        alone(f"picker: {typed}", "communes", lambda typed=typed: places.find(typed, communes))
    villages = places.villages(commune)
    alone("picker: 3", "villages", lambda: places.find("3", villages))


def one(sql, values):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def side_by_side(what, of, first, second):
    times, told = ([], []), set()
    for _turn in range(TURNS):
        for work, taken in zip((first, second), times, strict=True):
            began = time.perf_counter()
            told.add(work())
            taken.append((time.perf_counter() - began) * 1000)
    if len(told) != 1:
        raise SystemExit(f"{what} of the {of}: {told}")
    print(
        f"{what:34}{of:>10}{statistics.median(times[0]):10.1f}{statistics.median(times[1]):14.1f}", flush=True
    )


def alone(what, of, work):
    times = []
    for _turn in range(TURNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    print(f"{what:34}{of:>10}{statistics.median(times):10.1f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
