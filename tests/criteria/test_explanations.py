"""The portal's plain words for what the criteria ask."""

import pytest

from criteria import explanations
from criteria.models import CriteriaSet, Criterion, Level
from tests.factories import load_criteria
from tests.visible_words import vietnamese

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A16")]


def test_every_indicator_of_a_citizen_is_explained_with_an_example_that_is_enough_and_one_that_is_not():
    load_criteria()
    indicators = [each for one in CriteriaSet.objects.filter(level=Level.CITIZEN) for each in one.indicators]

    told = [explanations.of(each) for each in indicators]

    assert len(told) == 33
    assert [each.code for each, words in zip(indicators, told, strict=True) if words is None] == []
    assert {len({words.plainly, words.enough, words.short, words.wording}) for words in told} == {4}
    assert all(vietnamese(said) for words in told for said in (words.plainly, words.enough, words.short))
    assert max(len(words.plainly) for words in told) < 200  # short enough to be listened to


def test_another_wording_is_not_explained_by_the_words_for_the_old_one():
    load_criteria()
    indicator = Criterion.objects.get(code="I.1.1")

    indicator.text += " Và tiếng Anh."

    assert explanations.of(indicator) is None
