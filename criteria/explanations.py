"""What a wording of the criteria asks, in plain words of the portal's own: no law, and no part of any set."""

import functools
from dataclasses import dataclass
from pathlib import Path

import yaml

SHIPPED = Path(__file__).parent / "explanations.yaml"


@dataclass(frozen=True)
class Explanation:
    """`enough` and `short` are examples of what can be told of it: one tells enough, one does not."""

    wording: str
    plainly: str
    enough: str
    short: str


def of(criterion) -> Explanation | None:
    """Found by the wording, so that a new wording never stands beside what explains the old one."""
    return _shipped().get(criterion.text)


@functools.cache
def _shipped():
    rows = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return {row["wording"]: Explanation(**row) for row in rows}
