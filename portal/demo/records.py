"""Writing whole lives of records in bulk: the same rows, events and notices that the workflow, step by step,

would have left.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import Citizen, Message, User
from assessments import notices, scoring, windows, workflow
from assessments.closing import BECOMES
from assessments.models import Assessment, Campaign, Outcome, Score, State, Step, WindowStep
from assessments.scoring import Given
from assessments.workflow import Change
from audit import clock, events
from criteria.models import CriteriaSet, Group
from criteria.rules import Rules
from organizations.models import Organization
from portal.demo import lives, marks, tables, words
from portal.demo.lives import Happening, Year
from portal.demo.people import Board

BATCH = 500
SCORE_COLUMNS = [
    "id",
    "assessment_id",
    "indicator_id",
    "round",
    "own_points",
    "own_passed",
    "confirmed_points",
]
SCORE_COLUMNS += ["confirmed_passed", "reason", "changed_by_id"]
READ_WITHIN = 60 * 60 * 24 * 3  # seconds


@dataclass(frozen=True)
class Form:
    """A criteria set with what is asked of it for every record."""

    criteria_set: CriteriaSet
    rules: Rules
    indicators: dict[str, int]  # code → key

    @classmethod
    def of(cls, criteria_set: CriteriaSet) -> "Form":
        indicators = {indicator.code: indicator.pk for indicator in criteria_set.indicators}
        return cls(criteria_set, criteria_set.rules(), indicators)


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


def plan(rng: Random, citizen: Citizen, board: Board, year: Year, forms, diligence: float) -> Plan | None:
    """Draw one person's year; None when the person has not registered by the year's moment."""
    confirmer = board.confirmer_of(citizen)
    life = lives.life(rng, year, diligence if confirmer else 0)
    if not life:
        return None
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


@transaction.atomic
def write(
    plans: list[Plan], campaign: Campaign, year: Year, rng: Random, *, tells_own_scores: bool
) -> list[Assessment]:
    """Write the records with steps, scores, events and notices.

    Events of own scores may be left out where only the mass counts; a board's changes are always told.
    """
    keys = tables.reserve(Assessment, len(plans))
    histories = [_History(plan, campaign, key, year) for plan, key in zip(plans, keys, strict=True)]
    Assessment.objects.bulk_create([one.assessment for one in histories], batch_size=BATCH)
    score_keys = iter(tables.reserve(Score, sum(one.score_count for one in histories)))
    tables.insert(Score, SCORE_COLUMNS, (row for one in histories for row in one.score_rows(score_keys)))
    Step.objects.bulk_create([step for one in histories for step in one.steps], batch_size=BATCH)
    entries = [entry for one in histories for entry in one.entries(tells_own_scores)]
    events.record_many(sorted(entries, key=lambda entry: entry.at))
    messages = [message for one in histories for message in one.messages]
    _read(messages, year, rng)
    Message.objects.tell(messages)
    return [one.assessment for one in histories]


def _read(messages: Iterable[Message], year: Year, rng: Random) -> None:
    """Most notices have been looked at within days."""
    for message in messages:
        read_at = message.at + datetime.timedelta(seconds=rng.randrange(READ_WITHIN))
        if rng.random() < 0.8 and read_at < year.upto:
            message.read_at = read_at


class _History:
    """One plan played through on its record, step by step."""

    def __init__(self, plan: Plan, campaign: Campaign, key: int, year: Year):
        self.plan = plan
        self.steps, self.messages, self.step_entries = [], [], []
        first = plan.life[0]
        self.assessment = Assessment(
            pk=key,
            campaign=campaign,
            citizen=plan.citizen,
            criteria_set=plan.form.criteria_set,
            state="",
            registered_at=first.at,
            saved_at=first.at,
            own_total=self._judge(plan.rounds[0]).total,
            version=0,
            **plan.board.places,
        )
        for happening in plan.life:
            self._step(happening.state, happening.at, plan.actor(happening))
        for at in self._saved_at():
            self.assessment.saved_at = at
            self.assessment.version += 1
        if year.is_over and self.assessment.state in BECOMES:
            self._step(BECOMES[State(self.assessment.state)], year.closes, None)

    def _saved_at(self):
        """When the own points of each round were saved, where something was."""
        rounds = self.plan.rounds
        if rounds[0]:
            yield self.plan.scored_at
        if len(rounds) > 1 and rounds[1] != rounds[0]:
            yield self.assessment.submitted_at

    def _judge(self, given):
        return scoring.judge(given, self.plan.form.rules)

    def _step(self, state, at, by):
        assessment, old = self.assessment, self.assessment.state
        reason = self._come_to(state, at)
        assessment.state = state
        assessment.version += 1
        self.steps.append(Step(assessment=assessment, state=state, at=at, by=by, reason=reason))
        self.step_entries.append(
            events.Entry(
                "step",
                assessment,
                at=at,
                by=by,
                organization=assessment.board,
                subject=assessment.citizen_id,
                old=old,
                new=state,
                private={"reason": reason} if reason else {},
            )
        )
        message = notices.notice(assessment, state, reason)
        if message:
            message.at = at
            self.messages.append(message)

    def _come_to(self, state, at) -> str:
        """What the step writes beside the state; the reason, where it has one."""
        assessment, plan = self.assessment, self.plan
        if state == State.SUBMITTED:
            assessment.own_total = self._judge(plan.rounds[assessment.round - 1]).total
            assessment.submitted_at = at
            assessment.receipt_number = assessment.receipt_number or workflow.receipt_number(assessment)
        elif state == State.RETURNED:
            assessment.round += 1
            return plan.reason
        elif state == State.CONFIRMED:
            result = self._judge(
                plan.rounds[-1] | {code: change.given for code, change in plan.changes.items()}
            )
            assessment.outcome = Outcome.ACHIEVED if result.achieved else Outcome.NOT_ACHIEVED
            assessment.confirmed_total = result.total
            assessment.confirmed_at = at
            assessment.confirmed_by = plan.confirmer
        return ""

    @property
    def score_count(self) -> int:
        return sum(len(given) for given in self.plan.rounds)

    def score_rows(self, keys: Iterator[int]) -> Iterator[tuple]:
        """The scores of every round as SCORE_COLUMNS; those of the last with what the board gave."""
        self.score_keys = {}
        last = len(self.plan.rounds)
        is_confirmed = self.assessment.state == State.CONFIRMED
        for number, given in enumerate(self.plan.rounds, start=1):
            for code, own in given.items():
                self.score_keys[number, code] = key = next(keys)
                change = self.plan.changes.get(code) if number == last else None
                confirmed = change.given if change else own
                yield (
                    key,
                    self.assessment.pk,
                    self.plan.form.indicators[code],
                    number,
                    *_points_and_passed(own),
                    *(_points_and_passed(confirmed) if is_confirmed and number == last else (None, None)),
                    change.reason if change else "",
                    self.plan.confirmer.pk if change else None,
                )

    def entries(self, tells_own_scores) -> list[events.Entry]:
        """Events of the record, once its scores have keys."""
        told = list(self._own_score_entries()) if tells_own_scores else []
        return told + self.step_entries + list(self._change_entries())

    def _own_score_entries(self):
        before = {}
        for number, given in enumerate(self.plan.rounds, start=1):
            at = self.plan.scored_at if number == 1 else self.assessment.submitted_at
            for code, own in given.items():
                if before.get(code) != own:
                    yield self._score_entry(number, code, before.get(code), own, self.plan.sender, at)
            before = given

    def _change_entries(self):
        last, at = len(self.plan.rounds), self.assessment.confirmed_at
        for code, change in self.plan.changes.items():
            own = self.plan.rounds[-1][code]
            yield self._score_entry(last, code, own, change.given, self.plan.confirmer, at, change.reason)

    def _score_entry(self, number, code, old, new, by, at, reason=""):
        score = Score(pk=self.score_keys[number, code])
        return workflow.score_entry(self.assessment, score, old, new, by, at, reason=reason)


def _points_and_passed(given):
    return (None, given) if isinstance(given, bool) else (given, None)
