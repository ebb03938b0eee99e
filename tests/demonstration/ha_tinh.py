"""The demonstration of Hà Tĩnh on a small tree, for its tests."""

import time_machine
from django.apps import apps

from demonstration import hatinh
from tests.factories import load_criteria, make_commune, make_province, moment

NOVEMBER = moment(2026, 11, 22, 9)
CITIZENS = 150


def make_ha_tinh():
    province = make_province(code="42")
    for name, code in (("Thạch Khê", "18604"), ("Đồng Tiến", "18619"), ("Kỳ Anh", "18775")):
        make_commune(name, code, province)
    load_criteria()


def load(at=NOVEMBER, citizens=CITIZENS):
    with time_machine.travel(at, tick=False):
        make_ha_tinh()
        return hatinh.load_people(citizens)


def everything():
    """Every row of the project's own tables, and of what is built into Django those of accounts."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("audit", "organizations", "criteria", "accounts", "assessments")
    }
