"""The paper of a recognition: one page, readable by people, by machines and from a poor copy."""

import datetime
import errno
import io
import re
import subprocess

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader

from audit import clock
from audit.models import Event, Look
from audit.work import DEAD_AFTER
from recognitions import certificates, keys, payload, revoking, tasks
from recognitions.models import CertificatePrinting, PrintingState, Recognition
from tests.factories import (
    make_citizen_with_account,
    make_confirmed_assessment,
    make_decision,
    make_officer,
    make_recognition,
    make_user,
    make_village,
    moment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("H1")]
PORTAL = "https://danh-hieu.hatinh.example"
LONG = "Nguyễn Phước Tường Quỳnh Ỷ Lan Ngữ Ễn Thượng Khuyển Đỗ Ẩn Ỵ"


def recognised(name="Lê Quỳnh Ỷ Lan", **fields):
    citizen = make_citizen_with_account(name, board=make_village())
    return make_recognition(make_confirmed_assessment(citizen=citizen), **fields)


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True, **options)
    return done.stdout.decode()


def words_of(path):
    return " ".join(run("pdftotext", "-layout", path, "-").split())


@pytest.fixture(autouse=True)
def _one_morning(time_machine, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    time_machine.move_to(moment(2026, 11, 20, 9), tick=False)


@pytest.fixture
def as_file(tmp_path):
    def draw(recognitions):
        path = tmp_path / "giay.pdf"
        path.write_bytes(certificates.draw(recognitions.order_by("pk"), PORTAL))
        return path

    return draw


@pytest.mark.parametrize("name", ["Lê Quỳnh Ỷ Lan", LONG])
@pytest.mark.feature("H4")
def test_a_poor_picture_of_the_paper_is_still_scanned_and_its_words_are_words(as_file, tmp_path, name):
    recognition = recognised(name)
    path = as_file(Recognition.objects.filter(pk=recognition.pk))

    run("pdftoppm", "-r", 150, "-gray", "-png", path, tmp_path / "page")
    (picture,) = tmp_path.glob("page*.png")
    scanned = run("zbarimg", "--quiet", "--raw", picture).strip()

    assert payload.read_address(scanned, keys.published()) == certificates.said(recognition)
    assert scanned.startswith(f"{PORTAL.upper()}/TRA-CUU/{recognition.code}/")
    words = words_of(path)
    for printed in (
        name,
        "CÔNG DÂN HỌC TẬP NĂM",
        recognition.decision.number,
        recognition.decision.issuer_name.upper(),
        "Nguyễn Văn Sơn",
        "danh-hieu.hatinh.example/tra-cuu",
    ):
        assert printed in words or re.sub(r"\s", "", printed) in re.sub(r"\s", "", words)
    assert "-".join(re.findall("....", recognition.code)) in words


def test_the_paper_is_one_page_lying_with_its_letters_and_no_colour(as_file):
    recognition = recognised(LONG)
    path = as_file(Recognition.objects.filter(pk=recognition.pk))

    assert len(PdfReader(path).pages) == 1
    assert "841.89 x 595.276 pts (A4)" in run("pdfinfo", path)
    fonts = run("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)  # embedded, subset, unicode
    inked = PdfReader(path).pages[0].get_contents().get_data().decode("latin-1")
    assert not [each for each in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) rg", inked) if len(set(each)) > 1]


def test_a_word_without_a_place_to_break_still_fits(as_file):
    recognition = recognised("Nguyễn" * 10)
    path = as_file(Recognition.objects.filter(pk=recognition.pk))

    assert len(PdfReader(path).pages) == 1
    sides = re.findall(r'xMin="([-\d.]+)".*?xMax="([-\d.]+)"', run("pdftotext", "-bbox", path, "-"))
    assert min(float(left) for left, _right in sides) > 80  # points, on 842
    assert max(float(right) for _left, right in sides) < 762


# --- Who gets it --------------------------------------------------------------------------------------


def test_its_holder_and_the_issuing_body_take_it_and_nobody_else(client):
    recognition = recognised()
    holder = recognition.assessment.citizen.user
    address = reverse("recognitions:download", args=[recognition.pk])

    answers = {}
    for who, user in {
        "holder": holder,
        "issuer": make_officer(recognition.decision.issuer),
        "officer above": make_officer(recognition.decision.issuer.parent),
        "stranger": make_user(),
    }.items():
        client.force_login(user)
        answers[who] = client.get(address).status_code

    assert answers == {"holder": 200, "issuer": 200, "officer above": 404, "stranger": 404}
    assert Look.objects.count() == 1  # what the association takes is told to the holder


def test_before_the_decision_there_is_nothing_to_take(client):
    record = make_confirmed_assessment()
    client.force_login(record.citizen.user or make_user())

    assert not Recognition.objects.exists()
    assert "Chưa có danh hiệu nào" in client.get(reverse("recognitions:mine")).content.decode()


# --- Many -----------------------------------------------------------------------------------------------


@pytest.fixture
def decision():
    village = make_village()
    return make_decision([make_confirmed_assessment(board=village) for _each in range(3)])


def begin(client, decision):
    client.force_login(make_officer(decision.issuer))
    return client.post(reverse("recognitions:print_all", args=[decision.pk]), {"after": "0"})


def test_all_papers_of_a_decision_come_in_one_file_that_a_worker_draws(
    client, decision, monkeypatch, as_file
):
    sent = []
    monkeypatch.setattr(tasks.draw_certificates, "delay", sent.append)

    answer = begin(client, decision)
    printing = CertificatePrinting.objects.get()
    assert answer.url == reverse("recognitions:printing", args=[decision.pk, printing.pk])
    assert sent == [printing.pk]
    assert "Đã vẽ 0 trên 3 giấy" in client.get(answer.url).content.decode()
    download = reverse("recognitions:download_all", args=[decision.pk, printing.pk])
    assert client.get(download).status_code == 404

    tasks.draw_certificates(printing.pk)

    assert "Đã xong" in client.get(answer.url).content.decode()
    pages = PdfReader(io.BytesIO(b"".join(client.get(download).streaming_content))).pages
    names = [each.holder_name for each in decision.recognitions.order_by("pk")]
    assert len(pages) == 3
    assert all(name in page.extract_text() for name, page in zip(names, pages, strict=True))
    assert Event.objects.filter(verb="print_certificates", object_id=decision.pk).count() == 1


def test_a_second_press_begins_nothing_and_a_killed_worker_is_followed_by_another(
    client, decision, monkeypatch
):
    sent = []
    monkeypatch.setattr(tasks.draw_certificates, "delay", sent.append)
    begin(client, decision)
    begin_again = client.post(reverse("recognitions:print_all", args=[decision.pk]), {"after": "0"})
    printing = CertificatePrinting.objects.get()
    assert begin_again.url == reverse("recognitions:printing", args=[decision.pk, printing.pk])
    assert sent == [printing.pk]

    def killed(pages):
        raise SystemExit

    monkeypatch.setattr(certificates, "_note", lambda printing, pages: killed(pages))
    with pytest.raises(SystemExit):
        tasks.draw_certificates(printing.pk)
    monkeypatch.undo()
    assert not default_storage.exists(f"certificates/{printing.pk}.pdf")  # no half file

    monkeypatch.setattr(tasks.draw_certificates, "delay", sent.append)
    tasks.take_up_certificates()
    assert sent == [printing.pk]  # it may be alive yet
    CertificatePrinting.objects.update(heartbeat_at=clock.now() - 2 * DEAD_AFTER)
    tasks.take_up_certificates()
    assert sent == [printing.pk] * 2
    tasks.draw_certificates(printing.pk)
    with certificates.kept(printing) as file:
        assert len(PdfReader(file).pages) == 3


def test_the_file_goes_after_a_week(client, decision, time_machine):
    begin(client, decision)
    printing = CertificatePrinting.objects.get()
    tasks.draw_certificates(printing.pk)

    time_machine.shift(certificates.KEPT)
    tasks.forget_certificates()
    assert default_storage.exists(f"certificates/{printing.pk}.pdf")
    time_machine.shift(1)
    tasks.forget_certificates()

    assert not default_storage.exists(f"certificates/{printing.pk}.pdf")
    assert CertificatePrinting.objects.get().state == PrintingState.REMOVED


def drawn(client, decision, after=0):
    """The names in one file, as its officer takes it; None where there is no file to take."""
    asked = client.post(reverse("recognitions:print_all", args=[decision.pk]), {"after": str(after)})
    printing = CertificatePrinting.objects.first()
    tasks.draw_certificates(printing.pk)
    return asked.url, reverse("recognitions:download_all", args=[decision.pk, printing.pk])


def pages_at(client, address):
    return PdfReader(io.BytesIO(b"".join(client.get(address).streaming_content))).pages


def test_a_revoked_paper_shifts_nobody_out_of_the_files_and_leaves_no_file_that_holds_it(
    client, decision, monkeypatch, time_machine
):
    monkeypatch.setattr(certificates, "IN_ONE_FILE", 2)
    first, second, third = decision.recognitions.order_by("pk")
    officer = make_officer(decision.issuer)
    client.force_login(officer)
    page, download = drawn(client, decision)
    assert len(pages_at(client, download)) == 2

    revoking.revoke(first, by=officer, number="9/QĐ", revoked_on=clock.today(), reason="Khai sai.")
    assert client.get(download).status_code == 404
    assert "đã bị thu hồi hoặc được cấp lại" in client.get(page).content.decode()
    _page, rest = drawn(client, decision, after=2)
    assert [third.holder_name in each.extract_text() for each in pages_at(client, rest)] == [True]
    time_machine.shift(60)
    _page, again = drawn(client, decision)
    assert len(pages_at(client, again)) == 1

    # One whose revoking began before that, and was written down after.
    late = decision.recognitions.filter(pk=second.pk)
    earlier = clock.now() - datetime.timedelta(seconds=1)
    late.update(
        revoked_at=earlier,
        revoked_by=officer,
        revoked_on=clock.today(),
        revocation_number="9/QĐ",
        revocation_reason="Khai sai.",
    )
    assert client.get(again).status_code == 404


def test_a_full_disk_is_told_and_leaves_no_half_file(client, decision, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "no room")

    client.force_login(make_officer(decision.issuer))
    with monkeypatch.context() as disk:
        disk.setattr(default_storage, "save", full)
        page, download = drawn(client, decision)
    assert client.get(download).status_code == 404
    assert "hết chỗ lưu" in client.get(page).content.decode()
    tasks.take_up_certificates()
    assert CertificatePrinting.objects.get().state == PrintingState.FULL

    _page, download = drawn(client, decision)
    assert len(pages_at(client, download)) == 3


def test_only_the_body_that_decided_prints_all_of_them(client, decision):
    page = reverse("recognitions:certificates", args=[decision.pk])
    for user in (make_officer(decision.issuer.parent), make_user()):
        client.force_login(user)
        assert client.get(page).status_code == 404
        assert begin_as(client, decision) == 404


def begin_as(client, decision):
    return client.post(reverse("recognitions:print_all", args=[decision.pk]), {"after": "0"}).status_code
