"""The processes of the portal on one machine: started, watched over by supervisor, and ended to the last."""

import contextlib
import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPING_TIME = 15  # seconds that supervisor has to stop its processes

SUPERVISOR = """\
[supervisord]
nodaemon=true
silent=true
pidfile={run}/supervisord.pid
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
childlogdir={logs}
"""
PROGRAM = """
[program:{name}]
command={python} -m {command}
directory={root}
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
autorestart=true
startsecs=3
startretries=100000
stopwaitsecs=8
killasgroup=true
"""


class Ended(BaseException):
    """Someone asked the portal to end."""


def listen_for_the_end():
    for each in ENDING:
        if signal.getsignal(each) != signal.SIG_IGN or each != signal.SIGHUP:  # nohup stays nohup
            signal.signal(each, end)


def end(number, frame):
    ignore_signals()
    raise Ended


def ignore_signals():
    """Once the ending has begun, a second Ctrl-C must not leave it half done."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)


def die_with_parent():
    """Should this process be killed outright, Linux tells supervisor to stop everything."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


# A session of its own: Ctrl-C reaches this process alone, which ends the others in order.
BY_OURSELVES = {"stdin": subprocess.DEVNULL, "start_new_session": True, "preexec_fn": die_with_parent}


@contextlib.contextmanager
def supervised(settings):
    run = settings.DATA_DIR / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir()
    logs = settings.DATA_DIR / "logs"
    logs.mkdir(exist_ok=True)
    config = run / "supervisord.conf"
    config.write_text(configuration(settings, run, logs))
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)],
        **BY_OURSELVES,
    )
    try:
        yield supervisor
    finally:
        ignore_signals()
        supervisor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            supervisor.wait(STOPPING_TIME)
        kill_session(supervisor.pid)
        shutil.rmtree(run, ignore_errors=True)


def configuration(settings, run, logs):
    """What supervisor reads; a percent sign in a path would mean something to it."""
    paths = {"run": run, "logs": logs, "root": ROOT, "python": shlex.quote(sys.executable)}
    paths = {name: str(path).replace("%", "%%") for name, path in paths.items()}
    programs = {
        "web": f"gunicorn config.wsgi --bind {HOST}:{settings.PORT} --workers 2 {web_options(settings)}",
        "worker": f"celery -A config worker {worker_options(settings)} --loglevel INFO",
        "beat": "celery -A config beat --loglevel WARNING",
    }
    return SUPERVISOR.format(**paths) + "".join(
        PROGRAM.format(name=name, command=command, **paths) for name, command in programs.items()
    )


def web_options(settings):
    # Python's sqlite3 gives up the interpreter at every row: threads read lists at a third of the speed.
    kind = "sync" if settings.ON_SQLITE else "gthread --threads 4"
    return f"--worker-class {kind} --preload --timeout 120 --no-control-socket"


def worker_options(settings):
    pool = "prefork --concurrency 2" if settings.REDIS_URL else "solo"
    return f"--pool {pool} --without-gossip --without-mingle"


def kill_session(session):
    """End what supervisor, or its own sudden death, left of the processes it had started."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # What follows the name in brackets: state, parent, group, session.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                os.kill(int(folder.name), signal.SIGKILL)


class Make:
    """The make that started this, if one did.

    It passes a SIGTERM on to what it runs, but neither a SIGINT that was sent to make alone, nor its own
    sudden death: it then waits for us, no longer catching SIGINT, or it is gone.
    """

    def __init__(self):
        self.pid = os.getppid()
        self.is_make = self._name() in ("make", "gmake")
        self.caught_sigint = self._catches_sigint()

    def ended(self):
        if not self.is_make:
            return False
        return os.getppid() != self.pid or (self.caught_sigint and not self._catches_sigint())

    def _name(self):
        with contextlib.suppress(OSError):
            return Path(f"/proc/{self.pid}/comm").read_text().strip()
        return ""

    def _catches_sigint(self):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
                if line.startswith("SigCgt:"):
                    return bool(int(line.split()[1], 16) & 1 << signal.SIGINT - 1)
        return False
