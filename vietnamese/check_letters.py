"""The last letter of a code, by which a slip of the finger is found: Luhn's sum over any alphabet. Pure."""


def check_letter(letters: str, alphabet: str) -> str:
    """What stands after these letters. The alphabet has an even number of letters."""
    return alphabet[-_weight(letters, 2, alphabet) % len(alphabet)]


def is_whole(letters: str, alphabet: str) -> bool:
    """Whether the last letter fits: one wrong letter never does, and almost no two that changed places."""
    return _weight(letters, 1, alphabet) % len(alphabet) == 0


def _weight(letters: str, factor: int, alphabet: str) -> int:
    total = 0
    for letter in reversed(letters):
        digit = alphabet.index(letter) * factor
        total += digit // len(alphabet) + digit % len(alphabet)
        factor = 3 - factor
    return total
