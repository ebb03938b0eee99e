"""Vietnamese text: how it is stored, searched and put in order. Pure."""

import functools
import re
import unicodedata
from collections.abc import Iterable

# Zero-width and direction marks come along with pasted text: unseen, they make equal names differ.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# The stroke of đ is not a combining mark; Icelandic ð looks like it in lists made with old fonts.
_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_ETH = str.maketrans({"ð": "đ", "Ð": "Đ"})
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_PLAIN_MARKS = str.maketrans({"“": '"', "”": '"', "’": "'", "–": "-", "…": "...", "·": "-", "\u00a0": " "})
_WORD = re.compile(r"[\w']+")
MOST_SYLLABLES = 8192  # kept at hand; all the names of places are made of fewer
MOST_WORDS = 10  # of a query; every word is a condition of the search

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_WEIGHTS = {
    " ": 4,
    **{digit: 6 + i for i, digit in enumerate("0123456789")},
    **{letter: 17 + i for i, letter in enumerate(_ALPHABET)},
}
_PUNCTUATION, _FOREIGN_LETTER = 5, 64
# Huyền, hỏi, ngã, sắc, nặng; a letter without a tone weighs 2.
_TONES = {"\u0300": 3, "\u0309": 4, "\u0303": 5, "\u0301": 6, "\u0323": 7}
_LETTER_MARKS = "\u0306\u0302\u031b"  # of ă; â, ê, ô; ơ, ư


def nfc(text: str | None) -> str:
    """One line as it is stored and shown: composed letters, single spaces, nothing invisible."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text or "")).split())


def nfc_lines(text: str | None) -> str:
    """Like `nfc`, but the lines stay: for reasons, notes and evidence."""
    return "\n".join(nfc(line) for line in (text or "").splitlines()).strip()


def lower_first(text: str) -> str:
    """As it begins in the middle of a sentence: 'Thôn Đông Hải' -> 'thôn Đông Hải'."""
    return text[:1].lower() + text[1:]


def plain_apostrophes(text: str) -> str:
    """H’Mông, HʼMông and H`Mông are all written H'Mông."""
    return text.translate(_APOSTROPHES)


def fold(text: str | None) -> str:
    """What is searched: 'Nguyễn Văn Á' -> 'nguyen van a'; 'Hoà' and 'Hòa' alike, 'D’Ran' and "D'Ran" too."""
    # Apostrophes and strokes go last: taking the case or the marks away can bring new ones to light (ŉ, ǿ).
    decomposed = unicodedata.normalize("NFD", nfc(text).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return nfc(bare.translate(_STROKES).translate(_APOSTROPHES))


def ascii_only(text: str) -> str:
    """As it is written without marks: 'Đã gửi hồ sơ' -> 'Da gui ho so'."""
    bare = unicodedata.normalize("NFD", text.translate(_STROKES).translate(_PLAIN_MARKS))
    return bare.encode("ascii", "ignore").decode()


def words(query: str | None) -> list[str]:
    """The folded words of a query; a row is found when its search column holds every one."""
    return _WORD.findall(fold(query))[:MOST_WORDS]


def typed_words(query: str | None) -> list[str]:
    """The words of a query as they were typed, in small letters: what `begins` compares."""
    return _WORD.findall(plain_apostrophes(nfc(query).casefold()))[:MOST_WORDS]


def begins(word: str, typed: str) -> bool:
    """Whether a word begins as it was typed. Accents count where they were typed: 'dinh' may be 'đình', but
    'đỉnh' is not; 'hoà' is 'hòa'.
    """
    if typed.isascii():
        return _folded_word(word).startswith(typed.casefold())
    letters, tones = spelling(typed)
    own_letters, own_tones = spelling(word)
    return own_letters.startswith(letters) and (not tones or tones == own_tones)


@functools.lru_cache(MOST_SYLLABLES)
def _folded_word(word: str) -> str:
    return fold(word)


@functools.lru_cache(MOST_SYLLABLES)
def spelling(word: str) -> tuple[str, str]:
    """Letters and tone of a word apart, as the tone of 'hòa' may stand on either of two letters."""
    marks = unicodedata.normalize("NFD", nfc(word).casefold())
    letters = "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", letters), "".join(sorted(mark for mark in marks if mark in _TONES))


def sort_key(text: str | None) -> str:
    """The order of Vietnamese dictionaries (CLDR `vi`): letters first, then tones, then capitals.

    Lower-case hexadecimal, so that SQLite and every collation of PostgreSQL sort it alike; at most six
    characters per letter and ten more.
    """
    letters: list[str] = []
    tones: list[int] = []
    cases: list[int] = []
    for character in nfc(text).translate(_ETH):
        for place, part in enumerate(unicodedata.normalize("NFD", character)):
            if part in _TONES and letters:
                tones[-1] = _TONES[part]
            elif part in _LETTER_MARKS and letters:
                letters[-1] = unicodedata.normalize("NFC", letters[-1] + part)
            elif place == 0 and not unicodedata.combining(part):
                letters.append(part.lower())
                tones.append(2)
                cases.append(2 if part == part.lower() else 3)
    return (bytes(map(_weight, letters)) + b"\x01" + _trimmed(tones) + b"\x01" + _trimmed(cases)).hex()


def name_sort_key(full_name: str | None) -> str:
    """People stand in the order of the given name, the last word; then of family and middle names."""
    rest, _space, given = nfc(full_name).rpartition(" ")
    return sort_key(given) + "00" + sort_key(rest)


def _weight(letter: str) -> int:
    return _WEIGHTS.get(letter, _FOREIGN_LETTER if letter.isalnum() else _PUNCTUATION)


def _trimmed(weights: Iterable[int]) -> bytes:
    return bytes(weights).rstrip(b"\x02")
