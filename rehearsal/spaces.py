"""The space of one rehearsal: a folder with a database, files, mail and a clock of its own.

While it is entered, "default" of this thread's connections is the space's file. So all code of the portal,
its transactions and raw cursors too, reads and writes there and knows nothing of it.
"""

import datetime
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from audit import clock

PREFIX = "dien-tap"
KEPT = datetime.timedelta(days=7)
HALF_MADE_AFTER = datetime.timedelta(minutes=30)
MAKING, LOCK = ".making-", ".lock"
MADE = "made"  # a file as old as the space

_current: ContextVar["Space | None"] = ContextVar("space", default=None)


@dataclass(frozen=True)
class Card:
    """What a space knows of itself, beside its database."""

    board: int
    board_name: str
    user: int
    user_name: str
    year: int
    people: int
    people_outside: int
    seed: int
    stage: int
    set_at: str  # the real moment at which the clock was set to the stage's
    session: str  # in which the person is signed in there


@dataclass(frozen=True)
class Space:
    """Named by the account it was made for, so that nobody else finds it by its key."""

    folder: Path

    @property
    def key(self) -> str:
        return self.folder.name.partition("-")[2]

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def card(self) -> Card:
        return Card(**json.loads((self.folder / "card.json").read_text(encoding="utf-8")))

    @property
    def address(self) -> str:
        return f"/{PREFIX}/{self.key}"

    @property
    def kept_until(self) -> datetime.datetime:
        made = (self.folder / MADE).stat().st_mtime
        return datetime.datetime.fromtimestamp(made, datetime.UTC) + KEPT

    def write(self, card: Card) -> None:
        """Put the card in place whole: who is killed meanwhile leaves the old one."""
        new = self.folder / f"card-{secrets.token_hex(4)}.new"
        new.write_text(json.dumps(asdict(card)), encoding="utf-8")
        os.replace(new, self.folder / "card.json")

    @contextmanager
    def held(self) -> Iterator[None]:
        """One at a time in this space: of two clicks the second finds what the first did."""
        with locked(self.folder / LOCK):
            yield


def current() -> Space | None:
    """The space this request is in, if any."""
    return _current.get()


@contextmanager
def entered(space: Space, moment: datetime.datetime) -> Iterator[None]:
    """Be in the space, at a moment of its own; whatever happens, the portal's connection comes back."""
    outside, inside = connections[DEFAULT_DB_ALIAS], _connection(space.database)
    token = _current.set(space)
    connections[DEFAULT_DB_ALIAS] = inside
    try:
        with clock.set_to(moment):
            yield
    finally:
        connections[DEFAULT_DB_ALIAS] = outside
        _current.reset(token)
        inside.close()


def _connection(file: Path):
    backend = "django.db.backends.sqlite3"
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
    # mode=rw: what was removed meanwhile is an error, never a new empty file.
    told = {"ENGINE": backend, "NAME": f"file:{file}?mode=rw", "OPTIONS": options | {"uri": True}}
    whole = connections.configure_settings({DEFAULT_DB_ALIAS: told})[DEFAULT_DB_ALIAS]
    return load_backend(backend).DatabaseWrapper(whole, DEFAULT_DB_ALIAS)


# --- Where they lie -----------------------------------------------------------------------------------


def folder() -> Path:
    path = settings.DATA_DIR / "rehearsals"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def find(key: str, user) -> Space | None:
    """The space of that key, when it was made for this account and its time is not over."""
    space = Space(folder() / f"{user.pk}-{key}")
    return space if key.isalnum() and space.folder.is_dir() and not _is_over(space) else None


def of_user(user) -> Space | None:
    """The one rehearsal somebody has under way."""
    spaces = (Space(each) for each in folder().glob(f"{user.pk}-*"))
    return next((space for space in spaces if not _is_over(space)), None)


def count() -> int:
    return sum(1 for each in folder().iterdir() if not each.name.startswith("."))


def remove(space: Space) -> None:
    shutil.rmtree(space.folder, ignore_errors=True)


def forget_old() -> int:
    """Remove the spaces whose time is over, and what a making that was killed left; return how many."""
    gone = 0
    for each in folder().iterdir():
        is_space = not each.name.startswith(".") and _is_over(Space(each))
        if is_space or (each.name.startswith(MAKING) and _age(each) > HALF_MADE_AFTER):
            shutil.rmtree(each, ignore_errors=True)
            gone += 1
    return gone


def _is_over(space):
    return _age(space.folder / MADE) > KEPT


def _age(path):
    try:
        return datetime.timedelta(seconds=time.time() - path.stat().st_mtime)
    except FileNotFoundError:  # removed meanwhile
        return datetime.timedelta.max


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
