"""Keys the portal makes for itself where one machine is the whole installation."""

import os
import secrets
from pathlib import Path


def read_or_make(folder: Path, name: str) -> str:
    """Return the key kept in folder/name, making it once, readable by its owner alone.

    Two processes that start together get the same key: whoever creates the file first wins.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
