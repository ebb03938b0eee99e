"""Does the list of boards slow down with their number? python -m bench.boards [records a board].

12 records a board unless told. A province of 600 boards and one of 6,346 in one database, asked in turns; and
beside it what working out every board at each request would cost, which is what the hourly task does once for
all. On a SQLite file of its own in a temporary folder, or on the empty PostgreSQL that DATABASE_URL names.
"""

import datetime
import os
import secrets
import statistics
import sys
import tempfile
import time
from random import Random

BOARDS = (600, 6346)
A_COMMUNE = 60  # boards
TURNS = 30
DECEMBER = "2026-12-10T09:00:00+07:00"


def main(records="12"):
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        names = ("SECRET_KEY", "DATA_KEYS", "DIGEST_KEY", "SIGNING_KEY")
        os.environ |= {name: secrets.token_hex(32) for name in names}
        os.environ |= {"DEBUG": "1", "PORTAL_NOW": DECEMBER, "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.conf import settings

        django.setup()
        settings.DEBUG = False
        settings.ALLOWED_HOSTS = ["testserver"]
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(int(records))


def measure(records):
    from accounts.models import Appointment, Citizen, User
    from assessments import looking_ahead
    from assessments.models import Assessment, BoardOutlook, BoardTally, Campaign
    from audit import clock
    from audit import statistics as planner
    from organizations.models import Organization
    from tests.factories import load_criteria

    load_criteria()
    campaigns = [Campaign.objects.open(year)[0] for year in (2025, 2026)]
    provinces = [grow(count, records, campaigns) for count in BOARDS]
    began = time.perf_counter()
    looking_ahead.refresh(clock.now())
    every_hour = time.perf_counter() - began
    planner.refresh(Organization, Citizen, Assessment, BoardTally, BoardOutlook, Appointment, User)
    print(f"{BoardOutlook.objects.count()} boards worked out anew in {every_hour:.1f} s, once an hour")
    pages = {
        "first page": {},
        "last page": {"page": "last"},
        "one cause": {"cause": "still"},
        "one commune": {"place": None},
    }
    times = {(name, count): [] for name in pages for count in BOARDS}
    for _turn in range(TURNS):
        for name, query in pages.items():
            for count, (client, commune) in zip(BOARDS, provinces, strict=True):
                asked = {key: value or commune for key, value in query.items()}
                times[name, count].append(ask(client, asked))
    print(f"{'milliseconds':16}" + "".join(f"{count:>8} boards" for count in BOARDS))
    for name in pages:
        medians = (1000 * statistics.median(times[name, count]) for count in BOARDS)
        print(f"{name:16}" + "".join(f"{median:15.1f}" for median in medians))
    usual = (at_each_request(commune, campaigns[-1]) for _client, commune in provinces)
    print(f"{'all worked out':16}" + "".join(f"{1000 * seconds:15.1f}" for seconds in usual))


def ask(client, query):
    from django.urls import reverse

    began = time.perf_counter()
    answer = client.get(reverse("assessments:board_list"), query)
    taken = time.perf_counter() - began
    if answer.status_code != 200 or b"<tbody>" not in answer.content:
        raise SystemExit(f"no list: {answer.status_code}")
    return taken


def at_each_request(commune, campaign):
    from assessments import looking_ahead
    from audit import clock
    from organizations import paths
    from organizations.models import Organization

    province = Organization.objects.get(code=commune).parent
    began = time.perf_counter()
    boards = list(Organization.objects.filter(paths.at_or_below(province.path), kind="village"))
    for start in range(0, len(boards), looking_ahead.CHUNK):
        rows = looking_ahead.counted(boards[start : start + looking_ahead.CHUNK], campaign, clock.now())
        told = looking_ahead.of(rows.values(), campaign, clock.now())
        sorted(told, key=lambda each: each.outlook.order)
    return time.perf_counter() - began


# --- What is counted --------------------------------------------------------------------------------


def grow(count, records, campaigns):
    """A province with so many boards, and an officer's browser: (client, code of a commune)."""
    from django.test import Client

    from accounts.models import Appointment, Citizen, Gender, Role, User
    from assessments import tally
    from assessments.models import Assessment
    from criteria.models import CriteriaSet
    from organizations import paths
    from organizations.models import Kind, Organization, Type
    from tests.factories import make_commune, make_officer, make_province

    province = make_province(f"Tỉnh {count}")
    communes = [make_commune(f"Xã {n}", province=province) for n in range(-(-count // A_COMMUNE))]
    villages = []
    for n in range(count):
        commune = communes[n // A_COMMUNE]
        village = Organization(kind=Kind.VILLAGE, type=Type.HAMLET, code=f"V{count}-{n}", parent=commune)
        village.path = commune.path + paths.segment(n % A_COMMUNE + 1)
        village.set_name(f"{n}")
        villages.append(village)
    Organization.objects.bulk_create(villages, batch_size=500)
    random, now = Random(count), datetime.datetime.fromisoformat(DECEMBER)
    members = User.objects.bulk_create(
        [
            User(username=f"m{count}-{n}", full_name=f"Trần Văn {n}", last_login=now - days(random, 60))
            for n in range(count)
        ],
        batch_size=500,
    )
    Appointment.objects.bulk_create(
        [
            Appointment(user=member, organization=village, role=Role.BOARD_CHAIR, valid_from="2024-01-01")
            for member, village in zip(members, villages, strict=True)
            if random.random() < 0.95
        ],
        batch_size=500,
    )
    form = CriteriaSet.objects.filter(group="I").first()
    for start in range(0, count, 250):
        some = villages[start : start + 250]
        people = Citizen.objects.bulk_create(
            [
                Citizen(
                    full_name="Nguyễn Thị Hoa",
                    name_search="nguyen thi hoa",
                    name_sort="hoa nguyen thi",
                    birth_year=1960,
                    gender=Gender.FEMALE,
                    commune=village.parent,
                    village=village,
                )
                for village in some
                for _person in range(records)
            ],
            batch_size=500,
        )
        made = [record(person, campaign, form, random, now) for person in people for campaign in campaigns]
        tally.change(tally.NOTHING, tally.of(Assessment.objects.bulk_create(made, batch_size=500)))
    client = Client()
    client.force_login(make_officer(province))
    return client, communes[0].code


def days(random, most):
    return datetime.timedelta(days=random.uniform(0, most))


def record(person, campaign, form, random, now):
    from assessments.models import Assessment, Outcome, State

    sent = now - days(random, 60)
    if campaign.year == 2025:
        sent -= datetime.timedelta(days=365)
    judged = campaign.year == 2025 or random.random() < 0.5
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
        registered_at=sent,
        saved_at=sent,
        submitted_at=sent,
        confirmed_at=sent + datetime.timedelta(hours=5) if judged else None,
        confirmed_by_id=1 if judged else None,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
