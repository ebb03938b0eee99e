"""Shares of groups against a plain count in Python, on random people and on what is made by hand."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Citizen, Consent, Member, MemberKind, Population, Purpose
from assessments import scoring, shares
from assessments.models import Assessment, CountedShare, FrozenList, Listed, ListedGroup, Window, WindowStep
from audit import clock
from criteria.models import CriteriaSet, Group, Level, Scope
from organizations.models import Household, Kind, Organization, Type
from tests.assessments import plain_shares
from tests.factories import (
    load_all_criteria,
    make_citizen,
    make_household,
    make_province,
    make_unit,
    make_user,
    make_village,
    open_campaign,
    open_window,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    load_all_criteria()
    campaign = open_campaign()
    opens_at, closes_at = open_window()
    for level in (Level.FAMILY, Level.COMMUNITY, Level.UNIT):
        Window.objects.update_or_create(
            campaign=campaign,
            level=level,
            step=WindowStep.CONFIRMATION,
            province=None,
            defaults={"opens_at": opens_at, "closes_at": closes_at},
        )
    return campaign


def set_of(level, scope=""):
    return CriteriaSet.objects.in_force(level, clock.today(), scope=scope).get()


def make_record(campaign, level, scope="", **subject):
    whose = next(iter(subject.values()))
    board = whose.village if "household" in subject else whose
    return Assessment.objects.create(
        **subject,
        level=level,
        campaign=campaign,
        board=board,
        province=board.within(Kind.PROVINCE),
        criteria_set=set_of(level, scope),
        registered_at=clock.now(),
        saved_at=clock.now(),
    )


def confirm(campaign, *, level=Level.CITIZEN, achieved=True, scope="", **subject):
    """A title, as the record of another year is put in: judged by somebody in the window."""
    whose = next(iter(subject.values()))
    board = getattr(whose, "board", None) or getattr(whose, "village", None) or whose
    form = (
        CriteriaSet.objects.get(level=Level.CITIZEN, group=Group.I)
        if level == Level.CITIZEN
        else set_of(level, scope)
    )
    now = clock.now()
    return Assessment.objects.create(
        **subject,
        level=level,
        campaign=campaign,
        board=board,
        criteria_set=form,
        state="confirmed",
        outcome="achieved" if achieved else "not_achieved",
        registered_at=now,
        saved_at=now,
        submitted_at=now,
        confirmed_at=now,
        confirmed_by=make_user(),
        receipt_number=f"R{Assessment.objects.count()}",
    )


def make_people(unit, count, population):
    return [
        make_citizen(f"Người {number}", board=unit, population=population, birth_date=None, birth_year=1990)
        for number in range(count)
    ]


def freeze(campaign):
    """The lists of the year as they are now."""
    FrozenList.objects.create(campaign=campaign, done_at=clock.now(), groups_done_at=clock.now())
    Listed.objects.bulk_create(
        Listed(campaign=campaign, citizen=citizen, board=citizen.board)
        for citizen in Citizen.objects.present()
    )
    ListedGroup.objects.bulk_create(
        ListedGroup(campaign=campaign, household=each, organization=each.village, clan=each.clan)
        for each in Household.objects.select_related("village", "clan")
    )
    ListedGroup.objects.bulk_create(
        ListedGroup(campaign=campaign, organization=each)
        for each in Organization.objects.in_force().filter(kind__in=[Kind.VILLAGE, Kind.UNIT])
    )


def judged(record, **given):
    """The result of a record of which everything else is fulfilled."""
    rules = record.rules()
    entered = {code: True for code in rules.maxima if code not in rules.computed | rules.optional}
    return scoring.judge({**entered, **shares.given(record), **given}, rules)


def test_a_school_of_a_province_needs_its_members_and_its_learners_apart(campaign):
    school = make_unit(parent=make_province(), type=Type.SCHOOL)
    members = make_people(school, 10, Population.OFFICIAL)
    learners = make_people(school, 19, Population.LEARNER)
    record = make_record(campaign, Level.UNIT, Scope.PROVINCE, organization=school)
    for person in members[:9] + learners[:18]:
        confirm(campaign, citizen=person)
    confirm(campaign, citizen=learners[18], achieved=False)

    of_members, of_learners = shares.of(record)["DT3.1"]
    assert (of_members.numerator, of_members.denominator, of_members.is_met) == (9, 10, True)
    assert (of_learners.numerator, of_learners.denominator) == (18, 19)  # 94.74 percent
    assert (of_learners.is_met, of_learners.lacking) == (False, 1)
    assert of_learners.words == "18 trên 19 người học, cần 95%: còn thiếu 1"
    assert list(of_learners.missing()) == [learners[18]]
    assert not judged(record).achieved
    assert shares.tips(record, {})[-1] == "chỉ số" or any(
        "còn thiếu 1" in tip for tip in shares.tips(record, {})
    )

    new = make_people(school, 1, Population.LEARNER)[0]
    confirm(campaign, citizen=new)
    assert shares.of(record)["DT3.1"][1].is_met  # 19 of 20 are 95 percent
    result = judged(record)
    assert (result.achieved, result.grade.name) == (True, "Mức độ 2")
    assert judged(record, **{"DT3.9": False}).grade.name == "Mức độ 1"


def test_an_office_has_no_learners_and_needs_none(campaign):
    office = make_unit(parent=make_province(), type=Type.AGENCY)
    record = make_record(campaign, Level.UNIT, Scope.PROVINCE, organization=office)
    assert shares.given(record) == {"DT3.1": None}  # nobody is there to be counted

    for person in make_people(office, 2, Population.OFFICIAL):
        confirm(campaign, citizen=person)

    assert shares.of(record)["DT3.1"][1].is_waived
    assert shares.given(record) == {"DT3.1": True}


def test_who_comes_after_the_day_of_the_lists_counts_nowhere(campaign):
    unit = make_unit(parent=make_province())
    first = make_people(unit, 2, Population.OFFICIAL)
    confirm(campaign, citizen=first[0])
    freeze(campaign)
    late = make_people(unit, 1, Population.OFFICIAL)[0]
    confirm(campaign, citizen=late)
    Citizen.objects.filter(pk=first[1].pk).update(departed_on=clock.today())

    share = shares.of(make_record(campaign, Level.UNIT, Scope.PROVINCE, organization=unit))["DT3.1"][0]

    assert (share.numerator, share.denominator, share.on) == (1, 2, campaign.list_day)
    assert list(share.missing()) == [first[1]]


def test_households_and_places_founded_or_closed_after_the_day_change_no_share(campaign):
    village = make_village()
    commune = village.parent
    closing, unit = make_village("Nam Hải", commune=commune), make_unit(parent=commune)
    clan = Organization.objects.create(kind=Kind.CLAN, name="Họ Đặng", code="C1", parent=commune)
    homes = [make_household(each, clan=clan) for each in (village, closing)]
    confirm(campaign, level=Level.FAMILY, household=homes[0])
    records = {
        commune: make_record(campaign, Level.COMMUNITY, Scope.COMMUNE, organization=commune),
        village: make_record(campaign, Level.COMMUNITY, Scope.VILLAGE, organization=village),
        clan: make_record(campaign, Level.CLAN, organization=clan),
    }

    def counted():
        found = {}
        for place, record in records.items():
            for of_one in shares.of(record).values():
                for each in of_one:
                    if each.link.denominator in ("households", "villages", "units"):
                        key = place.kind, each.link.denominator
                        found[key] = (each.numerator, each.denominator, each.missing().count(), each.on)
        return found

    def live_on():
        make_household(village, clan=clan)
        Organization.objects.create(kind=Kind.VILLAGE, name="Mới", code="V9", parent=commune)
        make_unit("Trạm Y tế", parent=commune)
        yesterday = clock.today() - datetime.timedelta(days=1)
        Organization.objects.filter(pk=unit.pk).update(valid_to=yesterday, heir=commune)

    before = counted()
    assert before["village", "households"] == (1, 1, 0, clock.today())
    assert before["clan", "households"] == (1, 2, 1, clock.today())
    live_on()
    lived = counted()
    assert lived["village", "households"][:3] == (1, 2, 1)
    assert lived["clan", "households"][:3] == (1, 3, 2)
    assert lived["commune", "villages"][1] == before["commune", "villages"][1] + 1

    freeze(campaign)
    on_the_day = {key: (*counts[:3], campaign.list_day) for key, counts in lived.items()}
    assert counted() == on_the_day
    make_household(village, clan=clan)
    make_village("Mới nữa", commune=commune)
    make_unit("Thư viện", parent=commune)
    yesterday = clock.today() - datetime.timedelta(days=1)
    Organization.objects.filter(kind=Kind.UNIT, name="Trạm Y tế").update(valid_to=yesterday, heir=commune)
    Household.objects.filter(pk=homes[0].pk).update(clan=None)
    assert counted() == on_the_day


def make_member(subject, citizen=None, *, agreed=True, kind=MemberKind.ADULT, **fields):
    whose = {"household" if hasattr(subject, "village_id") else "organization": subject}
    member = Member.objects.create(**whose, citizen=citizen, full_name="Đặng An", kind=kind, **fields)
    if agreed:
        Consent.objects.create(member=member, purpose=Purpose.COUNTED, version="1", given_by=make_user())
    return member


def test_a_family_counts_its_adults_who_agreed_and_an_unset_percent_decides_nothing(campaign):
    household = make_household()
    record = make_record(campaign, Level.FAMILY, household=household)
    holder, silent = (make_citizen(board=household.village) for _ in range(2))
    for person in (holder, silent):
        confirm(campaign, citizen=person)
    make_member(household, holder)
    missing = make_member(household, silent, agreed=False)
    make_member(household, kind=MemberKind.CHILD)
    make_member(household, valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(2021, 1, 1))

    (share,) = shares.of(record)["GD2.4"]

    assert (share.numerator, share.denominator, share.is_met, share.lacking) == (1, 2, None, 0)
    assert share.words == "1 trên 2 người lớn"
    assert list(share.missing()) == [missing]
    assert shares.given(record) == {}
    full = dict(record.rules().maxima)
    assert scoring.judge(full, record.rules()).achieved


def test_a_list_stays_as_it_was_when_the_record_was_sent_until_it_is_returned(campaign):
    household = make_household()
    record = make_record(campaign, Level.FAMILY, household=household)
    today = clock.today()
    make_member(household, valid_from=today - datetime.timedelta(days=9))
    sent = clock.now() - datetime.timedelta(days=2)
    Assessment.objects.filter(pk=record.pk).update(submitted_at=sent, state="submitted", receipt_number="1")
    make_member(household)
    record.refresh_from_db()

    (share,) = shares.of(record)["GD2.4"]

    assert (share.denominator, share.on) == (1, today - datetime.timedelta(days=2))

    Assessment.objects.filter(pk=record.pk).update(state="returned")  # to be put right, the list too
    record.refresh_from_db()
    (share,) = shares.of(record)["GD2.4"]
    assert (share.denominator, share.on) == (2, today)


def test_what_a_result_rests_on_stays(campaign):
    household = make_household()
    member = make_citizen(board=household.village)
    make_member(household, member)
    record = make_record(campaign, Level.FAMILY, household=household)
    assert (shares.recount([record]), CountedShare.objects.get().numerator) == (0, 0)

    confirm(campaign, citizen=member)
    assert (shares.recount_of(household), CountedShare.objects.get().numerator) == (1, 1)

    now = clock.now()
    Assessment.objects.filter(pk=record.pk).update(
        state="confirmed",
        outcome="achieved",
        submitted_at=now,
        confirmed_at=now,
        confirmed_by=make_user(),
        receipt_number="1",
    )
    Member.objects.update(valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(2021, 1, 1))
    record.refresh_from_db()
    assert (shares.recount_all(), shares.of(record)["GD2.4"][0].numerator) == (0, 1)


# --- Against a plain count ----------------------------------------------------------------------------


PERSON = st.tuples(
    st.integers(0, 3),  # where
    st.sampled_from(Population.values),
    st.sampled_from([1960, 2008, 2009, 2020]),
    st.sampled_from(["none", "achieved", "not_achieved"]),
    st.integers(0, 2),  # member of no household, the first, the second
    st.booleans(),  # agreed
    st.booleans(),  # of the unit's own list
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=st.lists(PERSON, max_size=8),
    families=st.tuples(st.booleans(), st.booleans()),
    is_frozen=st.booleans(),
)
def test_shares_are_the_plain_count_whoever_belongs_where(campaign, people, families, is_frozen):
    for model in (Assessment, FrozenList, Listed, ListedGroup):
        model.objects.all().delete()
    village = make_village()
    commune = village.parent
    other = make_village("Nam Hải", commune=commune)
    unit, free_unit = make_unit(parent=commune), make_unit("Trường Tiểu học", parent=commune)
    clan = type(unit).objects.create(
        kind=Kind.CLAN, name="Họ Đặng", code=f"C{village.pk}", parent=village.parent
    )
    homes = [make_household(village, clan=clan), make_household(other)]
    for where, population, birth_year, title, home, agreed, on_list in people:
        board = [village, other, unit, free_unit][where]
        person = make_citizen(board=board, population=population, birth_date=None, birth_year=birth_year)
        if title != "none":
            confirm(campaign, citizen=person, achieved=title == "achieved")
        kind = MemberKind.LEARNER if population == Population.LEARNER else MemberKind.ADULT
        if home:
            make_member(homes[home - 1], person, agreed=agreed, kind=kind)
        if on_list and board == unit:
            make_member(unit, person, agreed=agreed, kind=kind)
    records = [
        make_record(campaign, Level.COMMUNITY, Scope.VILLAGE, organization=village),
        make_record(campaign, Level.COMMUNITY, Scope.COMMUNE, organization=commune),
        make_record(campaign, Level.CLAN, organization=clan),
        make_record(campaign, Level.UNIT, Scope.COMMUNE, organization=unit),
        make_record(campaign, Level.UNIT, Scope.COMMUNE, organization=free_unit),
    ]
    for home, achieved in zip(homes, families, strict=True):
        if achieved:
            confirm(campaign, level=Level.FAMILY, household=home)
        else:
            records.append(make_record(campaign, Level.FAMILY, household=home))

    if is_frozen:
        freeze(campaign)
    # Founded and closed since the day.
    make_household(village, clan=clan)
    make_unit("Trạm Y tế", parent=commune)
    yesterday = clock.today() - datetime.timedelta(days=1)
    Organization.objects.filter(pk=other.pk).update(valid_to=yesterday, heir=village)
    Household.objects.filter(pk=homes[1].pk).update(village=village)

    assert plain_shares.differences(records) == []


def test_all_groups_together_cost_as_much_as_one(campaign, django_assert_max_num_queries):
    records = [
        make_record(campaign, Level.FAMILY, household=make_household(make_village())) for _ in range(3)
    ]
    with django_assert_max_num_queries(12):
        shares.recount(shares.of_groups().filter(pk__in=[each.pk for each in records]))


def test_a_percent_is_never_rounded():
    for part, whole, percent, is_met in [
        (949, 1000, 95, False),
        (950, 1000, 95, True),
        (18, 19, 95, False),
        (949_999, 1_000_000, 95, False),
        (2, 3, Decimal("66.6666"), True),
        (2, 3, Decimal("66.6667"), False),
    ]:
        assert scoring.reaches(part, whole, Decimal(percent)) is is_met
