"""Vietnamese numbers: 1.234.567 and 81,56 and 43,9%. Pure."""

import re
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from django.utils.translation import gettext as _

NOTHING = "–"  # where there is nothing to count, a dash and not a nought
_TENTH_OF_A_PERCENT = Decimal("0.001")
_PLAIN = re.compile(r"[0-9]{1,30}([.,][0-9]{1,12})?")
_KEY = re.compile(r"[0-9]{1,18}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]{1,12})?")


def format_integer(value: int) -> str:
    """1234567 -> '1.234.567'."""
    return f"{value:,}".replace(",", ".")


def format_decimal(value: Decimal | float, places: int | None = None) -> str:
    """81.56 -> '81,56'; without `places` no noughts at the end, so 7.50 -> '7,5' and 7.00 -> '7'."""
    number = Decimal(str(value))
    if places is not None:
        text = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    else:
        text = f"{number:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text == "-0" else text
    return text.translate(str.maketrans(",.", ".,"))


def file_size(size: int) -> str:
    """'340 KB', '1,2 MB'; rounded up, so that what is above a limit never reads like the limit."""
    kilobytes = Decimal(size) / 1024
    if kilobytes < 1024:
        return _("%(size)s KB") % {"size": format_decimal(kilobytes.quantize(Decimal(1), ROUND_UP))}
    megabytes = (kilobytes / 1024).quantize(Decimal("0.1"), ROUND_UP)
    return _("%(size)s MB") % {"size": format_decimal(megabytes)}


def share(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """Rounded to a tenth of a percent; only all of them are 1, and only nobody is 0.

    None where it is no share: of nothing, or of a whole that does not hold the part.
    """
    if not whole or part > whole:
        return None
    if part in (0, whole):
        return Decimal(part) / Decimal(whole)
    rounded = (Decimal(part) / Decimal(whole)).quantize(_TENTH_OF_A_PERCENT, ROUND_HALF_UP)
    return min(max(rounded, _TENTH_OF_A_PERCENT), 1 - _TENTH_OF_A_PERCENT)


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """The share with one decimal: 9,999 of 10,000 is '99,9%', 1 of 10,000 is '0,1%'."""
    value = share(part, whole)
    if value is None:
        return NOTHING
    return "100%" if value == 1 else format_decimal(value * 100, places=1) + "%"


def key(typed: str | None) -> int | None:
    """The number of a row or a year as a form or an address gives it; None where there can be none such."""
    return int(typed) if typed and _KEY.fullmatch(typed) else None


def parse_decimal(text: str) -> Decimal:
    """'7,5', '7.5', '81,56', '1.234.567' or '1 234 567' as a number; ValueError says what to type.

    A single dot before exactly three digits parts thousands ('1.234'), as Vietnamese writes them.
    """
    compact = "".join(text.split()).replace("\u2212", "-")
    sign, digits = (-1, compact[1:]) if compact.startswith("-") else (1, compact)
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "")
    elif not _PLAIN.fullmatch(digits):
        raise ValueError(_("Gõ một số, ví dụ 7 hoặc 7,5."))
    return sign * Decimal(digits.replace(",", "."))
