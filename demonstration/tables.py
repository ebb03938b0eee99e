"""Rows in bulk where `bulk_create` is not enough: keys known beforehand, and a mass of narrow rows."""

import itertools
from collections.abc import Iterable

from django.db import connection

BATCH = 500


def reserve(model, count: int) -> list[int]:
    """Free keys of a table. Call inside the transaction which writes the rows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Writers stand in a line there: nobody else takes a key until this transaction ends.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            last = row[0] if row else 0
            return list(range(last + 1, last + 1 + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [key for (key,) in cursor.fetchall()]


def insert(model, columns: list[str], rows: Iterable[tuple]) -> None:
    """Write plain rows past the models: for scores, of which there are ten a record, in a third of the time.

    The database checks them as it checks all others.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    into = f"INSERT INTO {table} ({', '.join(map(connection.ops.quote_name, columns))}) VALUES "  # noqa: S608 - names of our own
    one_row = f"({', '.join(['%s'] * len(columns))})"
    rows = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(itertools.islice(rows, BATCH)):
            values = ", ".join([one_row] * len(batch))
            cursor.execute(into + values, [value for row in batch for value in row])
