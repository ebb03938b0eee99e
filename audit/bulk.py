"""Many rows at once, past the models: COPY on PostgreSQL, long INSERTs on SQLite.

The database checks them as it checks all others. Nothing that a model does on saving is done.
"""

import io
import itertools
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, connections
from django.db.models import BinaryField, Field, JSONField, Model

BATCH = 500  # rows in one INSERT
COPIED = 20_000  # rows in one COPY
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def reserve(model: type[Model], count: int) -> list[int]:
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


def create(objects: Sequence[Model]) -> None:
    """Write objects of one model, which have their keys from then on."""
    if not objects:
        return
    model = type(objects[0])
    for one, key in zip(objects, reserve(model, len(objects)), strict=True):
        one.pk = key
    append(objects, with_keys=True)


def append(objects: Sequence[Model], *, with_keys: bool = False) -> None:
    """Write objects of one model, without learning the keys that the database gives."""
    fields = [field for field in type(objects[0])._meta.concrete_fields if with_keys or not field.primary_key]
    server = connections[
        connection.alias
    ]  # itself: asked for each value, the proxy costs more than the value
    reads = [_reader(field, server) for field in fields]
    rows = ([read(one) for read in reads] for one in objects)
    insert(type(objects[0])._meta.db_table, [field.column for field in fields], rows)


def _reader(field: Field, server) -> Callable[[Model], Any]:
    """What reads a field of an object as the database takes it: on PostgreSQL most values are so already."""
    if server.vendor == "postgresql" and not isinstance(field, BinaryField | JSONField):
        return operator.attrgetter(field.attname)
    return lambda one: field.get_db_prep_save(getattr(one, field.attname), server)


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write plain rows; the values are as the database takes them."""
    name = connection.ops.quote_name
    into = f"{name(table)} ({', '.join(map(name, columns))})"
    write = _copy if connection.vendor == "postgresql" else _insert
    rows = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(itertools.islice(rows, COPIED if write is _copy else BATCH)):
            write(cursor, into, batch)


def _insert(cursor, into, rows):
    one_row = f"({', '.join(['%s'] * len(rows[0]))})"
    values = ", ".join([one_row] * len(rows))
    cursor.execute(f"INSERT INTO {into} VALUES {values}", [value for row in rows for value in row])  # noqa: S608 - names of our own


def _copy(cursor, into, rows):
    text = "".join("\t".join(map(_copied, row)) + "\n" for row in rows)
    cursor.copy_expert(f"COPY {into} FROM STDIN", io.StringIO(text))


def _copied(value: Any) -> str:
    """As COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    value = getattr(value, "adapted", value)  # what the driver wraps bytes in
    if isinstance(value, bytes | bytearray | memoryview):
        return r"\\x" + bytes(value).hex()
    return str(value)
