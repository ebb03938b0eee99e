"""Sets of every title: what the database refuses, and how one is published."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Score
from audit import clock
from criteria import publishing
from criteria.models import (
    Authority,
    ComesFrom,
    CriteriaSet,
    Criterion,
    Denominator,
    Grade,
    Level,
    Scope,
    Status,
    TitleLink,
)
from criteria.rules import ScoringModel
from revising.models import Proposal
from tests.factories import make_assessment, make_user

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 1, 26)


def make_draft(*, percent=90, **fields):
    """A unit of a province by two judged indicators, the second one a share of its members."""
    draft = CriteriaSet.objects.create(
        **{
            "level": Level.UNIT,
            "scope": Scope.PROVINCE,
            "title": "Đơn vị học tập cấp tỉnh",
            "basis_number": "24/2023/TT-BGDĐT",
            "basis_place": "Điều 7",
            "valid_from": DAY,
            "authority": Authority.PROVISIONAL,
            "scoring_model": ScoringModel.PASS_FAIL,
        }
        | fields
    )
    Grade.objects.create(criteria_set=draft, rank=1, name="Mức độ 1")
    section = Criterion.objects.create(criteria_set=draft, position=1, code="1", text="Tác dụng")
    of_section = {"criteria_set": draft, "parent": section}
    Criterion.objects.create(**of_section, position=2, code="1.1", text="Kế hoạch")
    share = Criterion.objects.create(
        **of_section, position=3, code="1.2", text="Công dân học tập", basis_place="Điều 7, khoản 3"
    )
    TitleLink.objects.create(
        indicator=share,
        source_level=Level.CITIZEN,
        denominator=Denominator.MEMBERS,
        minimum_percent=percent,
    )
    return draft


def make_published(**fields):
    draft = make_draft(**fields)
    publishing.publish(draft)
    return draft


def test_a_set_is_found_by_its_title_and_scope_on_a_day():
    published = make_published()

    def found(scope, on):
        return list(CriteriaSet.objects.in_force(Level.UNIT, on, scope=scope))

    assert found(Scope.PROVINCE, DAY) == [published]
    assert found(Scope.COMMUNE, DAY) == found(Scope.PROVINCE, DAY - datetime.timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("percent", "comes_from", "computed", "counted"),
    [
        (90, ComesFrom.SHARE, {"1.2"}, ["1.1", "1.2"]),
        (None, ComesFrom.FIGURE, set(), ["1.1"]),
    ],
)
def test_a_share_without_a_percent_only_informs(percent, comes_from, computed, counted):
    published = make_published(percent=percent)

    indicator = published.criteria.get(code="1.2")
    rules = published.rules()
    assert (indicator.comes_from, indicator.basis) == (comes_from, "Điều 7, khoản 3, 24/2023/TT-BGDĐT")
    assert (rules.computed, list(rules.maxima)) == (computed, counted)
    assert [grade.name for grade in rules.grades] == ["Mức độ 1"]
    assert not rules.allows("1.2", True)


@pytest.mark.feature("D2")
@pytest.mark.parametrize(
    "change",
    [
        lambda: Grade.objects.update(name="Khác"),
        lambda: Grade.objects.all().delete(),
        lambda: Grade.objects.create(criteria_set=CriteriaSet.objects.get(), rank=2, name="Mức độ 2"),
        lambda: TitleLink.objects.update(minimum_percent=10),
        lambda: TitleLink.objects.all().delete(),
        lambda: TitleLink.objects.create(
            indicator=Criterion.objects.get(code="1.1"),
            source_level=Level.FAMILY,
            denominator=Denominator.HOUSEHOLDS,
        ),
        lambda: CriteriaSet.objects.update(is_graded=False),
        lambda: CriteriaSet.objects.update(published_at=None),
    ],
)
def test_the_database_refuses_to_change_what_a_published_set_consists_of(change):
    make_published()

    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.mark.parametrize(
    "fields",
    [
        {"level": Level.CITIZEN},
        {"scope": ""},
        {"scope": Scope.VILLAGE},
        {"scoring_model": ScoringModel.POINTS, "floor": 0, "pass_mark": 101, "total": 100},
    ],
)
def test_the_database_refuses_a_scope_of_another_title_and_a_mark_above_the_total(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_draft(**fields)


def test_nobody_publishes_what_they_drafted():
    drafter, other = make_user(), make_user()
    draft = make_draft(drafted_by=drafter.pk)

    for by in (drafter, None):
        with pytest.raises(publishing.Refused, match="Người soạn không tự ban hành"):
            publishing.publish(draft, by=by)
    Proposal.objects.create(criteria_set=draft, revision=draft.revision, asked_by=drafter)
    publishing.publish(draft, by=other)

    assert (draft.status, draft.published_by) == (Status.PUBLISHED, other.pk)
    with pytest.raises(publishing.Refused, match="không còn là bản thảo"):
        publishing.publish(draft, by=other)


@pytest.mark.parametrize(
    "write",
    [
        lambda drafter: {"status": Status.PUBLISHED},
        lambda drafter: {"status": Status.PUBLISHED, "published_by": drafter.pk},
        lambda drafter: {"status": Status.PUBLISHED, "drafted_by": None},
        lambda drafter: {"drafted_by": None},
        lambda drafter: {"drafted_by": drafter.pk + 1},
    ],
)
def test_the_database_refuses_what_one_person_publishes_alone(write):
    drafter = make_user()
    make_draft(drafted_by=drafter.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        CriteriaSet.objects.update(**write(drafter))


def test_a_new_version_ends_the_one_before_on_the_eve():
    old = make_published()
    new = make_published(version=2, valid_from=datetime.date(2027, 1, 1))

    old.refresh_from_db()
    assert (old.status, old.valid_to) == (Status.PUBLISHED, datetime.date(2026, 12, 31))
    for day, in_force in [(datetime.date(2026, 12, 31), old), (datetime.date(2027, 1, 1), new)]:
        assert CriteriaSet.objects.in_force(Level.UNIT, day, scope=Scope.PROVINCE).get() == in_force


def test_a_version_of_the_same_day_replaces_the_one_before():
    old = make_published()
    make_published(version=2)

    old.refresh_from_db()
    assert (old.status, old.valid_to) == (Status.RETIRED, None)


def test_what_would_reach_into_a_later_set_is_refused():
    make_published()
    early = make_draft(version=2, valid_from=datetime.date(2023, 1, 1))

    with pytest.raises(publishing.Refused, match="bắt đầu từ 26/01/2024"):
        publishing.publish(early)

    CriteriaSet.objects.filter(pk=early.pk).update(valid_to=datetime.date(2024, 1, 25))
    publishing.publish(early)
    assert CriteriaSet.objects.filter(status=Status.PUBLISHED).count() == 2


@pytest.mark.parametrize("valid_to", [None, datetime.date(2024, 1, 26)])
def test_the_database_refuses_two_sets_in_force_on_one_day(valid_to):
    make_published(valid_to=valid_to)
    second = make_draft(version=2, valid_from=datetime.date(2023, 1, 1), valid_to=datetime.date(2024, 1, 26))

    with pytest.raises(IntegrityError), transaction.atomic():
        CriteriaSet.objects.filter(pk=second.pk).update(status=Status.PUBLISHED)
    CriteriaSet.objects.filter(pk=second.pk).update(valid_to=DAY - datetime.timedelta(days=1))
    CriteriaSet.objects.filter(pk=second.pk).update(status=Status.PUBLISHED)


@pytest.mark.feature("D2")
def test_nothing_is_judged_by_a_set_that_is_not_published():
    record = make_assessment()
    draft = make_draft()
    score = Score.objects.create(assessment=record, indicator=record.criteria_set.indicators[0])

    for write in (
        lambda: type(record).objects.update(criteria_set=draft),
        lambda: type(record).objects.create(
            organization=record.board,
            campaign=record.campaign,
            level=Level.UNIT,
            board=record.board,
            criteria_set=draft,
            registered_at=clock.now(),
            saved_at=clock.now(),
        ),
        lambda: Score.objects.create(assessment=record, indicator=draft.indicators[0]),
        lambda: Score.objects.filter(pk=score.pk).update(indicator=draft.indicators[0]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
