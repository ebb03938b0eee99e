import threading

import pytest
from django.db import InterfaceError

from reports import pulse
from reports.pulse import Lost, Pulse


class Row:
    """A row of work that cannot be reached at first, and then is somebody else's."""

    def __init__(self):
        self.signs, self.is_taken, self.was_told = [], threading.Event(), threading.Event()

    def update(self, **values):
        assert self.is_taken.wait(10)
        self.signs.append(values)
        if len(self.signs) == 1:
            raise InterfaceError("connection already closed")
        if len(self.signs) == 4:  # when what the third told has been taken in
            self.was_told.set()
        return len(self.signs) < 3


@pytest.mark.feature("G3")
def test_a_sign_that_got_lost_ends_no_work_and_a_work_that_got_lost_ends_itself(monkeypatch):
    monkeypatch.setattr(pulse, "EVERY", 0.01)
    row = Row()

    with Pulse(row, lambda: "now") as signs:
        taken = signs.counted(iter("abc"))
        next(taken)
        row.is_taken.set()
        assert row.was_told.wait(10)
        with pytest.raises(Lost):
            next(taken)

    assert row.signs[1] == {"heartbeat_at": "now", "rows": 1}
