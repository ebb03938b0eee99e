"""Help for tests that start processes of the portal: a database of their own, and patience."""

import contextlib
import os
import time
import uuid

import psycopg2


@contextlib.contextmanager
def own_database():
    """What the environment must say for an empty database of the kind the other tests run on."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield {}
        return
    name = f"portal_{uuid.uuid4().hex}"
    tell(server, f"CREATE DATABASE {name}")
    try:
        yield {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
    finally:
        tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def tell(server, statement):
    with contextlib.closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def wait_until(answer, patience):
    """The first answer that is true within so many seconds, else the last one."""
    ends = time.monotonic() + patience
    while not (found := answer()) and time.monotonic() < ends:
        time.sleep(0.5)
    return found
