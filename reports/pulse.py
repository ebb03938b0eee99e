"""Signs of life of long work, so that nobody takes it for dead, and it learns that another has taken it."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import Error, connection
from django.db.models import QuerySet

from reports import excel

log = logging.getLogger(__name__)
EVERY = 5  # seconds


class Lost(Exception):
    """Another run has taken the work over, or who asked for it may no longer have it."""


class Pulse:
    """From a thread of its own: the work reads one state of the database, and writes nothing while it does.

    `held` is the row of the work while it is one's own; it is told the moment and how many rows were taken.
    """

    def __init__(self, held: QuerySet, now: Callable[[], datetime]):
        self.held, self.now = held, now
        self.rows = 0
        self.lost = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stopped.set()
        self._thread.join()

    def counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The same rows, counted as they are taken. Raises Lost."""
        with excel.ending(rows) as rows:
            for row in rows:
                if self.lost:
                    raise Lost("another run has it")
                self.rows += 1
                yield row

    def _beat(self):
        while not self._stopped.wait(EVERY):
            try:
                self.lost = not self.held.update(heartbeat_at=self.now(), rows=self.rows)
            except Error as error:  # the next sign may get through, on a new connection
                log.warning("no sign of life got through: %s", error)
                connection.close()
        connection.close()
