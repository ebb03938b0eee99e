"""What people give themselves and what boards give instead. Pure."""

from decimal import Decimal
from random import Random

from assessments.scoring import Given
from assessments.workflow import Change
from criteria.rules import Rules, ScoringModel
from demonstration import words

CHANGED, RAISED, PARTLY_WEAK = 0.08, 0.15, 0.03


def ability(rng: Random) -> float:
    """How much of the maximum a person earns: about one in nine stays under the pass mark."""
    return rng.gauss(0.875, 0.05)


def own(rng: Random, rules: Rules, able: float) -> dict[str, Given]:
    """What a person gives oneself on every indicator."""
    if rules.model == ScoringModel.PASS_FAIL:
        return {code: rng.random() < able + 0.11 for code in rules.maxima}
    given = {code: part(rules, code, rng.gauss(able, 0.08)) for code in rules.maxima}
    if rng.random() < PARTLY_WEAK:  # enough points in all and one competence still missing
        weak = rng.choice(list(given))
        given[weak] = part(rules, weak, 0.35)
    return given


def begun(rng: Random, given: dict[str, Given]) -> dict[str, Given]:
    """The first indicators of a form that is not finished; now and then all, and still not sent."""
    count = rng.randint(0, len(given))
    return dict(list(given.items())[:count])


def corrected(rng: Random, rules: Rules, given: dict[str, Given]) -> dict[str, Given]:
    """The next round of a returned record: one indicator thought over."""
    code = rng.choice(list(given))
    if rules.model == ScoringModel.PASS_FAIL:
        return given | {code: True}
    return given | {code: _moved(rules, code, given[code], rng.choice([-1, 1]))}


def changes(rng: Random, rules: Rules, given: dict[str, Given]) -> dict[str, Change]:
    """What the board gives instead of the own points: mostly nothing."""
    if rng.random() > CHANGED:
        return {}
    chosen = rng.sample(list(given), min(rng.choice([1, 1, 2]), len(given)))
    return {code: change for code in chosen if (change := _change(rng, rules, code, given[code]))}


def _change(rng, rules, code, value):
    if rules.model == ScoringModel.PASS_FAIL:
        return Change(False, rng.choice(words.NOT_PASSED)) if value else None
    raised = rng.random() < RAISED
    new = _moved(rules, code, value, 1 if raised else -rng.randint(1, 3))
    return Change(new, rng.choice(words.RAISED if raised else words.LOWERED)) if new != value else None


def part(rules, code, share):
    """A share of the indicator's maximum, on a step."""
    steps = int((rules.maxima[code] or 0) / rules.step)
    return rules.step * max(0, min(steps, round(steps * share)))


def _moved(rules, code, value, steps):
    return max(Decimal(0), min(rules.maxima[code] or Decimal(0), value + steps * rules.step))
