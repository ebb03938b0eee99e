import datetime
import io
import os
import pwd
from decimal import Decimal

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from assessments import workflow
from audit import clock, events
from audit.models import Event
from criteria.loading import SHIPPED
from criteria.models import Authority, CriteriaSet, Criterion, Group, Level, Status
from criteria.rules import ScoringModel
from tests.factories import load_criteria

CITIZEN = SHIPPED / "1-citizen.yaml"

pytestmark = pytest.mark.django_db


@pytest.mark.feature("D5")
def test_the_shipped_sets_say_what_decision_324_is_known_to_say():
    load_criteria()

    for group in (Group.I, Group.II, Group.III):
        rules = CriteriaSet.objects.get(group=group).rules()
        assert (rules.model, rules.pass_mark, rules.floor, rules.step) == (ScoringModel.POINTS, 80, 5, 1)
        assert (len(rules.maxima), rules.most) == (10, 100)
    judged = CriteriaSet.objects.get(group=Group.IV).rules()
    assert (judged.model, list(judged.maxima)) == (ScoringModel.PASS_FAIL, ["IV.1", "IV.2", "IV.3"])


def test_the_shipped_sets_are_published_but_provisional():
    load_criteria()

    assert set(CriteriaSet.objects.values_list("status", "authority")) == {
        (Status.PUBLISHED, Authority.PROVISIONAL)
    }


def test_sections_hold_their_indicators_in_order_with_two_queries(django_assert_num_queries):
    load_criteria()
    with django_assert_num_queries(2):
        sections = CriteriaSet.objects.get(group=Group.I).sections

    assert [len(section.indicators) for section in sections] == [4, 4, 2]
    assert sections[0].indicators[0].code == "I.1.1"


def test_loading_twice_changes_nothing():
    load_criteria()
    before = list(Criterion.objects.values_list("pk", flat=True))

    call_command("load_criteria", str(CITIZEN), stdout=io.StringIO())

    assert list(Criterion.objects.values_list("pk", flat=True)) == before


@pytest.fixture
def official_text(tmp_path):
    """A file that says of group I what the shipped one does not, and of the others the same."""
    data = yaml.safe_load(CITIZEN.read_text())
    first, second = data["sets"][0]["criteria"][0]["indicators"][:2]
    first |= {"text": "Lời văn chính thức", "maximum": 15}
    second["maximum"] = 5
    file = tmp_path / "official.yaml"
    file.write_text(yaml.safe_dump(data))
    return file


def test_a_changed_text_is_a_new_version_and_retires_the_one_before(official_text):
    load_criteria()
    provisional = CriteriaSet.objects.get(group=Group.I)
    out = io.StringIO()

    call_command("load_criteria", str(official_text), stdout=out)
    call_command("load_criteria", str(official_text), stdout=io.StringIO())

    official = workflow.criteria_set_for(Group.I, clock.now())
    assert out.getvalue() == f"Đã nạp: {official}, phiên bản 2 (bản tạm)\n"
    assert (official.version, official.indicators[0].text, official.indicators[0].maximum) == (
        2,
        "Lời văn chính thức",
        15,
    )
    provisional = CriteriaSet.objects.get(pk=provisional.pk)
    assert (provisional.status, provisional.indicators[0].maximum) == (Status.RETIRED, 10)
    assert CriteriaSet.objects.count() == 5


def test_an_older_text_loaded_again_is_a_newer_version(official_text):
    for file in (CITIZEN, official_text, CITIZEN):
        call_command("load_criteria", str(file), stdout=io.StringIO())

    assert list(
        CriteriaSet.objects.filter(group=Group.I).order_by("version").values_list("version", "status")
    ) == [(1, Status.RETIRED), (2, Status.RETIRED), (3, Status.PUBLISHED)]


def test_a_draft_of_the_next_version_stays_as_it_is(official_text):
    load_criteria()
    draft = CriteriaSet.objects.get(group=Group.I)
    draft.pk, draft.version, draft.status = None, 2, Status.DRAFT
    draft.save()

    call_command("load_criteria", str(CITIZEN), stdout=io.StringIO())
    assert CriteriaSet.objects.count() == 5
    call_command("load_criteria", str(official_text), stdout=io.StringIO())

    later = CriteriaSet.objects.filter(group=Group.I, version__gt=1).order_by("version")
    assert list(later.values_list("version", "status")) == [
        (2, Status.DRAFT),
        (3, Status.PUBLISHED),
    ]


def test_every_published_set_leaves_an_event_that_says_who_loaded_it(official_text):
    call_command("load_criteria", str(CITIZEN), stdout=io.StringIO())
    call_command("load_criteria", str(official_text), stdout=io.StringIO())

    told = Event.objects.filter(verb="publish").order_by("sequence")
    assert [(event.old, event.new) for event in told] == [("", "1")] * 4 + [("1", "2")]
    assert told.last().object_id == CriteriaSet.objects.get(version=2).pk
    assert events.private_of(told.last()) == {"operator": pwd.getpwuid(os.getuid()).pw_name}


def test_a_broken_file_is_refused_and_nothing_is_loaded(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("meta: {decision: {number: X}}")

    with pytest.raises(CommandError, match="dòng 1: Không có mục nào tên “meta” ở đây"):
        call_command("load_criteria", str(broken))

    assert not CriteriaSet.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: CriteriaSet.objects.update(pass_mark=70),
        lambda: CriteriaSet.objects.update(status=Status.DRAFT),
        lambda: CriteriaSet.objects.filter(group=Group.I).update(title="Khác"),
        lambda: CriteriaSet.objects.filter(group=Group.IV).update(pass_mark=1),
        lambda: CriteriaSet.objects.all()._raw_delete("default"),
        lambda: Criterion.objects.filter(code="I.1.1").update(maximum=20),
        lambda: Criterion.objects.filter(code="I.1.1").delete(),
        lambda: Criterion.objects.create(
            criteria_set=CriteriaSet.objects.get(group=Group.I), position=999, code="X", text="X"
        ),
    ],
)
def test_the_database_refuses_to_change_a_published_set(change):
    load_criteria()

    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.RETIRED])
def test_no_criterion_moves_into_or_out_of_a_set_that_was_published(status):
    load_criteria()
    CriteriaSet.objects.filter(group=Group.I).update(status=status)
    published = CriteriaSet.objects.get(group=Group.I)
    draft = CriteriaSet.objects.get(group=Group.I)
    draft.pk, draft.version, draft.status = None, 2, Status.DRAFT
    draft.valid_from, draft.valid_to = datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)
    draft.save()
    Criterion.objects.create(criteria_set=draft, position=999, code="X", text="X")

    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(criteria_set=draft).update(criteria_set=published)
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(criteria_set=published, parent=None).update(criteria_set=draft)

    assert published.criteria.filter(code="X").count() == 0
    Criterion.objects.filter(criteria_set=draft).update(text="Y")
    CriteriaSet.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED)


def test_a_published_set_can_still_be_retired():
    load_criteria()

    CriteriaSet.objects.filter(group=Group.I).update(status=Status.RETIRED)

    assert not CriteriaSet.objects.in_force(Level.CITIZEN, "2026-01-01").filter(group=Group.I).exists()


def test_the_hard_area_mark_counts_only_where_the_set_has_one():
    load_criteria()
    criteria_set = CriteriaSet.objects.get(group=Group.I)
    assert criteria_set.rules(in_hard_area=True).pass_mark == 80

    criteria_set.hard_area_pass_mark = Decimal(70)
    assert criteria_set.rules(in_hard_area=True).pass_mark == 70
    assert criteria_set.rules().pass_mark == 80
