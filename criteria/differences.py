"""What one version of a set says otherwise than another. Criteria are found again by their code."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext as _

from criteria.models import CriteriaSet, Criterion
from vietnamese import dates, numbers

# What a set is, and not what it says.
NOT_SAID_BY_A_SET = {
    "id",
    "level",
    "scope",
    "group",
    "version",
    "status",
    "valid_to",
    "drafted_by",
    "published_by",
    "revision",
}
NOT_SAID_BY_A_CRITERION = {"id", "criteria_set", "parent", "position", "code"}
# By these a result may become another.
DECIDES = {"scoring_model", "pass_mark", "floor", "step", "hard_area_pass_mark"}
ASKS_AGAIN = {"text", "maximum"}
_WORDS = re.compile(r"\s+|[^\s]+")


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """Words that both have, that only the old one has, or only the new."""

    kind: str  # "same", "gone", "come"
    text: str


@dataclass(frozen=True)
class Saying:
    """One thing that is said otherwise, in words."""

    name: str
    label: str
    old: str
    new: str

    @property
    def pieces(self) -> list[Piece]:
        return list(words(self.old, self.new))


@dataclass(frozen=True)
class Change:
    """A criterion that only one of the two has, or that says something else in the new one."""

    code: str
    old: Criterion | None
    new: Criterion | None
    sayings: tuple[Saying, ...] = ()

    @property
    def kind(self) -> Kind:
        if self.old is None:
            return Kind.ADDED
        return Kind.REMOVED if self.new is None else Kind.CHANGED

    @property
    def is_indicator(self) -> bool:
        return (self.new or self.old).parent_id is not None

    @property
    def asks_again(self) -> bool:
        """Whether an answer to the old one is none to the new one."""
        if not self.is_indicator or self.new is None or self.new.is_computed:
            return False
        return self.old is None or any(saying.name in ASKS_AGAIN for saying in self.sayings)


@dataclass(frozen=True)
class Difference:
    """`figures` are of the set as a whole; `criteria` stand in the new order, what is gone comes last."""

    figures: tuple[Saying, ...]
    criteria: tuple[Change, ...]
    kept: tuple[tuple[Criterion, Criterion], ...]  # indicators whose answers stand: old and new
    grades: Saying | None = None

    @property
    def is_empty(self) -> bool:
        return not self.figures and not self.criteria and self.grades is None

    @property
    def asked_again(self) -> list[Change]:
        return [change for change in self.criteria if change.asks_again]

    @property
    def removed(self) -> list[Change]:
        return [change for change in self.criteria if change.is_indicator and change.kind == Kind.REMOVED]

    @property
    def deciding(self) -> list[Saying]:
        """The figures by which a result may become another."""
        return [saying for saying in self.figures if saying.name in DECIDES]

    @property
    def touches_people(self) -> bool:
        """Whether somebody who answered the old one has to look at the new one."""
        return bool(self.asked_again or self.removed or self.deciding)

    def count(self, kind: Kind) -> int:
        return sum(change.is_indicator and change.kind == kind for change in self.criteria)

    @property
    def added_count(self) -> int:
        return self.count(Kind.ADDED)

    @property
    def removed_count(self) -> int:
        return self.count(Kind.REMOVED)

    @property
    def changed_count(self) -> int:
        return self.count(Kind.CHANGED)


def between(old: CriteriaSet, new: CriteriaSet) -> Difference:
    before, after = _by_code(old), _by_code(new)
    changes, kept = [], []
    for code, criterion in after.items():
        was = before.get(code)
        change = Change(code, was, criterion, _sayings(was, criterion) if was else ())
        if was is None or change.sayings:
            changes.append(change)
        if was is not None and change.is_indicator and was.parent_id and not change.asks_again:
            kept.append((was, criterion))
    changes += [Change(code, was, None) for code, was in before.items() if code not in after]
    grades = _by_name(_("các mức"), *("; ".join(map(_grade, each.grades.all())) for each in (old, new)))
    return Difference(tuple(_said(old, new, NOT_SAID_BY_A_SET)), tuple(changes), tuple(kept), grades)


def _grade(grade):
    if grade.from_points is None:
        return f"{grade.rank} {grade.name}"
    return f"{grade.rank} {grade.name}: {numbers.format_decimal(grade.from_points)}"


def _by_name(label, old, new):
    return Saying("", label, old or "–", new or "–") if old != new else None


def _by_code(criteria_set):
    rows = criteria_set.criteria.select_related("parent").prefetch_related("links").order_by("position")
    return {criterion.code: criterion for criterion in rows}


def _sayings(was, criterion):
    found = list(_said(was, criterion, NOT_SAID_BY_A_CRITERION))
    above = [each.parent.code if each.parent else "" for each in (was, criterion)]
    if above[0] != above[1]:
        label = str(Criterion._meta.get_field("parent").verbose_name)
        found.append(Saying("parent", label, *(each or "–" for each in above)))
    links = ["; ".join(sorted(map(_link, each.links.all()))) for each in (was, criterion)]
    if saying := _by_name(_("điều kiện từ danh hiệu khác"), *links):
        found.append(saying)
    return tuple(found)


def _link(link):
    percent = "–" if link.minimum_percent is None else numbers.format_decimal(link.minimum_percent)
    return " ".join(
        filter(
            None, [f"{percent}%", link.get_denominator_display(), link.get_source_level_display(), link.basis]
        )
    )


def _said(old, new, without) -> Iterator[Saying]:
    for field in old._meta.concrete_fields:
        if field.name in without or field.is_relation or isinstance(field, models.DateTimeField):
            continue
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if before != after:
            said = [_in_words(field, each) for each in (before, after)]
            yield Saying(field.name, str(field.verbose_name), *said)


def _in_words(field, value) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(value, value) or "–")
    if isinstance(value, Decimal):
        return numbers.format_decimal(value)
    if isinstance(value, datetime.date):
        return dates.day_words(value)
    return "–" if value is None or value == "" else str(value)


def words(old: str, new: str) -> Iterator[Piece]:
    """The two as one text, word by word."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for what, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("gone", "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece("come", "".join(after[j1:j2]))
