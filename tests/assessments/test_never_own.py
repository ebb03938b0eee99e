"""Nobody judges the own record or that of the own household, by whatever path the code has.

The paths are those found in the code by test_write_paths.py; what must bear no name of somebody tied to the
record is every column of the models that names a user.
"""

import contextlib
import datetime
import itertools

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse

from accounts.models import Citizen, User
from assessments import workflow
from assessments.models import (
    Assessment,
    Contest,
    Extension,
    Lowering,
    Outcome,
    Paper,
    Score,
    State,
    Step,
    WindowStep,
)
from criteria.models import Level
from tests.assessments.test_write_paths import ALL_YEAR, CASES, REFERENCE, begin, come_to, open_by
from tests.factories import (
    appoint,
    make_campaign,
    make_citizen_with_account,
    make_confirmer,
    make_household,
    moment,
    state_paper_days,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B6")]

NOW = moment(2026, 11, 15, 9)
DAY = datetime.timedelta(days=1)
# Where a tied person's name may stand: what citizens do with their own record, and what judges none.
HARMLESS = {
    "assessments.contest.by",
    "assessments.evidence.added_by",
    "assessments.batch.by",
    "assessments.extension.approved_by",  # tried by itself below
    "assessments.helping.helper",  # whoever lives with somebody may fill in for them
    "assessments.score.helped_by",
    "assessments.step.by",  # but for the states of a judgement, below
}
OF_BOARDS = [State.CONFIRMED, State.RETURNED]
# Steps a board takes; a citizen contests the own record, and may.
JUDGING = [
    case
    for case in CASES
    if case.values[1] in (WindowStep.CONFIRMATION, WindowStep.CONTEST, WindowStep.PAPER)
]
OF_CITIZENS = {"assessments.workflow.contesting.contest", "assessments.views.contest.contest"}


@pytest.fixture
def november():
    with time_machine.travel(NOW, tick=False):
        yield


def tie(record):
    """Who sits on the board and is the person or heads the family, and who sits there and lives with them."""
    if record.citizen_id:
        household, own = make_household(record.board), record.citizen
        Citizen.objects.filter(pk=own.pk).update(household=household)
    else:
        household = record.household
        own = household.headships.get().citizen
    people = [own.user, make_citizen_with_account(board=record.board, household=household).user]
    for user in people:
        appoint(user, record.board)
    return people


def columns():
    """Every column of the records that names a user."""
    for model in apps.get_app_config("assessments").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is User:
                yield f"{model._meta.label_lower}.{field.name}", model, field.name


def names_of(user):
    """Where a user's name stands in the rows of the records, but for what is harmless."""
    found = {
        name
        for name, model, field in columns()
        if name not in HARMLESS and model.objects.filter(**{field: user}).exists()
    }
    if Step.objects.filter(by=user, state__in=OF_BOARDS, reason__gt="").exists():
        found.add("assessments.step.by")
    return found


def judgement(record):
    fields = ["state", "outcome", "confirmed_total", "review_total", "confirmed_at", "confirmed_by", "round"]
    return Assessment.objects.values(*fields).get(pk=record.pk)


def test_columns_that_name_a_user_are_watched(november):
    scene = begin(State.SUBMITTED)
    Score.objects.filter(assessment=scene.record).update(changed_by=scene.other, reason="Ít.")

    assert names_of(scene.other) == {"assessments.score.changed_by"}
    assert {name for name, _model, _field in columns()} >= HARMLESS


@pytest.mark.parametrize(("name", "step", "state", "act"), JUDGING)
def test_no_path_lets_the_person_or_a_housemate_judge(november, name, step, state, act):
    scene = begin(state)
    open_by("window", step, scene)
    come_to(scene, state, NOW)
    before = judgement(scene.record)
    for user in tie(scene.record):
        scene.member = scene.other = user
        scene.record = Assessment.objects.get(pk=scene.record.pk)
        with transaction.atomic():
            with contextlib.suppress(workflow.Refused, PermissionDenied):
                act(scene)
            assert names_of(user) == set()
            if name not in OF_CITIZENS:
                assert judgement(scene.record) == before
            transaction.set_rollback(True)


def test_the_admin_lets_nobody_judge_the_own_record(november):
    scene = begin(State.SUBMITTED)
    before = judgement(scene.record)
    for user in tie(scene.record):
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        client = Client()
        client.force_login(user)
        for model, action in itertools.product(admin.site._registry, ["add", "change", "delete"]):
            if model._meta.app_label == "assessments" and model._meta.model_name not in REFERENCE:
                args = [] if action == "add" else [scene.record.pk]
                address = reverse(f"admin:assessments_{model._meta.model_name}_{action}", args=args)
                client.post(address, {"state": State.CONFIRMED, "confirmed_by": user.pk, "post": "yes"})
        assert names_of(user) == set()
    assert judgement(scene.record) == before


# --- What asks nobody -----------------------------------------------------------------------------


def confirmed(record, user):
    judged = {
        "state": State.CONFIRMED,
        "outcome": Outcome.ACHIEVED,
        "confirmed_at": NOW,
        "confirmed_by": user,
    }
    Assessment.objects.filter(pk=record.pk).update(**judged)


def confirmed_in_bulk(record, user):
    record = Assessment.objects.get(pk=record.pk)
    record.state, record.outcome = State.CONFIRMED, Outcome.ACHIEVED
    record.confirmed_at, record.confirmed_by = NOW, user
    Assessment.objects.bulk_update([record], ["state", "outcome", "confirmed_at", "confirmed_by"])


def put_in_confirmed(record, user):
    record = Assessment.objects.get(pk=record.pk)
    record.pk, record.receipt_number, record.campaign = None, "1", make_campaign(2027, confirmation=ALL_YEAR)
    record.state, record.outcome = State.CONFIRMED, Outcome.ACHIEVED
    record.confirmed_at, record.confirmed_by = NOW, user
    Assessment.objects.bulk_create([record])


def lowered(record, user):
    decided = {"decided_by": user, "decided_at": NOW, "outcome": Outcome.ACHIEVED}
    Lowering.objects.create(assessment=record, board=record.board, round=1, **decided)


def agreed(record, user):
    lowered(record, make_confirmer(record.board))
    Lowering.objects.update(agreed_by=user, agreed_at=NOW)


def typed(record, user):
    said = {"dated_at": NOW, "outcome": Outcome.ACHIEVED, "typed_by": user, "typed_at": NOW}
    return Paper.objects.create(assessment=record, round=1, **said)


def signed(record, user):
    typed(record, make_confirmer(record.board))
    Paper.objects.update(signed_by=user, signed_at=NOW)


def looked_at_again(record, user):
    Contest.objects.create(assessment=record, round=1, at=NOW)
    Contest.objects.update(decided_by=user, decided_at=NOW)


def reopened(record, user):
    given = {
        "level": Level.CITIZEN,
        "opens_at": NOW,
        "closes_at": NOW + DAY,
        "reason": "Lũ.",
        "approved_by": user,
    }
    Extension.objects.create(
        campaign=record.campaign,
        step=WindowStep.CONFIRMATION,
        decision_number="1",
        assessment=record,
        **given,
    )


@pytest.mark.parametrize(
    "write",
    [
        confirmed,
        confirmed_in_bulk,
        put_in_confirmed,
        lowered,
        agreed,
        typed,
        signed,
        looked_at_again,
        reopened,
    ],
)
def test_the_database_refuses_what_goes_past_the_workflow(november, write):
    scene = begin(State.SUBMITTED)
    state_paper_days(scene.campaign, *ALL_YEAR)
    for user in tie(scene.record):
        with pytest.raises(IntegrityError, match="own"), transaction.atomic():
            write(scene.record, user)
    write(scene.record, scene.other)  # whoever is not tied may
