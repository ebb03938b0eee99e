"""Whatever happens to records, people and the tree: each figure is a plain count over what is there."""

import random

import pytest

from accounts.models import Citizen, Population
from assessments import closing, tally, workflow
from assessments.models import Assessment, BoardTally, State, WindowStep
from audit import clock
from criteria.models import Group
from organizations.models import Kind, Organization
from reforms import carrying
from reports import figures, sheets
from tests.factories import (
    closed_window,
    full_marks,
    make_citizen_with_account,
    make_confirmer,
    make_scored_assessment,
    make_unit,
    make_village,
    open_campaign,
)
from tests.reforms.trees import new_commune, planned, settle_all, two_communes
from tests.reports.records import (
    all_people,
    all_records,
    count,
    groups_of,
    place_type,
    stands_below,
    stands_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("G1")]


def check(campaign):
    """Every figure of every place, counted now and kept in a sheet."""
    records, people = all_records(campaign), all_people()
    groups = groups_of(people, records)
    for organization in Organization.objects.exclude(kind=Kind.DISTRICT):
        own = [record for record in records if stands_in(record, organization)]
        there = [person for person in people if stands_below(person, organization)]
        summary = figures.summary(organization, campaign)
        assert summary.total == count(own, there), organization
        for lines, of_record, of_person in (
            (summary.groups, lambda one: one.criteria_set.group, lambda one: groups[one]),
            (summary.populations, lambda one: one.citizen.population, lambda one: one.population),
            (summary.place_types, lambda one: place_type(one.board), lambda one: place_type(one.board)),
        ):
            for line in lines:
                plain = count(
                    [one for one in own if of_record(one) == line.about],
                    [one for one in there if of_person(one) == line.about],
                )
                assert line.counts == plain, (organization, line.about)
        if organization.kind in figures.BROKEN_DOWN:
            assert sum((line.counts for line in summary.units), figures.Counts()) == summary.total
        sheets.count_again(organization, campaign)
        assert sheets.of(organization, campaign, clock.now()).summary == summary
    counted = dict(tally.of(Assessment.objects.all()))
    kept = BoardTally.objects.exclude(count=0).values_list(*tally.Cell._fields, "count")
    assert {tally.Cell(*cell): count for *cell, count in kept} == counted


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.prove)])
def test_figures_are_a_plain_count_whatever_happened(seed):
    chance = random.Random(seed)
    province, _officer, an, binh = two_communes()
    boards = [make_village("Đông", an), make_village("Đoài", binh), make_unit(parent=province), an, binh]
    settle_all()
    campaign = open_campaign()
    members = {board: [make_confirmer(board) for _ in range(2)] for board in boards}
    for _ in range(10):
        board = chance.choice(boards)
        home = {"commune": an} if board.parent == province and board.kind == Kind.UNIT else {}
        citizen = make_citizen_with_account(board=board, **home)
        Citizen.objects.filter(pk=citizen.pk).update(population=chance.choice(Population.values))
        make_scored_assessment(
            chance.choice([1, 8]), citizen=citizen, campaign=campaign, group=chance.choice(Group.values)
        )

    steps = {
        "submit": lambda one, board: workflow.submit(one, by=one.citizen.user),
        "withdraw": lambda one, board: workflow.withdraw(one, by=one.citizen.user),
        "return": lambda one, board: workflow.send_back(one, by=board[0], reason="Thiếu minh chứng."),
        "confirm": lambda one, board: workflow.confirm(one, by=board[0]),
        "undo": lambda one, board: workflow.undo(one, by=board[0]),
        "contest": lambda one, board: workflow.contest(
            one, {next(iter(full_marks(one))): "Tôi có giấy."}, by=one.citizen.user
        ),
        "review": lambda one, board: workflow.review(one, {}, by=board[1]),
        "move": lambda one, board: Citizen.objects.filter(pk=one.citizen_id).update(
            unit=None, village=None, commune=chance.choice([an, binh])
        ),
        "depart": lambda one, board: Citizen.objects.filter(pk=one.citizen_id).update(
            departed_on=clock.today()
        ),
    }
    likely = {
        State.REGISTERED: ["submit"],
        State.RETURNED: ["submit"],
        State.SUBMITTED: ["return", "confirm", "confirm", "withdraw"],
        State.CONFIRMED: ["undo", "contest", "review"],
    }
    taken = set()
    first = all_records(campaign)[0].pk
    for name in ("submit", "confirm", "undo", "return"):
        record = Assessment.objects.get(pk=first)
        steps[name](record, members[record.board])
        taken.add(name)
    for _ in range(40):
        record = Assessment.objects.get(pk=chance.choice(all_records(campaign)).pk)
        name = chance.choice(likely[record.state])
        if chance.random() < 0.1:
            name = chance.choice(["move", "move", "depart"])
        try:
            steps[name](record, members[record.board])
        except workflow.Refused:
            continue
        taken.add(name)
    assert len(taken) >= 6, taken
    check(campaign)

    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    carrying.carry_out(reform)
    check(campaign)

    opens_at, closes_at = closed_window()
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(opens_at=opens_at, closes_at=closes_at)
    closing.lock_confirmation(clock.now())
    check(campaign)
