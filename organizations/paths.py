"""Places in the tree as text: four characters a level, digits and capitals, so that a subtree is a range."""

import itertools
from collections.abc import Iterator

from django.db.models import Q

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDTH = 4
MOST_CHILDREN = len(DIGITS) ** WIDTH


def segment(number: int) -> str:
    """The number-th child's own segment, counted from 1. Raises ValueError when a level is full."""
    if not 0 < number < MOST_CHILDREN:
        raise ValueError(f"a parent holds at most {MOST_CHILDREN - 1} children")
    text = ""
    for _ in range(WIDTH):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def number(path: str) -> int:
    """The number of the last segment of a path."""
    return int(path[-WIDTH:], len(DIGITS))


def free_after(parent: str, last_child: str | None) -> Iterator[str]:
    """The free places below a parent, after its last child."""
    first = number(last_child) + 1 if last_child else 1
    return (parent + segment(place) for place in itertools.count(first))


def successor(path: str) -> str:
    """The first text after everything at or below the path: subtree = [path, successor(path))."""
    return path[:-1] + chr(ord(path[-1]) + 1)


def at_or_below(path: str, column: str = "path") -> Q:
    """The rows whose column holds the path itself or one below it."""
    return Q(**{f"{column}__gte": path, f"{column}__lt": successor(path)})


def ancestors(path: str) -> list[str]:
    """The paths above, the root first, the path itself left out."""
    return [path[:end] for end in range(WIDTH, len(path), WIDTH)]
