"""Start web, worker and beat on this machine, restart what dies, and leave nothing behind.

`start.py run` is the demonstration, `start.py serve` the real thing on one server. The processes are watched
over by supervisor; this file prepares for it, speaks to the person, and cleans up.
"""

import contextlib
import datetime
import errno
import fcntl
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time

import words
from processes import BY_OURSELVES, HOST, ROOT, Ended, Make, listen_for_the_end, supervised

SPACE_NEEDED = 100  # MB
PATIENCE = 60  # seconds for all parts to come up


class Stop(Exception):
    """The portal cannot run; the message says what to do."""


def main(mode):
    listen_for_the_end()
    os.umask(0o077)  # what is written here is about people
    os.chdir(ROOT)
    try:
        run(mode)
    except Stop as stop:
        sys.exit(f"\n{stop}\n")
    except Ended:
        pass
    say(words.STOPPED)


def run(mode):
    make = Make()
    count_portal_time_from_now()
    settings = load_settings(mode)
    with the_only_one(settings, mode):
        check_space(settings, mode)
        check_port(settings.PORT, mode)
        prepare(mode)
        # The moment PORTAL_NOW names is when the portal begins to answer, not when its data were loaded.
        count_portal_time_from_now()
        with supervised(settings) as supervisor:
            try:
                welcome(settings, mode, supervisor, make)
                watch(settings, supervisor, make)
            finally:
                say(words.STOPPING)


def count_portal_time_from_now():
    """All processes, also those started again later, share one clock (PORTAL_NOW in config/settings.py)."""
    if os.environ.get("PORTAL_NOW"):
        os.environ["PORTAL_NOW_COUNTS_FROM"] = datetime.datetime.now(datetime.UTC).isoformat()


def load_settings(mode):
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        os.environ["DATA_DIR"] = str(settings.DATA_DIR)
    except OSError as error:
        raise Stop(
            words.NOT_WRITABLE.format(folder=error.filename, reason=error.strerror, mode=mode)
        ) from error
    except (ImproperlyConfigured, ValueError) as error:
        raise Stop(words.BAD_SETTINGS.format(error=error)) from error
    return settings


@contextlib.contextmanager
def the_only_one(settings, mode):
    """Hold the data folder itself: a lock on it leaves no file behind and ends with this process."""
    folder = os.open(settings.DATA_DIR, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Stop(
            words.ALREADY_RUNNING.format(
                folder=settings.DATA_DIR, mode=mode, port=free_port(settings.PORT + 1)
            )
        ) from error
    try:
        yield
    finally:
        os.close(folder)


def check_space(settings, mode):
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    if free < SPACE_NEEDED:
        raise Stop(words.NO_SPACE.format(folder=settings.DATA_DIR, free=free, needed=SPACE_NEEDED, mode=mode))


def check_port(port, mode):
    try:
        listen(port)
    except (PermissionError, OverflowError) as error:
        raise Stop(words.PORT_FORBIDDEN.format(port=port, mode=mode)) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Stop(words.PORT_BUSY.format(port=port, free=free_port(port + 1), mode=mode)) from error


def free_port(start):
    for port in range(start, min(start + 100, 65536)):
        with contextlib.suppress(OSError):
            listen(port)
            return port
    return 8000


def listen(port):
    with socket.socket() as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        test.bind((HOST, port))


def prepare(mode):
    option = "--demo" if mode == "run" else "--static"
    command = [sys.executable, "manage.py", "prepare", option]
    if subprocess.run(command, check=False, **BY_OURSELVES).returncode:
        raise Stop(words.NOT_PREPARED.format(mode=mode))


def welcome(settings, mode, supervisor, make):
    """Say where the portal is once it answers, and whether all of it does."""
    say(words.STARTING)
    started, told, parts = time.monotonic(), False, None
    while time.monotonic() - started < PATIENCE:
        check_alive(settings, supervisor)
        if make.ended():
            raise Ended
        parts = health(settings)
        if parts is not None and not told:
            told = True
            say(words.WELCOME.format(host=HOST, port=settings.PORT, logs=settings.DATA_DIR / "logs"))
            if mode == "run":
                say(words.LOGINS)
        if parts == {}:
            say(words.ALL_WELL)
            return
        time.sleep(1)
    unwell = {"web": words.WEB_SILENT} if parts is None else parts
    say(
        words.NOT_WELL.format(
            seconds=PATIENCE,
            parts="\n".join(f"    {name}: {state}" for name, state in unwell.items()),
            logs=settings.DATA_DIR / "logs",
        )
    )


def health(settings):
    """The parts that are not well, by name; None while the web part does not answer."""
    host = next((name for name in settings.ALLOWED_HOSTS if "*" not in name), HOST).lstrip(".")
    connection = http.client.HTTPConnection(HOST, settings.PORT, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        parts = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    names = ("database", "broker", "worker", "beat")
    return {name: parts.get(name) for name in names if parts.get(name) != "ok"}


def watch(settings, supervisor, make):
    while not make.ended():
        check_alive(settings, supervisor)
        time.sleep(1)


def check_alive(settings, supervisor):
    if supervisor.poll() is not None:
        raise Stop(words.WATCHER_DIED.format(logs=settings.DATA_DIR / "logs"))


def say(text):
    """To a terminal that may be gone."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
