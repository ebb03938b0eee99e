"""The code on a certificate: nobody guesses it, and it is typed from paper in any way of writing. Pure."""

import re
import secrets

from django.utils.translation import gettext as _

from vietnamese import text
from vietnamese.check_letters import check_letter, is_whole

# One of each pair that ink, a bad copy or a voice confuses; what was read as the other is forgiven.
LETTERS = "ABCDEFGHJKLMNOPRSTVWXYZ34679"
READ_AS = str.maketrans("0Q1I258U", "OOLLZSBV")
LENGTH = 12  # the last one finds a slip of the finger; of the others 28^11, some 8 * 10^15
GROUP = 4


class Unreadable(ValueError):
    """What was typed is no code; the message says what to do."""


def new_code() -> str:
    said = "".join(secrets.choice(LETTERS) for _each in range(LENGTH - 1))
    return said + check_letter(said, LETTERS)


def in_groups(code: str) -> str:
    """As it is printed and read aloud: 'ABCD-EFGH-JKLM'."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """The code in any way of writing: with dashes, spaces, small letters, one letter taken for another."""
    plain = text.nfc(typed).upper()
    if any(letter.isalpha() and not letter.isascii() for letter in plain):
        raise Unreadable(_("Mã không có dấu tiếng Việt. Tắt bộ gõ tiếng Việt rồi gõ lại mã in trên giấy."))
    letters = re.sub("[^0-9A-Z]", "", plain).translate(READ_AS)
    if not letters:
        raise Unreadable(_("Gõ mã in cạnh hình vuông trên giấy chứng nhận."))
    if len(letters) != LENGTH:
        raise Unreadable(
            _("Mã có %(length)d chữ và số, bạn gõ %(typed)d. Xem lại mã in cạnh hình vuông trên giấy.")
            % {"length": LENGTH, "typed": len(letters)}
        )
    if not is_whole(letters, LETTERS):
        raise Unreadable(_("Mã gõ sai một chỗ. Xem lại từng chữ trên giấy rồi sửa."))
    return letters
