"""How many of a board's people will not make it, and why. Pure: it takes figures and touches no database.

What it goes by can be said to the board itself. Nobody of it has ever signed in, or nobody for four weeks
while people wait: nobody is reached. It stands still: it will hurry at the end as it did last year, or for a
few good days. It works: it goes on as in the last days, or as on its best day twice a week.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import pace
from vietnamese.numbers import format_integer

WEEK = 7
LOOKED_BACK = pace.LOOKED_BACK.days
LONG_WAIT = 14  # days somebody waits before a board without a confirmation stands still
GONE_AFTER = 28  # days without a sign-in, while people wait so long
GOOD_DAYS_A_WEEK = 2  # on which a board of volunteers is as fast as on its best day
LAST_GOOD_DAYS = 4  # that one that stands still may be trusted with at the end
USUAL_DAY = 10  # people a member, of a board that has shown nothing yet
MOST_STRAIN = 99.0


class Cause(TextChoices):
    """Why people will not make it. Where all will, there is none."""

    ELSEWHERE = "elsewhere", gettext_lazy("Hồ sơ nhầm nơi")
    NOBODY = "nobody", gettext_lazy("Chưa có ai phụ trách")
    NEVER_IN = "never_in", gettext_lazy("Chưa ai đăng nhập")
    STILL = "still", gettext_lazy("Đứng yên")
    SLOW = "slow", gettext_lazy("Chậm")
    NONE = "", gettext_lazy("Kịp")


@dataclass(frozen=True)
class LastYear:
    """What the same people did from this day of the year on: how many they confirmed, how many they left."""

    after: int
    left: int


@dataclass(frozen=True)
class Figures:
    """What is known of a board at a moment.

    `best_day` is the most it confirmed on one day, this year or last; `quiet` how many days ago one of its
    members last signed in, None where nobody ever did; `waited` for how many days the longest waits while
    confirming is open; `elsewhere` how many of those left belong to another board today. Of last year nothing
    is known where nobody of today's board sat there.
    """

    waiting: int
    returned: int
    unsent: int
    lately: int
    best_day: int
    members: int
    quiet: int | None
    waited: int
    days_left: int
    days_behind: int = LOOKED_BACK
    last_year: LastYear | None = None
    elsewhere: int = 0

    @property
    def left(self) -> int:
        return self.waiting + self.returned + self.unsent

    @property
    def needed(self) -> int:
        return pace.needed_a_day(self.left, self.days_left)

    @property
    def speed(self) -> Decimal:
        return pace.speed(self.lately, self.days_behind)

    @property
    def days(self) -> int:
        return max(self.days_left, 1)

    @property
    def is_gone(self) -> bool:
        """Whether nobody can be counted on at all."""
        if not self.members or self.quiet is None:
            return True
        return self.waited >= LONG_WAIT and self.quiet >= GONE_AFTER

    @property
    def stands_still(self) -> bool:
        return self.waited >= LONG_WAIT and not self.lately


@dataclass(frozen=True)
class Outlook:
    figures: Figures
    reach: int  # how many it will get to, were there as many
    missing: int  # how many of those left will not make it
    cause: Cause

    @property
    def strain(self) -> float:
        """How much of what it can do is asked of it: orders those that will make it."""
        return min(MOST_STRAIN, self.figures.left / self.reach) if self.reach else MOST_STRAIN

    @property
    def order(self) -> tuple[int, float]:
        """The worst is the largest."""
        return self.missing, self.strain

    def sentence(self) -> str:
        """Why it is so, for whoever reads the list."""
        figures = self.figures
        words = {
            "left": format_integer(figures.left),
            "missing": format_integer(self.missing),
            "reach": format_integer(self.reach),
            "members": format_integer(figures.members),
            "elsewhere": format_integer(figures.elsewhere),
            "days": format_integer(figures.days),
            "quiet": format_integer(figures.quiet or 0),
            "waited": format_integer(figures.waited),
            "needed": format_integer(figures.needed),
            "lately": format_integer(figures.lately),
            "after": format_integer(figures.last_year.after if figures.last_year else 0),
        }
        return self._sentence() % words

    def _sentence(self) -> str:
        figures = self.figures
        match self.cause:
            case Cause.ELSEWHERE:
                return _("%(elsewhere)s trong %(left)s người nay thuộc nơi khác: cần chuyển hồ sơ đúng nơi.")
            case Cause.NOBODY:
                return _("Chưa ai được phân công, nên chưa ai xác nhận cho %(left)s người này.")
            case Cause.NEVER_IN:
                return _("Đã phân công %(members)s người, chưa ai đăng nhập lần nào.")
            case Cause.STILL if figures.is_gone:
                return _(
                    "Có người chờ đã %(waited)s ngày; đã %(quiet)s ngày không ai của ban làm việc trên cổng."
                )
            case Cause.STILL if figures.last_year:
                return _(
                    "Bảy ngày qua chưa xác nhận ai; năm trước, từ ngày này đến cuối, ban xác nhận được "
                    "%(after)s người."
                )
            case Cause.STILL:
                return _(
                    "Bảy ngày qua chưa xác nhận ai; dồn vào những ngày cuối thì kịp khoảng %(reach)s người."
                )
            case Cause.SLOW:
                return _("Dự tính trong %(days)s ngày còn lại ban kịp khoảng %(reach)s người.")
        if not figures.left:
            return _("Không còn ai chờ.")
        if figures.stands_still:
            return _("Bảy ngày qua chưa xác nhận ai; dồn vào những ngày cuối thì vẫn kịp.")
        if figures.left * figures.days_behind <= figures.lately * figures.days:
            return _("Cứ đà này thì kịp.")
        return _("Bảy ngày qua xác nhận %(lately)s người. Từ nay mỗi ngày %(needed)s người thì kịp.")


def of(figures: Figures) -> Outlook:
    reach = _reach(figures)
    # Whose record lies at the wrong board is not reached there however fast it is.
    missing = figures.elsewhere + max(0, figures.left - figures.elsewhere - reach)
    return Outlook(figures, reach, missing, _cause(figures) if missing else Cause.NONE)


def _reach(figures: Figures) -> int:
    if figures.is_gone:
        return 0
    before, usual = figures.last_year, USUAL_DAY * figures.members
    # Who left nobody last year had no more to do: it could have done as many again.
    habit = before.after * (1 if before.left else 2) if before else 0
    if figures.stands_still:
        return habit or LAST_GOOD_DAYS * (figures.best_day or usual)
    best_day = figures.best_day
    if figures.waiting <= figures.lately or not best_day:
        # It keeps up, or has had nobody to confirm: its best day says how many came, not what it can do.
        best_day = max(best_day, usual)
    a_day = max(figures.lately / figures.days_behind, best_day * GOOD_DAYS_A_WEEK / WEEK)
    return max(math.floor(a_day * figures.days), habit)


def _cause(figures: Figures) -> Cause:
    if figures.elsewhere * 2 >= figures.left:
        return Cause.ELSEWHERE
    if not figures.members:
        return Cause.NOBODY
    if figures.quiet is None:
        return Cause.NEVER_IN
    return Cause.STILL if figures.is_gone or figures.stands_still else Cause.SLOW
