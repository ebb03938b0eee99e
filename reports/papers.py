"""An official paper in words: head, body, a short table and signatures. Pure; word.py and pdf.py write it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.excel import Letterhead
from reports.layouts import Layout

Row = Sequence[str]


@dataclass(frozen=True)
class Table:
    """Words in columns; `widths` are shares of the paper's width, `numbers` the columns set to the right."""

    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Row]
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class Heading:
    """A line over a part of the body."""

    text: str
    is_centred: bool = False


@dataclass(frozen=True)
class Basis:
    """On what the paper rests, one text after the other: the decree wants these in italics."""

    text: str


@dataclass(frozen=True)
class Article:
    """'Điều 1.' in bold, and what it says."""

    name: str
    text: str


@dataclass(frozen=True)
class Signature:
    """Who signs at one side of the foot: the post in capitals, and the name where it is known."""

    post: Sequence[str]
    name: str = ""


@dataclass(frozen=True)
class Paper:
    """`number` is the whole line "Số: …"; `about` stands under the title; the body is read in its order."""

    title: str
    letterhead: Letterhead
    layout: Layout
    number: str
    about: str
    body: Sequence[str | Heading | Basis | Article | Table]
    left: Signature | None
    right: Signature
    recipients: Sequence[str] = ()


def of_agency(name: str) -> str:
    """The name of a body at the head: where it takes two lines, the place stays whole on the second."""
    return "\u00a0".join(name.upper().rsplit(" ", 2))
