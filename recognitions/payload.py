"""What the QR of a certificate says by itself: the lines printed beside it, signed. Pure.

An address of the portal, in capitals so that the picture stays small:

    HTTPS://HOST/TRA-CUU/<code>/<payload>

The payload is base32 without padding, of: one byte for the form (1), one for the title, two for its year, two
for the day of the decision (since 1/1/2000), then the number of the decision, who issued it and who holds
the title as UTF-8 with a line end between, then 64 bytes of Ed25519 over "danh-hieu " + code + " " + all that
stands before. Numbers begin with their high byte.

It runs alone:

    python kiem_tra_giay.py <public key> <address>
"""

import base64
import binascii
import datetime
import struct
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORM = 1
TITLES = ["citizen", "family", "clan", "community", "unit"]
DAY_ONE = datetime.date(2000, 1, 1)
PLACE = "TRA-CUU"
_head = struct.Struct(">BBHH")
_SIGNATURE = 64


@dataclass(frozen=True)
class Said:
    """`level` is the title, `number`, `decided_on` and `issuer` the decision, as printed."""

    code: str
    level: str
    year: int
    holder: str
    number: str
    decided_on: datetime.date
    issuer: str


class Altered(ValueError):
    """No key that was published has signed this."""


def signed(said: Said, key: Ed25519PrivateKey) -> str:
    """The payload, as it stands in the address."""
    body = _body(said)
    return _encoded(body + key.sign(_words(said.code, body)))


def address(said: Said, key: Ed25519PrivateKey, portal: str) -> str:
    """What the QR holds: where the portal answers, and what is read without it."""
    return "/".join([_in_capitals(portal), PLACE, said.code, signed(said, key)])


def read_address(scanned: str, keys: Iterable[Ed25519PublicKey]) -> Said:
    """What a scanned QR says; raises Altered."""
    parts = scanned.strip().split("/")
    if len(parts) < 3 or parts[-3] != PLACE:
        raise Altered
    return read(parts[-2], parts[-1], keys)


def read(code: str, payload: str, keys: Iterable[Ed25519PublicKey]) -> Said:
    """What one of the keys has signed for this code; raises Altered. One other character is another text."""
    try:
        whole = base64.b32decode(payload + "=" * (-len(payload) % 8))
        body, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
        form, title, year, day = _head.unpack_from(body)
        number, issuer, holder = body[_head.size :].decode().split("\n")
        said = Said(
            code=code,
            level=TITLES[title],
            year=year,
            holder=holder,
            number=number,
            decided_on=DAY_ONE + datetime.timedelta(days=day),
            issuer=issuer,
        )
    except (binascii.Error, ValueError, IndexError, struct.error) as error:
        raise Altered from error
    # Of several ways to write the same bytes in base32 one is ours.
    if form != FORM or _encoded(whole) != payload:
        raise Altered
    if not any(_is_signed(key, signature, _words(code, body)) for key in keys):
        raise Altered
    return said


def _body(said: Said) -> bytes:
    head = _head.pack(FORM, TITLES.index(said.level), said.year, (said.decided_on - DAY_ONE).days)
    lines = (" ".join(line.split()) for line in (said.number, said.issuer, said.holder))
    return head + "\n".join(lines).encode()


def _words(code: str, body: bytes) -> bytes:
    return f"danh-hieu {code} ".encode() + body


def _is_signed(key: Ed25519PublicKey, signature: bytes, words: bytes) -> bool:
    try:
        key.verify(signature, words)
    except InvalidSignature:
        return False
    return True


def _encoded(whole: bytes) -> str:
    return base64.b32encode(whole).decode().rstrip("=")


def _in_capitals(portal: str) -> str:
    """Of an address without a path of its own: a path may know small letters from capitals."""
    origin = portal.rstrip("/")
    return origin.upper() if origin.count("/") == 2 else origin


def _main(key: str, scanned: str) -> str:
    try:
        said = read_address(scanned, [Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))])
    except Altered:
        sys.exit("khong dung (not genuine)")
    return "\n".join(f"{name}: {value}" for name, value in asdict(said).items())


if __name__ == "__main__":
    sys.stdout.write(_main(*sys.argv[1:3]) + "\n")
