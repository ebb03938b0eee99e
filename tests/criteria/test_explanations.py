"""The portal's plain words for what the criteria ask."""

import pytest

from criteria import explanations
from criteria.models import Criterion
from tests.factories import load_all_criteria, load_criteria
from tests.visible_words import vietnamese

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A16")]


# Of these the wording says itself that it was not found.
UNREAD = ["CTI4.2", "CX4.4", "CX5.4", "DN2.3", "DN3.9", "DT2.3", "DT3.9"]


def test_whatever_is_entered_is_explained_with_an_example_that_is_enough_and_one_that_is_not():
    load_all_criteria()
    indicators = Criterion.objects.exclude(parent=None).filter(links=None).order_by("code")

    told = {each.code: explanations.of(each) for each in indicators}

    assert sorted(code for code, words in told.items() if words is None) == UNREAD
    words = [each for each in told.values() if each]
    assert len(words) > 100
    assert {len({each.plainly, each.enough, each.short, each.wording}) for each in words} == {4}
    assert all(vietnamese(said) for each in words for said in (each.plainly, each.enough, each.short))
    assert max(len(each.plainly) for each in words) < 200  # short enough to be listened to


def test_another_wording_is_not_explained_by_the_words_for_the_old_one():
    load_criteria()
    indicator = Criterion.objects.get(code="I.1.1")

    indicator.text += " Và tiếng Anh."

    assert explanations.of(indicator) is None
