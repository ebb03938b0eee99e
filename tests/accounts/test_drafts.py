from types import SimpleNamespace

import pytest

from accounts import drafts

NAME = "sign_up"


def draft_of(session, name, **sent):
    return drafts.Draft(SimpleNamespace(session=session, POST=sent, parked={}), name)


def test_a_draft_is_kept_sealed_and_read_again():
    session = {}
    draft_of(session, NAME).keep(who={"identity_number": "042160000001"})
    draft_of(session, NAME).keep(step=2)

    assert draft_of(session, NAME).values == {"who": {"identity_number": "042160000001"}, "step": 2}
    assert "042160000001" not in str(session)
    assert draft_of(session, NAME)["nothing"] is None


def test_a_draft_whose_key_is_gone_is_an_empty_one(settings):
    session = {}
    draft_of(session, NAME).keep(step=2)
    settings.DATA_KEYS = ["another key"]

    assert draft_of(session, NAME).values == {}


def test_a_draft_of_one_work_is_not_that_of_another():
    session = {}
    draft_of(session, NAME).keep(step=2)
    session["home"] = session[NAME]

    assert draft_of(session, "home").values == {}


def test_a_forgotten_draft_leaves_nothing():
    session = {}
    draft = draft_of(session, NAME)
    draft.keep(step=2)
    draft.forget()

    assert session == {}
    assert draft["step"] is None


def test_a_draft_comes_back_from_the_page_when_the_session_has_ended():
    sealed = draft_of({}, NAME)
    sealed.keep(who={"identity_number": "042160000001"}, username="cd-1")

    assert draft_of({}, NAME, draft=sealed.sealed).values == sealed.values
    assert "042160000001" not in sealed.sealed


def test_the_session_has_the_later_state_of_the_same_draft():
    session = {}
    page = draft_of(session, NAME)
    page.keep(username="cd-1", commune=1)
    old_page = page.sealed
    page.keep(commune=2)

    assert draft_of(session, NAME, draft=old_page)["commune"] == 2


def test_a_page_of_another_draft_goes_on_with_its_own():
    session = {}
    first = draft_of({}, NAME)
    first.keep(username="cd-1", commune=1)
    draft_of(session, NAME).keep(username="cd-2", commune=2)

    assert draft_of(session, NAME, draft=first.sealed)["commune"] == 1


@pytest.mark.parametrize("made_up", ["", "x", "ẩ", "AAAA", "A" * 400])
def test_a_made_up_draft_is_an_empty_one(made_up):
    assert draft_of({}, NAME, draft=made_up).values == {}
