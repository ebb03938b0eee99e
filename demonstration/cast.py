"""The people one signs in as in the demonstration and those around them, and what each did in which year."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from accounts.models import Citizen, Gender, Population
from assessments.models import Assessment, State
from assessments.workflow import Change
from criteria.rules import ScoringModel
from demonstration import evidence, lives, marks, names, words
from demonstration.evidence import Piece
from demonstration.lives import Happening, Year
from demonstration.people import Board, Registrar
from demonstration.plans import Form, Plan
from organizations.models import Household

BEGUN = [State.REGISTERED]
SENT = [*BEGUN, State.SUBMITTED]
RETURNED = [*SENT, State.RETURNED]
ANSWERED = [*RETURNED, State.SUBMITTED]
CONFIRMED = [*SENT, State.CONFIRMED]
# Shares of the maximum, one indicator after the other: 86 of 100; 82 with one under the floor.
GOOD = [0.9, 0.8, 0.9, 0.8, 0.9, 0.7, 0.9, 0.9, 0.9, 0.9]
UNEVEN = [0.9, 0.9, 0.9, 0.9, 0.9, 0.3, 0.8, 0.8, 0.9, 0.9]


@dataclass(frozen=True)
class Scene:
    """What one person did in one year. What the year's moment does not allow yet is left out."""

    states: list[State]
    shares: list[float] | None = None  # of the maxima; whatever comes unless told
    scored: int | None = None  # only the first so many indicators
    lowered: bool = False
    reason: str = ""
    texts: list[str] = field(default_factory=list)
    pictures: int = 0


GOOD_YEARS = {-1: Scene(CONFIRMED, shares=GOOD), -2: Scene(CONFIRMED, shares=GOOD)}


class Cast:
    """The people with a part, and their scenes: by year, 0 being this one and -1 the last."""

    def __init__(self, registrar: Registrar):
        self.registrar = registrar
        self.members: list[Citizen] = []
        self._scenes: dict[tuple[int, int], Scene | None] = {}

    def add(self, board: Board, full_name, gender, birth_year, scenes, *, username="", **fields) -> Citizen:
        """Somebody of a board with an account. In a year without a scene the person does as all do."""
        population = fields.pop("population", Population.VILLAGER)
        citizen = self.registrar.person(board, population, gender, birth_year, full_name=full_name, **fields)
        self.registrar.give_account(citizen, username)
        board.citizens.append(citizen)
        self.members.append(citizen)
        for year, scene in scenes.items():
            self._scenes[id(citizen), year] = scene
        return citizen

    def has_part(self, citizen: Citizen, year: int) -> bool:
        return (id(citizen), year) in self._scenes

    def scene(self, citizen: Citizen, year: int) -> Scene | None:
        return self._scenes.get((id(citizen), year))


def gather(
    registrar: Registrar, village: Board, school: Board, office: Board, bureau: Board, of_two: Board
) -> Cast:
    """The whole cast. Whoever comes first on a board will sit on it."""
    cast = Cast(registrar)
    _families(cast, village)
    _hard_cases(cast, village)
    _school(cast, school)
    _board_of_two(cast, of_two)
    official = {"population": Population.OFFICIAL}
    for board in (office, bureau):  # others sit on these boards, so that those two are officers alone
        registrar.populate(board, 4)
    cast.add(
        office,
        "Đặng Thị Minh Nguyệt",
        Gender.FEMALE,
        1981,
        {0: Scene(SENT)} | GOOD_YEARS,
        username="hoixa",
        **official,
    )
    cast.add(
        bureau,
        "Kiều Ngọc Lan",
        Gender.FEMALE,
        1976,
        {0: Scene(BEGUN)} | GOOD_YEARS,
        username="hoitinh",
        **official,
    )
    return cast


def _families(cast, village):
    of_chair = Household(village=village.organization, name="Hộ ông Phan Đình Cường")
    of_citizen = Household(village=village.organization, name="Hộ bà Nguyễn Thị Thanh Hà")
    cast.add(
        village,
        "Phan Đình Cường",
        Gender.MALE,
        1962,
        {0: Scene(SENT)} | GOOD_YEARS,
        username="chihoi",
        household=of_chair,
    )
    cast.add(village, "Trần Thị Mai", Gender.FEMALE, 1970, {0: Scene(SENT)})
    cast.add(
        village,
        "Nguyễn Thị Thanh Hà",
        Gender.FEMALE,
        1979,
        {
            0: Scene(BEGUN, scored=6, pictures=2),
            -1: Scene(CONFIRMED, shares=GOOD, pictures=1),
            -2: Scene(CONFIRMED, shares=GOOD, lowered=True),
        },
        username="congdan",
        household=of_citizen,
    )
    # The chair may not confirm these two: they live under one roof.
    cast.add(village, "Võ Thị Liên", Gender.FEMALE, 1964, {0: Scene(SENT)}, household=of_chair)
    cast.add(village, "Phan Đình Tuấn", Gender.MALE, 1992, {0: Scene(SENT)}, household=of_chair)
    cast.add(village, "Lê Văn Sơn", Gender.MALE, 1977, {0: Scene(SENT, pictures=1)}, household=of_citizen)
    for birth_year in (1958, 1991):  # two people of one name
        cast.add(village, "Nguyễn Thị Hoa", Gender.FEMALE, birth_year, {0: Scene(SENT)})


def _hard_cases(cast, village):
    scenes = [
        Scene(SENT, pictures=2),
        Scene(SENT),
        Scene(RETURNED, reason=words.RETURNED[0]),
        Scene(CONFIRMED, shares=GOOD, lowered=True),
        Scene(CONFIRMED, shares=UNEVEN),
        Scene(BEGUN, scored=0),
        Scene(ANSWERED, reason=words.RETURNED[3]),
        Scene(CONFIRMED, shares=GOOD),
        Scene(SENT, texts=words.HARD_TEXTS),
        None,  # not registered this year
    ]
    for place, ((name, gender), scene) in enumerate(zip(names.HARD_NAMES, scenes, strict=True)):
        unit_text = words.TYPED_UNITS[place] if place < len(words.TYPED_UNITS) else ""
        cast.add(village, name, gender, 1955 + 5 * place, {0: scene}, unit_text=unit_text)


def _school(cast, school):
    official = {"population": Population.OFFICIAL}
    cast.add(
        school,
        "Lê Văn Bình",
        Gender.MALE,
        1975,
        {0: Scene(SENT)} | GOOD_YEARS,
        username="bankhuyenhoc",
        **official,
    )
    cast.add(school, "Hồ Thị Kim Oanh", Gender.FEMALE, 1984, {0: Scene(SENT)}, **official)
    cast.add(
        school,
        "Trần Khánh Linh",
        Gender.FEMALE,
        cast.registrar.year - 17,
        {0: Scene(BEGUN, scored=1, pictures=1), -1: Scene(CONFIRMED, shares=GOOD), -2: None},
        username="hocsinh",
        population=Population.LEARNER,
    )


def _board_of_two(cast, village):
    """A board on which two sit, and some who wait for it."""
    cast.add(village, "Nguyễn Văn Tư", Gender.MALE, 1960, {0: Scene(SENT)}, username="bandonghai")
    cast.add(village, "Bùi Thị Hạnh", Gender.FEMALE, 1972, {0: Scene(SENT)}, username="phodonghai")
    for name, gender in (("Hoàng Thị Lài", Gender.FEMALE), ("Đinh Công Tráng", Gender.MALE)):
        cast.add(village, name, gender, 1968, {0: Scene(SENT, pictures=1)})


def plan(rng: Random, scene: Scene, citizen: Citizen, board: Board, form: Form, frame: Year) -> Plan | None:
    """The scene as a record; None when not even its first step lies within the year so far."""
    life = list(_life(rng, scene.states, frame))
    if not life:
        return None
    rules = form.rules
    given = _given(rules, scene.shares) if scene.shares else marks.own(rng, rules, 0.88)
    if scene.scored is not None:
        given = dict(list(given.items())[: scene.scored])
    states = [happening.state for happening in life]
    sent_at = min([frame.upto, frame.closes, *(happening.at for happening in life[1:2])])
    return Plan(
        citizen=citizen,
        board=board,
        form=form,
        life=life,
        rounds=[given] * (1 + states.count(State.RETURNED)),
        scored_at=life[0].at + (sent_at - life[0].at) / 2,
        changes=_lowered(rules, given) if scene.lowered and State.CONFIRMED in states else {},
        reason=scene.reason,
        confirmer=board.confirmer_of(citizen),
    )


def _given(rules, shares):
    if rules.model == ScoringModel.PASS_FAIL:
        return {code: share >= 0.5 for code, share in zip(rules.maxima, shares, strict=False)}
    return {
        code: marks.part(rules, code, share)
        for code, share in itertools.zip_longest(rules.maxima, shares[: len(rules.maxima)], fillvalue=0.9)
    }


def _lowered(rules, given):
    code = list(given)[len(given) // 2]
    return {code: Change(marks.part(rules, code, 0.6), words.LOWERED[1])}


def _life(rng: Random, states: list[State], frame: Year) -> Iterator[Happening]:
    """Somewhere in the time there was: before the board could act, and from then on."""
    end = min(frame.upto, frame.closes)
    turn = next(
        (place for place, state in enumerate(states) if state not in (State.REGISTERED, State.SUBMITTED)),
        len(states),
    )
    before, after = states[:turn], states[turn:]
    yield from _within(rng, before, frame.begins, min(frame.confirming, end) if after else end)
    yield from _within(rng, after, frame.confirming, end)


def _within(rng, states, start, end):
    if start >= end:
        return
    moments = sorted(lives.moment(rng, start, end) for _state in states)
    for state, at in zip(states, moments, strict=True):
        yield Happening(state, at, by_board=state in (State.RETURNED, State.CONFIRMED))


def props(rng: Random, scene: Scene, assessment: Assessment, plan: Plan) -> list[Piece]:
    """The evidence a scene asks for."""
    codes = list(plan.rounds[-1]) or list(plan.form.indicators)
    pieces = [
        evidence.text(assessment, plan, [codes[place % len(codes)]], told)
        for place, told in enumerate(scene.texts)
    ]
    for place in range(scene.pictures):
        name = f"anh-minh-chung-{place + 1}.jpg"
        pieces.append(evidence.picture(rng, assessment, plan, codes[place : place + 1], name))
    return pieces
