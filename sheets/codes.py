"""The short code on a sheet: whose it is, of which year and for which form. It is signed and names nobody.

Eleven letters that a person can type and a camera reads: seven say what it is about, three sign it, the last
one finds a slip of the finger before anything is looked up.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models.user import READABLE
from audit import encryption
from criteria.models import Group
from vietnamese import text
from vietnamese.check_letters import check_letter, is_whole

FIRST_YEAR = 2024
GROUPS = list(Group)
MOST = {"citizen": 1 << 28, "year": 1 << 5, "group": 1 << 2}
LETTERS = len(READABLE)  # 32: five bits a letter
SAID, SIGNED = 7, 3
LENGTH = SAID + SIGNED + 1


class Unreadable(ValueError):
    """What was typed or scanned is no code of a sheet; the message says what to do."""


@dataclass(frozen=True)
class SheetCode:
    citizen: int
    year: int
    group: str

    def __str__(self):
        """As it is printed: 'ABCD-EFGH-JKL'."""
        letters = written(self)
        return "-".join([letters[:4], letters[4:8], letters[8:]])


def written(code: SheetCode) -> str:
    """The bare letters, as the QR holds them."""
    parts = {
        "citizen": code.citizen,
        "year": code.year - FIRST_YEAR,
        "group": GROUPS.index(code.group),
    }
    number = 0
    for name, most in MOST.items():
        if not 0 <= parts[name] < most:
            raise ValueError(f"no code holds {name} {parts[name]}")
        number = number * most + parts[name]
    said = _letters(number, SAID)
    unchecked = said + _signature(said)
    return unchecked + check_letter(unchecked, READABLE)


def read(typed: str) -> SheetCode:
    """What a code says, in any way of writing: with dashes, spaces, small letters. Raises Unreadable."""
    letters = re.sub("[^0-9A-Z]", "", text.nfc(typed).upper())
    if len(letters) != LENGTH:
        raise Unreadable(
            _("Mã có %(length)d chữ và số, bạn gõ %(typed)d. Xem lại mã in dưới hình trên phiếu.")
            % {"length": LENGTH, "typed": len(letters)}
        )
    if strange := sorted(set(letters) - set(READABLE)):
        raise Unreadable(
            _("Mã không có “%(letter)s”. Xem lại mã in dưới hình trên phiếu.") % {"letter": strange[0]}
        )
    if not is_whole(letters, READABLE):
        raise Unreadable(_("Mã gõ sai một chỗ. Xem lại từng chữ rồi sửa."))
    said, signature = letters[:SAID], letters[SAID : SAID + SIGNED]
    if signature != _signature(said):
        raise Unreadable(_("Mã này không phải do cổng in ra. Xem lại phiếu có đúng là phiếu của cổng không."))
    number = 0
    for letter in said:
        number = number * LETTERS + READABLE.index(letter)
    number, group = divmod(number, MOST["group"])
    citizen, year = divmod(number, MOST["year"])
    return SheetCode(citizen, FIRST_YEAR + year, GROUPS[group])


def _letters(number, count):
    letters = []
    for _each in range(count):
        number, digit = divmod(number, LETTERS)
        letters.append(READABLE[digit])
    return "".join(reversed(letters))


def _signature(said):
    return _letters(int(encryption.digest(f"sheet:{said}")[:12], 16), SIGNED)
