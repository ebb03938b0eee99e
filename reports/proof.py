"""How a file proves itself: what it prints of itself, its rows and cells, under the portal's signature.

A hidden sheet holds a short trace of every row (cell_values.trace): a changed cell is named without the
file having been kept. It says too what the row is about, so that it is found again among the rows of today.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext_lazy

from reports import cell_values

SHEET, ABOUT = gettext_lazy("Kiểm tra"), gettext_lazy("Thông tin tệp")
CODE = gettext_lazy("Mã tệp")
SIGNATURE = gettext_lazy("Chữ ký Ed25519 của cổng")
OF_TABLE, OF_ABOUT = "b", "t"  # what the trace of a row of the first and of the second sheet begins with


class Traces:
    """Writes the rows of the hidden sheet, and sums them."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, line: bytes, key: str = "", *, kind: str = OF_TABLE) -> None:
        """A row of the file (see cell_values.line_of), and what it is about."""
        trace = kind + cell_values.trace(line)
        self.rows += 1
        self._hash.update(_line(trace, key))
        about = f'<c r="B{self.rows}" t="inlineStr"><is><t>{escape(key)}</t></is></c>' if key else ""
        row = f'<c r="A{self.rows}" t="inlineStr"><is><t>{trace}</t></is></c>{about}'
        self._file.write(f'<row r="{self.rows}">{row}</row>'.encode())

    def __str__(self):
        return self._hash.hexdigest()


def _line(trace, key):
    return f"{trace} {key}\n".encode()


def sum_of_traces(lines: Iterable[tuple[str, str]]) -> str:
    """The sum over the hidden sheet as a reader gives it: the trace of each row, and what it is about."""
    total = hashlib.sha256()
    for trace, key in lines:
        total.update(_line(trace, key))
    return total.hexdigest()


# --- The signature ----------------------------------------------------------------------------------


def key_for(purpose: str) -> Ed25519PrivateKey:
    """What signs for one purpose, and for no other."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(f"{purpose} {settings.SIGNING_KEY}".encode()).digest()
    )


def signing_key() -> Ed25519PrivateKey:
    return key_for("exports")


def public_key() -> str:
    return signing_key().public_key().public_bytes_raw().hex()


def sign(about: Sequence[tuple[str, Any]], traces: Traces) -> str:
    """Sign the lines of the second sheet, which hold the sum of the first, and the hidden sheet."""
    for line in about:
        traces.add(
            cell_values.line_of(cell_values.spelling(cell_values.plain(value)) for value in line),
            kind=OF_ABOUT,
        )
    return signing_key().sign(_words(about, str(traces))).hex()


def is_signed(signature: str, about: Iterable[Iterable[Any]], traces: str, key: str) -> bool:
    try:
        signed_by = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        signed_by.verify(bytes.fromhex(signature), _words(about, traces))
    except (ValueError, InvalidSignature):
        return False
    return True


def _words(about, traces):
    """What is signed."""
    plain = [[cell_values.plain(value) for value in line] for line in about]
    return f"{cell_values.checksum_of(plain)} {traces}".encode()
