"""Making the space of a rehearsal: empty tables, the unit's place in the tree, its people renamed."""

import logging
import secrets
import shutil
from dataclasses import dataclass
from random import Random

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Appointment, Citizen, Gender, Population, Role, User
from accounts.models.user import new_username
from assessments.models import Campaign
from assessments.models.campaign import start_of
from audit import clock, triggers
from criteria.models import CriteriaSet, Criterion, Level, Status
from demonstration import names
from organizations.models import Kind, Organization, TreeLevel
from rehearsal import script, spaces
from rehearsal.signing_in import sign_in
from rehearsal.spaces import Card, Space
from vietnamese import dates

MOST_PEOPLE, FEWEST_PEOPLE = 60, 12
MOST_SPACES = 300
ROOM_NEEDED = 200 * 2**20  # bytes: what the portal itself needs is never taken

log = logging.getLogger(__name__)


class NotMade(Exception):
    """There is no rehearsal and nothing is left of it; the message says why."""


def make(board: Organization, user) -> Space:
    """The user's rehearsal of the board; the one under way when there is one already."""
    spaces.forget_old()
    with spaces.locked(spaces.folder() / spaces.LOCK):
        if standing := spaces.of_user(user):
            return standing
        if spaces.count() >= MOST_SPACES:
            raise NotMade(_("Đang có quá nhiều buổi diễn tập. Thử lại vào ngày mai."))
        if shutil.disk_usage(spaces.folder()).free < ROOM_NEEDED:
            raise NotMade(_no_room())
        return _make(board, user)


def _no_room():
    return _("Máy chủ tạm thời hết chỗ nên chưa mở được buổi diễn tập. Báo hội khuyến học tỉnh.")


def _make(board, user):
    key = secrets.token_hex(16)
    half = Space(spaces.folder() / f"{spaces.MAKING}{key}")
    try:
        half.folder.mkdir(mode=0o700)
        half.database.touch()
        _fill(half, _copy(board), user)
        (half.folder / spaces.MADE).touch()
        # Whole or not at all: from here on it is found.
        return Space(half.folder.rename(spaces.folder() / f"{user.pk}-{key}"))
    except (OSError, DatabaseError):
        log.exception("a rehearsal could not be made")
        raise NotMade(_("Chưa mở được buổi diễn tập, chưa có gì được ghi. Thử lại sau ít phút.")) from None
    finally:
        shutil.rmtree(half.folder, ignore_errors=True)


# --- What is copied -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Copy:
    board: Organization
    levels: list[TreeLevel]
    places: list[Organization]
    sets: list[CriteriaSet]
    criteria: list[Criterion]
    people: list[tuple]  # gender, population, year of birth, commune, village: no name, no number
    people_outside: int


def _copy(board):
    """What the rehearsal takes from the portal: read here, before the space is entered."""
    everybody = list(
        Citizen.objects.of_boards([board.pk])
        .order_by("pk")
        .values_list("gender", "population", "birth_year", "commune", "village")
    )
    people = everybody or [_somebody_at(board)]
    if len(everybody) > MOST_PEOPLE:
        people = Random(board.pk).sample(everybody, MOST_PEOPLE)  # noqa: S311 - no secret
    homes = Organization.objects.filter(pk__in={place for one in people for place in one[3:] if place})
    places = {one.pk: one for home in [board, *homes] for one in home.lineage()}
    sets = list(CriteriaSet.objects.filter(level=Level.CITIZEN, status=Status.PUBLISHED))
    if not sets:
        raise NotMade(_("Cổng chưa có bộ tiêu chí nào nên chưa diễn tập được."))
    return _Copy(
        board=board,
        levels=list(TreeLevel.objects.all()),
        places=sorted(places.values(), key=lambda place: place.path),
        sets=sets,
        criteria=list(Criterion.objects.filter(criteria_set__in=sets).order_by("position")),
        people=people,
        people_outside=len(everybody),
    )


def _somebody_at(board):
    """Where nobody is on the list: one person of the place, to fill up from."""
    commune, village = board.within(Kind.COMMUNE), board.within(Kind.VILLAGE)
    above = Organization.objects.filter(pk=board.parent_id)
    commune = commune or Organization.objects.at_or_below(above).filter(kind=Kind.COMMUNE).first()
    if commune is None:
        raise NotMade(_("Cổng chưa có xã, phường nào quanh đơn vị này nên chưa diễn tập được."))
    return (Gender.FEMALE, Population.VILLAGER, clock.today().year - 45, commune.pk, village and village.pk)


# --- What stands there --------------------------------------------------------------------------------


def _fill(space, copy, user):
    year = clock.today().year
    seed = secrets.randbits(31)
    with spaces.entered(space, script.STAGES[0].moment(year)):
        with connection.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        with transaction.atomic():
            _place(copy)  # sets as they are published, which triggers refuse
        triggers.create(connection)
        rng = Random(seed)  # noqa: S311 - no secret
        with transaction.atomic():
            Campaign.objects.open(year)
            member = _seat(copy.board, user, year)
            people = _people(copy, rng, year)
            card = Card(
                board=copy.board.pk,
                board_name=str(copy.board),
                user=member.pk,
                user_name=str(member),
                year=year,
                people=people,
                people_outside=copy.people_outside,
                seed=seed,
                stage=0,
                set_at=timezone.now().isoformat(),
                session=sign_in(member),
            )
            script.act(card, 0)
            script.by_itself(card, 0)
        space.write(card)


def _place(copy):
    for place in copy.places:
        place.heir = None
        place.phone = place.email = place.address = ""
    TreeLevel.objects.bulk_create(copy.levels)
    Organization.objects.bulk_create(copy.places)
    CriteriaSet.objects.bulk_create(copy.sets)
    Criterion.objects.bulk_create([one for one in copy.criteria if one.parent_id is None])
    Criterion.objects.bulk_create([one for one in copy.criteria if one.parent_id is not None])


def _seat(board, user, year):
    """The person who rehearses is the whole board: nobody else is there to act."""
    member = _account(str(user))
    member.save()
    since = dates.local_day(start_of(year))
    Appointment.objects.create(user=member, organization=board, role=Role.BOARD_CHAIR, valid_from=since)
    return member


def _people(copy, rng, year):
    """As many as on the list, each with an account; a short list is filled up."""
    shapes = list(copy.people)
    while len(shapes) < FEWEST_PEOPLE:
        gender, age, home = rng.choice(Gender.values), rng.randint(30, 60), rng.choice(copy.people)[3:]
        shapes.append((gender, copy.people[0][1], year - age, *home))
    rng.shuffle(shapes)
    unit = copy.board if copy.board.kind == Kind.UNIT else None
    citizens = []
    for gender, population, born, commune, village in shapes:
        born = min(born + rng.randint(-2, 2), year - 15)
        name = masked(names.full_name(rng, gender, born))
        citizen = Citizen(
            full_name=name,
            gender=gender,
            population=population,
            birth_year=born,
            commune_id=commune,
            village_id=village,
            unit=unit,
            user=_account(name),
            added_at=start_of(year),
        )
        citizen.set_keys()
        citizens.append(citizen)
    User.objects.bulk_create([one.user for one in citizens])
    for citizen in citizens:
        citizen.user = citizen.user  # now that it has a key
    Citizen.objects.bulk_create(citizens)
    return len(citizens)


def masked(name: str) -> str:
    """Of the middle names the first letters: what is made up is not taken for somebody."""
    family, *middle, given = name.split()
    return " ".join([family, *(f"{each[0]}." for each in middle), given])


def _account(name):
    return User(username=new_username(), full_name=name, password=make_password(None))
