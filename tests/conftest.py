import pytest
from django.db import connections
from django.test import TransactionTestCase

from audit import triggers

pytest_plugins = ["tests.browsers"]


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
