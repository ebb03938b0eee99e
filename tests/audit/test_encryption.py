import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import call_command
from django.db import connection

from accounts.models import Citizen
from audit import encryption
from tests.factories import make_citizen


def test_what_is_sealed_opens_for_the_same_purpose_alone():
    sealed = encryption.seal("042260000123", "accounts.citizen")

    assert encryption.open_sealed(sealed, "accounts.citizen") == "042260000123"
    with pytest.raises(InvalidTag):
        encryption.open_sealed(sealed, "another.field")


def test_a_flipped_byte_does_not_open():
    sealed = bytearray(encryption.seal("042260000123", "p"))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        encryption.open_sealed(bytes(sealed), "p")


def test_old_keys_still_open_after_a_new_one_leads(settings):
    settings.DATA_KEYS = ["old"]
    sealed = encryption.seal("042260000123", "p")
    settings.DATA_KEYS = ["new", "old"]

    assert encryption.open_sealed(sealed, "p") == "042260000123"
    assert encryption.seal("x", "p")[:4] != sealed[:4]


@pytest.mark.django_db
def test_the_identity_number_stands_in_the_database_as_ciphertext_only():
    citizen = make_citizen(identity_number="042260000123")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_citizen WHERE id = %s", [citizen.pk])
        row = cursor.fetchone()

    stored = b" ".join(bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row)
    assert citizen.phone.encode() in stored
    assert b"042260000123" not in stored
    assert Citizen.objects.get(pk=citizen.pk).identity_number == "042260000123"
    assert Citizen.objects.with_identity_number("042260000123").get() == citizen


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "jsonl", "xml", "yaml"])
def test_a_dump_is_sealed_and_loads_to_the_same_people(tmp_path, form):
    dump = tmp_path / f"people.{form}"
    known = make_citizen("Lê An", identity_number="042260000123")
    unknown = make_citizen("Lê Bình", identity_number=None)

    call_command("dumpdata", "accounts.citizen", format=form, output=str(dump))
    Citizen.objects.all().delete()
    call_command("loaddata", str(dump), verbosity=0)

    assert "042260000123" not in dump.read_text()
    assert Citizen.objects.with_identity_number("042260000123").get() == known
    assert Citizen.objects.get(pk=known.pk).identity_number == "042260000123"
    assert Citizen.objects.get(pk=unknown.pk).identity_number is None
