"""The keys that sign what stands in the QR of certificates: today's, and those published before it."""

from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from recognitions.models import PublishedKey
from reports import proof


def signing() -> Ed25519PrivateKey:
    """Today's key, published before anything is signed with it."""
    key = today()
    PublishedKey.objects.get_or_create(key=words_of(key.public_key()))
    return key


def today() -> Ed25519PrivateKey:
    return proof.key_for("certificates")


def published() -> Iterator[Ed25519PublicKey]:
    """By which of these a paper may be signed: today's first, the others only when asked for."""
    first = today().public_key()
    yield first
    for row in PublishedKey.objects.exclude(key=words_of(first)):
        yield Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.key))


def words_of(key: Ed25519PublicKey) -> str:
    """As it is published: in hexadecimal."""
    return key.public_bytes_raw().hex()
