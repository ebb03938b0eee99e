"""Make .venv hold exactly what a lock file says.

Runs on the python3 of the system, even one too old for the portal, to be able to say so. What was finished is
stamped with the lock file's digest; what was interrupted is thrown away and made anew.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
UNFINISHED = VENV / "unfinished"
OLDEST = (3, 11)
SPACE_NEEDED = 700  # MB, with the packages of the tests

NO_PYTHON = """\
Cần Python 3.11 trở lên, máy này có {version}.
Trên Debian 12, Ubuntu 24.04 trở lên, hãy chạy:
    sudo apt-get install -y python3 python3-venv
rồi chạy lại lệnh vừa rồi. Nếu đã có bản mới ở chỗ khác, hãy chỉ ra: make run PYTHON=/đường/dẫn/python3.11"""
NO_VENV = """\
Máy này chưa có phần tạo môi trường riêng cho Python (venv). Hãy chạy:
    sudo apt-get install -y python3-venv
rồi chạy lại lệnh vừa rồi."""
NOT_WRITABLE = "Không ghi được vào thư mục {folder}. Hãy đặt mã nguồn ở thư mục mà bạn có quyền ghi."
NO_SPACE = "Ổ đĩa chứa {folder} chỉ còn {free} MB, cần khoảng {needed} MB. Hãy dọn bớt rồi chạy lại."
FAILED = """\
Chưa cài được các gói phần mềm. Nguyên nhân ghi ở những dòng trên, thường là mất mạng hoặc hết chỗ trên ổ đĩa.
Sửa xong hãy chạy lại lệnh vừa rồi; phần cài dở sẽ được làm lại."""


class Stop(Exception):
    """The installation cannot go on; the message says what to do."""


def main(lock_name):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lock = ROOT / lock_name
    try:
        python = find_python()
        # Two makes at once take turns; the lock file itself is what they wait for.
        with lock.open() as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not installed(lock):
                install(python, lock)
    except Stop as stop:
        sys.exit(f"\n{stop}\n")
    except KeyboardInterrupt:
        sys.exit(130)


def find_python():
    """The python3 that runs this, or a newer one beside it."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for minor in range(OLDEST[1], 20):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise Stop(NO_PYTHON.format(version=sys.version.split()[0]))


def installed(lock):
    stamp = stamp_of(lock)
    return not UNFINISHED.exists() and stamp.exists() and stamp.read_text() == state(lock)


def stamp_of(lock):
    return VENV / f"installed-{lock.stem}"


def state(lock):
    """What a stamp says: the lock file, and the Python which the packages were installed for."""
    return (
        hashlib.sha256(lock.read_bytes()).hexdigest() + " " + ask("import sys; print(sys.version_info[:2])")
    )


def ask(code):
    """What the Python of .venv prints, or nothing when there is none that works."""
    try:
        answer = subprocess.run(
            [str(VENV / "bin" / "python"), "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return ""
    return answer.stdout.decode().strip()


def install(python, lock):
    if not os.access(str(ROOT), os.W_OK):
        raise Stop(NOT_WRITABLE.format(folder=ROOT))
    free = shutil.disk_usage(str(ROOT)).free // 2**20
    if free < SPACE_NEEDED:
        raise Stop(NO_SPACE.format(folder=ROOT, free=free, needed=SPACE_NEEDED))
    if UNFINISHED.exists() or not ask("import pip; print(pip.__version__)"):
        make_venv(python)
    print(f"Đang cài các gói phần mềm của {lock.name} vào .venv (khoảng một phút)…", flush=True)
    UNFINISHED.touch()
    if not install_packages(lock):
        raise Stop(FAILED)
    stamp_of(lock).write_text(state(lock))
    UNFINISHED.unlink()


def make_venv(python):
    if not runs(python, "-c", "import venv, ensurepip"):
        raise Stop(NO_VENV)
    if VENV.exists():
        shutil.rmtree(str(VENV))
    VENV.mkdir()
    UNFINISHED.touch()
    if not runs(python, "-m", "venv", str(VENV)):
        raise Stop(NO_VENV)


def install_packages(lock):
    """With uv where there is one, for its speed; pip may know mirrors that uv does not, so it comes last."""
    python = str(VENV / "bin" / "python")
    options = ["--quiet", "--require-hashes", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv and runs(uv, "pip", "install", "--compile-bytecode", "--python", python, *options):
        return True
    try:
        subprocess.run([python, "-m", "pip", "install", "--disable-pip-version-check", *options], check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def runs(*command):
    try:
        return (
            subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    main(sys.argv[1])
