from decimal import Decimal

import pytest

from accounts.models import Population
from assessments import closing
from assessments.models import Outcome, State, WindowStep
from audit import clock
from criteria.models import Group
from organizations.models import Kind, Organization
from reports import figures
from reports.figures import PARTS, Counts, Figure, Rate
from tests.factories import (
    closed_window,
    make_citizen,
    make_commune,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_village,
    open_campaign,
)
from tests.reports.records import (
    all_people,
    all_records,
    count,
    groups_of,
    make_country,
    make_record,
    place_type,
    stands_below,
    stands_in,
)

pytestmark = pytest.mark.django_db


def lines_by_unit(summary):
    return {line.about: line.counts for line in summary.units}


# --- The figures are those of a plain count -------------------------------------------------------


@pytest.mark.feature("G1")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_figures_equal_a_plain_count_on_every_level(seed):
    campaign = make_country(seed)
    records, people = all_records(campaign), all_people()
    groups = groups_of(people, records)

    for organization in Organization.objects.all():
        own_records = [record for record in records if stands_in(record, organization)]
        own_people = [person for person in people if stands_below(person, organization)]
        summary = figures.summary(organization, campaign)

        assert summary.total == count(own_records, own_people)
        for group in summary.groups:
            assert group.counts == count(
                [record for record in own_records if record.criteria_set.group == group.about],
                [person for person in own_people if groups[person] == group.about],
            )
        for line in summary.populations:
            assert line.counts == count(
                [record for record in own_records if record.citizen.population == line.about],
                [person for person in own_people if person.population == line.about],
            )
        for line in summary.place_types:
            assert line.counts == count(
                [record for record in own_records if place_type(record.board) == line.about],
                [person for person in own_people if place_type(person.board) == line.about],
            )
        for lines in (summary.groups, summary.populations, summary.place_types):
            assert sum((line.counts for line in lines), Counts()) == summary.total
        for unit in summary.units:
            assert unit.counts == count(*_rows_of_unit(unit.about, organization, own_records, own_people))


def _rows_of_unit(unit, organization, records, people):
    if unit == organization:
        return (
            [record for record in records if record.board == unit],
            [person for person in people if person.board == unit],
        )
    return (
        [record for record in records if stands_in(record, unit)],
        [person for person in people if stands_below(person, unit)],
    )


@pytest.mark.feature("G1", "F1")
@pytest.mark.parametrize("seed", [4, 5])
def test_the_units_of_every_level_add_up_to_the_level_above(seed):
    campaign = make_country(seed)

    for organization in Organization.objects.filter(kind__in=figures.BROKEN_DOWN):
        summary = figures.summary(organization, campaign)
        assert sum((line.counts for line in summary.units), Counts()) == summary.total
        assert sum((line.counts for line in summary.groups), Counts()) == summary.total


def test_six_parts_add_up_to_the_registered_ones():
    campaign = make_country(seed=6)
    total = figures.summary(Organization.objects.get(kind=Kind.CENTRE), campaign).total

    assert total.registered > 0
    assert sum(total.of(part) for part in PARTS) == total.registered


def test_the_number_of_questions_does_not_grow_with_the_rows(django_assert_num_queries):
    campaign = make_country(seed=7, people=10)
    province = Organization.objects.filter(kind=Kind.PROVINCE).first()
    with django_assert_num_queries(11):
        figures.summary(province, campaign)

    for name in "ABCDEFGHIJ":
        commune = make_commune(name, province=province)
        for _ in range(3):
            make_record(make_citizen(board=make_village(name, commune)), campaign)
    with django_assert_num_queries(11):
        summary = figures.summary(province, campaign)

    assert len(summary.units) > 10


# --- What the words mean --------------------------------------------------------------------------


@pytest.mark.feature("E7")
def test_what_nobody_confirmed_in_time_is_neither_achieved_nor_not_achieved():
    campaign, village = open_campaign(), make_village()
    make_submitted_assessment(board=village, campaign=campaign)
    make_returned_assessment(board=village, campaign=campaign)
    make_scored_assessment(board=village, campaign=campaign)
    make_record(make_citizen(board=village), campaign, State.CONFIRMED, Outcome.NOT_ACHIEVED)
    opens_at, closes_at = closed_window()
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(opens_at=opens_at, closes_at=closes_at)
    closing.lock_confirmation(clock.now())

    total = figures.summary(village, campaign).total

    assert total == Counts(
        people=4, registered=4, sent=3, confirmed=1, not_achieved=1, unconfirmed=1, returned=1, not_sent=1
    )


def test_a_returned_record_stays_among_the_sent_ones():
    record = make_record(state=State.RETURNED)

    total = figures.summary(record.board, record.campaign).total

    assert (total.sent, total.returned, total.waiting) == (1, 1, 0)


def test_records_of_other_years_do_not_count():
    record = make_record()
    other_year = open_campaign().__class__.objects.create(year=record.campaign.year + 1)

    assert figures.summary(record.board, other_year).total == Counts(people=1)


def test_a_record_counts_on_the_place_of_its_day_and_the_person_where_they_are_today():
    campaign, old, new = open_campaign(), make_village("Đông"), make_village("Đoài")
    citizen = make_citizen(board=old)
    make_record(citizen, campaign)
    citizen.village, citizen.commune = new, new.parent
    citizen.save()

    assert figures.summary(old, campaign).total == Counts(registered=1, sent=1, waiting=1)
    assert figures.summary(new, campaign).total == Counts(people=1)


def test_who_belongs_to_a_unit_counts_there_and_not_where_they_live():
    village = make_village()
    unit = make_unit("Công ty Đông Hải")
    make_citizen(board=village, unit=unit)
    campaign = open_campaign()

    assert figures.summary(unit, campaign).total.people == 1
    assert figures.summary(unit.parent, campaign).total.people == 1
    assert figures.summary(village, campaign).total.people == 0
    assert figures.summary(village.parent, campaign).total.people == 0


def test_a_person_counts_under_the_group_of_the_record_else_under_the_suggested_one():
    village, campaign = make_village(), open_campaign()
    make_record(make_citizen(board=village, population=Population.VILLAGER), campaign, group=Group.III)
    make_citizen(board=village, population=Population.LEARNER)

    groups = {line.about: line.counts for line in figures.summary(village, campaign).groups}

    assert {group: (counts.people, counts.registered) for group, counts in groups.items()} == {
        Group.I: (0, 0),
        Group.II: (0, 0),
        Group.III: (1, 1),
        Group.IV: (1, 0),
    }


def test_units_with_nobody_in_them_are_rows_too():
    commune = make_commune()
    silent = make_village("Bình Yên", commune)

    summary = figures.summary(commune, open_campaign())

    assert lines_by_unit(summary) == {silent: Counts()}


def test_people_whom_the_commune_itself_confirms_stand_in_a_row_of_their_own():
    commune = make_commune()
    village = make_village("Đông Hải", commune)
    campaign = open_campaign()
    make_record(make_citizen(board=commune), campaign)
    make_record(make_citizen(board=village), campaign)

    summary = figures.summary(commune, campaign)

    one = Counts(people=1, registered=1, sent=1, waiting=1)
    assert [(line.name, line.counts) for line in summary.units] == [
        ("Xã Thạch Khê, xác nhận trực tiếp", one),
        ("Thôn Đông Hải", one),
    ]


# --- Rates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "share", "words"),
    [
        (1, 3, Decimal("0.333"), "33,3%"),
        (26, 156, Decimal("0.167"), "16,7%"),
        (9999, 10_000, Decimal("0.999"), "99,9%"),
        (1, 10_000, Decimal("0.001"), "0,1%"),
        (5, 5, Decimal(1), "100%"),
        (0, 5, Decimal(0), "0,0%"),
        (6, 5, None, "–"),
        (0, 0, None, "–"),
    ],
)
def test_a_rate_is_rounded_and_never_100_percent_before_it_is(part, whole, share, words):
    rate = Rate(part, whole)

    assert rate.share == share
    assert str(rate) == words


def test_each_rate_has_the_whole_its_name_says():
    counts = Counts(people=200, registered=100, achieved=50)

    assert counts.rate_of_people(Figure.REGISTERED) == Rate(100, 200)
    assert counts.rate_of_people(Figure.ACHIEVED) == Rate(50, 200)
    assert counts.rate_of_registered(Figure.ACHIEVED) == Rate(50, 100)
