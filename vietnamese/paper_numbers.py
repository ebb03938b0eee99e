"""The number of an official paper, 12/QĐ-HKH: how it is kept, and how two are compared. Pure."""

import re

from vietnamese import text

_CALLED = re.compile(r"^(số|so)\b\s*:?\s*", re.IGNORECASE)
_ALIKE = str.maketrans("ÐƉ‐‑‒–—−", "ĐĐ------")  # the same on paper


def plain(typed: str | None) -> str:
    """As it is kept: 'Số: 12/QĐ-HKH', as it stands on paper, is '12/QĐ-HKH'."""
    return _CALLED.sub("", text.nfc(typed))


def key(number: str, longest: int) -> str:
    """By what two are compared: '012 / qd–hkh' is '12/QĐ-HKH'. None is longer than so many letters."""
    letters = re.sub(r"\s", "", plain(number)).upper().translate(_ALIKE).replace("/QD", "/QĐ")
    return re.sub(r"^0+(?=\d)", "", letters)[:longest]
