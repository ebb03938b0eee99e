"""The code of a certificate as people type it, and what its QR says under the portal's signature."""

import datetime
import subprocess
import sys
from dataclasses import asdict, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from criteria.models import Level
from recognitions import codes, payload
from recognitions.codes import LETTERS, Unreadable
from recognitions.payload import Altered, Said

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
PORTAL = "https://danh-hieu.example"
SAID = Said(
    code="ABCDEFGHJKLM",
    level="citizen",
    year=2026,
    holder="Nguyễn Thị Hoa",
    number="02/QĐ-HKH",
    decided_on=datetime.date(2027, 1, 15),
    issuer="Hội Khuyến học xã Thạch Khê",
)


@pytest.mark.feature("H2")
def test_a_code_is_read_however_it_is_typed():
    code = codes.new_code()
    printed = codes.in_groups(code)

    for typed in (
        code,
        printed,
        printed.lower(),
        printed.replace("-", " "),
        f" {printed.replace('-', '–')}. ",
    ):
        assert codes.read(typed) == code


@pytest.mark.feature("H2")
@pytest.mark.parametrize(("ink", "read"), ["0O", "QO", "1L", "IL", "2Z", "5S", "8B", "UV"])
def test_a_letter_that_looks_like_another_is_taken_for_it(ink, read):
    code = next(code for code in iter(codes.new_code, None) if read in code)

    assert ink not in LETTERS
    assert codes.read(code.replace(read, ink)) == code


@pytest.mark.feature("H2")
@given(st.integers(0, codes.LENGTH - 1), st.sampled_from(LETTERS), st.randoms())
def test_one_wrong_letter_is_told_before_anything_is_looked_up(at, letter, random):
    code = codes.new_code()
    wrong = code[:at] + letter + code[at + 1 :]

    if wrong == code:
        assert codes.read(wrong) == code
    else:
        with pytest.raises(Unreadable, match="gõ sai một chỗ"):
            codes.read(wrong)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "Gõ mã"), ("ABCD", "bạn gõ 4"), ("ĐBCD-EFGH-JKLM", "Tắt bộ gõ"), ("ÂBCD-EFGH-JKLM", "Tắt bộ gõ")],
)
def test_what_is_no_code_is_told_what_to_do(typed, told):
    with pytest.raises(Unreadable, match=told):
        codes.read(typed)


def test_no_two_codes_are_alike_and_all_are_whole():
    many = {codes.new_code() for _each in range(500)}

    assert len(many) == 500
    assert {codes.read(code) for code in many} == many


# --- What the QR says ---------------------------------------------------------------------------------


def test_the_titles_of_the_payload_are_all_titles_there_are():
    assert set(payload.TITLES) == set(Level.values)


@pytest.mark.feature("H4")
@given(
    st.builds(
        Said,
        code=st.text(LETTERS, min_size=12, max_size=12),
        level=st.sampled_from(payload.TITLES),
        year=st.integers(2024, 2100),
        holder=st.text(st.characters(categories=["L"]), min_size=1, max_size=200),
        number=st.just("02/QĐ-HKH"),
        decided_on=st.dates(datetime.date(2024, 1, 1), datetime.date(2100, 1, 1)),
        issuer=st.just("Hội Khuyến học xã Thạch Khê"),
    )
)
def test_what_was_signed_is_read_again_without_the_portal(said):
    address = payload.address(said, KEY, PORTAL)

    assert payload.read_address(address, [PUBLIC]) == said
    assert set(address) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # the small kind of QR


@pytest.mark.feature("H4")
def test_the_signature_fails_when_any_one_character_changes():
    address = payload.address(SAID, KEY, PORTAL)
    begins = address.index(SAID.code)
    assert payload.read_address(address, [PUBLIC]) == SAID

    for at in range(begins, len(address)):
        for other in {"A", "7", "B", "/", address[at].lower()} - {address[at]}:
            changed = address[:at] + other + address[at + 1 :]
            with pytest.raises(Altered):
                payload.read_address(changed, [PUBLIC])


@pytest.mark.feature("H4")
def test_no_other_code_name_or_key_passes_under_a_signature():
    signed = payload.signed(SAID, KEY)
    other = Ed25519PrivateKey.generate().public_key()

    for code, keys in (("ABCDEFGHJKLN", [PUBLIC]), (SAID.code, [other]), (SAID.code, [])):
        with pytest.raises(Altered):
            payload.read(code, signed, keys)
    assert payload.read(SAID.code, signed, [other, PUBLIC]) == SAID


def test_what_was_scanned_elsewhere_is_no_paper_of_the_portal():
    for scanned in (
        "",
        "https://example.com",
        "WIFI:S:abc;;",
        "///",
        payload.PLACE,
        f"X/{payload.PLACE}/A/A=",
    ):
        with pytest.raises(Altered):
            payload.read_address(scanned, [PUBLIC])


@pytest.mark.feature("H4")
def test_the_script_that_is_given_out_verifies_alone():
    key, address = PUBLIC.public_bytes_raw().hex(), payload.address(SAID, KEY, PORTAL)

    def run(scanned):
        command = [sys.executable, "-I", payload.__file__, key, scanned]
        return subprocess.run(command, capture_output=True, text=True)

    good, bad = run(address), run(address.replace(SAID.code, "ABCDEFGHJKLN"))
    assert good.returncode == 0
    assert good.stdout.splitlines() == [f"{name}: {value}" for name, value in asdict(SAID).items()]
    assert bad.returncode == 1
    assert "khong dung" in bad.stderr


def test_lines_of_a_name_do_not_run_into_each_other():
    tricky = replace(SAID, holder="Hoa\nHội khác", issuer="Hội  Khuyến học")

    read = payload.read(tricky.code, payload.signed(tricky, KEY), [PUBLIC])

    assert (read.holder, read.issuer) == ("Hoa Hội khác", "Hội Khuyến học")
