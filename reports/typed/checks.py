"""What cannot be in typed figures, and what is odd enough to be looked at once more. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from vietnamese import numbers

Figures = Mapping[str, int | Decimal | None]

# A part of a whole: never more.
PARTS = {
    "new_members": "members",
    "members": "population",
    "clan_boards": "clans",
    "households": "population",
}
GRADES = ["centres_good", "centres_fair", "centres_average"]
# By how many percent a figure may differ from last year without a question.
USUAL_CHANGE = {
    "population": 10,
    "households": 10,
    "clans": 20,
    "villages": 20,
    "units": 30,
    "members": 30,
    "clan_boards": 50,
    "centres": 50,
}
PEOPLE_A_HOUSEHOLD = (2, 8)


@dataclass(frozen=True)
class Remark:
    """Something odd about a figure."""

    field: str
    words: str


def faults(figures: Figures, names: Mapping[str, str]) -> dict[str, str]:
    """Field → why it cannot be so."""
    found = {}
    for part, whole in PARTS.items():
        if _both(figures, part, whole) and figures[part] > figures[whole]:  # type: ignore[operator]
            found[part] = _("Không thể lớn hơn “%(whole)s” (%(figure)s).") % {
                "whole": names[whole],
                "figure": _say(figures[whole]),
            }
    graded = sum(figures[name] or 0 for name in GRADES)
    centres = figures["centres"]
    if centres is not None and graded > centres:
        found[GRADES[0]] = _("Ba loại cộng lại %(graded)s, nhiều hơn %(centres)s trung tâm.") % {
            "graded": _say(graded),
            "centres": _say(centres),
        }
    return found


def remarks(
    figures: Figures, last: Figures | None, *, counted: Mapping[str, int], closing: Decimal | None
) -> list[Remark]:
    """Beside last year's figures, beside each other, and beside what stands on the portal (`counted`).

    `closing` is what last year's fund ended with.
    """
    found = []
    for name, percent in USUAL_CHANGE.items():
        before, now = (last or {}).get(name), figures[name]
        if before and now is not None and abs(now - before) * 100 > before * percent:
            found.append(Remark(name, _change(before, now)))
    people, homes = figures["population"], figures["households"]
    if people and homes:
        least, most = PEOPLE_A_HOUSEHOLD
        if not least <= people / homes <= most:
            a_home = numbers.format_decimal(Decimal(people) / Decimal(homes), 1)
            found.append(Remark("households", _("Mỗi hộ có %(people)s người?") % {"people": a_home}))
    for name, there in counted.items():
        now = figures[name]
        if now is not None and now < there:
            found.append(Remark(name, _("Trên cổng đã có %(count)s.") % {"count": _say(there)}))
    opening = figures["fund_opening"]
    if closing is not None and opening is not None and opening != closing:
        found.append(Remark("fund_opening", _("Quỹ năm trước còn %(closing)s.") % {"closing": _say(closing)}))
    return found


def _both(figures, *names):
    return all(figures[name] is not None for name in names)


def _change(before, now):
    percent = numbers.format_decimal(abs(Decimal(now) - before) * 100 / before, 0)
    words = (
        _("Tăng %(percent)s%% so với năm trước (%(before)s).")
        if now > before
        else _("Giảm %(percent)s%% so với năm trước (%(before)s).")
    )
    return words % {"percent": percent, "before": _say(before)}


def _say(figure):
    return numbers.format_decimal(Decimal(figure))
