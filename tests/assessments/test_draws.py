"""A sample drawn so that anybody can draw it again from what is published, and what its checkers write."""

import datetime
import hashlib
import math
from collections import defaultdict
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from assessments import draws, tasks
from assessments.models import (
    Assessment,
    Batch,
    BatchRow,
    Draw,
    DrawnRecord,
    DrawState,
    Outcome,
    RowState,
    State,
    Stratum,
    Verdict,
)
from assessments.workflow import Refused
from audit import clock, events
from audit.models import Event
from tests.factories import (
    appoint,
    make_citizen,
    make_commune,
    make_household,
    make_officer,
    make_unit,
    make_user,
    make_village,
    open_campaign,
)
from tests.reports.records import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C4")]
RULES = {"share": Decimal(10), "least": 2, "most": 5}


@pytest.fixture
def campaign():
    return open_campaign()


@pytest.fixture
def commune():
    return make_commune()


def judged(board, campaign, people=1, outcome=Outcome.ACHIEVED, **fields):
    return [
        make_record(make_citizen(board=board), campaign, State.CONFIRMED, outcome, **fields)
        for _ in range(people)
    ]


def announced(organization, campaign, *, by=None, strata=(Stratum.PLACE,), **rules):
    by = by or make_officer(organization)
    draw = draws.announce(organization, campaign, by=by, strata=strata, **(RULES | rules))
    draws.work(draw.pk)
    draw.refresh_from_db()
    return draw


def drawn(organization, campaign, *, by=None, **rules):
    by = by or make_officer(organization)
    draw = announced(organization, campaign, by=by, **rules)
    assert draws.start(draw, by=by)
    draws.work(draw.pk)
    draw.refresh_from_db()
    return draw


# --- The draw -------------------------------------------------------------------------------------


def test_anybody_draws_the_same_sample_again_from_the_published_list_and_the_seed(commune, campaign):
    boards = [make_village("Đông", commune), make_village("Tây", commune), make_unit(parent=commune)]
    for board, people in zip(boards, (34, 7, 1), strict=True):
        judged(board, campaign, people)
    make_record(make_citizen(board=boards[0]), campaign, State.SUBMITTED)
    judged(make_village("Nam", make_commune("Đức Thọ")), campaign, 3)

    draw = drawn(commune, campaign, strata=[Stratum.PLACE, Stratum.OUTCOME])

    # As the page explains it, without a word of the portal's code.
    published = draws.list_of(draw).decode()
    assert hashlib.sha256(published.encode()).hexdigest() == draw.digest
    heading, *lines = published.splitlines()
    by_stratum = defaultdict(list)
    for line in lines:
        number, stratum = line.split(",")
        by_stratum[stratum].append(number)
    expected = set()
    for numbers in by_stratum.values():
        take = min(len(numbers), 5, max(2, math.ceil(len(numbers) * 0.10)))
        numbers.sort(key=lambda number: hashlib.sha256(f"{draw.seed}:{number}".encode()).hexdigest())
        expected.update(int(number) for number in numbers[:take])
    assert heading == "so_ho_so,nhom"
    assert sorted(map(len, by_stratum.values())) == [1, 7, 34]
    assert set(draw.records.values_list("assessment", flat=True)) == expected
    assert len(expected) == 4 + 2 + 1


def test_the_list_names_nobody(commune, campaign):
    (record,) = judged(make_village(commune=commune), campaign)

    text = draws.list_of(announced(commune, campaign, strata=list(Stratum))).decode()

    assert text == f"so_ho_so,nhom\n{record.pk},{record.board.code}/thon/dat/tung-nguoi\n"


def test_the_list_is_parted_by_what_was_chosen(commune, campaign):
    village, school = make_village(commune=commune), make_unit(parent=commune)
    (listed,) = judged(village, campaign)
    judged(school, campaign, outcome=Outcome.NOT_ACHIEVED)
    member = listed.confirmed_by
    batch = Batch.objects.create(board=village, campaign=campaign, by=member, seed=1)
    BatchRow.objects.create(
        batch=batch, assessment=listed, version=1, outcome=Outcome.ACHIEVED, state=RowState.CONFIRMED
    )
    parted = {
        (): {"tat-ca"},
        (Stratum.KIND,): {"thon", "don-vi"},
        (Stratum.OUTCOME, Stratum.WAY): {"dat/ca-danh-sach", "khong-dat/tung-nguoi"},
        (Stratum.PLACE,): {village.code, school.code},
    }
    for strata, codes in parted.items():
        assert {part.code for part in drawn(commune, campaign, strata=strata).parts.all()} == codes
    province = announced(commune.parent, campaign)
    assert {part.code for part in province.parts.all()} == {commune.code}
    assert draws.names_of(["18073/dat", f"{village.code}/thon"])[f"{village.code}/thon"] == (
        f"{village.full_name}, thôn, tổ dân phố"
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_long_list_is_drawn_from_without_being_held_whole(seed, monkeypatch):
    monkeypatch.setattr(draws, "FETCHED", 3)
    chance = Random(seed)
    lines = [(number, chance.choice("ab")) for number in range(1, 200)]
    text = "so_ho_so,nhom\n" + "".join(f"{number},{stratum}\n" for number, stratum in lines)

    found = draws.redo(text.encode(), "gieo", {"a": 7, "b": 1})

    for stratum, size in (("a", 7), ("b", 1)):
        numbers = [number for number, of in lines if of == stratum]
        numbers.sort(key=lambda each: hashlib.sha256(f"gieo:{each}".encode()).hexdigest())
        assert found[stratum] == numbers[:size]


@pytest.mark.parametrize(
    ("population", "expected"), [(1, 1), (2, 2), (11, 2), (20, 2), (21, 3), (40, 4), (41, 5), (900, 5)]
)
def test_so_many_are_drawn_from_a_stratum(population, expected):
    assert draws.size(population, **RULES) == expected


def test_rules_list_and_seed_stand_in_the_record_of_events_before_the_draw(commune, campaign):
    judged(make_village(commune=commune), campaign, 3)
    officer = make_officer(commune)

    draw = announced(commune, campaign, by=officer)
    before = list(Event.objects.filter(stream=commune.pk).values_list("verb", "actor", "old", "new"))
    judged(make_village("Tây", commune), campaign, 2)  # comes too late: the list is frozen
    draws.start(draw, by=officer)
    draws.work(draw.pk)

    assert before == [("announce_draw", officer.pk, "10.0% 2-5 noi", f"{draw.seed} {draw.digest}")]
    told = Event.objects.filter(stream=commune.pk).latest("sequence")
    sample = hashlib.sha256(draws.sample_of(draw)).hexdigest()
    assert (told.verb, told.actor, told.old, told.new) == (
        "draw_sample",
        officer.pk,
        draw.digest,
        f"2 {sample}",
    )
    assert (len(draw.seed), draw.population) == (32, 3)


def test_a_draw_is_made_once_however_often_it_is_asked_for_or_taken_up(commune, campaign, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    judged(make_village(commune=commune), campaign, 3)
    officer = make_officer(commune)
    draw = draws.announce(commune, campaign, by=officer, strata=[], **RULES)
    later = clock.now() + datetime.timedelta(minutes=5)

    with time_machine.travel(later, tick=False):
        tasks.take_up_watch()  # whoever was to freeze the list died
        draw.refresh_from_db()
        seed = draw.seed
        assert draw.state == DrawState.ANNOUNCED
        assert [draws.start(draw, by=officer), draws.start(draw, by=officer)] == [True, False]
    with time_machine.travel(later + datetime.timedelta(minutes=5), tick=False):
        tasks.take_up_watch()
        draws.work(draw.pk)

    draw.refresh_from_db()
    assert (draw.state, draw.seed, draw.records.count()) == (DrawState.DRAWN, seed, 2)
    assert Event.objects.filter(verb__in=["announce_draw", "draw_sample"]).count() == 2


def test_only_the_associations_own_officers_announce_and_draw(commune, campaign):
    village = make_village(commune=commune)
    judged(village, campaign, 3)
    draw = announced(commune, campaign)
    member = make_user()
    appoint(member, commune)

    for stranger in (member, make_officer(commune.parent), make_officer(village)):
        with pytest.raises(PermissionDenied):
            draws.announce(commune, campaign, by=stranger, strata=[], **RULES)
        with pytest.raises(PermissionDenied):
            draws.start(draw, by=stranger)
    with pytest.raises(PermissionDenied):
        draws.announce(village, campaign, by=make_officer(village), strata=[], **RULES)
    other = make_commune("Đức Thọ")
    officer = make_officer(other)
    with pytest.raises(Refused, match="Chưa có hồ sơ"):
        draws.announce(other, campaign, by=officer, strata=[], **RULES)
    assert Draw.objects.count() == 1


def test_no_draw_is_announced_while_another_waits_to_be_drawn(commune, campaign):
    judged(make_village(commune=commune), campaign, 3)
    officer = make_officer(commune)
    first = announced(commune, campaign, by=officer)

    with pytest.raises(Refused, match="chưa rút mẫu"):
        announced(commune, campaign, by=officer)
    assert draws.open_of(commune, campaign) == first
    draws.start(first, by=officer)
    draws.work(first.pk)

    assert draws.open_of(commune, campaign) is None
    announced(commune, campaign, by=officer)


# --- Checking -------------------------------------------------------------------------------------


def test_a_finding_says_why_and_changes_nothing_of_the_record(commune, campaign):
    (record,) = judged(make_village(commune=commune), campaign)
    officer = make_officer(commune)
    row = drawn(commune, campaign, by=officer).records.get()
    before = Assessment.objects.filter(pk=record.pk).values().get()

    draws.check(
        row, by=officer, verdict=Verdict.FINDING, kind="no_evidence", reason="Không có giấy chứng nhận."
    )

    row.refresh_from_db()
    assert (row.verdict, row.kind, row.checked_by) == (Verdict.FINDING, "no_evidence", officer)
    assert Assessment.objects.filter(pk=record.pk).values().get() == before
    told = Event.objects.get(verb="check_drawn")
    assert (told.subject, told.old, told.new) == (record.citizen_id, "", "finding no_evidence")
    assert events.private_of(told) == {"reason": "Không có giấy chứng nhận."}


def test_of_two_checkers_the_second_reads_again_and_may_then_put_it_right(commune, campaign):
    judged(make_village(commune=commune), campaign)
    first, second = make_officer(commune), make_officer(commune)
    row = drawn(commune, campaign, by=first).records.get()
    stale = DrawnRecord.objects.get(pk=row.pk)

    draws.check(row, by=first, verdict=Verdict.AGREES)
    with pytest.raises(Refused):
        draws.check(stale, by=second, verdict=Verdict.FINDING, kind="other", reason="Sai.")
    stale.refresh_from_db()
    draws.check(stale, by=second, verdict=Verdict.FINDING, kind="other", reason="Sai.")

    told = Event.objects.filter(verb="check_drawn").order_by("sequence").values_list("old", "new")
    assert list(told) == [("", "agrees"), ("agrees", "finding other")]


def test_nobody_checks_the_own_record_the_household_or_what_they_confirmed(commune, campaign):
    village = make_village(commune=commune)
    household = make_household(village)
    officer = make_officer(commune)
    make_citizen(board=village, user=officer, household=household)
    own = make_record(officer.citizen, campaign, State.CONFIRMED, Outcome.ACHIEVED)
    kin = make_record(
        make_citizen(board=village, household=household), campaign, State.CONFIRMED, Outcome.ACHIEVED
    )
    (confirmed,) = judged(village, campaign)
    Assessment.objects.filter(pk=confirmed.pk).update(confirmed_by=officer)
    draw = drawn(commune, campaign, by=officer, strata=[], least=3)

    assert {row.assessment_id for row in draw.records.all()} == {own.pk, kin.pk, confirmed.pk}
    for row in draw.records.all():
        with pytest.raises(PermissionDenied):
            draws.check(row, by=officer, verdict=Verdict.AGREES)
    for stranger in (make_officer(commune.parent), make_officer(make_commune("Đức Thọ"))):
        with pytest.raises(PermissionDenied):
            draws.check(draw.records.first(), by=stranger, verdict=Verdict.AGREES)
    assert not Event.objects.filter(verb="check_drawn").exists()


def test_the_share_in_the_whole_list_weighs_each_stratum_by_its_size(commune, campaign):
    large, small = make_village("Đông", commune), make_village("Tây", commune)
    judged(large, campaign, 8)
    judged(small, campaign, 2)
    officer = make_officer(commune)
    draw = drawn(commune, campaign, by=officer, share=1, least=2, most=2)
    rows = list(draw.records.select_related("assessment").order_by("pk"))
    bad = next(row for row in rows if row.assessment.board_id == large.pk)

    for row in rows:
        assert draws.estimate(draw) is None
        if row == bad:
            draws.check(row, by=officer, verdict=Verdict.FINDING, kind="points", reason="Sai điểm.")
        else:
            draws.check(row, by=officer, verdict=Verdict.AGREES)

    assert draws.estimate(draw) == Decimal("0.4")  # half of eight of ten, and none of two
