"""The citizen identity number (số định danh, số căn cước): twelve digits and nothing else is sure. Pure.

Until 2024 the digits were PPP G YY RRRRRR: where the birth was registered, century and sex, year. The law in
force promises only twelve digits, so what contradicts the old scheme is a doubt to show, never an error.
"""

import datetime
import re

from django.utils.translation import gettext as _

LENGTH = 12
OLD_CARD_LENGTH = 9  # chứng minh nhân dân
MALE, FEMALE = "male", "female"
_SEPARATORS = re.compile(r"[\s.\-–]+")
# "0" and the statistics code of each of the 63 provinces of before July 2025.
_PREFIXES = frozenset(
    re.findall(
        "[0-9]{3}",
        """
        001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033
        034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066
        067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096
        """,
    )
)


def clean(text: str) -> str:
    """The twelve digits, or a ValueError that says what to type."""
    number = _SEPARATORS.sub("", text)
    if not number:
        raise ValueError(_("Chưa có số căn cước. Gõ 12 chữ số in trên thẻ căn cước."))
    stranger = re.search("[^0-9]", number)
    if stranger:
        raise ValueError(
            _("Số căn cước chỉ gồm chữ số, bạn gõ có “%(character)s”. Gõ 12 chữ số in trên thẻ căn cước.")
            % {"character": stranger.group()}
        )
    if len(number) == OLD_CARD_LENGTH:
        raise ValueError(
            _(
                "Số căn cước có 12 chữ số, bạn mới gõ 9. Số 9 chữ số là chứng minh nhân dân cũ; "
                "gõ số 12 chữ số in trên thẻ căn cước."
            )
        )
    if len(number) < LENGTH:
        raise ValueError(
            _("Số căn cước có 12 chữ số, bạn mới gõ %(count)d. Gõ đủ 12 chữ số in trên thẻ căn cước.")
            % {"count": len(number)}
        )
    if len(number) > LENGTH:
        raise ValueError(
            _("Số căn cước có 12 chữ số, bạn gõ %(count)d. Gõ lại đúng 12 chữ số in trên thẻ căn cước.")
            % {"count": len(number)}
        )
    return number


def mask(number: str) -> str:
    """All a page shows of it: '********1234'."""
    shown = number[-4:] if len(number) > 4 else ""
    return shown.rjust(len(number), "*")


def doubts(number: str, birth_date: datetime.date | int | None, gender: str) -> list[str]:
    """What does not go together in what a person typed; a birth date may be a year alone."""
    warnings = []
    century_and_sex = int(number[3])
    if number[:3] not in _PREFIXES:
        warnings.append(
            _(
                "Ba chữ số đầu %(prefix)s không phải mã của tỉnh, thành phố nào. "
                "Nếu bạn không đăng ký khai sinh ở nước ngoài, hãy xem lại số căn cước."
            )
            % {"prefix": number[:3]}
        )
    year = birth_date.year if isinstance(birth_date, datetime.date) else birth_date
    year_of_number = 1900 + 100 * (century_and_sex // 2) + int(number[4:6])
    if year is not None and year != year_of_number:
        warnings.append(
            _(
                "Số căn cước thường là của người sinh năm %(of_number)d, bạn gõ năm sinh %(typed)d. "
                "Hãy xem lại hai ô này; nếu đã đúng thì cứ để vậy."
            )
            % {"of_number": year_of_number, "typed": year}
        )
    if gender in (MALE, FEMALE) and (gender == FEMALE) != bool(century_and_sex % 2):
        warnings.append(
            _(
                "Số căn cước thường là của %(of_number)s, bạn chọn giới tính %(typed)s. "
                "Hãy xem lại hai ô này; nếu đã đúng thì cứ để vậy."
            )
            % {"of_number": _sex_word(century_and_sex % 2), "typed": _sex_word(gender == FEMALE)}
        )
    return warnings


def _sex_word(female: bool | int) -> str:
    return _("nữ") if female else _("nam")
