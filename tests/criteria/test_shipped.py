"""What is shipped of every title, and the form of the files."""

import io

import pytest
from django.core.management import call_command

from criteria import loading, reading
from criteria.drafts import Draft
from criteria.models import Authority, Confidence, CriteriaSet, Criterion, Level, Scope, Status, TitleLink
from criteria.rules import ScoringModel
from criteria.writing import yaml_of
from tests.factories import load_all_criteria

pytestmark = pytest.mark.django_db
ALL = [
    (Level.FAMILY, ""),
    (Level.CLAN, ""),
    (Level.COMMUNITY, Scope.VILLAGE),
    (Level.COMMUNITY, Scope.COMMUNE),
    (Level.COMMUNITY, Scope.PROVINCE),
    (Level.UNIT, Scope.COMMUNE),
    (Level.UNIT, Scope.PROVINCE),
]


@pytest.mark.feature("D5")
def test_every_title_has_one_set_in_force_and_loading_again_changes_nothing():
    load_all_criteria()
    keys = list(CriteriaSet.objects.order_by("pk").values_list("pk", "version", "valid_to"))
    out = io.StringIO()
    call_command("load_criteria", stdout=out)

    assert out.getvalue() == "Các bộ tiêu chí đã có sẵn, không đổi gì.\n"
    assert list(CriteriaSet.objects.order_by("pk").values_list("pk", "version", "valid_to")) == keys
    assert set(CriteriaSet.objects.values_list("status", "authority")) == {
        (Status.PUBLISHED, Authority.PROVISIONAL)
    }
    assert CriteriaSet.objects.in_force(Level.CITIZEN, "2026-10-01").count() == 4
    for level, scope in ALL:
        rules = CriteriaSet.objects.in_force(level, "2026-10-01", scope=scope).get().rules()
        assert rules.most == (100 if rules.model == ScoringModel.POINTS else 0)
    before_2024 = CriteriaSet.objects.in_force(Level.UNIT, "2023-12-01", scope=Scope.PROVINCE).get()
    assert [(grade.name, grade.from_points) for grade in before_2024.rules().grades] == [
        ("Trung bình", 50),
        ("Khá", 70),
        ("Tốt", 85),
    ]
    assert not CriteriaSet.objects.in_force(Level.UNIT, "2025-07-01", scope=Scope.DISTRICT).exists()


def test_a_unit_of_a_province_needs_90_percent_of_members_and_95_of_learners():
    load_all_criteria()

    links = TitleLink.objects.exclude(minimum_percent=None).values_list(
        "indicator__criteria_set__scope", "denominator", "minimum_percent", "waived_when_empty", "confidence"
    )

    assert list(links) == [
        (Scope.PROVINCE, "members", 90, False, Confidence.EXACT),
        (Scope.PROVINCE, "learners", 95, True, Confidence.EXACT),
    ]


@pytest.mark.feature("D4")
def test_every_line_says_how_sure_it_is_and_every_set_what_it_rests_on():
    load_all_criteria()

    assert not CriteriaSet.objects.filter(basis_number="").exists()
    assert not Criterion.objects.filter(confidence="").exists()
    assert not Criterion.objects.exclude(maximum=None).filter(maximum_confidence="").exists()
    known = Criterion.objects.get(code="DT1.1")
    assert known.basis == "khoản 1 Điều 6, 24/2023/TT-BGDĐT"
    assert Criterion.objects.get(code="GD1.1").basis == "Phần A, tiêu chí 1, 448/QĐ-KHVN"


def test_what_is_written_of_a_set_is_read_as_the_same():
    load_all_criteria()
    for criteria_set in CriteriaSet.objects.order_by("pk"):
        draft = Draft.of(criteria_set)
        written = yaml_of([draft])
        (again,) = reading.read(io.StringIO(written))

        assert again.says() == draft.says()
        assert yaml_of([again]) == written


def test_the_files_are_written_as_the_portal_writes_them():
    load_all_criteria()
    for path in loading.SHIPPED.glob("*.yaml"):
        text = path.read_text()
        comment, _, body = text.partition("\n")

        assert comment.startswith("# ")
        assert yaml_of(reading.read(io.StringIO(text))) == body
