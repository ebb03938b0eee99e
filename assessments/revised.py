"""What a new version of its form asks of an open record, until its citizen looked at it. Reads only."""

from dataclasses import dataclass

from assessments import workflow
from assessments.models import Score
from assessments.progress import Line
from criteria import differences
from criteria.differences import Change, Difference, Saying
from criteria.rules import Rules


@dataclass(frozen=True)
class Changed:
    """`lines` hold the indicators to answer, each as answered since, else as before where that still fits."""

    difference: Difference
    lines: list[Line]
    before: dict[str, Score]
    rules: Rules

    @property
    def count(self) -> int:
        """How many criteria are to be looked at: new, changed or gone."""
        return len(self.difference.asked_again) + len(self.difference.removed)

    @property
    def figures(self) -> list[Saying]:
        return self.difference.deciding

    def rows(self, form):
        """(change, what was answered, the field to answer in) of each."""
        changes: dict[str, Change] = {change.code: change for change in self.difference.asked_again}
        return [
            (changes[line.indicator.code], self.before.get(line.indicator.code), field)
            for line, field in form.rows()
        ]


def of(assessment) -> Changed | None:
    """What the citizen has still to look at; None where nothing changed or it was looked at."""
    move = workflow.unseen_move(assessment)
    if move is None:
        return None
    difference = differences.between(move.from_set, move.to_set)
    rules = assessment.rules()
    answered = Score.objects.filter(
        assessment=assessment,
        round=assessment.round,
        indicator__criteria_set__in=[move.from_set, move.to_set],
    )
    before, since = {}, {}
    for score in answered.select_related("indicator"):
        of_form = before if score.indicator.criteria_set_id == move.from_set_id else since
        of_form[score.indicator.code] = score
    lines = []
    for change in difference.asked_again:
        was = before.get(change.code)
        now = since.get(change.code)
        fits = was is not None and was.own is not None and rules.allows(change.code, was.own)
        is_answered = now is not None and now.own is not None
        lines.append(Line(change.new, now if is_answered else was if fits else None))
    return Changed(difference, lines, before, rules)
