"""How points become a result, and shares an indicator. Pure: it takes what is given, touches no database.

The marks come from the criteria set. Points: the pass mark reached and no indicator under the floor, and
the highest grade whose mark is reached. Judged indicators: passed when every one that the lowest grade asks
for is, and the highest grade of which that holds. Shares are compared
as whole numbers: rounding decides nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from criteria.rules import Grade, Rules, ScoringModel

ZERO = Decimal(0)
LOWEST = 1  # the rank of the grade without which there is no title
Given = Decimal | bool | None


@dataclass(frozen=True)
class Result:
    """total is None for sets that judge; unscored and under_floor name indicators in the set's order."""

    total: Decimal | None
    achieved: bool
    unscored: tuple[str, ...]
    under_floor: tuple[str, ...]
    grade: Grade | None = None

    @property
    def is_complete(self) -> bool:
        return not self.unscored


def judge(given: Mapping[str, Given], rules: Rules) -> Result:
    """The result of what was given per indicator code. What is missing counts nothing and cannot pass.

    An optional indicator that is left open is as if it were not there.
    """
    asked = [code for code in rules.maxima if code not in rules.optional or given.get(code) is not None]
    unscored = tuple(code for code in asked if given.get(code) is None)
    if rules.model == ScoringModel.PASS_FAIL:
        failed = tuple(code for code in asked if not given.get(code))
        lowest_failed = min((rules.ranks.get(code, LOWEST) for code in failed), default=None)
        achieved = lowest_failed is None or lowest_failed > LOWEST
        reached = [grade for grade in rules.grades if lowest_failed is None or grade.rank < lowest_failed]
        return Result(None, achieved, unscored, failed, _best(reached))
    points = {code: Decimal(given.get(code) or ZERO) for code in asked}
    total = sum(points.values(), ZERO)
    floor = rules.floor or ZERO
    under_floor = tuple(code for code, own in points.items() if own < floor)
    achieved = not unscored and not under_floor and total >= (rules.pass_mark or ZERO)
    reached = [grade for grade in rules.grades if achieved and total >= (grade.from_points or ZERO)]
    return Result(total, achieved, unscored, under_floor, _best(reached))


def _best(grades: list[Grade]) -> Grade | None:
    return max(grades, key=lambda grade: grade.rank, default=None)


# --- Shares -----------------------------------------------------------------------------------------


def reaches(numerator: int, denominator: int, percent: Decimal | None) -> bool | None:
    """Whether so many of so many are the percent asked for. None where none is asked or nobody is there."""
    if percent is None or not denominator:
        return None
    return numerator * 100 >= Fraction(percent) * denominator


def lacking(numerator: int, denominator: int, percent: Decimal | None) -> int:
    """How many more of them it takes to reach the percent; zero where it is reached or none is asked."""
    return max(0, ceil(Fraction(percent or ZERO) * denominator / 100) - numerator)


def computed(are_met: Iterable[bool | None], maximum: Decimal | None) -> Given:
    """What an indicator is given by its shares: all of them reached or not; None while one cannot be told.

    Where the set scores, all of its points or none.
    """
    told = list(are_met)
    if False in told:
        is_met = False
    elif None in told or not told:
        return None
    else:
        is_met = True
    return is_met if maximum is None else maximum * is_met


def lowers(given: Mapping[str, Given], own: Mapping[str, Given]) -> bool:
    """Whether it comes to less than the own: fewer points, or less that is passed."""
    return _sum(given) < _sum(own)


def _sum(given: Mapping[str, Given]) -> Decimal:
    return sum((Decimal(value or ZERO) for value in given.values()), ZERO)


def still_needed(total: Decimal, rules: Rules) -> Decimal:
    """How many points are missing to the pass mark; zero when it is reached."""
    return max(ZERO, (rules.pass_mark or ZERO) - total)
