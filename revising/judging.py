"""What the points of a past year come to by a changed set. Pure: it touches no database."""

from collections.abc import Mapping
from decimal import Decimal

from assessments import scoring
from assessments.scoring import ZERO, Given
from criteria.rules import Rules, ScoringModel


def would_achieve(given: Mapping[str, Given], rules: Rules) -> bool | None:
    """Whether the title would be reached. None where an indicator without a value would tip the result.

    More points than the new maximum count as that maximum.
    """
    at_worst, at_best = dict(given), dict(given)
    for code, maximum in rules.maxima.items():
        value = given.get(code)
        if value is None:
            at_worst[code], at_best[code] = _ends(maximum, rules)
        elif rules.model == ScoringModel.POINTS:
            at_worst[code] = at_best[code] = min(Decimal(value), maximum or ZERO)
    worst, best = (scoring.judge(each, rules).achieved for each in (at_worst, at_best))
    return worst if worst == best else None


def _ends(maximum: Decimal | None, rules: Rules) -> tuple[Given, Given]:
    if rules.model == ScoringModel.PASS_FAIL:
        return False, True
    return ZERO, maximum or ZERO
