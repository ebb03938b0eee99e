"""A mass of made-up people with the records of one year, to try the portal under load."""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import reset_queries, transaction

from accounts.models import Citizen
from assessments import closing, workflow
from assessments.models import Assessment, Campaign, Score, State, Step
from audit import clock, events, statistics
from audit.models import Event
from demonstration import copies, people, places, plans, records
from demonstration.people import Board, Registrar
from organizations.models import Kind, Organization
from vietnamese import dates

PEOPLE_A_BOARD = 55
CHUNK = 10_000  # people in one transaction
# How much of what is sent to them boards take up in time: some idle, most careful.
DILIGENCE = [0.0, 0.4, 0.85, 0.97, 1.0]
OF_BOARDS = [2, 5, 15, 42, 36]


class Impossible(Exception):
    """Nothing was made; the message says why and what to do."""


def generate(
    province_code: str,
    citizens: int,
    year: int,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Counter:
    """Make so many citizens with their records; returns how many records stand in which state.

    The same seed on the same day in an equal database gives the same rows. Each chunk is a transaction.
    """
    rng = Random(f"{seed} {province_code} {year}")  # noqa: S311 - nothing here is secret
    with transaction.atomic():  # a refusal leaves nothing behind
        province, communes = _province(province_code)
        campaign = _campaign(year)
        frame = plans.year_of(campaign, province)
        if not frame.has_begun:
            raise Impossible(f"Năm {year} mới bắt đầu hôm nay, chưa có gì để tạo. Hãy chạy lại vào ngày mai.")
        forms = _forms(frame)
        _note_the_run(campaign, province, citizens, seed)
    registrar = Registrar(rng, f"0{province_code}", year, joined=frame.begins, password=make_password(None))
    made, done, lives = Counter(), 0, copies.Lives()
    shared = shares(rng, _boards(rng, province, communes, citizens, frame), citizens)
    for chunk in _chunks(shared):
        made.update(_write(rng, chunk, registrar, campaign, frame, forms, lives))
        done += sum(count for _board, count in chunk)
        progress(done)
        reset_queries()  # which DEBUG keeps: memory stays the same however many follow
    statistics.refresh(Citizen, Assessment, Score, Step, Event)
    return made


def _province(code):
    province = Organization.objects.in_force().filter(code=code, kind=Kind.PROVINCE).first()
    communes = places.communes_of(province) if province else []
    if not communes:
        raise Impossible(
            f"Chưa có tỉnh, thành phố mã {code} cùng các xã, phường. Hãy chạy trước: "
            f"manage.py load_units --province {code}"
        )
    return province, communes


def _campaign(year):
    now = clock.now()
    this_year = dates.local_day(now).year
    if year > this_year:
        raise Impossible(
            f"Năm {year} chưa đến, bây giờ là năm {this_year}. Hãy chọn --year từ {this_year} trở về trước."
        )
    campaign, _is_new = Campaign.objects.open(year)
    closing.lock_confirmation(now, year)  # of a year that is over the closing comes first, as it does in life
    return campaign


def _forms(frame):
    try:
        return plans.forms_in_force(frame.begins)
    except workflow.Refused as refusal:
        day = dates.local_day(frame.begins)
        raise Impossible(
            f"Chưa có bộ tiêu chí nào có hiệu lực ngày {day:%d/%m/%Y}. Hãy chạy trước: "
            "manage.py load_criteria (bộ đi kèm có hiệu lực từ ngày 25/10/2023, nên dùng được từ năm 2024)."
        ) from refusal


def _note_the_run(campaign, province, citizens, seed):
    """Leave word in the record of what was done, and refuse to make the same people twice."""
    name = f"seed={seed} "
    told = {"verb": "generate", "object_type": campaign._meta.label_lower, "object_id": campaign.pk}
    if Event.objects.filter(stream=province.pk, new__startswith=name, **told).exists():
        raise Impossible(
            f"Tỉnh này, năm {campaign.year}, đã tạo với --seed {seed} rồi. "
            "Hãy chọn --seed khác để thêm người."
        )
    events.record(
        "generate", campaign, at=clock.now(), organization=province, new=f"{name}citizens={citizens}"
    )


def _boards(rng, province, communes, citizens, frame) -> list[Board]:
    """The province's boards, with as many new ones as bring the mean down to what is usual."""
    living_there = Citizen.objects.filter(commune__parent=province).count()
    wanted = math.ceil((living_there + citizens) / PEOPLE_A_BOARD)
    missing = max(0, wanted - places.boards_of(province).count())
    made_up = places.make_up(rng, province, communes, missing)
    places.build(made_up, since=frame.begins)
    return boards_for(province, communes, list(places.boards_of(province)))


def boards_for(province, communes, bodies) -> list[Board]:
    """The bodies with those who sit on them and the homes their people may have."""
    seats = people.seats_of(bodies)
    homes = _homes(province, communes, bodies)
    return [Board(body, province, homes(body), seats=seats.get(body.pk, [])) for body in bodies]


def _homes(province, communes, bodies):
    """Where the people of a body live: in the village, in one of the commune's, anywhere in the province."""
    villages = defaultdict(list)
    for body in bodies:
        if body.kind == Kind.VILLAGE:
            villages[body.parent].append((body.parent, body))
    anywhere = [home for commune in communes for home in villages[commune] or [(commune, None)]]

    def homes(body):
        if body.kind == Kind.COMMUNE:
            return [(body, None)]
        if body.kind == Kind.VILLAGE:
            return [(body.parent, body)]
        if body.parent == province:
            return anywhere
        return villages[body.parent] or [(body.parent, None)]

    return homes


def shares(rng, boards, citizens) -> list[tuple[Board, int]]:
    """How many people come to each board: by its kind, some more, some less, all together exactly so many."""
    weights = [board.weight * rng.lognormvariate(0, 0.35) for board in boards]
    sums = list(itertools.accumulate(weights))
    bounds = [0, *(round(citizens * upto / sums[-1]) for upto in sums)]
    return [(board, after - before) for board, before, after in zip(boards, bounds, bounds[1:], strict=False)]


def _chunks(shares) -> Iterator[list[tuple[Board, int]]]:
    """Whole boards until a transaction is full; a big board in pieces."""
    chunk, size = [], 0
    for board, count in shares:
        while count:
            piece = min(count, CHUNK - size)
            chunk.append((board, piece))
            size, count = size + piece, count - piece
            if size == CHUNK:
                yield chunk
                chunk, size = [], 0
    if chunk:
        yield chunk


@transaction.atomic
def _write(rng, chunk, registrar, campaign, frame, forms, lives) -> list[State]:
    pairs = [(board, citizen) for board, count in chunk for citizen in registrar.populate(board, count)]
    registrar.save([citizen for _board, citizen in pairs])
    people.seat_first([board for board, _count in chunk], frame.begins)
    diligence = {board: rng.choices(DILIGENCE, OF_BOARDS)[0] for board, _count in chunk}
    drawn, copied = lives.parted((board, citizen, diligence[board]) for board, citizen in pairs)
    plan = [plans.draw(rng, citizen, board, frame, forms, how) for _kind, board, citizen, how in drawn]
    written = records.write_histories(plan, campaign, frame, rng, tells_own_scores=False)
    for (kind, *_whose), history in zip(drawn, written, strict=True):
        lives.kinds[kind].append(history)
    copied = copies.write(lives.copies(rng, copied))
    for board, _count in chunk:
        board.citizens.clear()
    return [each.state for each in (*(one.assessment for one in written), *copied)]
