"""Finding the commune, village or unit a person means by a name typed with or without accents."""

import difflib
from dataclasses import dataclass, field, fields

from django.db.models import Q

from accounts.models import Citizen
from accounts.models.citizen import GROUP_OF
from criteria.models import Group
from organizations.boards import in_sentence
from organizations.catalogue import OLD_ERA
from organizations.models import Kind, Organization, Succession
from vietnamese import identity, numbers, text

MOST_OPTIONS = 20
LIKE_ENOUGH = 0.75  # of difflib: a letter or two mistyped in a name of ten
COMMUNE_TYPES = [["phuong"], ["xa"], ["dac", "khu"]]  # as they are typed, folded


@dataclass(frozen=True)
class Found:
    """What a typed name may mean: the `only` one, or `options`, the best first, out of `count` that fit.

    `is_whole` says that a whole name was typed. Where none fits, `options` are what may be meant
    after all and `count` is 0. `former` says, by the place's key, which unit of a closed era was meant.
    """

    only: Organization | None = None
    is_whole: bool = False
    options: list[Organization] = field(default_factory=list)
    former: dict[int, Organization] = field(default_factory=dict)
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


def province_of_birth(identity_number):
    """The province of today whose code, or that of a part of it, stands in an identity number."""
    code = identity.clean(identity_number)[1:3]
    known = Q(code=code) | Q(precessions__old__code=code + OLD_ERA)
    return Organization.objects.in_force().filter(known, kind=Kind.PROVINCE).first()


def with_key(pool, key):
    """The place of the pool whose key a form sent back; nothing where it is none."""
    return pool.filter(pk=numbers.key(key))


def in_words(place):
    """'Xã Thạch Khê, tỉnh Hà Tĩnh': a name that finds this place again."""
    if place.kind == Kind.COMMUNE:
        return f"{place.full_name}, {in_sentence(place.parent)}"
    return place.full_name


def find(typed, pool, *, near=None):
    """Look for a typed name among the organizations of a queryset, those of the province `near` first.

    A whole name counts before a part of one, and accents count when they were typed: "Thanh Phú" is not
    "Thạnh Phú", but "thanh phu" may be either. Names of what is no more lead to what it became, and to a
    choice: nobody is put there unasked.
    """
    as_typed = text.typed_words(typed)
    folded = text.words(typed)
    for words in _spellings(as_typed):
        if found := _found(words, pool, near):
            return found
    likely = _likely(typed, folded if folded != as_typed else [], pool, near)
    options = _near_first(dict.fromkeys([*likely.options, *_alike(typed, pool)]), near)
    return Found(options=options[:MOST_OPTIONS], former=likely.former)


def _likely(typed, folded, pool, near):
    """What is meant perhaps: with other accents, or in another district than the one after the comma."""
    for words in _spellings(folded):
        if found := _found(words, pool, near):
            return found
    name, comma, _above = typed.partition(",")
    return find(name, pool, near=near) if comma else Found()


def _spellings(words):
    """The words as typed, then without the type before the name: wards were communes a year ago."""
    if not words:
        return
    yield words
    for type_words in COMMUNE_TYPES:
        bare = words[len(type_words) :]
        if bare and [text.fold(word) for word in words[: len(type_words)]] == type_words:
            yield bare


def _found(words, pool, near):
    candidates = list(_with_words(pool, words))
    fitting = []
    for above in (_names_above, _full_names_above):
        fitting = fitting or [
            place for place in candidates if _fits(words, place, _words(place), above(place))
        ]
    former, begun = _former(words, pool)
    former = former or ({} if fitting else begun)
    return _best_first(words, fitting, former, near) if fitting or former else None


def _with_words(pool, words):
    for word in map(text.fold, words):
        pool = pool.filter(Q(name_search__contains=word) | Q(parent__name_search__contains=word))
    return pool.in_order()


def _fits(words, place, own, above):
    """Each typed word begins a word of the name; or the name above stands there too, and whole.

    "Hải" alone is not Hải Phòng. The commune alone names no village.
    """
    others = [word for word in words if not _begins(word, own)]
    if len(others) == len(words) and place.kind != Kind.COMMUNE:
        return False
    return not others or (
        all(_is_one_of(word, above) for word in others)
        and all(_is_typed(part, words) for part in _names_above(place))
    )


def _begins(word, names):
    return any(text.begins(name, word) for name in names)


def _is_one_of(word, names):
    return any(len(name) == len(word) and text.begins(name, word) for name in names)


def _is_typed(name, words):
    return any(_is_one_of(word, [name]) for word in words)


def _words(place):
    return text.typed_words(place.full_name)


def _names_above(place):
    return text.typed_words(place.parent.name)


def _full_names_above(place):
    """With "tỉnh" and "thành phố", which every second typed word would fit too."""
    return _words(place.parent)


def _former(words, pool):
    """What places were before, by the place: those whose whole old name was typed, and those it begins."""
    whole, begun = {}, {}
    for each in _successions(words, pool):
        own, own_type = text.typed_words(each.old.name), _words(each.old)
        above = [*own_type, *_words(each.old.parent), *_words(each.new.parent)]
        if all(_is_typed(part, words) for part in own) and _all_fit(words, own, above):
            whole.setdefault(each.new, each.old)
        elif any(_begins(word, own) for word in words) and _all_fit(words, own, own_type):
            begun.setdefault(each.new, each.old)
    return whole, begun


def _successions(words, pool):
    found = Succession.objects.filter(new__in=pool.order_by().values("pk"))
    any_of_its_own = Q()
    for word in map(text.fold, words):
        any_of_its_own |= Q(old__name_search__contains=word)
        found = found.filter(
            Q(old__name_search__contains=word)
            | Q(old__parent__name_search__contains=word)
            | Q(new__parent__name_search__contains=word)
        )
    found = found.filter(any_of_its_own).select_related("old__parent", "new__parent")
    return found.order_by("new__name_sort", "new_id", "pk")


def _all_fit(words, own, above):
    return all(_begins(word, own) or _is_one_of(word, above) for word in words)


def _best_first(words, fitting, former, near):
    folded = " ".join(map(text.fold, words))
    whole = [place for place in fitting if folded in map(_folded, _names(place))]
    exact = [place for place in whole if _spelt(words) in map(_spelt, map(text.typed_words, _names(place)))]
    if all(word.isascii() for word in words):
        exact = []  # typed without accents, so accents say nothing
    best = exact or whole or fitting
    by_rank = [
        *_ranked(exact, words, near),
        *_ranked(whole, words, near),
        *_near_first(former, near),
        *_ranked(fitting, words, near),
    ]
    options = list(dict.fromkeys(by_rank))
    return Found(
        only=best[0] if len(best) == 1 and not _rivals(best[0], former, folded) else None,
        is_whole=bool(whole),
        options=options[:MOST_OPTIONS],
        former={place.pk: old for place, old in former.items()},
        count=len(options),
    )


def _ranked(found, words, near):
    """Names that begin as typed come first, then those that hold every word."""
    folded = " ".join(map(text.fold, words))

    def rank(place):
        begins = any(_folded(name).startswith(folded) for name in (place.name, place.full_name))
        return not begins, not all(_begins(word, _words(place)) for word in words)

    return sorted(_near_first(found, near), key=rank)


def _near_first(found, near):
    return sorted(found, key=lambda place: near is None or place.parent_id != near.pk)


def _rivals(place, former, folded):
    """Places that bore the name before, unless the province was typed too."""
    is_bare = folded in map(_folded, (place.name, place.full_name))
    said_where = not is_bare and folded in map(_folded, _names(place))
    return [] if said_where else [other for other in former if other != place]


def _names(place):
    """All the ways in which its whole name may be written."""
    names = [place.name, place.full_name]
    return names + [
        f"{name} {above}" for name in names for above in (place.parent.name, place.parent.full_name)
    ]


def _folded(name):
    return " ".join(text.words(name))


def _spelt(words):
    return [text.spelling(word) for word in words]


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
