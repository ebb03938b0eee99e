"""What one answer tells is of one moment, whatever is confirmed while it is read."""

import contextlib

from django.db import connection, transaction

AS_OF_THE_FIRST_QUERY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@contextlib.contextmanager
def one_moment():
    """All that is read here is one state of the database; nothing can be written here.

    Within a transaction that is going on, that one decides what is seen.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    with _waiting_for_no_writer(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(AS_OF_THE_FIRST_QUERY)
        yield


@contextlib.contextmanager
def _waiting_for_no_writer():
    """SQLite's transactions begin as writers (settings), and while one writes no other begins."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.transaction_mode
    connection.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = usual


@contextlib.contextmanager
def unhurried():
    """Nobody waits for what is read here: the time limit of what is asked for a page does not hold."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10min'")
    yield
