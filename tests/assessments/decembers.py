"""Made-up autumns of boards, day by day: who sends when, who of the board sits down when, and who is left.

Nothing here knows of assessments.outlook. A board misses because somebody fell ill, never learnt to sign in,
sits down too seldom or is slower than its people are many. Two years are lived through: the habits of a board
stay, its members change somewhat, and what the year before left behind is what one may know of it.
"""

import math
from dataclasses import dataclass
from enum import Enum
from random import Random

from assessments.outlook import Figures, LastYear

DAYS = 92  # 1 October to 31 December
NAMED_ON = 70  # the morning of 10 December: 70 days are over
WEEK, A_YEAR = 7, 365


class December(Enum):
    """When people send and boards sit down."""

    EARLY = "early"
    EVEN = "even"
    LAST_THREE_DAYS = "last three days"


@dataclass
class Member:
    """A volunteer: how often they sit down, for how long, how fast they are."""

    days_a_week: float
    minutes: float  # at one sitting
    a_record: float  # minutes each
    begins: int
    signs_in: bool
    leaves: int  # from this day on they do nothing any more
    is_known_to_have_left: bool
    seen: int | None = None  # the last day they signed in, counted from this 1 October
    was_there: bool = False  # the year before
    hurries: float = 1  # how much oftener they sit down in the last ten days, and longer in the last three

    def sits_down(self, day, random):
        if not self.signs_in or not self.begins <= day < self.leaves:
            return False
        often = self.days_a_week / WEEK * (self.hurries if day >= DAYS - 10 else 1)
        return random.random() < (max(often, 0.97) if day >= DAYS - 3 else often)

    def does(self, day):
        """How many at one sitting; on the last evening one stays up for up to four hours."""
        minutes = self.minutes * (self.hurries if day >= DAYS - 3 else 1)
        return max(1, int((max(minutes, 240) if day == DAYS - 1 else minutes) / self.a_record))

    def looks_in(self, day, waiting, random):
        """Signs in and does nothing: about every tenth day while they are told that somebody waits."""
        return self.signs_in and day < self.leaves and random.random() < (0.1 if waiting else 0.03)


@dataclass
class Year:
    """What came of one autumn; `figures` is what was known of it on the morning of 10 December."""

    confirmed: list[int]
    missed: int
    sent: int
    figures: Figures | None = None

    @property
    def is_missed(self):
        """More than one in fifty of those who sent: a board that forgets one person has not failed."""
        return self.missed > self.sent / 50


@dataclass
class Board:
    people: int
    habit: December
    members: list[Member]


def boards(kind: December, seed: int, count: int) -> list[Year]:
    """What is known of each on 10 December of the second year, and what came of it."""
    random = Random(f"{kind.value} {seed}")
    return [_two_years(kind, random) for _each in range(count)]


def _two_years(kind, random):
    people = min(2500, max(8, round(random.lognormvariate(math.log(55), 0.9))))
    habit = kind if random.random() < 0.7 else random.choice(list(December))
    board = Board(people, habit, [_member(habit, random) for _ in range(_how_many(random))])
    before = _live(board, kind, random, last_year=None)
    board.people = max(8, round(people * random.uniform(0.8, 1.3)))
    # A term is five years or more: every tenth member is another than last year. Who fell ill is replaced.
    old = [one for one in board.members if random.random() > 0.1 and one.leaves == DAYS]
    new = [_member(habit, random) for _one in board.members[len(old) :]]
    board.members = old + new
    if random.random() < 0.04:
        board.members = []
    for member in board.members:
        member.leaves, member.is_known_to_have_left = _leaving(random)
        member.seen = None if member.seen is None else member.seen - A_YEAR
        member.was_there = any(member is one for one in old)
    known = LastYear(after=sum(before.confirmed[NAMED_ON:]), left=before.missed)
    return _live(board, kind, random, last_year=known, best_before=max(before.confirmed))


def _how_many(random):
    return random.choices([0, 1, 2, 3], [3, 27, 45, 25])[0]


def _member(habit, random):
    leaves, known = _leaving(random)
    return Member(
        days_a_week=random.uniform(0.5, 4),
        minutes=random.uniform(30, 120),
        a_record=random.uniform(0.3, 0.8) if random.random() < 0.5 else random.uniform(2, 8),
        begins=_begins(habit, random),
        signs_in=random.random() > 0.12,
        leaves=leaves,
        is_known_to_have_left=known,
        hurries=random.uniform(1, 4),
    )


def _begins(habit, random):
    if habit == December.EARLY:
        return random.randint(0, 50)
    if habit == December.EVEN or random.random() < 0.3:
        return random.randint(0, 82)
    return random.randint(DAYS - 6, DAYS - 2)


def _leaving(random):
    """On which day they stop, if they do; of some who stop the association hears and closes the account."""
    if random.random() > 0.1:
        return DAYS, False
    return random.randrange(DAYS), random.random() < 0.3


def _sends_on(kind, random):
    """The day on which a person sends; DAYS for who never does."""
    if random.random() < 0.08:
        return DAYS
    if kind == December.EARLY:
        return int(random.triangular(0, DAYS - 1, 20))
    if kind == December.EVEN:
        return random.randrange(DAYS)
    if random.random() < 0.5:
        return random.randrange(DAYS - 3, DAYS)
    return int(random.triangular(0, DAYS - 1, DAYS))


def _live(board, kind, random, *, last_year, best_before=0):
    coming = [0] * (DAYS + 1)
    for _person in range(board.people):
        coming[_sends_on(kind, random)] += 1
    unsent, waiting, returned = board.people, [], []
    confirmed, figures = [], None
    helper = _member(December.EARLY, random)
    helper.begins, helper.leaves, helper.signs_in = 0, DAYS, True
    # Where there is nobody the association may find somebody yet.
    helped_on = random.randint(NAMED_ON, DAYS) if random.random() < 0.4 else DAYS
    for day in range(DAYS):
        if day == NAMED_ON:
            active = [one for one in board.members if not (one.is_known_to_have_left and one.leaves <= day)]
            seen = [one.seen for one in active if one.seen is not None]
            same = any(one.was_there for one in active)
            figures = Figures(
                waiting=len(waiting),
                returned=len(returned),
                unsent=unsent,
                lately=sum(confirmed[-WEEK:]),
                best_day=max([best_before if same else 0, *confirmed]),
                members=len(active),
                quiet=day - max(seen) if seen else None,
                waited=day - waiting[0] if waiting else 0,
                days_left=DAYS - day,
                last_year=last_year if same else None,
            )
        unsent -= coming[day]
        waiting += [day] * coming[day]
        back, returned = [one for one in returned if one <= day], [one for one in returned if one > day]
        waiting += [day] * len(back)
        able = board.members or ([helper] if day >= helped_on else [])
        done = 0
        for member in able:
            if member.looks_in(day, waiting, random):
                member.seen = day
            if member.sits_down(day, random):
                member.seen = day
                done += (taken := min(member.does(day), len(waiting)))
                for _record in waiting[:taken]:
                    if random.random() < 0.04:  # sent back; answered in a week or never
                        returned.append(day + random.randint(1, 12) if random.random() < 0.8 else DAYS)
                        done -= 1
                waiting = waiting[taken:]
        confirmed.append(done)
    return Year(confirmed, len(waiting), sum(confirmed) + len(waiting), figures)
