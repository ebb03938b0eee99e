"""What is to be written: one person's year as a plan, drawn from the calendar, the form and the board."""

import datetime
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone

from accounts.models import Citizen, User
from assessments import windows, workflow
from assessments.models import Campaign, State, WindowStep
from assessments.scoring import Given
from assessments.workflow import Change
from audit import clock
from criteria.models import CriteriaSet, Group
from criteria.rules import Rules
from demonstration import lives, marks, words
from demonstration.lives import Happening, Year
from demonstration.people import Board
from organizations.models import Organization


@dataclass(frozen=True)
class Form:
    """A criteria set with what is asked of it for every record."""

    criteria_set: CriteriaSet
    rules: Rules
    hard_area_rules: Rules
    indicators: dict[str, int]  # code → key

    @classmethod
    def of(cls, criteria_set: CriteriaSet) -> "Form":
        indicators = {indicator.code: indicator.pk for indicator in criteria_set.indicators}
        return cls(criteria_set, criteria_set.rules(), criteria_set.rules(in_hard_area=True), indicators)

    def rules_at(self, board: Board) -> Rules:
        return self.hard_area_rules if board.places["in_hard_area"] else self.rules


def forms_in_force(on: datetime.datetime) -> dict[str, Form]:
    """Group → its form at that moment. Raises workflow.Refused when a group has none."""
    return {group: Form.of(workflow.criteria_set_for(group, on)) for group in Group.values}


def year_of(campaign: Campaign, province: Organization) -> Year:
    """The year as its windows make it for a province, seen at the beginning of the portal's day.

    So the same day gives the same rows, and nothing lies in the future.
    """
    of = {step: windows.of_campaign(step, campaign, province) for step in WindowStep}
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    confirmation = of[WindowStep.CONFIRMATION]
    return Year(of[WindowStep.REGISTRATION].opens_at, confirmation.opens_at, confirmation.closes_at, midnight)


@dataclass
class Plan:
    """One record to be: who, where, what happens, and what is given in each round."""

    citizen: Citizen
    board: Board
    form: Form
    life: list[Happening]
    rounds: list[dict[str, Given]]
    scored_at: datetime.datetime
    changes: dict[str, Change] = field(default_factory=dict)
    reason: str = ""  # why it was returned
    confirmer: User | None = None

    @property
    def sender(self) -> User | None:
        """Who writes for the citizen: who has no account is helped by the board."""
        return self.citizen.user or self.confirmer

    def actor(self, happening: Happening) -> User | None:
        return self.confirmer if happening.by_board else self.sender


def draw(rng: Random, citizen: Citizen, board: Board, year: Year, forms, diligence: float) -> Plan:
    """Draw one person's year."""
    confirmer = board.confirmer_of(citizen)
    life = lives.life(rng, year, diligence if confirmer else 0)
    form = forms[citizen.suggested_group]
    given = marks.own(rng, form.rules, marks.ability(rng))
    is_sent = len(life) > 1
    drawn = Plan(
        citizen=citizen,
        board=board,
        form=form,
        life=life,
        rounds=[given if is_sent else marks.begun(rng, given)],
        scored_at=_when_scored(rng, life, year),
        confirmer=confirmer,
    )
    states = [happening.state for happening in life]
    if State.RETURNED in states:
        drawn.reason = rng.choice(words.RETURNED)
        answered = states.count(State.SUBMITTED) > 1
        drawn.rounds.append(marks.corrected(rng, form.rules, given) if answered else given)
    if State.CONFIRMED in states:
        drawn.changes = marks.changes(rng, form.rules, drawn.rounds[-1])
    return drawn


def _when_scored(rng, life, year):
    """When the own points were saved last: shortly before sending, or some time since."""
    if len(life) > 1:
        return max(life[0].at, life[1].at - datetime.timedelta(minutes=rng.randint(2, 50)))
    since = min(year.upto, year.closes) - life[0].at
    return life[0].at + since * rng.random() * 0.5
