"""How far a citizen's form is filled in, and what it comes to as it stands. Reads only."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from assessments import scoring, shares, workflow
from assessments.models import Evidence, Score, State
from assessments.scoring import ZERO, Given, Result
from assessments.shares import Share
from criteria import explanations
from criteria.explanations import Explanation
from criteria.models import Criterion
from criteria.rules import Rules, ScoringModel

MOST_LIFTING = 3


@dataclass(frozen=True)
class Line:
    """One indicator, what it was given, and what stands behind it.

    `asked` is why the board returned it; `stands` is whether the board returned others only. `shares` are
    counted from the group's people: then nobody enters anything.
    """

    indicator: Criterion
    score: Score | None
    evidence: list[Evidence] = field(default_factory=list)
    asked: str = ""
    stands: bool = False
    shares: list[Share] = field(default_factory=list)

    @property
    def is_computed(self) -> bool:
        return bool(self.shares)

    @property
    def explanation(self) -> Explanation | None:
        return explanations.of(self.indicator)

    @property
    def is_asked(self) -> bool:
        """Whether an answer must be entered; what applies to some only may be left open."""
        return not self.is_computed and not self.indicator.applies_to

    @property
    def lacks_answer(self) -> bool:
        return self.own is None and self.is_asked

    @property
    def room(self) -> Decimal:
        """How many more points there are than were given."""
        is_scored = self.own is not None and not self.is_computed
        return (self.indicator.maximum or ZERO) - Decimal(self.own) if is_scored else ZERO

    @property
    def own(self) -> Given:
        return self.score.own if self.score else None


@dataclass(frozen=True)
class Part:
    """One criterion of the first level: a page of the form."""

    number: int
    section: Criterion
    lines: list[Line]

    @property
    def stands(self) -> bool:
        """Whether nothing of it may be changed."""
        return all(line.stands for line in self.lines)

    @property
    def entered(self) -> list[Line]:
        """Those somebody fills in."""
        return [line for line in self.lines if not line.is_computed]

    @property
    def filled(self) -> int:
        return sum(line.own is not None for line in self.entered)

    @property
    def state(self) -> str:
        """As components/state.html names it."""
        if self.entered and not self.filled:
            return "empty"
        return "begun" if any(line.lacks_answer for line in self.lines) else "filled"

    @property
    def points(self) -> Decimal:
        """Where indicators are judged, how many are passed."""
        return sum((Decimal(line.own) for line in self.lines if line.own is not None), ZERO)

    @property
    def most(self) -> Decimal:
        return sum((line.indicator.maximum or ZERO for line in self.lines), ZERO)


@dataclass(frozen=True)
class Standing:
    parts: list[Part]
    rules: Rules
    result: Result

    @property
    def is_points(self) -> bool:
        return self.rules.model == ScoringModel.POINTS

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def asked(self) -> list[Line]:
        """Those which alone the board returned; none where it returned all of it."""
        return [line for line in self.lines if line.asked]

    @property
    def unscored(self) -> list[Line]:
        return [line for line in self.lines if line.lacks_answer]

    @property
    def left_words(self) -> str:
        return self.rules.left_words(len(self.unscored))

    @property
    def too_low(self) -> list[Line]:
        """Those scored so that the title cannot be reached: under the floor, or not passed."""
        return [
            line
            for line in self.lines
            if line.own is not None and line.indicator.code in self.result.under_floor
        ]

    @property
    def lifting(self) -> list[Line]:
        """Where most points are still to be won, when all is scored and the pass mark is not reached."""
        if not self.is_points or self.unscored or not self.needed:
            return []
        lines = [line for line in self.lines if line.room and not line.stands]
        return sorted(lines, key=lambda line: line.room, reverse=True)[:MOST_LIFTING]

    @property
    def passed(self) -> int:
        """Of indicators that are judged: how many one calls passed."""
        return sum(line.own is True for line in self.lines)

    @property
    def needed(self) -> Decimal:
        """How many points are missing to the pass mark."""
        return scoring.still_needed(self.result.total or ZERO, self.rules)

    @property
    def next_part(self) -> Part | None:
        """The first that is not filled in."""
        return next((part for part in self.parts if part.state != "filled"), None)


def of(assessment) -> Standing:
    """The present round on the present form."""
    scores = {score.indicator_id: score for score in workflow.scores_of(assessment)}
    evidence = _evidence(assessment)
    asked = workflow.asked_back(assessment) if assessment.state == State.RETURNED else {}
    rules = assessment.rules()
    counted = shares.of(assessment, as_told=True) if assessment.is_of_group else {}
    parts = [
        Part(
            number,
            section,
            [
                Line(
                    each,
                    scores.get(each.pk),
                    evidence.get(each.pk, []),
                    asked=asked.get(each.code, ""),
                    stands=bool(asked) and each.code not in asked,
                    shares=counted.get(each.code, []),
                )
                for each in section.indicators
            ],
        )
        for number, section in enumerate(assessment.criteria_set.sections, start=1)
    ]
    own = {line.indicator.code: line.own for part in parts for line in part.lines}
    return Standing(parts, rules, scoring.judge(own, rules))


def _evidence(assessment) -> dict[int, list[Evidence]]:
    """Indicator → what stands behind it."""
    by_indicator = defaultdict(list)
    for piece in assessment.evidence.for_pages():
        for indicator in piece.indicators.all():
            by_indicator[indicator.pk].append(piece)
    return by_indicator
