"""The Open Badges 3.0 file, read by a verifier that had no part in making it."""

import base64
import json

import pytest
from django.urls import reverse
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from audit import clock
from recognitions import badges, codes, revoking
from recognitions.models import Recognition
from tests.factories import make_confirmed_assessment, make_officer, make_recognition, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H4")]
HOST = {"SERVER_NAME": "danh-hieu.example", "SERVER_PORT": "443", "wsgi.url_scheme": "https"}


@pytest.fixture(autouse=True)
def _portal(settings):
    settings.PORTAL_URL = "https://danh-hieu.example"


def make():
    return make_recognition(make_confirmed_assessment())


def token_of(client, recognition):
    client.force_login(make_officer(recognition.decision.issuer))
    answer = client.get(reverse("recognitions:badge", args=[recognition.pk]))
    assert answer["Content-Type"] == badges.CONTENT_TYPE
    return answer.content.decode()


def body_of(token):
    said = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))


@pytest.fixture
def fetched(client):
    """What the verifier loads for itself, without an account: the portal's own answers."""

    def fetch(address):
        client.logout()
        answer = client.get(address.removeprefix("https://danh-hieu.example"))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        return answer.content

    return fetch


def test_an_independent_verifier_finds_it_genuine_and_reads_who_holds_what_from_whom(client, fetched):
    recognition = make()
    token = token_of(client, recognition)

    verifier = OB3Verifier.for_issuer_did(body_of(token)["issuer"]["id"])
    badge = verifier.verify(token, check_status=True, download=fetched)

    assert badge.issuer.name == recognition.decision.issuer_name
    assert (
        badge.name == badge.achievement.name == f"Công dân học tập năm {recognition.decision.campaign.year}"
    )
    (identity,) = badge.identifiers
    assert (identity.identity_hash, identity.hashed) == (recognition.holder_name, False)
    assert badge.id.endswith(f"/tra-cuu/{recognition.code}/")
    assert badge.raw["credentialSchema"][0]["id"] == badges.SCHEMA
    published = client.get(reverse("recognitions:key_set")).json()["keys"]
    assert published[0]["x"] in json.dumps(published)


def test_a_changed_badge_or_one_by_another_key_is_found(client, settings):
    token = token_of(client, make())
    verifier = OB3Verifier.for_issuer_did(body_of(token)["issuer"]["id"])
    head, _said, signature = token.split(".")
    changed = json.dumps(body_of(token) | {"name": "Đơn vị học tập"}).encode()
    other = ".".join([head, base64.urlsafe_b64encode(changed).decode().rstrip("="), signature])

    with pytest.raises(OB3VerificationError, match="Invalid signature"):
        verifier.verify(other)
    settings.SIGNING_KEY = "another key, by which nothing was signed until this very moment"
    with pytest.raises(OB3VerificationError):
        verifier.verify(token_of(client, make()))


@pytest.mark.feature("H5")
def test_a_revoked_one_and_a_replaced_one_are_told_by_the_status_list_at_once(client, fetched):
    revoked, replaced, standing = make(), make(), make()
    tokens = {each: token_of(client, each) for each in (revoked, replaced, standing)}
    verifier = OB3Verifier.for_issuer_did(body_of(tokens[standing])["issuer"]["id"])
    for token in tokens.values():
        verifier.verify(token, check_status=True, download=fetched)

    def by(recognition):
        return make_officer(recognition.decision.issuer)

    revoking.revoke(revoked, by=by(revoked), number="9/QĐ-HKH", revoked_on=clock.today(), reason="Khai sai.")
    revoking.reissue(
        replaced, by=by(replaced), holder_name="Nguyễn Thị Hòa", place_name="", reason="Sai dấu."
    )

    for each in (revoked, replaced):
        with pytest.raises(OB3VerificationError, match="revocation"):
            verifier.verify(tokens[each], check_status=True, download=fetched)
    verifier.verify(tokens[standing], check_status=True, download=fetched)
    assert token_status(client, revoked) == 404  # and no new file of it is given


def token_status(client, recognition):
    client.force_login(make_officer(recognition.decision.issuer))
    return client.get(reverse("recognitions:badge", args=[recognition.pk])).status_code


def test_the_list_tells_no_code_and_no_name(client):
    recognition = make()

    said = json.dumps(body_of(badges.revoked_list(0, "https://danh-hieu.example")))

    assert recognition.code not in said
    assert recognition.holder_name not in said
    assert client.get(reverse("recognitions:revoked", args=[10**6])).status_code == 404


def test_a_stranger_gets_no_badge(client):
    client.force_login(make_user())

    assert client.get(reverse("recognitions:badge", args=[make().pk])).status_code == 404
    assert codes.read(Recognition.objects.get().code)
