"""The demonstration: Hà Tĩnh with its communes, boards and people over three years, and the logins."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from accounts.models import Role, User
from assessments import closing
from assessments.models import Assessment, Campaign
from audit import clock
from criteria.models import CriteriaSet
from demonstration import cast as parts
from demonstration import evidence, groups, mass, names, people, places, plans, records, titles, typed
from demonstration.cast import Cast
from demonstration.lives import Year
from demonstration.people import Board, Registrar, Seat
from organizations.models import Kind, Organization, Type
from reports.open_data import publishing

PASSWORD = "hoctapsuotdoi"  # noqa: S105 - printed at every start of the demonstration
PROVINCE, COMMUNE = "42", "18604"
PROVINCES_OF_THE_COUNTRY = 34
SEED = 1996
YEARS = 3
CITIZENS = 2000
PEOPLE_A_BOARD = 16  # fewer than in life, so that many boards have somebody
# Of those who could, so many register: two years ago, last year, this year.
REGISTER = {-2: 0.76, -1: 0.86, 0: 0.95}
WITH_EVIDENCE = {-2: 0.04, -1: 0.06, 0: 0.35}


@dataclass
class Stage:
    """Whom the demonstration is played by and before whom one signs in."""

    province: Organization
    boards: list[Board]
    lively: list[Board]  # in a hurry this year, so that there is much to see on any day
    cast: Cast


def load(citizens: int = CITIZENS) -> Counter | None:
    """Load all that is missing; the number of records in each state, or None when everything was there."""
    load_ground()
    made = None if User.objects.filter(username="congdan").exists() else load_people(citizens)
    groups.load(PASSWORD)
    return made


def load_ground() -> None:
    """Units of the whole country (sign-up searches all of them), criteria, and this year's campaign."""
    if Organization.objects.in_force().filter(kind=Kind.PROVINCE).count() < PROVINCES_OF_THE_COUNTRY:
        call_command("load_units", verbosity=0)
    if not CriteriaSet.objects.exists():
        call_command("load_criteria", verbosity=0)
    Campaign.objects.open(clock.today().year)


@transaction.atomic
def load_people(citizens: int) -> Counter:
    """So many people of Hà Tĩnh with their boards, logins and records of three years."""
    rng = Random(SEED)  # noqa: S311 - nothing here is secret
    this_year = clock.today().year
    province = Organization.objects.get(code=PROVINCE)
    campaigns = {offset: Campaign.objects.open(this_year + offset)[0] for offset in range(1 - YEARS, 1)}
    first = plans.year_of(campaigns[1 - YEARS], province)
    stage = _stage(rng, province, this_year, first, citizens)
    made = Counter()
    for offset, campaign in campaigns.items():
        made += _play(rng, stage, campaign, offset)
        if offset == -1:  # before the next year: what was done stands in its order
            titles.decide(campaign)
    _note_sign_ins()
    for campaign in publishing.due(clock.now()):
        publishing.publish(campaign, clock.now())
    typed.load(province, list(campaigns.values()), owing=COMMUNE)
    return made


# --- People and places ----------------------------------------------------------------------------


def _stage(rng, province, this_year, first: Year, citizens) -> Stage:
    communes = places.communes_of(province)
    registrar = Registrar(
        rng, f"0{PROVINCE}", this_year, joined=first.begins, password=make_password(PASSWORD)
    )
    known = places.build(_main_places(province, communes), since=first.begins)
    others = places.make_up(rng, province, communes, max(len(communes), citizens // PEOPLE_A_BOARD))
    boards = mass.boards_for(
        province, communes, [*known, *places.build(others, since=first.begins), *communes]
    )
    village, school, office, bureau, of_two = boards[:5]
    cast = parts.gather(registrar, village, school, office, bureau, of_two)
    _populate(rng, registrar, boards, village, school, citizens)
    registrar.save([citizen for board in boards for citizen in board.citizens])
    below = [board for board in boards if board.kind != Kind.COMMUNE]
    people.seat_first(below, first.begins, of_one=[village, school])
    officers = {citizen.user.username: citizen for citizen in cast.members}
    _appoint_officers(registrar, province, boards, officers, first.begins)
    commune = next(board for board in boards if board.organization == office.organization.parent)
    return Stage(province, boards, [village, school, office, commune], cast)


def _main_places(province, communes):
    """Where one signs in, and what else that commune has."""
    commune = next((one for one in communes if one.code == COMMUNE), communes[0])
    return [
        places.village(commune, "Tân Tiến"),
        places.unit(province, Type.SCHOOL, "Trường THPT Lý Tự Trọng"),
        places.unit(commune, Type.AGENCY, f"Ủy ban nhân dân xã {commune.name}"),
        places.unit(province, Type.AGENCY, f"Sở Giáo dục và Đào tạo {province.name}"),
        *(places.village(commune, name) for name in ("Đông Hải", "Liên Thanh", "Hồng Lam", "Long Sơn")),
        places.unit(commune, Type.SCHOOL, f"Trường Tiểu học {commune.name}"),
        places.unit(commune, Type.SCHOOL, f"Trường THCS {commune.name}"),
        places.unit(commune, Type.COOPERATIVE, f"Hợp tác xã Nông nghiệp {commune.name}"),
    ]


def _populate(rng, registrar, boards, village, school, citizens):
    """So many people in all; somewhat more where one signs in, a few whose village is in no list."""
    some = max(2, citizens // 100)
    registrar.populate(village, some)
    registrar.populate(school, 2 * some)
    for board in boards:
        if board.kind == Kind.COMMUNE and (
            board.organization == village.organization.parent or rng.random() < 0.2
        ):
            registrar.populate(board, rng.randint(2, 6))
    left = citizens - sum(len(board.citizens) for board in boards)
    ordinary = [board for board in boards if board.kind != Kind.COMMUNE and board not in (village, school)]
    for board, count in mass.shares(rng, ordinary, max(0, left)):
        registrar.populate(board, count)


def _appoint_officers(registrar, province, boards, members, at):
    """An officer for each commune, those of province and centre, and the administrator."""
    appointments = []
    own = members["hoixa"].commune
    for board in boards:
        if board.kind == Kind.COMMUNE:
            citizen = members["hoixa"] if board.organization == own else None
            user = citizen.user if citizen else _officer(registrar, f"hoixa-{board.organization.code}")
            board.seats.append(Seat(user, citizen and citizen.pk, citizen and citizen.household_id))
            appointments.append(people.appointment(user, board.organization, Role.OFFICER, at))
    centre = Organization.objects.get(kind=Kind.CENTRE)
    of_centre = registrar.account("Phạm Quang Vinh", "trunguong")
    of_centre.save()
    appointments.append(people.appointment(members["hoitinh"].user, province, Role.OFFICER, at))
    appointments.append(people.appointment(of_centre, centre, Role.OFFICER, at))
    people.appoint(appointments, at)
    administrator = registrar.account("Quản trị cổng", "quantri")
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()


def _officer(registrar, username):
    rng = registrar.rng
    gender = rng.choice([names.FEMALE, names.MALE])
    user = registrar.account(names.full_name(rng, gender, registrar.year - rng.randint(35, 58)), username)
    user.save()
    return user


# --- A year ---------------------------------------------------------------------------------------


def _play(rng, stage, campaign, offset) -> Counter:
    """Write one year, and close it when it is over."""
    frame = plans.year_of(campaign, stage.province)
    if not frame.has_begun:
        return Counter()
    forms = plans.forms_in_force(frame.begins)
    drawn = [
        plan
        for board in stage.boards
        for plan in _plans_of(rng, stage, board, campaign.year, offset, frame, forms)
    ]
    # Most events are of own scores; for the years before they would only take half of the time to load.
    written = records.write(drawn, campaign, frame, rng, tells_own_scores=offset == 0)
    _add_evidence(rng, stage, drawn, written, offset)
    if frame.is_over:
        closing.lock_confirmation(frame.closes, campaign.year)
    return Counter(assessment.state for assessment in written)


def _note_sign_ins():
    """Who confirmed had signed in for it."""
    confirmed = Assessment.objects.filter(confirmed_by__isnull=False).order_by().values("confirmed_by")
    last = confirmed.filter(confirmed_by=OuterRef("pk")).annotate(last=Max("confirmed_at")).values("last")
    User.objects.filter(pk__in=confirmed).update(last_login=Subquery(last))


def _plans_of(rng, stage, board, year, offset, frame, forms):
    is_lively = board in stage.lively and not frame.is_over
    diligence = 0.3 if is_lively else rng.choices(mass.DILIGENCE, mass.OF_BOARDS)[0]
    hurried = frame.pressed() if is_lively else frame
    for citizen in board.citizens:
        if stage.cast.has_part(citizen, offset):
            scene = stage.cast.scene(citizen, offset)
            plan = scene and parts.plan(rng, scene, citizen, board, forms[citizen.suggested_group], frame)
        elif not people.could_register(citizen, year) or rng.random() > REGISTER[offset]:
            continue
        else:
            plan = plans.draw(rng, citizen, board, hurried, forms, diligence)
        if plan:
            yield plan


def _add_evidence(rng, stage, drawn, written, offset):
    pieces = []
    for plan, assessment in zip(drawn, written, strict=True):
        share = WITH_EVIDENCE[offset]
        if plan.board in stage.lively and offset == 0:
            share = 0.9
        if rng.random() < share:
            pieces += evidence.of(rng, assessment, plan, share=0.6)
        scene = stage.cast.scene(plan.citizen, offset)
        if scene:
            pieces += parts.props(rng, scene, assessment, plan)
    evidence.save(pieces)
