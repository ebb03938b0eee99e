"""How official documents look, as data: `data/layouts.yaml`, one entry a version. Pure."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import gettext

FILE = Path(__file__).parent / "data" / "layouts.yaml"
LIST, FORM = "danh-sach", "bieu"


@dataclass(frozen=True)
class Layout:
    """`recipients`, `signer` and `signing` stand under the table; a list has none of them."""

    name: str
    version: int
    valid_from: datetime.date
    basis: str
    margins: dict[str, int]
    nation: str
    motto: str
    number: str
    recipients: Sequence[str] = ()
    signer: Sequence[str] = ()
    signing: str = ""

    def __str__(self):
        return gettext("%(name)s, bản %(version)d (%(basis)s)") % {
            "name": self.name,
            "version": self.version,
            "basis": self.basis,
        }


def in_force(name: str, on: datetime.date) -> Layout:
    """The newest version of a layout that had begun by a day; before the first one, the first."""
    versions = [layout for layout in _all() if layout.name == name]
    begun = [layout for layout in versions if layout.valid_from <= on]
    return begun[-1] if begun else versions[0]


@cache
def _all() -> list[Layout]:
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return sorted((Layout(**entry) for entry in entries), key=lambda layout: layout.version)
