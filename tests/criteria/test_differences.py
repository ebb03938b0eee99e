"""What one version says otherwise than another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria import differences
from criteria.models import CriteriaSet, Group
from tests.criteria.versions import copy_of, new_version, say
from tests.factories import load_criteria

CHANGED, BIGGER, GONE = "I.1.1", "I.1.2", "I.3.2"


@pytest.fixture
def old(db):
    load_criteria()
    return CriteriaSet.objects.get(group=Group.I)


@pytest.mark.feature("D1")
def test_a_copy_says_nothing_else(old):
    difference = differences.between(old, copy_of(old, valid_from=old.valid_from))

    assert difference.is_empty
    assert not difference.touches_people
    assert len(difference.kept) == len(old.indicators)


@pytest.mark.feature("D1")
def test_what_was_added_removed_and_changed_is_told_apart(old):
    new = copy_of(old, pass_mark=85)
    say(new, CHANGED, text="Đọc sách mỗi ngày")
    say(new, BIGGER, maximum=15, source="Phụ lục I")
    new.criteria.filter(code=GONE).delete()
    section = new.criteria.filter(parent=None).first()
    new.criteria.create(parent=section, position=99_999, code="I.1.9", text="Mới", maximum=5)

    difference = differences.between(old, new)

    told = {
        change.code: (str(change.kind), [each.name for each in change.sayings])
        for change in difference.criteria
    }
    assert told == {
        CHANGED: ("changed", ["text"]),
        BIGGER: ("changed", ["maximum", "source"]),
        "I.1.9": ("added", []),
        GONE: ("removed", []),
    }
    assert [change.code for change in difference.asked_again] == [CHANGED, BIGGER, "I.1.9"]
    assert [(each.old, each.new) for each in difference.deciding] == [("80", "85")]


def test_grades_and_links_are_compared_too(old):
    new = copy_of(old)
    new.grades.create(rank=1, name="Khá", from_points=80)
    line = new.criteria.get(code=CHANGED)
    line.links.create(source_level="citizen", denominator="adults", minimum_percent=50)

    difference = differences.between(old, new)

    assert difference.grades.new == "1 Khá: 80"
    assert [each.new for each in difference.criteria[0].sayings] == ["50% người lớn Công dân học tập"]


def test_a_published_version_can_be_compared_with_the_one_before(old):
    new = new_version(old, texts={CHANGED: "Khác"})

    assert [change.code for change in differences.between(old, new).criteria] == [CHANGED]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_words_of_both_texts_are_all_there(old, new):
    pieces = list(differences.words(old, new))

    assert "".join(piece.text for piece in pieces if piece.kind != "come") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
