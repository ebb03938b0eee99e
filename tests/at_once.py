"""Processes that work on the test's database at one moment, each with connections of its own.

They are forked from the test, so that hundreds of them cost seconds. What they do must be committed: the test
needs the fixture `shared_database`.
"""

import contextlib
import os
import pickle
import sqlite3
import threading
import traceback
import warnings
from dataclasses import dataclass

import pytest
from django.db import connection, connections


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """The test's database as other processes see it too: on SQLite a file takes the place of the memory."""
    memory = connections["default"]
    if memory.vendor != "sqlite":
        yield
        return
    path = tmp_path / "db.sqlite3"
    memory.ensure_connection()
    with contextlib.closing(sqlite3.connect(path)) as file:
        memory.connection.backup(file)
    connections["default"] = type(memory)(memory.settings_dict | {"NAME": str(path)}, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = memory


@dataclass(frozen=True)
class Ended:
    """A process that ended without an answer: killed, or by an error of its own."""

    why: str


def at_once(*jobs):
    """Run each job in a process of its own, all let go together; what each returned, or how it Ended."""
    connections.close_all()  # no two processes share one
    starting, start = os.pipe()
    processes = [_fork(job, starting, start) for job in jobs]
    for _number, answers in processes:
        os.read(answers, 1)  # it is ready
    os.write(start, b"!" * len(jobs))
    os.close(start)
    os.close(starting)
    return [_answer(number, answers) for number, answers in processes]


def _fork(job, starting, start):
    answers, answering = os.pipe()
    database = connections["default"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of browsers, not ours
        number = os.fork()
    if number:
        os.close(answering)
        return number, answers
    os.close(start)
    try:
        # After a test in a browser a loop runs in the parent, and Django keeps its connections there in a
        # place of their own; this process has no loop.
        connections["default"] = database
        connection.ensure_connection()
        os.write(answering, b"!")
        os.read(starting, 1)
        told = job()
    except BaseException:
        told = Ended(traceback.format_exc())
    with os.fdopen(answering, "wb") as pipe:
        pipe.write(pickle.dumps(told))
    os._exit(0)


def _answer(number, answers):
    with os.fdopen(answers, "rb") as pipe:
        told = pipe.read()
    _number, status = os.waitpid(number, 0)
    return pickle.loads(told) if told else Ended(f"signal {os.WTERMSIG(status)}")


def in_threads(*jobs):
    """The same in threads of one process, where many connections matter more than many processes."""
    told = [None] * len(jobs)

    def work(place, job):
        try:
            told[place] = job()
        except BaseException:
            told[place] = Ended(traceback.format_exc())
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
