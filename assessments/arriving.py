"""Files that come in pieces over a bad line. What has come of one waits in its person's folder.

How long the waiting file is says how far it has come: nothing else does, so nothing can disagree with it.
Only what is all there and has the sum it was announced with becomes evidence.
"""

import fcntl
import hashlib
import logging
import os
import re
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from assessments.evidence import NoRoom, Unfit, no_room, too_heavy

FOLDER = "arriving"
MOST_AT_ONCE = 3  # of one person; what grew longest ago gives way
KEPT_FOR = 24 * 60 * 60  # seconds since it grew
NAMED = re.compile(r"[0-9a-f]{64}-\d{1,9}")  # the sum of it, and its size

log = logging.getLogger(__name__)


def is_name(named):
    return NAMED.fullmatch(named) is not None


def append(by, named, offset, data) -> int:
    """Add what follows at `offset`; returns from where the sender is to go on. Raises Unfit, NoRoom."""
    size = _size(named)
    if size > settings.EVIDENCE_MAX_BYTES:
        raise Unfit(too_heavy(_("vừa chọn"), size))
    path = _path(by, named)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_room(path.parent)
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two tabs may send the same file
            if offset == os.fstat(file.fileno()).st_size and offset + len(data) <= size:
                file.write(data)
        return path.stat().st_size
    except OSError:
        log.exception("no room for an arriving file")
        raise NoRoom(no_room()) from None


def whole(by, named, name) -> SimpleUploadedFile:
    """The file as a form takes it. Raises Unfit where it is not what was announced."""
    try:
        content = _path(by, named).read_bytes() if is_name(named) else b""
    except FileNotFoundError:
        content = b""
    if f"{hashlib.sha256(content).hexdigest()}-{len(content)}" != named:
        if is_name(named) and len(content) == _size(named):  # it would never become right
            _path(by, named).unlink(missing_ok=True)
        raise Unfit(_("Tệp “%(name)s” chưa lên máy chủ trọn vẹn. Chọn lại tệp ấy.") % {"name": name})
    return SimpleUploadedFile(name, content, content_type=None)


def forget_old():
    """Take away what nobody goes on sending. It is kept a while after it became evidence too: the answer to
    that may have been lost on the way, and is asked for again."""
    for path in Path(default_storage.path(FOLDER)).glob("*/*"):
        if time.time() - _grew_at(path) > KEPT_FOR:
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()


def _make_room(folder):
    for path in sorted(folder.iterdir(), key=_grew_at)[: -(MOST_AT_ONCE - 1)]:
        path.unlink(missing_ok=True)


def _grew_at(path):
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another took it away
        return time.time()


def _path(by, named):
    return Path(default_storage.path(FOLDER)) / str(by.pk) / named


def _size(named):
    return int(named.partition("-")[2])
