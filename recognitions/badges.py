"""A recognition as an Open Badges 3.0 credential, and the list that says which are revoked; both as VC-JWT.

The issuer's id is the portal's public key itself (did:key), its name that of the association on that day.
"""

import base64
import datetime
import gzip
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import clock
from recognitions import certificates, keys
from recognitions.models import Recognition
from vietnamese import dates

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
CONTENT_TYPE = "application/vc+jwt"
IN_A_LIST = 131_072  # bits, the fewest that the standard allows: nobody is told by being alone
LIST_GOOD_FOR = datetime.timedelta(hours=24)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"


def credential(recognition: Recognition, portal: str) -> str:
    """The badge of a recognition, signed."""
    decision = recognition.decision
    title, criteria = certificates.title_of(decision), recognition.assessment.criteria_set
    began = dates.day_begins(recognition.valid_from)
    key = keys.signing()
    said: dict[str, Any] = {
        "@context": [CREDENTIALS, BADGES],
        "id": f"{portal}/{certificates.TYPED_AT}/{recognition.code}/",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {
            "id": did_of(key.public_key()),
            "type": ["Profile"],
            "name": decision.issuer_name,
            "url": f"{portal}/",
        },
        "validFrom": began.isoformat(),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": recognition.holder_name,
                    "identityType": "name",
                    "hashed": False,
                }
            ],
            "achievement": {
                "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{portal}/{decision.level}/{title}").urn,
                "type": ["Achievement"],
                "achievementType": "Award",
                "name": title,
                "description": f"{decision.issuer_name}. {'. '.join(certificates.lines_of(recognition))}.",
                "criteria": {
                    "narrative": _("Bộ tiêu chí theo văn bản số %(basis)s.")
                    % {"basis": criteria.basis or criteria.title}
                },
            },
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": _status_of(recognition, portal),
    }
    claims = {"iss": said["issuer"]["id"], "jti": said["id"], "nbf": int(began.timestamp())}
    if recognition.valid_until:
        ends = dates.day_ends(recognition.valid_until)
        said["validUntil"], claims["exp"] = ends.isoformat(), int(ends.timestamp())
    return _signed(said | claims, key)


def _status_of(recognition, portal):
    number, index = divmod(recognition.pk, IN_A_LIST)
    address = list_address(number, portal)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def list_address(number: int, portal: str) -> str:
    return f"{portal}/{certificates.TYPED_AT}/thu-hoi/{number}/"


def revoked_list(number: int, portal: str) -> str:
    """Which recognitions of one list are revoked or replaced as of now: a bit each, signed."""
    first = number * IN_A_LIST
    void = Recognition.objects.filter(
        ~Q(revoked_at=None) | ~Q(replaced_at=None), pk__gte=first, pk__lt=first + IN_A_LIST
    )
    bits = bytearray(IN_A_LIST // 8)
    for pk in void.values_list("pk", flat=True):
        at = pk - first
        bits[at // 8] |= 0x80 >> at % 8
    now, address, key = clock.now(), list_address(number, portal), keys.signing()
    issuer = did_of(key.public_key())
    said = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": now.isoformat(timespec="seconds"),
        "validUntil": (now + LIST_GOOD_FOR).isoformat(timespec="seconds"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + _base64url(gzip.compress(bytes(bits), mtime=0)),
        },
        "iss": issuer,
        "jti": address,
        "nbf": int(now.timestamp()),
    }
    return _signed(said, key)


# --- Keys and signatures as JOSE and did:key write them -------------------------------------------


def jwk_of(key: Ed25519PublicKey) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(key.public_bytes_raw())}


def did_of(key: Ed25519PublicKey) -> str:
    number, letters = int.from_bytes(_ED25519 + key.public_bytes_raw(), "big"), ""
    while number:
        number, digit = divmod(number, 58)
        letters = _BASE58[digit] + letters
    return f"did:key:z{letters}"


def _signed(said: dict[str, Any], key: Ed25519PrivateKey) -> str:
    did = did_of(key.public_key())
    head = {"alg": "EdDSA", "typ": "JWT", "kid": f"{did}#{did.rpartition(':')[2]}"}
    words = ".".join(_base64url(json.dumps(part, ensure_ascii=False).encode()) for part in (head, said))
    return f"{words}.{_base64url(key.sign(words.encode()))}"


def _base64url(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")
