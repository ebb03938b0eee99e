"""Many records in every state, written straight into the tables, and counted the plain way."""

import itertools
import random

from accounts.models import Citizen, Population
from accounts.models.citizen import GROUP_OF
from assessments import workflow
from assessments.models import Assessment, Outcome, State, WindowStep
from audit import clock
from criteria.models import CriteriaSet, Group
from organizations.models import Kind, Type
from reports.figures import Counts
from tests.factories import (
    load_criteria,
    make_campaign,
    make_centre,
    make_citizen,
    make_commune,
    make_province,
    make_unit,
    make_user,
    make_village,
    open_campaign,
    open_window,
)

number = itertools.count(1)
ENDS = [
    (State.REGISTERED, ""),
    (State.SUBMITTED, ""),
    (State.RETURNED, ""),
    (State.UNSENT, ""),
    (State.UNCONFIRMED, ""),
    (State.CONFIRMED, Outcome.ACHIEVED),
    (State.CONFIRMED, Outcome.NOT_ACHIEVED),
    (State.RECOGNISED, Outcome.ACHIEVED),
]


CLOSED_FROM = {State.UNSENT: State.REGISTERED, State.UNCONFIRMED: State.SUBMITTED}


def make_record(citizen=None, campaign=None, state=State.SUBMITTED, outcome="", group=Group.I, **fields):
    """A record in any state at the citizen's board of today, without the steps that lead there."""
    load_criteria()
    fields.setdefault("closed_from", CLOSED_FROM.get(state, ""))
    citizen = citizen or make_citizen()
    now = clock.now()
    sent = state not in (State.REGISTERED, State.UNSENT)
    values = {
        "registered_at": now,
        "saved_at": now,
        "submitted_at": now if sent else None,
        "receipt_number": f"2026-42-{next(number):07d}" if sent else None,
        "confirmed_at": now if outcome else None,
        "confirmed_by": make_user() if outcome else None,
    }
    return Assessment.objects.create(
        citizen=citizen,
        campaign=campaign or open_campaign(),
        criteria_set=CriteriaSet.objects.get(group=group),
        state=state,
        outcome=outcome,
        **(values | workflow.places_of(citizen.board) | fields),
    )


def make_country(seed, people=60):
    """Two provinces and among them people of all states and groups; returns the campaign.

    Some have no record this year, some one of last year, some chose another group than the suggested one,
    some moved away after they had registered.
    """
    chance = random.Random(seed)
    campaign = open_campaign()
    last_year = make_campaign(campaign.year - 1, **{WindowStep.CONFIRMATION: open_window()})
    boards = _make_boards()
    commune = boards[0]
    for _ in range(people):
        board = chance.choice(boards)
        home = {} if board.kind != Kind.UNIT or board.parent.kind == Kind.COMMUNE else {"commune": commune}
        citizen = make_citizen(board=board, population=chance.choice(Population.values), **home)
        if chance.random() < 0.8:
            make_record(citizen, campaign, *chance.choice(ENDS), group=chance.choice(Group.values))
        if chance.random() < 0.2:
            make_record(citizen, last_year, State.CONFIRMED, Outcome.ACHIEVED)
        if chance.random() < 0.15:
            citizen.unit, citizen.village, citizen.commune = None, None, commune
            citizen.save()
    return campaign


def _make_boards():
    boards = []
    for province_name, commune_names in [("Hà Tĩnh", ["Thạch Khê", "Đức Thọ"]), ("Nghệ An", ["Vinh Lộc"])]:
        province = make_province(province_name)
        for name in commune_names:
            commune = make_commune(name, province=province)
            boards += [commune, make_village("Đông", commune), make_village("Đoài", commune)]
            boards.append(make_unit(f"Trường {name}", parent=commune))
        boards.append(make_unit(f"Sở Nội vụ {province_name}", parent=province))
    return [*boards, make_unit("Trường Đại học Trung ương", parent=make_centre())]


# --- Counted one by one, without the database's help ----------------------------------------------


def count(records, people) -> Counts:
    states = [(record.state, record.outcome) for record in records]

    def of(*wanted):
        return sum(state in wanted for state, _outcome in states)

    achieved = sum(outcome == Outcome.ACHIEVED for _state, outcome in states)
    not_achieved = sum(outcome == Outcome.NOT_ACHIEVED for _state, outcome in states)
    return Counts(
        people=len(people),
        registered=len(states),
        sent=len(states) - of(State.REGISTERED, State.UNSENT),
        confirmed=achieved + not_achieved,
        achieved=achieved,
        not_achieved=not_achieved,
        recognised=sum(state == State.RECOGNISED for state, _outcome in states),
        unconfirmed=sum(record.closed_from == State.SUBMITTED for record in records),
        waiting=of(State.SUBMITTED),
        returned=of(State.RETURNED) + sum(record.closed_from == State.RETURNED for record in records),
        not_sent=of(State.REGISTERED, State.UNSENT),
    )


def all_records(campaign):
    related = ("board", "commune", "province", "criteria_set", "citizen")
    return list(Assessment.objects.filter(campaign=campaign).select_related(*related))


def all_people():
    return list(Citizen.objects.filter(departed_on=None).select_related("unit", "village", "commune"))


def place_type(board):
    """What confirms: a unit by its type, a village, else an association."""
    if board.kind == Kind.UNIT:
        return board.type or Type.OTHER
    return Kind.VILLAGE if board.kind == Kind.VILLAGE else Kind.COMMUNE


def stands_in(record, organization):
    """By the places of its day."""
    places = (record.board, record.commune, record.province)
    return organization in places or organization.kind == Kind.CENTRE


def stands_below(person, organization):
    return person.board.path.startswith(organization.path)


def groups_of(people, records):
    """Person → group: of the year's record, else what the person's work suggests."""
    of_record = {record.citizen_id: record.criteria_set.group for record in records}
    return {person: of_record.get(person.pk, GROUP_OF[person.population]) for person in people}
