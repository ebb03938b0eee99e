"""Files that come in pieces: from where they go on, what becomes evidence, and what is taken away again."""

import hashlib
import os
import time

import pytest
from django.urls import reverse

from assessments import arriving
from assessments.models import Evidence
from tests.assessments.test_evidence import no_room_for_files_above
from tests.factories import make_assessment, make_submitted_assessment, make_user
from tests.pages import words_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n" + 3000 * b"trang " + b"\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def named(content):
    return f"{hashlib.sha256(content).hexdigest()}-{len(content)}"


def send(client, assessment, content, offset, data):
    address = reverse("assessments:evidence_arrive", args=[assessment.pk, named(content), offset])
    return client.post(address, data, content_type="application/octet-stream")


def save(client, assessment, content, name="giay.pdf", **typed):
    address = reverse("assessments:evidence", args=[assessment.pk, "I.1.1"])
    return client.post(address, {"arrived": named(content), "arrived_name": name} | typed)


@pytest.fixture
def record(client):
    record = make_assessment()
    client.force_login(record.citizen.user)
    return record


@pytest.mark.feature("A7")
def test_pieces_come_to_the_file_that_was_sent_and_are_kept_once(client, record):
    assert send(client, record, PDF, 0, b"").json() == {"offset": 0}
    assert send(client, record, PDF, 0, PDF[:9000]).json() == {"offset": 9000}
    # The answer was lost: sent again, and from a wrong place, nothing is added twice.
    assert send(client, record, PDF, 0, PDF[:9000]).json() == {"offset": 9000}
    assert send(client, record, PDF, 9000, PDF[9000:] + b"more").json() == {"offset": 9000}
    assert send(client, record, PDF, 9000, PDF[9000:]).json() == {"offset": len(PDF)}

    save(client, record, PDF)
    save(client, record, PDF)

    piece = record.evidence.get()
    with piece.file.open() as file:
        assert (piece.name, file.read()) == ("giay.pdf", PDF)


def test_half_a_file_is_no_evidence_and_what_is_typed_stays(client, record):
    send(client, record, PDF, 0, PDF[:9000])

    refused = save(client, record, PDF, text="Giấy chứng nhận.")

    assert "Tệp “giay.pdf” chưa lên máy chủ trọn vẹn. Chọn lại tệp ấy." in words_of(refused)
    assert refused.context["form"]["text"].value() == "Giấy chứng nhận."
    assert not Evidence.objects.exists()


def test_a_file_with_another_sum_is_thrown_away(client, record, media):
    send(client, record, PDF, 0, PDF[:-1] + b"x")

    save(client, record, PDF)

    assert not Evidence.objects.exists()
    assert not list(media.rglob("*-*"))


def test_a_form_that_is_wrong_elsewhere_keeps_the_file_that_came(client, record):
    send(client, record, PDF, 0, PDF)

    refused = save(client, record, PDF, url="không phải")

    assert "Tệp “giay.pdf” đã lên máy chủ nhưng chưa lưu. Không cần chọn lại." in words_of(refused)
    assert f'name="arrived" value="{named(PDF)}"' in refused.content.decode()


def test_what_is_too_heavy_is_refused_before_it_comes(client, record, settings):
    settings.EVIDENCE_MAX_BYTES = 1000

    refused = send(client, record, PDF, 0, b"")

    assert refused.status_code == 422
    assert "nhiều nhất là" in refused.json()["problem"]


def test_a_full_disk_is_told(client, record, media):
    with no_room_for_files_above(5000):
        refused = send(client, record, PDF, 0, PDF)

    assert refused.status_code == 422
    assert "hết chỗ chứa tệp" in refused.json()["problem"]


def test_nobody_sends_into_a_record_of_somebody_else_or_one_that_was_sent(client, record, media):
    other = make_submitted_assessment()
    assert send(client, other, PDF, 0, PDF).status_code == 404
    client.force_login(other.citizen.user)
    assert send(client, other, PDF, 0, PDF).url == other.get_absolute_url()
    client.force_login(make_user())
    assert send(client, record, PDF, 0, PDF).status_code == 404
    assert not list(media.rglob("*-*"))


def test_another_person_cannot_take_what_somebody_sent(client, record):
    send(client, record, PDF, 0, PDF)
    other = make_assessment()
    client.force_login(other.citizen.user)

    save(client, other, PDF)

    assert not Evidence.objects.exists()


def test_no_name_leads_out_of_the_folder(client, record):
    for name in ("..-9", "x-9", f"{64 * 'a'}-"):
        typed = {"arrived": f"../../{name}", "arrived_name": "giay.pdf"}
        client.post(reverse("assessments:evidence", args=[record.pk, "I.1.1"]), typed)
        address = reverse("assessments:evidence_arrive", args=[record.pk, "ten", 0]).replace("ten", name)
        assert client.post(address, b"x", content_type="application/octet-stream").status_code == 404
    assert not Evidence.objects.exists()


def test_a_fourth_file_takes_the_place_of_the_oldest_and_all_are_forgotten_after_a_day(client, record, media):
    for number in range(4):
        content = PDF + bytes([number])
        send(client, record, content, 0, content[:10])
        for path in media.rglob("*-*"):
            os.utime(path, (path.stat().st_mtime - 60,) * 2)
    waiting = {path.name for path in media.rglob("*-*")}
    assert waiting == {named(PDF + bytes([number])) for number in (1, 2, 3)}

    arriving.forget_old()
    assert len(list(media.rglob("*-*"))) == 3
    for path in media.rglob("*-*"):
        os.utime(path, (time.time() - arriving.KEPT_FOR - 1,) * 2)
    arriving.forget_old()

    assert not list((media / "arriving").iterdir())
