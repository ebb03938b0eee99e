"""Writing whole lives of records in bulk, with the rows, events and notices the workflow would have left."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

from django.db import transaction

from accounts.models import Message
from assessments import notices, scoring, tally, workflow
from assessments.closing import BECOMES
from assessments.models import Assessment, Campaign, Outcome, Score, State, Step
from assessments.models.score import points_and_passed
from audit import bulk, events
from demonstration.lives import Year
from demonstration.plans import Plan

BATCH = 500
SCORE_COLUMNS = [
    "id",
    "assessment_id",
    "indicator_id",
    "round",
    "own_points",
    "own_passed",
    "confirmed_points",
    "confirmed_passed",
    "reason",
    "changed_by_id",
    "review_reason",
]
READ_WITHIN = 60 * 60 * 24 * 3  # seconds


@transaction.atomic
def write(
    plans: list[Plan], campaign: Campaign, year: Year, rng: Random, *, tells_own_scores: bool
) -> list[Assessment]:
    """Write the records with steps, scores, events and notices."""
    histories = write_histories(plans, campaign, year, rng, tells_own_scores=tells_own_scores)
    return [one.assessment for one in histories]


@transaction.atomic
def write_histories(
    plans: list[Plan], campaign: Campaign, year: Year, rng: Random, *, tells_own_scores: bool
) -> "list[History]":
    """The same, with how each came about.

    Events of own scores may be left out where only the mass counts; a board's changes are always told.
    """
    keys = bulk.reserve(Assessment, len(plans))
    histories = [History(plan, campaign, key, year) for plan, key in zip(plans, keys, strict=True)]
    Assessment.objects.bulk_create([one.assessment for one in histories], batch_size=BATCH)
    score_keys = iter(bulk.reserve(Score, sum(one.score_count for one in histories)))
    bulk.insert(
        Score._meta.db_table, SCORE_COLUMNS, (row for one in histories for row in one.score_rows(score_keys))
    )
    Step.objects.bulk_create([step for one in histories for step in one.steps], batch_size=BATCH)
    entries = [entry for one in histories for entry in one.entries(tells_own_scores)]
    events.record_many(sorted(entries, key=lambda entry: entry.at))
    messages = [message for one in histories for message in one.messages]
    _read(messages, year, rng)
    for message in messages:
        message.planned_at = message.at  # of days gone by: nothing of it leaves the portal now
    Message.objects.tell(messages)
    tally.change(tally.NOTHING, tally.of(one.assessment for one in histories))
    return histories


def _read(messages: Iterable[Message], year: Year, rng: Random) -> None:
    """Most notices have been looked at within days."""
    for message in messages:
        read_at = message.at + datetime.timedelta(seconds=rng.randrange(READ_WITHIN))
        if rng.random() < 0.8 and read_at < year.upto:
            message.read_at = read_at


class History:
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
        return scoring.judge(given, self.plan.form.rules_at(self.plan.board))

    def _step(self, state, at, by):
        assessment, old = self.assessment, self.assessment.state
        reason = self._come_to(state, at)
        if by is None and state in BECOMES.values():
            assessment.closed_from = old
        assessment.state = state
        assessment.version += 1
        self.steps.append(Step.come_to(assessment, at=at, by=by, reason=reason))
        self.step_entries.append(workflow.step_entry(assessment, by=by, at=at, old=old, reason=reason))
        message = notices.notice(assessment, reason)
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
                    *points_and_passed(own),
                    *(points_and_passed(confirmed) if is_confirmed and number == last else (None, None)),
                    change.reason if change else "",
                    self.plan.confirmer.pk if change else None,
                    "",
                )

    def entries(self, tells_own_scores) -> list[events.Entry]:
        """Events of the record, once its scores have keys."""
        told = list(self._own_score_entries()) if tells_own_scores else []
        return told + list(self._change_entries()) + self.step_entries

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


def in_words(made: Counter) -> Iterator[tuple[str, int]]:
    """How many records stand in which state, as people call it: unsent is unsent, locked or not."""
    words = Counter()
    for state in State:
        words[str(state.label)] += made[state]
    return ((said, count) for said, count in words.items() if count)
