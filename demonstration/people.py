"""Made-up people: families, pupils, staff; with accounts, and with seats on their boards."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import gcd
from random import Random

from accounts.models import Appointment, Citizen, Gender, Population, Role, User
from accounts.models.user import READABLE
from accounts.registration import CONSENT_VERSION
from assessments.models.campaign import start_of
from audit import bulk, clock, events
from demonstration import names, words
from organizations.models import Household, Kind, Organization, Type
from vietnamese import dates

BATCH = 500
MOBILE = [*range(32, 40), 70, *range(76, 80), *range(81, 87), 88, 89, 90, 91, 93, 94, 96, 97, 98]
OLD, GROWN_UP, PUPIL_FROM = 60, 18, 15
HIGHER = ("Trường Đại học", "Trường Cao đẳng")
WITH_LEARNERS = ("Trường THPT", "Trung tâm GDTX", *HIGHER)


class IdentityNumbers:
    """Numbers of the old scheme, never twice: a walk with a long stride through each sex and year."""

    ALL = 10**6

    def __init__(self, rng: Random, prefix: str):
        self.rng, self.prefix = rng, prefix
        self._walks = {}

    def draw(self, gender: str, year: int) -> str:
        walk = self._walks.get((gender, year)) or self._walks.setdefault((gender, year), self._walk())
        sex_and_century = 2 * (year // 100 - 19) + (gender == Gender.FEMALE)
        return f"{self.prefix}{sex_and_century}{year % 100:02d}{next(walk):06d}"

    def _walk(self) -> Iterator[int]:
        at, stride = self.rng.randrange(self.ALL), 0
        while gcd(stride, self.ALL) != 1:
            stride = self.rng.randrange(self.ALL)
        for _step in range(self.ALL):
            yield at
            at = (at + stride) % self.ALL


@dataclass
class Seat:
    """Somebody who may confirm for a board, and the citizen this person is, if any."""

    user: User
    citizen_id: int | None = None
    household_id: int | None = None


@dataclass(eq=False)
class Board:
    """A body that confirms, its people, where they live, and who sits on it."""

    organization: Organization
    province: Organization
    homes: list[tuple[Organization, Organization | None]]  # commune, village
    citizens: list[Citizen] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)

    def confirmer_of(self, citizen: Citizen) -> User | None:
        """Never the citizen's own or one of the same household; nobody when only such sit there."""
        for seat in self.seats:
            shares_household = citizen.household_id and seat.household_id == citizen.household_id
            if seat.citizen_id != citizen.pk and not shares_household:
                return seat.user
        return None

    @property
    def kind(self) -> str:
        return self.organization.kind

    @property
    def places(self) -> dict[str, Organization | bool | None]:
        """What a record of this board keeps of the tree of its day."""
        body = self.organization
        commune = body if self.kind == Kind.COMMUNE else body.parent
        return {
            "board": body,
            "commune": None if commune == self.province else commune,
            "province": self.province,
            "in_hard_area": any(each.is_hard_area for each in (body, commune, self.province)),
        }

    @property
    def has_learners(self) -> bool:
        return self.organization.type == Type.SCHOOL and self.organization.name.startswith(WITH_LEARNERS)

    @property
    def weight(self) -> float:
        """How many people a body of this kind has, against others."""
        if self.has_learners:
            return 9
        return {Type.ENTERPRISE: 1.8, Type.SCHOOL: 0.6, Type.COOPERATIVE: 0.4}.get(self.organization.type, 1)


class Registrar:
    """Makes people as of a year, each number once."""

    def __init__(self, rng: Random, prefix: str, year: int, *, joined: datetime.datetime, password: str):
        self.rng, self.year, self.joined, self.password = rng, year, joined, password
        self.numbers = IdentityNumbers(rng, prefix)

    def populate(self, board: Board, count: int) -> list[Citizen]:
        """So many people of a board, not yet saved; those who can sit on it first."""
        made = list(self._staff(board, count) if board.kind == Kind.UNIT else self._families(board, count))
        board.citizens += made
        return made

    def person(self, board: Board, population: str, gender: str, birth_year: int, **fields) -> Citizen:
        """Somebody of the board; `fields` say what is not to be drawn."""
        rng = self.rng
        born = datetime.date(birth_year, 1, 1) + datetime.timedelta(days=rng.randrange(365))
        commune, village = rng.choice(board.homes)
        citizen = Citizen(
            full_name=fields.pop("full_name", "")
            or names.full_name(rng, gender, birth_year, fields.pop("family", "")),
            gender=gender,
            population=population,
            birth_date=born,
            birth_year=birth_year,
            identity_number=self.numbers.draw(gender, birth_year),
            phone=fields.pop("phone", None) or self.phone(),
            added_at=None,
            commune=commune,
            village=village,
            unit=board.organization if board.kind == Kind.UNIT else None,
            **fields,
        )
        citizen.set_keys()
        if rng.random() < self._share_with_account(birth_year):
            self.give_account(citizen)
        if rng.random() < 0.06:
            citizen.email = f"{'.'.join(citizen.name_search.split())}.{birth_year}@example.com"
        return citizen

    def _share_with_account(self, birth_year):
        return 0.6 if self.year - birth_year >= 70 else 0.96

    def give_account(self, citizen: Citizen, username: str = "") -> None:
        citizen.user = self.account(citizen.full_name, username)
        # To the words of this year, whenever the account was opened.
        citizen.consent_version = CONSENT_VERSION
        citizen.consented_at = max(self.joined, start_of(self.year))

    def account(self, full_name: str, username: str = "") -> User:
        username = username or "cd-" + "".join(self.rng.choices(READABLE, k=10))
        return User(username=username, full_name=full_name, password=self.password, date_joined=self.joined)

    def phone(self) -> str:
        return f"+84{self.rng.choice(MOBILE)}{self.rng.randrange(10**7):07d}"

    def _families(self, board, count):
        while count > 0:
            place = self._place_of_families(board)
            family = list(self._family(min(count, self.rng.choices([1, 2, 3, 4], [22, 40, 26, 12])[0])))
            phone = self.phone() if self.rng.random() < 0.3 else None  # the one telephone of the house
            for gender, birth_year, name in family:
                citizen = self.person(
                    board,
                    self._occupation(birth_year),
                    gender,
                    birth_year,
                    family=name,
                    phone=phone,
                    **place,
                )
                household = citizen.household
                if household and not household.name:
                    household.name = f"Hộ {'ông' if gender == Gender.MALE else 'bà'} {citizen.full_name}"
                yield citizen
            count -= len(family)

    def _place_of_families(self, board):
        if board.kind == Kind.VILLAGE:
            return {"household": Household(village=board.organization)}
        # Of a commune's own people, whose village is in no list: they typed it.
        return {"village_text": self.rng.choice(words.TYPED_VILLAGES)}

    def _family(self, size):
        """The head, the other half, then children who are grown up: (gender, year of birth, family name)."""
        rng = self.rng
        gender = Gender.MALE if rng.random() < 0.7 else Gender.FEMALE
        born = self.year - rng.randint(30, 80)
        family = names.family_name(rng)
        yield gender, born, family
        if size > 1:
            other = Gender.FEMALE if gender == Gender.MALE else Gender.MALE
            yield other, min(born + rng.randint(-4, 6), self.year - 22), ""
        for _child in range(size - 2):
            child_born = min(born + rng.randint(22, 34), self.year - GROWN_UP - 2)
            yield (
                rng.choice([Gender.FEMALE, Gender.MALE]),
                child_born,
                family if gender == Gender.MALE else "",
            )

    def _occupation(self, birth_year):
        if self.year - birth_year >= OLD:
            return Population.VILLAGER
        return self.rng.choices([Population.VILLAGER, Population.WORKER, Population.OFFICIAL], [80, 15, 5])[0]

    def _staff(self, board, count):
        rng, type = self.rng, board.organization.type
        learners = round(count * 0.9) if board.has_learners and count > 2 else 0
        for place in range(count):
            gender = Gender.FEMALE if rng.random() < (0.7 if type == Type.SCHOOL else 0.45) else Gender.MALE
            if place >= count - learners:
                yield self.person(board, Population.LEARNER, gender, self.year - self._learner_age(board))
            elif type in (Type.ENTERPRISE, Type.COOPERATIVE) and place > 1 and rng.random() < 0.85:
                yield self.person(board, Population.WORKER, gender, self.year - rng.randint(19, 57))
            else:
                yield self.person(board, Population.OFFICIAL, gender, self.year - rng.randint(24, 59))

    def _learner_age(self, board):
        is_higher = board.organization.name.startswith(HIGHER)
        return self.rng.randint(GROWN_UP, 22) if is_higher else self.rng.randint(PUPIL_FROM, 17)

    def save(self, citizens: list[Citizen]) -> None:
        """Write the people with their households and accounts; a number that is taken is drawn anew."""
        self._give_free_numbers(citizens)
        households = list({id(one.household): one.household for one in citizens if one.household}.values())
        bulk.create([one for one in households if one.pk is None])
        bulk.create([one.user for one in citizens if one.user])
        for citizen in citizens:  # now that they have keys
            citizen.household, citizen.user = citizen.household, citizen.user
        bulk.create(citizens)

    def _give_free_numbers(self, citizens):
        unsure = [citizen for citizen in citizens if citizen.identity_digest]
        while unsure:
            digests = [citizen.identity_digest for citizen in unsure]
            taken = set(
                Citizen.objects.filter(identity_digest__in=digests).values_list("identity_digest", flat=True)
            )
            unsure = [citizen for citizen in unsure if citizen.identity_digest in taken]
            for citizen in unsure:
                citizen.identity_number = self.numbers.draw(citizen.gender, citizen.birth_year)
                citizen.set_keys()


def could_register(citizen: Citizen, year: int) -> bool:
    """Whether the person could register in that year: pupils from the tenth form, others of age."""
    at_least = PUPIL_FROM if citizen.population == Population.LEARNER else GROWN_UP
    return year - citizen.birth_year >= at_least


def seat_first(boards: Iterable[Board], at: datetime.datetime, of_one: Iterable[Board] = ()) -> None:
    """Boards without a member get their first people with an account as chair and member.

    Where only one is to sit today, the member's seat ended yesterday.
    """
    appointments, alone = [], list(of_one)
    yesterday = clock.today() - datetime.timedelta(days=1)
    for board in boards:
        if board.seats:
            continue
        for citizen, role in zip(_able(board), [Role.BOARD_CHAIR, Role.BOARD_MEMBER], strict=False):
            seat = appointment(citizen.user, board.organization, role, at)
            if board in alone and role == Role.BOARD_MEMBER:
                seat.valid_to = yesterday
            appointments.append(seat)
            board.seats.append(Seat(citizen.user, citizen.pk, citizen.household_id))
    appoint(appointments, at)


def _able(board):
    """Who may sit on the board, no two of one household: they confirm each other's."""
    households = set()
    for citizen in board.citizens:
        if (
            citizen.user
            and citizen.population != Population.LEARNER
            and citizen.household_id not in households
        ):
            yield citizen
            households |= {citizen.household_id} - {None}


def appointment(user, organization, role, at):
    return Appointment(user=user, organization=organization, role=role, valid_from=dates.local_day(at))


def appoint(appointments: list[Appointment], at: datetime.datetime) -> None:
    Appointment.objects.bulk_create(appointments, batch_size=BATCH)
    events.record_many(
        events.Entry("appoint", one, at=at, organization=one.organization, new=one.role)
        for one in appointments
    )


def seats_of(organizations: Iterable[Organization]) -> dict[int, list[Seat]]:
    """Who sits on which board today, by the board's key."""
    seats = {}
    confirming = Appointment.objects.confirming().filter(organization__in=[one.pk for one in organizations])
    for one in confirming.select_related("user__citizen").order_by("pk"):
        citizen = getattr(one.user, "citizen", None)
        seats.setdefault(one.organization_id, []).append(
            Seat(one.user, citizen and citizen.pk, citizen and citizen.household_id)
        )
    return seats
