"""How points become a result. Pure: it takes what is given and touches no database.

The marks come from the criteria set. For the citizen title (Quyết định 324/QĐ-KHVN): groups I-III pass from
the pass mark with no indicator under the floor; group IV passes when every criterion does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from criteria.rules import Rules, ScoringModel

ZERO = Decimal(0)
Given = Decimal | bool | None


@dataclass(frozen=True)
class Result:
    """total is None for sets that judge; unscored and under_floor name indicators in the set's order."""

    total: Decimal | None
    achieved: bool
    unscored: tuple[str, ...]
    under_floor: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not self.unscored


def judge(given: Mapping[str, Given], rules: Rules) -> Result:
    """The result of what was given per indicator code. What is missing counts nothing and cannot pass."""
    unscored = tuple(code for code in rules.maxima if given.get(code) is None)
    if rules.model == ScoringModel.PASS_FAIL:
        failed = tuple(code for code in rules.maxima if not given.get(code))
        return Result(None, not failed, unscored, failed)
    points = {code: Decimal(given.get(code) or ZERO) for code in rules.maxima}
    total = sum(points.values(), ZERO)
    floor = rules.floor or ZERO
    under_floor = tuple(code for code, own in points.items() if own < floor)
    achieved = not unscored and not under_floor and total >= (rules.pass_mark or ZERO)
    return Result(total, achieved, unscored, under_floor)


def lowers(given: Mapping[str, Given], own: Mapping[str, Given]) -> bool:
    """Whether it comes to less than the own: fewer points, or less that is passed."""
    return _sum(given) < _sum(own)


def _sum(given: Mapping[str, Given]) -> Decimal:
    return sum((Decimal(value or ZERO) for value in given.values()), ZERO)


def still_needed(total: Decimal, rules: Rules) -> Decimal:
    """How many points are missing to the pass mark; zero when it is reached."""
    return max(ZERO, (rules.pass_mark or ZERO) - total)
