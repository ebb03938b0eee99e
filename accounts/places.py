"""Finding the commune, village or unit a person means by a name typed with or without accents."""

import difflib
import re
from dataclasses import dataclass, field, fields

from django.db.models import Q

from accounts.models import Citizen
from accounts.models.citizen import GROUP_OF
from criteria.models import Group
from organizations.boards import in_sentence
from organizations.models import Kind, Organization
from vietnamese import text

MOST_OPTIONS = 20
LIKE_ENOUGH = 0.75  # of difflib: a letter or two mistyped in a name of ten
COMMUNE_TYPES = [["phuong"], ["xa"], ["dac", "khu"]]  # as they are typed, folded
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Found:
    """What a typed name may mean: the `only` one, or `options`, the best first, out of `count` that fit.

    `is_whole` says that a whole name was typed. Where none fits, `options` are names that look alike and
    `count` is 0.
    """

    only: Organization | None = None
    is_whole: bool = False
    options: list[Organization] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True)
class Home:
    """Where a person lives, works or learns, and what they do. Texts are names that no list holds yet."""

    commune: Organization
    village: Organization | None = None
    village_text: str = ""
    unit: Organization | None = None
    unit_text: str = ""
    population: str = ""

    @classmethod
    def of(cls, citizen):
        return cls(**{field.name: getattr(citizen, field.name) for field in fields(cls)})

    @property
    def board(self):
        return Citizen(**self.places).board

    @property
    def suggested_group(self):
        return Group(GROUP_OF[self.population])

    @property
    def places(self):
        return {"commune": self.commune, "village": self.village, "unit": self.unit}

    @property
    def fields(self):
        """As the fields of a citizen."""
        texts = {"village_text": self.village_text, "unit_text": self.unit_text}
        return self.places | texts | {"population": self.population}

    def as_kept(self):
        """Plain values, for a draft."""
        return {name: place and place.pk for name, place in self.places.items()} | {
            "village_text": self.village_text,
            "unit_text": self.unit_text,
            "population": self.population,
        }

    @classmethod
    def from_kept(cls, kept):
        """The home of a draft, or None when one of its places has left the lists since."""
        wanted = [kept[name] for name in ("commune", "village", "unit") if kept[name]]
        there = {place.pk: place for place in _in_force().filter(pk__in=wanted)}
        if len(there) < len(wanted):
            return None
        return cls(**kept | {name: there.get(kept[name]) for name in ("commune", "village", "unit")})


def _in_force():
    return Organization.objects.in_force().select_related("parent")


def communes():
    return _in_force().filter(kind=Kind.COMMUNE)


def villages(commune):
    return _below(commune).filter(kind=Kind.VILLAGE)


def units(commune):
    """Those of the commune, and those directly under its province."""
    directly = _in_force().filter(parent=commune.parent_id)
    return (_below(commune) | directly).filter(kind=Kind.UNIT)


def _below(commune):
    return _in_force().at_or_below(Organization.objects.filter(pk=commune.pk))


def in_words(place):
    """'Xã Thạch Khê, tỉnh Hà Tĩnh': a name that finds this place again."""
    if place.kind == Kind.COMMUNE:
        return f"{place.full_name}, {in_sentence(place.parent)}"
    return place.full_name


def find(typed, pool):
    """Look for a typed name among the organizations of a queryset.

    A whole name counts before a part of one, and accents count when they were typed: "Thanh Phú" is not
    "Thạnh Phú", but "thanh phu" may be either.
    """
    for words in _spellings(typed):
        candidates = list(_with_words(pool, words))
        for above in (_names_above, _full_names_above):
            fitting = [place for place in candidates if _fits(words, place, above(place))]
            if fitting:
                return _best_first(typed, words, fitting)
    return Found(options=_alike(typed, pool))


def _spellings(typed):
    """The words as typed, then without the type before the name: wards were communes a year ago."""
    words = text.words(typed)
    if not words:
        return
    yield words
    for type_words in COMMUNE_TYPES:
        bare = words[len(type_words) :]
        if bare and words[: len(type_words)] == type_words:
            yield bare


def _with_words(pool, words):
    for word in words:
        pool = pool.filter(Q(name_search__contains=word) | Q(parent__name_search__contains=word))
    return pool.in_order()


def _fits(words, place, above):
    """Each typed word begins a word of the name or of the name above; its commune alone names no village."""
    own = _own_words(place)
    return all(_begins(word, own + above) for word in words) and (
        place.kind == Kind.COMMUNE or any(_begins(word, own) for word in words)
    )


def _begins(word, names):
    return any(name.startswith(word) for name in names)


def _own_words(place):
    return _WORD.findall(place.name_search)


def _names_above(place):
    return _WORD.findall(text.fold(place.parent.name))


def _full_names_above(place):
    """With "tỉnh" and "thành phố", which every second typed word would fit too."""
    return _WORD.findall(place.parent.name_search)


def _best_first(typed, words, fitting):
    folded = " ".join(words)
    whole = [place for place in fitting if folded in map(_folded, _names(place))]
    exact = [place for place in whole if _bare(typed) in map(_bare, _names(place))]
    if _bare(typed) == _folded(typed):
        exact = []  # typed without accents, so accents say nothing
    by_itself = [place for place in fitting if all(_begins(word, _own_words(place)) for word in words)]
    best = exact or whole or fitting
    ranked = list(dict.fromkeys([*exact, *whole, *by_itself, *fitting]))
    return Found(
        only=best[0] if len(best) == 1 else None,
        is_whole=bool(whole),
        options=ranked[:MOST_OPTIONS],
        count=len(ranked),
    )


def _names(place):
    """All the ways in which its whole name may be written."""
    names = [place.name, place.full_name]
    return names + [
        f"{name} {above}" for name in names for above in (place.parent.name, place.parent.full_name)
    ]


def _folded(name):
    return " ".join(text.words(name))


def _bare(name):
    """In small letters, with its accents, without commas."""
    return " ".join(_WORD.findall(text.nfc(name).casefold()))


def _alike(typed, pool):
    """Names a slip of the finger away; in a short list all of them."""
    everything = list(pool.in_order()[: MOST_OPTIONS + 1])
    if len(everything) <= MOST_OPTIONS:
        return everything
    with_a_word = Q()
    for word in text.words(typed):
        with_a_word |= Q(name_search__contains=word)
    by_name = {}
    for place in pool.filter(with_a_word).in_order() or pool.in_order():
        for name in (place.name, f"{place.name} {place.parent.name}"):
            by_name.setdefault(_folded(name), []).append(place)
    close = difflib.get_close_matches(_folded(typed), by_name, n=MOST_OPTIONS, cutoff=LIKE_ENOUGH)
    return list(dict.fromkeys(place for name in close for place in by_name[name]))[:MOST_OPTIONS]
