"""What the people of the demonstration write and what its places are called, from words.yaml. Pure."""

from pathlib import Path

import yaml

_WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))

LINKS = _WORDS["links"]
TYPED_VILLAGES, TYPED_UNITS = _WORDS["typed_villages"], _WORDS["typed_units"]
HARD_TEXTS = _WORDS["hard_texts"]
RETURNED, LOWERED, RAISED, NOT_PASSED = (
    _WORDS[why] for why in ("returned", "lowered", "raised", "not_passed")
)
VILLAGES, AGENCIES, HEROES, TRADES = (
    _WORDS[places] for places in ("villages", "agencies", "heroes", "trades")
)


def evidence_for(group: str, code: str) -> list[str]:
    """What may be told for an indicator; for one of a set that is not known here, whatever fits the group."""
    of_group = _WORDS["evidence"][group]
    return of_group.get(code.split(".", 1)[-1]) or [text for texts in of_group.values() for text in texts]
