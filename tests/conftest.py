import os
import signal

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase
from hypothesis import settings

from audit import triggers

pytest_plugins = ["tests.browsers", "tests.at_once"]
# A busy machine is no fault of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
# Tests started in the background inherit an ignored SIGINT, and all that they start would inherit it in turn.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config, items):
    """Files with long tests first, so that none is left alone at the end.

    On PostgreSQL only what a database can change: the rest comes out as it did on SQLite.
    """
    long = {item.path for item in items if takes_long(item)}
    items.sort(key=lambda item: item.path not in long)
    if not os.environ.get("DATABASE_URL"):
        return
    short = config.option.markexpr == "not prove"
    chosen = [
        item
        for item in items
        if speaks_with_a_database(item) and not (short and item.get_closest_marker("long_on_sqlite"))
    ]
    config.hook.pytest_deselected(items=list(set(items) - set(chosen)))
    items[:] = chosen


def takes_long(item):
    marked = any(map(item.get_closest_marker, ["slow", "long_on_sqlite", "own_database"]))
    return marked or "browser" in item.fixturenames


def speaks_with_a_database(item):
    """Whether a test has a database: that of the tests, or one of its own (which starts whole programs)."""
    return bool(
        item.get_closest_marker("django_db")
        or item.get_closest_marker("own_database")
        or "django_db_setup" in item.fixturenames
    )


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_can_be_emptied():
    """A test that commits is followed by emptying every table, which the audit's triggers refuse."""
    empty = TransactionTestCase._fixture_teardown

    def empty_without_triggers(self):
        databases = [connections[name] for name in self._databases_names(include_mirrors=False)]
        for connection in databases:
            triggers.drop(connection)
        empty(self)
        for connection in databases:
            triggers.create(connection)

    TransactionTestCase._fixture_teardown = empty_without_triggers
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True, scope="session")
def _a_test_keeps_its_connection():
    """The end of a streamed answer closes connections, but not the one that holds the test's transaction."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_outside_transactions(self):
        if not self.in_atomic_block:
            close(self)

    BaseDatabaseWrapper.close_if_unusable_or_obsolete = close_outside_transactions
    yield
    BaseDatabaseWrapper.close_if_unusable_or_obsolete = close
