"""A tree to reform, and everything that the database holds of it."""

import datetime

from django.apps import apps
from django.db import connection

from audit import clock
from organizations.founding import place
from organizations.models import Organization, ReformKind
from organizations.reforms import NewUnit, Plan, record
from tests.factories import make_commune, make_officer, make_province

# Nobody undoes what was told, and a reform's own rows tell that it was done and undone.
NOT_IN_DUMP = {"audit", "contenttypes", "auth", "sessions"}
OWN_ROWS = {
    "organizations.reform",
    "organizations.reformchange",
    "reforms.reformfile",
    "reforms.filerow",
    "accounts.message",
}
YEARS_AGO = datetime.date(2020, 1, 1)


def dump():
    """Every row of the portal but events, notices and the reforms' own, as the database holds it."""
    rows = []
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows += [(table, *map(_value, row)) for row in cursor.fetchall()]
    return rows


def tables():
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if not _is_left_out(model)]


def _is_left_out(model):
    owner = model._meta.auto_created or model
    return model._meta.app_label in NOT_IN_DUMP or owner._meta.label_lower in OWN_ROWS


def _value(value):
    return bytes(value) if isinstance(value, memoryview) else value


def settle_all():
    """Give each organization its dated place, as founding does."""
    place(list(Organization.objects.filter(placements=None).order_by("path")))


def two_communes():
    """A province with communes An and Bình, from 2020 on, and its officer."""
    province = make_province(valid_from=YEARS_AGO)
    officer = make_officer(province)
    first = make_commune("An", "18001", province, valid_from=YEARS_AGO)
    second = make_commune("Bình", "18002", province, valid_from=YEARS_AGO)
    return province, officer, first, second


def new_commune(name="An Bình", code="18001", parent=None):
    return NewUnit(kind="commune", type="xa", name=name, parent=parent.code, code=code)


def planned(kind, sources, *, organization, day=None, **what):
    plan = Plan(kind=ReformKind(kind).value, sources=tuple(one.code for one in sources), **what)
    return record(
        plan,
        day=day or clock.today(),
        legal_basis="Nghị quyết 01/NQ-HĐND",
        organization=organization,
    )
