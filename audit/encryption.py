"""How personal data stands in the database: encrypted under a key ring, found by keyed digest."""

import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE_BYTES = 12
KEY_ID_BYTES = 4
DUMPED = "sealed:"  # how dumpdata marks a ciphertext, so that loaddata does not seal it a second time


@cache
def _ring(keys: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """Key id → cipher, the encrypting one first."""
    ring = {}
    for key in keys:
        secret = hashlib.sha256(key.encode()).digest()
        ring[hashlib.sha256(secret).digest()[:KEY_ID_BYTES]] = AESGCM(secret)
    return ring


def seal(text: str, purpose: str) -> bytes:
    """Encrypt under the first of DATA_KEYS; the purpose (model.field) must be given again to open it."""
    key_id, cipher = next(iter(_ring(tuple(settings.DATA_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    return key_id + nonce + cipher.encrypt(nonce, text.encode(), purpose.encode())


def open_sealed(sealed: bytes, purpose: str) -> str:
    """Raises KeyError when the key has left the ring, InvalidTag when the bytes were changed or moved."""
    sealed = bytes(sealed)
    cipher = _ring(tuple(settings.DATA_KEYS))[sealed[:KEY_ID_BYTES]]
    nonce = sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
    return cipher.decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], purpose.encode()).decode()


def digest(text: str) -> str:
    """A keyed digest: equal texts are found, but twelve digits cannot be guessed back without DIGEST_KEY."""
    return hmac.new(settings.DIGEST_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):
    """Text that is readable in the program and ciphertext in the database. Never filtered on."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def purpose(self):
        return f"{self.model._meta.label_lower}.{self.attname}"

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is not None:
            value = seal(value, self.purpose)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value, expression, connection):
        return None if value is None else open_sealed(value, self.purpose)

    def to_python(self, value):
        if isinstance(value, str) and value.startswith(DUMPED):
            return open_sealed(bytes.fromhex(value.removeprefix(DUMPED)), self.purpose)
        return value

    def value_to_string(self, obj):
        # A dump is not a way around the keys: who loads it again needs them.
        return DUMPED + seal(self.value_from_object(obj), self.purpose).hex()
