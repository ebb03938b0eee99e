"""What somebody types of a sheet in one go: ten numbers, or a letter a line where nothing is scored."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.scoring import Given
from criteria.rules import Rules, ScoringModel
from vietnamese import numbers, text

YES, NO = "dđ1x", "k0"


class Unreadable(ValueError):
    """It is not one answer for each line; the message says what was read and how to type it."""


def read(typed: str, rules: Rules) -> dict[str, Given]:
    """Indicator code → what stands on the sheet, in the order of the form. Raises Unreadable."""
    codes = list(rules.maxima)
    parts = re.split(r"[\s;]+", text.nfc(typed).strip())
    if len(parts) != len(codes):
        parts = _apart(parts, rules)
    if len(parts) != len(codes):
        raise Unreadable(_counted_words(parts, codes, rules))
    given = dict(zip(codes, (_one(part, rules) for part in parts), strict=True))
    for number, (code, value) in enumerate(given.items(), 1):
        if value is None or not rules.allows(code, value):
            raise Unreadable(
                _("Chỗ thứ %(number)d: “%(typed)s” không ghi được vào ô này.")
                % {"number": number, "typed": parts[number - 1]}
            )
    return given


def _apart(parts, rules):
    """Run together: '87105' is 8 7 10 5. Only where no number but 10 has two digits."""
    if rules.model == ScoringModel.PASS_FAIL:
        return list("".join(parts))
    short = rules.step % 1 == 0 and all(maximum <= 10 for maximum in rules.maxima.values())
    return [each for part in parts for each in re.findall(r"10|.", part)] if short else parts


def _one(part, rules):
    if rules.model == ScoringModel.PASS_FAIL:
        letter = part.lower()
        return True if letter in YES else False if letter in NO else None
    try:
        return Decimal(numbers.parse_decimal(part))
    except ValueError:
        return None


def _counted_words(parts, codes, rules):
    said = {"needed": len(codes), "count": len(parts) if parts != [""] else 0, "read": " ".join(parts)}
    if rules.model == ScoringModel.PASS_FAIL:
        return _("Cần %(needed)d chữ D hoặc K, mới đọc được %(count)d: %(read)s") % said
    words = _("Cần %(needed)d số, đọc được %(count)d: %(read)s") % said
    return words + " " + _("Số 1 rồi đến số 0 thì gõ dấu cách ở giữa.") if "10" in parts else words


def written(given, rules: Rules) -> str:
    """'8 7 10 5': the same again, as it is read back."""
    if rules.model == ScoringModel.PASS_FAIL:
        return " ".join("D" if value else "K" for value in given.values())
    return " ".join(numbers.format_decimal(value) for value in given.values())
