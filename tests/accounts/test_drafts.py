from accounts.drafts import Draft

NAME = "sign_up"


def test_a_draft_is_kept_sealed_and_read_again():
    session = {}
    Draft(session, NAME).keep(who={"identity_number": "042160000001"})
    Draft(session, NAME).keep(step=2)

    assert Draft(session, NAME).values == {"who": {"identity_number": "042160000001"}, "step": 2}
    assert "042160000001" not in str(session)
    assert Draft(session, NAME)["nothing"] is None


def test_a_draft_whose_key_is_gone_is_an_empty_one(settings):
    session = {}
    Draft(session, NAME).keep(step=2)
    settings.DATA_KEYS = ["another key"]

    assert Draft(session, NAME).values == {}


def test_a_draft_of_one_work_is_not_that_of_another():
    session = {}
    Draft(session, NAME).keep(step=2)
    session["home"] = session[NAME]

    assert Draft(session, "home").values == {}


def test_a_forgotten_draft_leaves_nothing():
    session = {}
    draft = Draft(session, NAME)
    draft.keep(step=2)
    draft.forget()

    assert session == {}
    assert draft["step"] is None
