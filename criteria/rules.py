"""What a set says in figures, apart from the database, so that scoring stays pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ScoringModel(models.TextChoices):
    POINTS = "points", _("chấm điểm")
    PASS_FAIL = "pass_fail", _("ĐẠT / KHÔNG ĐẠT")


def called(code: str, *, is_scored: bool) -> str:
    """In a sentence: 'chỉ số I.1.1'; of what is passed and not scored, 'tiêu chí IV.1'."""
    words = gettext("chỉ số %(code)s") if is_scored else gettext("tiêu chí %(code)s")
    return words % {"code": code}


@dataclass(frozen=True)
class Grade:
    """A grade within a title; rank 1 is the lowest. From so many points, or by the indicators of its rank."""

    rank: int
    name: str
    from_points: Decimal | None = None


@dataclass(frozen=True)
class Rules:
    """Indicator code → maximum (None where indicators are judged); for points also pass mark, floor, step.

    `maxima` names what counts; what only informs is not there. `ranks` says from which grade on an indicator
    is asked for (1 where nothing is said). The `optional` may be left open; the `computed` nobody enters.
    """

    model: ScoringModel
    maxima: Mapping[str, Decimal | None]
    pass_mark: Decimal | None = None
    floor: Decimal | None = None
    step: Decimal = Decimal(1)
    grades: tuple[Grade, ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()

    def allows(self, code: str, given: Decimal | bool) -> bool:
        """Whether somebody may give this for the indicator: it is entered, within 0…maximum, on a step."""
        if code not in self.maxima or code in self.computed:
            return False
        if self.model == ScoringModel.PASS_FAIL:
            return isinstance(given, bool)
        maximum = self.maxima[code] or Decimal(0)
        return not isinstance(given, bool) and 0 <= given <= maximum and given % self.step == 0

    def called(self, code: str) -> str:
        return called(code, is_scored=self.model == ScoringModel.POINTS)

    def refused_words(self, code: str) -> str:
        """What to do where something was given that the set does not allow."""
        if self.model == ScoringModel.PASS_FAIL:
            words = gettext("Chọn Đạt hoặc Không đạt ở %(what)s.")
        else:
            words = gettext("Điểm của %(what)s không nằm trong thang điểm.")
        return words % {"what": self.called(code)}

    def left_words(self, count: int) -> str:
        """What a form still lacks: 'Còn 3 chỉ số chưa chấm'."""
        if self.model == ScoringModel.PASS_FAIL:
            return gettext("Còn %(count)d tiêu chí chưa đánh giá") % {"count": count}
        return gettext("Còn %(count)d chỉ số chưa chấm") % {"count": count}

    @property
    def most(self) -> Decimal:
        """The highest total there is."""
        return sum((maximum or Decimal(0) for maximum in self.maxima.values()), Decimal(0))
