import pytest

from rehearsal import spaces
from tests.factories import load_criteria, make_citizen, make_confirmer, make_unit


@pytest.fixture(autouse=True)
def _no_rehearsals_of_other_tests():
    yield
    for each in spaces.folder().iterdir():
        if each.is_dir():
            spaces.remove(spaces.Space(each))


@pytest.fixture
def member(db):
    """Somebody of a board with a list of fourteen people."""
    load_criteria()
    board = make_unit()
    for _each in range(14):
        make_citizen("Nguyễn Văn Thật", board=board)
    return make_confirmer(board)
