"""The keys of the portal: what one is, and those it makes for itself where one machine is all there is."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32  # characters: of random letters and digits nobody guesses so many


def checked(key: str, where: str) -> str:
    """The key without blanks around it. A short one protects nothing and an empty one is everybody's."""
    key = key.strip()
    if len(key) < SHORTEST:
        raise ImproperlyConfigured(
            f"khóa trong {where} trống hoặc quá ngắn: cần ít nhất {SHORTEST} ký tự ngẫu nhiên. "
            "Nếu cổng đã có dữ liệu, hãy lấy lại khóa cũ từ bản sao lưu."
        )
    return key


def read_or_make(folder: Path, name: str) -> str:
    """Return the key kept in folder/name, making it once, readable by its owner alone.

    Two processes that start together get the same key, and one that was cut short leaves none: a key gets
    its name once it is whole, and whoever names it first wins.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _make(path)
    return path.read_text()


def _make(path: Path) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
