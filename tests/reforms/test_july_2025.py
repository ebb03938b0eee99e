"""All of the reform of 2025 through the engine, with boards, people and records on the old tree."""

import datetime
import functools
import os
import random
import signal
import time
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, Substr

from accounts.models import Appointment, Citizen, FileState
from assessments.models import Assessment, BoardTally, State
from organizations import catalogue, paths
from organizations.models import Kind, Organization, Reform, Succession
from reforms import carrying, files
from reforms.models import RowState
from reports import as_at
from tests.at_once import Ended, at_once
from tests.factories import make_campaign, make_officer
from tests.reforms import july_2025
from tests.reforms.trees import dump

pytestmark = pytest.mark.usefixtures("shared_database")
PROVINCE = 2 * paths.WIDTH


def flat(rows, country, old_province_of):
    """Records or people per new province, counted one by one by what the catalogue says."""
    became = {unit.code: unit.successors[0] for unit in country.old_of(Kind.PROVINCE)}
    return Counter(became[old_province_of[row]] for row in rows)


def on_new_tree(records):
    path = Coalesce(
        "later_place__board__heir__path", "later_place__board__path", "board__heir__path", "board__path"
    )
    codes = dict(Organization.objects.filter(kind=Kind.PROVINCE).values_list("path", "code"))
    counted = records.order_by().values(top=Substr(path, 1, PROVINCE)).annotate(count=Count("pk"))
    return Counter({codes[row["top"]]: row["count"] for row in counted})


def people_on_new_tree():
    path = Coalesce("unit__heir__path", "unit__path", "village__heir__path", "village__path",
                    "commune__heir__path", "commune__path")  # fmt: skip
    codes = dict(Organization.objects.filter(kind=Kind.PROVINCE).values_list("path", "code"))
    counted = Citizen.objects.values(top=Substr(path, 1, PROVINCE)).annotate(count=Count("pk"))
    return Counter({codes[row["top"]]: row["count"] for row in counted})


def die_at_write(number, work):
    """Work, and be killed in the middle at so many written statements."""
    left = number

    def count(execute, sql, *args):
        nonlocal left
        left -= sql.startswith(("INSERT", "UPDATE"))
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *args)

    with connection.execute_wrapper(count):
        work()


def work_on(reform_file, kills):
    """The worker works on the file, and is killed so many times at any write before it comes to its end."""
    for _kill in range(kills):
        at_write = random.randint(1, 60)
        [ended] = at_once(
            functools.partial(die_at_write, at_write, functools.partial(files.work, reform_file.pk))
        )
        assert ended == Ended("signal 9"), at_write
    files.work(reform_file.pk)
    reform_file.refresh_from_db()


def run(province, kills, record_property=lambda *told: None):
    country = july_2025.load_old_era(province)
    july_2025.people_it()
    islands_and_communes = Citizen.objects.values_list(
        "pk", "commune__kind", "commune__parent__code", "commune__parent__parent__code"
    )
    old_province_of = {
        pk: parent if kind == Kind.DISTRICT else above for pk, kind, parent, above in islands_and_communes
    }
    officer = make_officer(catalogue._centre())
    before = dump()
    judged = Assessment.objects.filter(state=State.CONFIRMED)
    reform_file = files.take(
        july_2025.workbook(country),
        name="nghi-quyet-202.xlsx",
        organization=catalogue._centre(),
        by=officer,
    )
    started = time.monotonic()
    work_on(reform_file, kills if reform_file.state == FileState.CHECKING else 0)
    record_property("seconds to check", round(time.monotonic() - started))
    assert list(reform_file.rows.filter(state=RowState.BAD).values_list("number", "verdict")) == []
    assert dump() == before

    started = time.monotonic()
    assert reform_file.start()
    work_on(reform_file, kills)
    record_property("seconds to carry out", round(time.monotonic() - started))
    assert reform_file.state == FileState.DONE
    assert list(reform_file.rows.exclude(state=RowState.DONE).values_list("number", "verdict")) == []

    # The tree is the catalogue's.
    made = Organization.objects.in_force().filter(kind__in=[Kind.PROVINCE, Kind.COMMUNE])
    assert set(made.values_list("code", "full_name", "type", "parent__code")) == {
        (unit.code, unit.full_name, unit.type, unit.parent) for unit in country.new.values()
    }
    pairs = Succession.objects.filter(old__kind=Kind.COMMUNE)
    assert set(pairs.values_list("old__code", "new__code")) == country.pairs
    assert not Organization.objects.in_force().filter(kind=Kind.DISTRICT).exists()
    assert not Organization.objects.in_force().filter(code__endswith=catalogue.OLD_ERA, kind__in=["commune"])

    # Totals of people and of records: by the old structure, by the new, counted flat.
    people = flat(old_province_of, country, old_province_of)
    assert people_on_new_tree() == people
    assert on_new_tree(judged) == people
    for province in Organization.objects.in_force().filter(kind=Kind.PROVINCE):
        of_2024 = [
            as_at.summary(province, make_campaign(2024), as_at.Moment(datetime.date(2024, 12, 31), structure))
            for structure in (as_at.THEN, as_at.NOW)
        ]
        assert {one.total.achieved for one in of_2024} == {people[province.code]}
    old_structure = Counter(judged.values_list("province__code", flat=True))
    assert old_structure == Counter(old_province_of.values())
    opened = Assessment.objects.filter(state=State.REGISTERED)
    assert Counter(opened.values_list("province__code", flat=True)) == people

    tallied = BoardTally.objects.filter(state=State.REGISTERED).values_list("province__code")
    assert {code: count for code, count in tallied.annotate(Sum("count")) if count} == people

    # In what was split everybody is placed by a rule or listed.
    split = {unit.code for unit in country.old_of(Kind.COMMUNE) if len(unit.successors) > 1}
    closed_homes = Citizen.objects.filter(commune__valid_to__isnull=False)
    listed = carrying.resettling.waiting_at
    waiting = sum(listed(one).count() for one in Organization.objects.filter(code__in=split))
    assert waiting == closed_homes.count() == 2 * len(split)
    assert not Citizen.objects.filter(village__valid_to__isnull=False).exists()
    seats = Appointment.objects.in_office().filter(organization__valid_to__isnull=False)
    assert not seats.exists()

    started = time.monotonic()
    for reform in Reform.objects.order_by("-pk"):
        carrying.undo(reform)
    record_property("seconds to undo", round(time.monotonic() - started))
    assert dump() == before
    return country


@pytest.mark.feature("F3", "F4", "F5", "F7", "F8")
@pytest.mark.long_on_sqlite
def test_the_reform_of_ha_tinh_runs_through_the_engine_and_back():
    country = run("42", kills=3)

    assert (len(country.old_of(Kind.COMMUNE)), len(country.pairs)) == (209, 212)


@pytest.mark.prove
def test_the_reform_of_the_whole_country_runs_through_the_engine_and_back(record_property):
    country = run(None, kills=25, record_property=record_property)

    assert (len(country.pairs), len(country.new)) == (10_566, 34 + 3_321)
