"""One record as its board reads it: the points of all sides beside what stands behind them. Reads only."""

from collections import defaultdict
from dataclasses import dataclass, field

from assessments import scoring, shares, workflow
from assessments.models import Assessment, Evidence, Score, State
from assessments.scoring import Given, Result
from assessments.shares import Share
from criteria.models import Criterion


@dataclass(frozen=True)
class Line:
    """`before` is what was sent before the last return, if it differs; `last_year` what a board confirmed.

    `asked` is why the board returned this one by itself.
    """

    indicator: Criterion
    score: Score | None
    before: Given
    last_year: Given
    evidence: list[Evidence]
    asked: str = ""
    shares: list[Share] = field(default_factory=list)

    @property
    def own(self) -> Given:
        return self.score and self.score.own


@dataclass(frozen=True)
class Section:
    criterion: Criterion
    lines: list[Line]


@dataclass(frozen=True)
class Review:
    sections: list[Section]
    result: Result
    last_year: Assessment | None
    other_evidence: list[Evidence] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]

    @property
    def own(self) -> dict[str, Given]:
        return {line.indicator.code: line.own for line in self.lines}


def is_open_to_board(assessment) -> bool:
    """Whether the board reads points and evidence: only of what was sent to it."""
    return assessment.is_sent


def of(assessment, last_year) -> Review:
    """The record as it was last sent; last_year is the judged record of the year before, or None."""
    # After a return the citizen writes on a copy: the board goes on reading what it returned.
    sent = assessment.round - 1 if assessment.awaits_citizen else assessment.round
    form = _form_of(assessment)
    scores = _scores(assessment, form, sent)
    before = _scores(assessment, form, sent - 1) if sent > 1 else {}
    confirmed = _scores(last_year, last_year.criteria_set, last_year.round) if last_year else {}
    evidence, other_evidence = _evidence(assessment, form)
    asked = workflow.asked_back(assessment)
    counted = shares.of(assessment) if assessment.is_of_group else {}
    sections = [
        Section(
            criterion,
            [
                Line(
                    indicator,
                    scores.get(indicator.code),
                    _if_other(before.get(indicator.code), scores.get(indicator.code)),
                    confirmed[indicator.code].final if indicator.code in confirmed else None,
                    evidence[indicator.pk],
                    asked.get(indicator.code, ""),
                    counted.get(indicator.code, []),
                )
                for indicator in criterion.indicators
            ],
        )
        for criterion in form.sections
    ]
    own = {code: score.own for code, score in scores.items()}
    result = scoring.judge(own, form.rules(in_hard_area=assessment.in_hard_area))
    return Review(sections, result, last_year, other_evidence)


def _form_of(assessment):
    """The form it was last sent on: since a return the citizen may have chosen another."""
    if not assessment.awaits_citizen:
        return assessment.criteria_set
    sent = assessment.steps.filter(state=State.SUBMITTED).select_related("criteria_set").first()
    return sent.criteria_set if sent else assessment.criteria_set


def _scores(assessment, form, sent_round):
    scores = Score.objects.filter(assessment=assessment, round=sent_round, indicator__criteria_set=form)
    return {
        score.indicator.code: score
        for score in scores.select_related("indicator", "changed_by", "reviewed_by", "contested")
    }


def _if_other(before, now):
    return before.own if before and now and before.own != now.own else None


def _evidence(assessment, form):
    """By indicator, and what serves none of this form's indicators."""
    by_indicator, other = defaultdict(list), []
    for piece in assessment.evidence.for_pages():
        served = [indicator for indicator in piece.indicators.all() if indicator.criteria_set_id == form.pk]
        for indicator in served:
            by_indicator[indicator.pk].append(piece)
        if piece.indicators.all() and not served:
            other.append(piece)
    return by_indicator, other
